# A file system written in Python serves open and import.
import io, sys, vfs


class Ram:
    def __init__(self, files):
        self.files = files

    def mount(self, readonly, mkfs):
        print("mounted", readonly)

    def umount(self):
        print("unmounted")

    def chdir(self, path):
        pass

    def getcwd(self):
        return "/"

    def stat(self, path):
        if path.lstrip("/") in self.files:
            return (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        raise OSError(2)

    def open(self, path, mode):
        if path.lstrip("/") not in self.files:
            raise OSError(2)
        text = self.files[path.lstrip("/")]
        return io.BytesIO(text.encode()) if "b" in mode else io.StringIO(text)


vfs.mount(Ram({"note.txt": "in memory", "generated.py": "print('imported', __name__)\nx = 5\n"}), "/ram", readonly=True)
with open("/ram/note.txt") as f:
    print(f.read())
try:
    open("/ram/absent")
except OSError as e:
    print("errno", e.errno)
sys.path.append("/ram")
import generated

print(generated.x)
vfs.umount("/ram")
