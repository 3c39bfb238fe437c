# Type parameters and type aliases (PEP 695).
def first[T](xs: list[T], n: int = 0) -> T:
    return xs[n]
print(first([1, 2, 3]), first(['a'], n=0), first.__name__)
class Stack[T]:
    kind = 'stack'
    def __init__(self) -> None: self.items: list[T] = []
    def push(self, x: T) -> None: self.items.append(x)
    def pop(self) -> T: return self.items.pop()
    def param(self): return T.__name__
    def meth[U](self, u: U, *args: T) -> U: return U.__name__, T.__name__, u, args
s = Stack[int]()
s.push(5); s.push(6)
print(s.pop(), s.param(), s.meth(1, 2), Stack.kind, isinstance(s, Stack), Stack.__name__)
class IntStack(Stack[int]):
    def top(self): return self.items[-1]
i = IntStack(); i.push(9); print(i.top(), i.param())
class Base: pass
class D[T: (int, str), *Ts, **P](Base):
    def f(self): return repr(T), repr(Ts), repr(P)
print(D().f()[0], isinstance(D(), Base), len(D.__type_params__))
T = 'outer'
def g[T](): return T.__name__
print(g(), T)
class G[T](Stack[T]):
    def t(self): return T.__name__
print(G().t())
type X = int
print(X.__name__, X.__value__, X)
type L[K] = dict_of[K]
class Sub:
    def __class_getitem__(cls, k): return 'item', k
class dict_of:
    def __class_getitem__(cls, k): return ('dict_of', k.__name__)
print(L.__value__, Sub[3])
type Lazy = undefined_name
try: Lazy.__value__
except NameError: print('NameError')
undefined_name = 7
print(Lazy.__value__)
def deco(f): print('deco', f.__name__); return f
@deco
def h[A: int, B](a: A, b: B = 3) -> A:
    def inner[C](c: C): return A.__name__, C.__name__
    return inner(1), a, b
print(h(1))
@deco
class K[T]:
    class Inner[U]:
        def f(self): return U.__name__, T.__name__
print(K.Inner().f())
async def co[T](x): return x
c = co(1)
try: c.send(None)
except StopIteration as e: print(e.value)
def outer():
    z = 10
    class C[T]:
        def f(self): return z, T.__name__
    def q[T](y=z): return y, z
    type A = z
    return C().f(), q(), A.__value__
print(outer())
type = 5
print(type, type + 1, type in [5], type if type else 0)
type: int = 6
type = type or 7
match = type
for src in ('def f[](): pass', 'def f[T, T](): pass', 'class C[1]: pass', 'type X', 'type X[T = int', 'type 1 = int', 'def f[T: ](): pass', 'class C[T](): return T', 'type X.y = 1', 'type X = ', 'def f[T,](): pass', 'class C[*T, **P]: pass'):
    try: compile(src, 's', 'exec'); print('ok', src)
    except SyntaxError: print('SyntaxError', src)
