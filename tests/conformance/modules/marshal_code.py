# marshal: code objects to bytes and back, nested, with constants; what is no code and what is no good.
import marshal


def outer(a, b=2, *rest, k=3, **kw):
    def inner(x):
        return [x + a, "text", b"bytes", 1.5, 1 << 70, (None, True, ...)]

    return inner(b) + [rest, k, sorted(kw)]


code = marshal.loads(marshal.dumps(outer.__code__))
print(type(lambda: 0)(marshal.loads(marshal.dumps((lambda x, y: (x + y, x * 2)).__code__)), {})(3, 4))
print(type(marshal.dumps(code)).__name__, type(code).__name__)
space = {}
exec(marshal.loads(marshal.dumps(compile("def f(n):\n    return n * 2\nx = f(21)", "t", "exec"))), space)
print(space["x"], space["f"]("ab"))
print(eval(marshal.loads(bytearray(marshal.dumps(compile("1 + 2", "t", "eval"))))))
try:
    marshal.dumps(print)
except ValueError:
    print("ValueError")
for bad in (b"", b"M", b"M\x06\x00\x1f\x00", b"junk" * 10, marshal.dumps(outer.__code__)[:-3]):
    try:
        marshal.loads(bad)
        print("taken")
    except (ValueError, EOFError, TypeError):
        print("refused")
