# Any expression is a decorator (PEP 614).
def deco(n):
    def w(f):
        print('deco', n); return f
    return w
ds = [deco(0), deco(1)]
class O: pass
o=O(); o.d = ds; o.m = deco
@ds[0]
@o.d[1]
@o.m(3)
@(lambda f: f)
@(lambda n: deco(n))(4)
@(x if 0 else deco(6))
@(w := deco(7))
@w
def fn(): return 1
print(fn())
@o.d[0]
class CC: pass
