# Flash, disks, file systems and settings from Python, on the flash simulator, which may hold what an earlier run left.
import os
import vfs

import zephyr


def fails(kind, function, *args):
    try:
        function(*args)
    except kind as e:
        return e
    raise AssertionError("no " + kind.__name__)


# Flash: blocks of one page; erased bits are ones, and writing clears them.
areas = zephyr.FlashArea.areas
assert areas["image-scratch"][1] == 4096, areas
number, page = areas["image-scratch"]
scratch = zephyr.FlashArea(number, page)
blocks = scratch.ioctl(4, 0)
assert scratch.ioctl(5, 0) == page and blocks * page == 0x1E000
assert scratch.ioctl(1, 0) == scratch.ioctl(2, 0) == scratch.ioctl(3, 0) == 0 and scratch.ioctl(99, 0) == -1
assert scratch.ioctl(6, 0) == 0
room = bytearray(page)
scratch.readblocks(0, room)
assert room == b"\xff" * page
scratch.writeblocks(0, b"abc", 5)
scratch.writeblocks(0, b"", 5)
three = bytearray(3)
scratch.readblocks(0, three, 5)
assert three == b"abc"
scratch.writeblocks(1, bytes(range(256)) * (page // 128))
scratch.readblocks(2, three, 1)
assert three == b"\1\2\3"
scratch.readblocks(0, three, page + 7)
assert three == b"\7\x08\x09"
assert "4096" in str(fails(ValueError, scratch.readblocks, 0, bytearray(100)))
fails(ValueError, scratch.writeblocks, 0, b"abc")
fails(ValueError, scratch.readblocks, blocks, room)
fails(ValueError, scratch.readblocks, blocks - 1, three, page - 2)
fails(ValueError, scratch.writeblocks, 0, b"abc", 2**31 - 1)
fails(ValueError, scratch.ioctl, 6, blocks)
fails(ValueError, scratch.ioctl, 6, -1)
fails(TypeError, scratch.readblocks, 0, b"abc", 0)
fails((OverflowError, ValueError), scratch.readblocks, -1, room)
assert "200" in str(fails(ValueError, zephyr.FlashArea, 200, page))
fails(ValueError, zephyr.FlashArea, 1000, page)
fails(ValueError, zephyr.FlashArea, number, 100)
fails(ValueError, zephyr.FlashArea, number, 0)
fails(ValueError, zephyr.FlashArea, number, 2**30)


class NotMade(zephyr.FlashArea):
    def __init__(self):
        pass


assert "not opened" in str(fails(ValueError, NotMade().ioctl, 4, 0))
fails(ValueError, NotMade().readblocks, 0, room)


# A file system of Python's own on a flash area: one file, its length in front.
class OneFile:
    def __init__(self, device):
        self.device = device

    def mount(self, readonly, mkfs):
        if mkfs:
            self.device.writeblocks(0, bytes(page))

    def umount(self):
        pass

    def ilistdir(self, path):
        return iter([("only.txt", 0x8000, 0, 0)])

    def stat(self, path):
        if path != "/only.txt":
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    def put(self, text):
        self.device.writeblocks(0, bytes([len(text)]) + text + bytes(page - 1 - len(text)))

    def get(self):
        block = bytearray(page)
        self.device.readblocks(0, block)
        return bytes(block[1 : 1 + block[0]])


one = OneFile(scratch)
vfs.mount(one, "/one", mkfs=True)
one.put(b"kept in flash")
assert OneFile(zephyr.FlashArea(number, page)).get() == b"kept in flash"
assert os.listdir("/one") == ["only.txt"]
vfs.umount("/one")

# littlefs of Zephyr's: its superblock lies in the partition that we can read.
assert zephyr.FileSystem.fstab() == ("/lfs",)
fs = zephyr.FileSystem("/lfs")
fs.mkfs()
vfs.mount(fs, "/data")
with open("/data/a.txt", "w") as f:
    f.write("through zephyr.FileSystem")
assert os.listdir("/data") == ["a.txt"] and os.stat("/data/a.txt")[6] == 25
with open("/lfs/a.txt") as f:
    assert f.read() == "through zephyr.FileSystem"
superblock = bytearray(64)
zephyr.FlashArea(*areas["image-1"]).readblocks(0, superblock, 0)
assert b"littlefs" in superblock, superblock
assert fs.statvfs("/")[0] == 4096
os.mkdir("/data/folder")
os.rename("/data/a.txt", "/data/folder/b.txt")
assert fs.stat("/folder/b.txt")[6] == 25
fs.mkfs()
assert os.listdir("/data") == []
vfs.umount("/data")
assert "/absent" in str(fails(ValueError, zephyr.FileSystem, "/absent"))
fails(AttributeError, getattr, fs, "absent")

# A disk in RAM
assert zephyr.DiskAccess.disks == ("RAM",)
disk = zephyr.DiskAccess("RAM")
assert disk.ioctl(4, 0) == 32 and disk.ioctl(5, 0) == 512
disk.writeblocks(3, b"\xa5" * 1024)
sector = bytearray(512)
disk.readblocks(4, sector)
assert sector == b"\xa5" * 512
disk.readblocks(2, sector, 512)
assert sector == b"\xa5" * 512
assert disk.ioctl(3, 0) == disk.ioctl(6, 0) == 0
assert "512" in str(fails(ValueError, disk.readblocks, 0, bytearray(100)))
fails(ValueError, disk.readblocks, 0, bytearray(512), 3)
fails(ValueError, disk.writeblocks, 31, bytes(1024))
assert "SD" in str(fails(ValueError, zephyr.DiskAccess, "SD"))

# Settings
settings = zephyr.settings
for name in settings.names():
    settings.remove(name)
assert settings.get("app/name") is None and settings.get("app/name", 7) == 7
settings.set("app/name", b"pump")
settings.set("app/rate", bytearray(b"\1\2"))
settings.set("app/name", b"pump 2")
settings.set("other", b"x")
assert settings.get("app/name") == b"pump 2" and settings.get("app/rate") == b"\1\2"
assert settings.get("app") is None
assert settings.names("app") == {"app/name", "app/rate"}, settings.names("app")
assert settings.names() == {"app/name", "app/rate", "other"}, settings.names()
settings.remove("app/rate")
assert settings.get("app/rate") is None and settings.names("app") == {"app/name"}
settings.load()
settings.save()
fails(ValueError, settings.set, "", b"x")
fails(ValueError, settings.set, "x" * 100, b"x")
fails(ValueError, settings.set, "long", bytes(10000))
fails(TypeError, settings.set, "app/name", 5)
print("storage: PASSED")
