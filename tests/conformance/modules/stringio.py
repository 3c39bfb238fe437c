# io.StringIO: text files in memory.
import io

s = io.StringIO()
print(s.write("hello\n"), s.write("world"), s.getvalue())
s.seek(0)
print(s.read(3), s.readline(), s.read(), repr(s.read()))
t = io.StringIO("one\ntwo\nthree")
print(t.readline(), [line for line in t])
t.seek(0)
print([line.strip() for line in t], t.tell())
with io.StringIO("closed at the end") as u:
    print(u.read())
try:
    u.read()
except ValueError:
    print("closed")
v = io.StringIO()
print("printed", 1, 2, file=v, sep=",")
print(repr(v.getvalue()))
