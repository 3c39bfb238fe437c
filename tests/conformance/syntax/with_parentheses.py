# The items of a with in parentheses.
ds = [0]


class O: pass
o = O()
class CM:
    def __init__(self, n): self.n=n
    def __enter__(self): print('enter', self.n); return self.n
    def __exit__(self, *a): print('exit', self.n, a[0])
with (CM(1) as p, CM(2) as q): print(p, q)
with (CM(1), CM(2),): pass
with (CM(1) as p,): print(p)
with (CM(1) as p): print(p)
with (CM(3)): pass
with (CM(4)) as p: print(p)
with (CM(5)) as p, (CM(6)) as (q): print(p, q)
with (
  CM(7) as o.z,
  CM(8) as ds[0]
): print(o.z, ds[0])
with (yield_ := CM(9)): pass
