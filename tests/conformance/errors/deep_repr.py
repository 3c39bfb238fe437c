# repr of data nested a thousand deep either prints or raises RuntimeError.
x = []
for _ in range(1000):
    x = [x]
try:
    text = repr(x)
    print(len(text) == 2002)
except RuntimeError:
    print(True)
y = []
for _ in range(1000):
    y = [y]
try:
    print(x == y)
except RuntimeError:
    print(True)
