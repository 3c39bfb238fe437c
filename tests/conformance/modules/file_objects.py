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
os.remove(NAME)
