# How files show, made by their types; what closing a ring does.
# needs: files
import io
import os
import micropython

NAME = "file_objects_micropython.tmp"
for mode in ("w", "wb"):
    with open(NAME, mode) as f:
        print(repr(f)[:-2] + "N>", type(f))
Binary, Text = type(f), type(io.open(NAME))
with Text(NAME, "w") as f:
    print(f.write("a\nb\n"), f.name)
print(list(Text(NAME)), next(Binary(NAME, "rb")))
print(repr(micropython.RingIO(4))[:8], micropython.RingIO(4).close())
os.remove(NAME)
fs = os.VfsPosix()
print(fs.mount(False, False), fs.umount())
