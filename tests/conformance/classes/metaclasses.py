# Metaclasses: what they make, how their classes behave.
class Meta(type):
    def __new__(mcs, name, bases, ns, **kw):
        print('new', name, [b.__name__ for b in bases], sorted(k for k in ns if not k.startswith('__')), sorted(kw.items()))
        c = super().__new__(mcs, name, bases, ns)
        c.made_by = mcs.__name__
        return c
    def __init__(cls, name, bases, ns, **kw):
        print('init', name, sorted(kw))
        super().__init__(name, bases, ns)
    def __call__(cls, *args, **kw):
        print('call', cls.__name__, args, kw)
        return super().__call__(*args, **kw)
    def method(cls): return 'meta method of ' + cls.__name__
    @property
    def prop(cls): return 'prop ' + cls.__name__
    @classmethod
    def cm(mcs): return mcs.__name__
    def __len__(cls): return 42
    def __getitem__(cls, i): return (cls.__name__, i)
    def __iter__(cls): return iter([1, 2, 3])
    def __contains__(cls, x): return x == 5
    def __repr__(cls): return '<Meta ' + cls.__name__ + '>'
    def __add__(cls, o): return 'add'
    def __lt__(cls, o): return cls.__name__ < o.__name__
    def __getattr__(cls, name): 
        if name.startswith('__'): raise AttributeError(name)
        return 'dyn ' + name
class A(metaclass=Meta, x=1, y=2):
    v = 1
    def __init__(self, a=0): self.a = a
    def m(self): return __class__.__name__
class B(A):
    def m(self): return super().m() + 'B'
print(type(A).__name__, type(B) is Meta, type(Meta), A.__class__ is Meta, isinstance(A, Meta), isinstance(A, type), issubclass(Meta, type))
print(A.made_by, B.method(), A.prop, A.cm(), len(A), A[3], list(B), 5 in A, 6 in A, A + 1, sorted([B, A]), A.foo, repr(A), str(B))
a = A(7); b = B(a=8)
print(a.a, b.a, a.m(), b.m(), isinstance(b, A))
try: a.method
except AttributeError: print('no method on instance')
C = Meta('C', (A,), {'z': 3})
print(C.z, type(C) is Meta, C().a)
D = type('D', (A,), {'w': 4})
print(type(D) is Meta, D.w)
class Single(type):
    _inst = {}
    def __call__(cls, *a):
        if cls not in Single._inst: Single._inst[cls] = super().__call__(*a)
        return Single._inst[cls]
class S(metaclass=Single):
    def __init__(self): print('S made')
print(S() is S())
class Prep(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print('prepare', name, kw)
        return {'injected': 99}
    def __new__(mcs, name, bases, ns, **kw):
        ns['order'] = [k for k in ns if not k.startswith('_')]
        return super().__new__(mcs, name, bases, ns)
class P(metaclass=Prep, flag=True):
    b = injected + 1
    a = 2
    def f(self): pass
print(P.order, P.injected, P.b)
class Inst(type):
    def __instancecheck__(cls, x): return x == 'yes'
    def __subclasscheck__(cls, x): return x is int
class I(metaclass=Inst): pass
print(isinstance('yes', I), isinstance('no', I), issubclass(int, I), issubclass(str, I), isinstance(I(), I), isinstance('yes', (str, I)))
def factory(name, bases, ns, **kw):
    print('factory', name, bases, 'q' in ns, kw)
    return name.lower()
class F(metaclass=factory, k=1): q = 1
print(F)
class M1(type): pass
class M2(type): pass
class X1(metaclass=M1): pass
class X2(metaclass=M2): pass
try:
    class X3(X1, X2): pass
except TypeError: print('conflict')
class M3(M1, M2): pass
class X4(X1, X2, metaclass=M3): pass
print(type(X4) is M3)
class X5(X4): pass
print(type(X5) is M3, type(type('Q', (), {})) is type)
class SetM(type):
    def __setattr__(cls, n, v): print('set', n, v); super().__setattr__(n, v)
    def __delattr__(cls, n): print('del', n); super().__delattr__(n)
    @property
    def p(cls): return cls._p
    @p.setter
    def p(cls, v): print('setter', v)
class SA(metaclass=SetM): pass
SA.q = 5
print(SA.q)
del SA.q
SA.p = 6
class Reg(type):
    classes = []
    def __init__(cls, name, bases, ns):
        Reg.classes.append(name)
class R1(metaclass=Reg): pass
class R2(R1): pass
print(Reg.classes)
class Base:
    def __init_subclass__(cls, **kw): print('sub', cls.__name__, kw)
class Plain(Base, metaclass=type, o=1): pass
T = type('T', (Base,), {'t': 1}, key=2)
class KM(type):
    def __new__(mcs, name, bases, ns, **kw): return super().__new__(mcs, name, bases, ns, **kw)
    def __init__(cls, name, bases, ns, **kw): pass
class K1(Base, metaclass=KM, zz=3): pass
class Desc:
    def __set_name__(self, owner, name): print('set_name', owner.__name__, name)
class DN(metaclass=KM):
    d = Desc()
for src in ("class Z(metaclass=5): pass", "Meta('Z')", "Meta('Z', (), {}, 1, 2)", "type('Z', (5,), {})", "type(1, (), {})", "type('Z', [], {})"):
    try: exec(src); print('ok')
    except (TypeError, SyntaxError) as e: print(type(e).__name__)
class EnumMeta(type):
    def __new__(mcs, name, bases, ns):
        members = {k: v for k, v in ns.items() if not k.startswith('_') and not callable(v)}
        cls = super().__new__(mcs, name, bases, {k: v for k, v in ns.items() if k not in members})
        cls._members = {}
        for k, v in members.items():
            m = object.__new__(cls); m.name = k; m.value = v
            cls._members[k] = m
            setattr(cls, k, m)
        return cls
    def __iter__(cls): return iter(cls._members.values())
    def __getitem__(cls, k): return cls._members[k]
class Enum(metaclass=EnumMeta):
    def __repr__(self): return type(self).__name__ + '.' + self.name
class Color(Enum):
    RED = 1
    GREEN = 2
print(list(Color), Color['RED'], Color.GREEN.value, isinstance(Color.RED, Color))
class IntMeta(type): pass
class MyInt(int, metaclass=IntMeta): pass
print(MyInt(5) + 1, type(MyInt) is IntMeta)
class MyErr(ValueError, metaclass=IntMeta): pass
try: raise MyErr('x')
except ValueError as e: print(type(e).__name__, type(type(e)) is IntMeta)
