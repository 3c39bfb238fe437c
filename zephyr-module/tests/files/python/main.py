# Files, folders and import on littlefs in the flash simulator, which may hold what an earlier run left.
import os
import sys

assert "lfs" in os.listdir("/"), os.listdir("/")
assert os.getcwd() == "/lfs", os.getcwd()
for name in os.listdir():
    if name == "folder":
        for inner in os.listdir(name):
            os.remove(name + "/" + inner)
        os.rmdir(name)
    else:
        os.remove(name)

with open("a.txt", "w") as f:
    f.write("first\nsecond\n")
with open("a.txt", "a") as f:
    f.write("third\n")
with open("/lfs/a.txt") as f:
    assert f.readlines() == ["first\n", "second\n", "third\n"]
with open("a.txt", "rb") as f:
    f.seek(6)
    assert f.read(6) == b"second"
    f.seek(-6, 2)
    assert f.read() == b"third\n"

os.mkdir("folder")
with open("folder/mod.py", "w") as f:
    f.write("value = 42\n")
sys.path.append("/lfs/folder")
import mod

assert mod.value == 42
assert os.stat("folder")[0] & 0x4000 and os.stat("a.txt")[6] == 19
os.rename("a.txt", "b.txt")
assert sorted(os.listdir()) == ["b.txt", "folder"]


def fails(number, function, *args):
    try:
        function(*args)
    except OSError as e:
        assert e.errno == number, e
    else:
        raise AssertionError("no error %d" % number)


fails(2, open, "absent")
fails(21, open, "folder", "w")
fails(2, os.remove, "absent")
fails(39, os.rmdir, "folder")
fails(17, os.mkdir, "folder")
assert os.statvfs("/lfs")[2] > 0
handles = []
try:
    for i in range(20):
        handles.append(open("b.txt"))
except OSError as e:
    assert e.errno == 24, e
for f in handles:
    f.close()
print("files: PASSED")
