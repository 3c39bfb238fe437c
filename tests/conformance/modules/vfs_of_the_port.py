# VfsPosix: the files of the port as a mountable file system, seen through vfs and os.
# needs: files
import os
import vfs

fs = vfs.VfsPosix()
print(fs is not None, vfs.VfsPosix is os.VfsPosix)
NAME = "vfs_of_the_port.tmp"
here = os.getcwd() + "/" + NAME
fs.mkdir(here)
with fs.open(here + "/file", "w") as f:
    print(f.write("text"))
print(len(fs.statvfs(here)), fs.statvfs(here)[0] > 0)
print(fs.stat(here + "/file")[6], [entry[0] for entry in fs.ilistdir(here)], len(fs.getcwd()) > 0)
print([entry[:2] for entry in os.ilistdir(here)])
below = vfs.VfsPosix(here)
below.mount(False, False)
os.mount(below, "/below")
print(os.listdir("/below"), open("/below/file").read())
os.rename("/below/file", "/below/other")
os.umount("/below")
try:
    os.listdir("/below")
except OSError as e:
    print("gone", e.errno)
print(os.listdir(here))
fs.chdir(here)
fs.rename(here + "/other", here + "/last")
fs.remove(here + "/last")
fs.chdir("/")
fs.rmdir(here)
print(below.umount())
try:
    fs.stat(here)
except OSError as e:
    print(e.errno)
