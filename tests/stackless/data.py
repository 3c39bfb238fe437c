# Deep data: printing, comparing and freeing need no native stack.
x = y = 0
for _ in range(150):
    x, y = [x], [y]
print(x == y, str(x).count("["))
t = ()
for _ in range(150):
    t = (t, 1)
print(len(str(t)) == 150 * 5 + 2, t == t)
chain = None
for i in range(3000):
    chain = [chain]
n = 0
while chain:
    chain = chain[0]
    n += 1
print(n)
d = {}
for _ in range(100):
    d = {"k": d}
print(str(d).count("k"), d == d)
