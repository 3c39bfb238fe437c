# Stars in displays, calls, return, yield, for, subscripts and bases.
a, b = [1, 2], {"x": 1}
print([0, *a, 3], (*a, *a), sorted({*a, 9}), {**b, "y": 2}, {'x': 0, **b}, {**b, **{'x': 5, 'z': 1}})
print([*a], [*range(3)], (*'ab',), {*()} == set(), {**{}}, [*a, *a, 5, *'x'])
def f(*args, **kw): return args, sorted(kw.items())
print(f(*a, *a), f(1, *a, 2, *a), f(*a, *a, y=1), f(**b, **{'y': 2}), f(**b, z=3), f(*a, **b, w=1, **{'q': 3}))
print(f(*a, 1, *[2]*0, *a, k=1, **b))
try: f(**b, **b)
except TypeError as e: print('TypeError')
try: f(x=1, **b)
except TypeError as e: print('TypeError')
try: {**5}
except TypeError as e: print('TypeError')
try: [*5]
except TypeError as e: print('TypeError')
def r(): return 1, *a
def r2(): return *a, 2
def y(): yield 1, *a; x = yield *a, 2; 
print(r(), r2(), list(y()))
for x in 1, *a, 5: print(x, end=' ')
print()
class S:
    def __getitem__(self, i): return i
s = S()
print(s[*a], s[1, *a], s[*a, 5:6], s[q:=3], q)
print({z:=1, 2}, z)
def many(*a): return len(a)
print(many(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,*a,34,*a))
print(f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,*a,34,*a,k=1,**b))
log=[]
def t(x, v): log.append(x); return v
print(f(*t(2,[2]), k=t(1,1), **t(3,{})), log)
class B1: pass
class B2: pass
bs = (B1, B2)
class D(*bs): pass
print(D.__bases__ == bs)
class D(B1, *[B2]): pass
print(D.__bases__ == bs)
