# Every method of text and binary files: TextIOWrapper, FileIO, BufferedWriter.
# needs: files
import io
import os

NAME = "file_objects.tmp"
with open(NAME, "w") as f:
    print(type(f).__name__, f.write("one\ntwo\nthree\n"), f.flush(), f.fileno() > 2)
with open(NAME) as f:
    print(f.tell(), f.readline(), f.read(2), f.readlines(), repr(f.read()))
    print(f.seek(4), f.read(3), f.seek(0, 2), f.seek(0))
with open(NAME, "rb", 0) as f:
    print(type(f).__name__, f.read(3), f.tell(), f.readline(), f.readline())
    room = bytearray(4)
    print(f.readinto(room), room, f.seek(-2, 2), f.tell(), f.readinto(room), room, f.readinto(room))
    print(f.seek(0), f.readlines(), f.fileno() > 2, f.flush())
with open(NAME, "r+b", 0) as f:
    f.seek(4)
    print(f.write(b"TWO"), f.seek(0), f.read())
with open(NAME, "ab", 0) as f:
    print(f.write(b"four"), f.tell())
f = open(NAME, "rb", 0)
f.close()
f.close()
for name in ("read", "readline", "readlines", "tell", "fileno", "flush"):
    try:
        getattr(f, name)()
        print("no error", name)
    except (ValueError, OSError):
        print("closed:", name)
f = open(NAME)
f.close()
for name in ("read", "readline", "readlines", "tell", "fileno"):
    try:
        getattr(f, name)()
        print("no error", name)
    except (ValueError, OSError):
        print("closed:", name)

with open(NAME, "wb", 0) as f:
    w = io.BufferedWriter(f, 8)
    print(w.write(b"abc"), os.stat(NAME)[6], w.write(b"def"), os.stat(NAME)[6])
    print(w.write(b"a longer text"), w.flush(), os.stat(NAME)[6])

# Lines of a binary file; io.open; what a flush is for; the end of a `with` by hand.
with io.open(NAME, "wb") as f:
    print(f.write(b"first\nsecond"), f.flush(), os.stat(NAME)[6])
with open(NAME, "rb", 0) as f:
    print(f.read(5), [line for line in f], f.name == NAME, iter(f) is f)
    try:
        f.nothing
    except AttributeError:
        print("AttributeError")
for mode in ("r", "rb"):
    f = open(NAME, mode)
    print(f.name, f.__enter__() is f, f.__exit__(None, None, None))
    try:
        f.read()
        print("open")
    except (ValueError, OSError):
        print("closed")
os.remove(NAME)
