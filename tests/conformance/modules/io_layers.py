# Programs that read and write streams without knowing what is behind them.
import io


def copy(source, target, size=4):
    n = 0
    while True:
        block = source.read(size)
        if not block:
            return n
        n += target.write(block)


a = io.BytesIO(b"some bytes to copy")
b = io.BytesIO()
print(copy(a, b), b.getvalue())
c = io.StringIO("some text to copy")
d = io.StringIO()
print(copy(c, d, 5), d.getvalue())
log = io.StringIO()
for i in range(3):
    print("line", i, file=log)
print(log.getvalue().split("\n"))
b.seek(0)
head = bytearray(4)
print(b.readinto(head), head, b.read(1), b.tell())
