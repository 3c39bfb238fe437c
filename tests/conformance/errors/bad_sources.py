# Sources that are no programs: which of them are a SyntaxError.
BAD = r'''
return 1
yield 1
class C: return 1
class C: yield 1
await x
def f(): await x = 1
break
continue
if 1: break
def f(): break
for i in x: def g(): break
while 1: class C: break
nonlocal x
def f(): nonlocal x
def f(): global x; nonlocal x
def f(x): global x
def f(x): nonlocal x
def f(): x = 1; global x
def f(): print(x); global x
def f(a, a): pass
def f(a, *a): pass
def f(a, **a): pass
def f(*, a, a): pass
lambda a, a: 1
def f(a=1, b): pass
lambda a=1, b: 1
def f(*): pass
def f(*, **k): pass
def f(**k, a): pass
def f(**k, *a): pass
def f(*a, *b): pass
def f(*a, *): pass
def f(a, (b, c)): pass
def f(1): pass
def f(a.b): pass
def f(None): pass
def f(a=): pass
def f(): 
def f: pass
def (): pass
class: pass
class C pass
class 1: pass
class C(: pass
1 = x
"a" = x
f() = 1
f()() = 1
a + b = 1
-a = 1
not a = 1
a < b = 1
a and b = 1
(a if b else c) = 1
lambda: 1 = 2
[a, 1] = x
(a, f()) = x
{a} = x
{a: b} = x
[x for x in y] = 1
(x for x in y) = 1
None = 1
True = 1
False = 1
... = 1
f"{x}" = 1
x := 1
(1 := 2)
(a.b := 1)
(a[0] := 1)
((a, b) := 1)
x = y := 1
f(a.b=1)
f(1=2)
f(a=1, a=2)
f(a=1, 2)
f(**a, 1)
f(**a, *b)
f(a for a in b, 1)
f(1, a for a in b)
f(a=b for b in c)
f(True=1)
f(None=1)
f(a b)
f(a,,b)
f(,)
f(*)
f(**)
a = *b
*a = b
*a
print(*a = 1)
[*a for a in b]
{**a for a in b}
{*a: 1}
{a: *b}
{a: 1, b}
{a, b: 1}
{**a, b}
{a, **b}
*a, *b = c
del f()
del 1
del a + b
del (a, 1)
del *a
del [x for x in y]
del {a}
del a if b else c
del None
del
for 1 in x: pass
for f() in x: pass
for a + b in x: pass
for x in: pass
for in x: pass
for x y: pass
for x in y
while: pass
while 1 pass
if: pass
if x = 1: pass
if x: 
else: pass
elif x: pass
if x: pass;else: pass
try: pass
try: pass;finally
except: pass
try: pass;except: pass;except A: pass
try: pass;except A as 1: pass
try: pass;except A as a.b: pass
try: pass;except A, B: pass
try: pass;else: pass
with: pass
with x as 1: pass
with x as f(): pass
with x as a + b: pass
with x as: pass
with x pass
import
import a.
import .a
import a as 1
import a as b.c
import a, 
from a import
from a import (
from a import ()
from a import b,
from a import (b, c
from import b
from . import *, a
from a import *b
def f(): from a import *
class C: from a import *
from a import b as 1
global
global 1
global a.b
global a, 
assert
assert x,
raise x,
raise from x
raise x from
pass 1
break 1
return
1 +
+ 1 +
1 1
a b
a.1
a..b
.a
a[
a[]
a[1
(1
(1]
[1)
{1]
1)
]
a[1:2:3:4]
a(
x = 
= 1
x =
x == 
x = = 1
x += y += 1
x += 
f() += 1
(a, b) += 1
[a] += 1
1 += 1
a + 1 += 1
x: int: str
x, y: int
[x]: int
(x, y): int
f(): int
1: int
x: int = 
x = y: int
lambda
lambda x
lambda x: 
lambda (x): 1
lambda x=: 1
x if y
x if y else
if else x
x if else y
not
x not y
x is not
x not
a and
and a
a or or b
a < > b
a <> b
a ! b
a $ b
a ? b
a -> b
@
@x
@x;def f(): pass
@x;y = 1
x++
++
--
**a
a ** 
a // 
5a
0x
0b2
0o8
1e
1_
1__0
_1 + 1_000_
0_x1
012
0xg
1.2.3
1j2
'abc
"abc
"""abc
b'é'
'\x1'
'\u12'
'\U0011ffff'
b"a" "b"
f"{}"
f"{a"
f"}"
u b"a"
x = (yield)
def f(): x = yield = 1
def f(): yield x = 1
async def
async x
async for x in y: pass
async with x: pass
def f(): async for x in y: pass
def f(): async with x: pass
def f(): [x async for x in y]
async def f(): await
def f(): return yield
yield x = 1
def f(): (yield x) = 1
def f(): del (yield x)
class C(x for x in y): pass
class C(a=1, a=2): pass
a if b else c = 1
print 1
print "a"
exec "a"
x = 1 if 2 else
[x for]
[x for x]
[for x in y]
[x for x in]
[x if y for x in z]
[x for x in y if]
[x, y for x in z]
{x: y, for x in z}
(x for x in y for)
[x for 1 in y]
[x for f() in y]
[(yield x) for x in y]
[i := 0 for i in x]
def f(): [i := 1 for i in x]
class C: [i := 1 for j in x]
(a, b := 1, c) = 2
a[b := 1, c]
a[b, c := 1]
def f(a=x := 1): pass
def f(a: x := 1): pass
assert x := 1
del x := 1
return x := 1
f(x=y := 1)
lambda: x := 1
with x := 1: pass
import a := 1
'''
counts = [0, 0]
for line in BAD.split("\n")[1:-1]:
    source = line.replace(";except", "\nexcept").replace(";else", "\nelse").replace(";finally", "\nfinally").replace("@x;", "@x\n")
    try:
        compile(source, "s", "exec")
        print("ok", line)
        counts[0] += 1
    except SyntaxError:
        print("SyntaxError", line)
        counts[1] += 1
print(counts)
