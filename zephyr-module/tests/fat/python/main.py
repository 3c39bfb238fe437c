# Files, folders and import on FAT, whose names have no case and whose disk lies in memory, empty at the start.
import os
import sys

assert os.listdir("/") == ["RAM:"] and os.getcwd() == "/RAM:" and os.listdir() == []


def fails(number, function, *args):
    try:
        function(*args)
    except OSError as e:
        assert e.errno == number, e
    else:
        raise AssertionError("no error %d" % number)


with open("a.txt", "w") as f:
    f.write("first\nsecond\n")
with open("a.txt", "a") as f:
    f.write("third\n")
with open("/RAM:/A.TXT") as f:
    assert f.readlines() == ["first\n", "second\n", "third\n"]
with open("a.txt", "rb") as f:
    f.seek(6)
    assert f.read(6) == b"second"
    f.seek(-6, 2)
    assert f.read() == b"third\n"
with open("a.txt", "r+") as f:
    f.write("FIRST")
    f.seek(0)
    assert f.readline() == "FIRST\n"
with open("a.txt", "w") as f:
    assert f.write("short") == 5
assert os.stat("a.txt")[6] == 5

os.mkdir("folder")
with open("folder/module_of_a_long_name.py", "w") as f:
    f.write("value = 42\n")
sys.path.append("/RAM:/folder")
import module_of_a_long_name

assert module_of_a_long_name.value == 42
assert os.stat("folder")[0] & 0x4000
os.rename("a.txt", "b.txt")
assert sorted(os.listdir()) == ["b.txt", "folder"], os.listdir()
assert os.listdir("folder") == ["module_of_a_long_name.py"]
with open("c.txt", "w") as f:
    f.write("over the other")
os.rename("c.txt", "b.txt")
with open("b.txt") as f:
    assert f.read() == "over the other"

fails(2, open, "absent")
fails(21, open, "folder", "w")
fails(2, os.remove, "absent")
fails(21, os.remove, "folder")
fails(20, os.rmdir, "b.txt")
fails(39, os.rmdir, "folder")
fails(17, os.mkdir, "folder")
fails(17, open, "b.txt", "x")
fails(2, os.rename, "absent", "d.txt")
handles = []
try:
    for i in range(20):
        handles.append(open("b.txt"))
except OSError as e:
    assert e.errno == 24, e
for f in handles:
    f.close()

# A disk that is full says so, and goes on once there is room.
block_size, _, blocks, free = os.statvfs("/RAM:")[:4]
assert 0 < free <= blocks and block_size >= 512
written = 0
try:
    with open("full.bin", "wb") as f:
        while True:
            written += f.write(bytes(512))
except OSError as e:
    assert e.errno == 28, e
assert written >= (free - 2) * block_size
os.remove("full.bin")
assert os.statvfs("/RAM:")[3] == free
os.remove("folder/module_of_a_long_name.py")
os.rmdir("folder")
os.remove("b.txt")
assert os.listdir() == []
print("fat: PASSED")
