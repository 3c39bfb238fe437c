# Parameters before / are found by position alone (PEP 570).
def po(a, b=2, /, c=3, *, d=4): return a, b, c, d
print(po(1), po(1, 5), po(1, 5, 6), po(1, c=9, d=8), po(1,2,3,d=5))
for src in ('po(a=1)', 'po(1, b=2)', 'po()', 'po(1,2,3,4)'):
    try: eval(src); print('no')
    except TypeError: print('TypeError')
def pk(a, /, **kw): return a, kw
print(pk(1, a=2), pk(1, **{'*': 3}))
def p3(a, b, /): return a, b
print(p3(1, 2), (lambda x, /, y: (x, y))(1, y=2))
try: p3(1, b=2)
except TypeError: print("TypeError")
def clo():
    z = 5
    def inner(a, /, b=z, *args, c, **kw): return a, b, args, c, kw, z
    return inner
print(clo()(1, c=2, a=3), clo()(1,2,3,c=4))
for src in ('def f(/): pass', 'def f(a, /, b, /): pass', 'def f(*, /): pass', 'def f(*a, /): pass', 'lambda /: 1', 'def f(a, *, /): pass'):
    try: exec(src); print('no', src)
    except SyntaxError: print('SyntaxError')
