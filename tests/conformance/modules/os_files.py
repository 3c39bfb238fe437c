# os on the port's files: folders, names, what stat tells, errors by number.
# needs: files
import errno
import os


def fails(f, *args):
    try:
        f(*args)
        print("no error", args)
    except OSError as e:
        print(errno.errorcode[e.errno], args)


top = os.getcwd()
NAME = "os_files.tmp"
os.mkdir(NAME)
fails(os.mkdir, NAME)
os.chdir(NAME)
print(os.getcwd() == top + os.sep + NAME, os.listdir(), os.listdir("."))
for name in ("b", "a"):
    with open(name, "w") as f:
        f.write(name * 10)
os.mkdir("d")
print(sorted(os.listdir()), os.stat("a")[6], os.stat("a")[0] & 0x4000, os.stat("d")[0] & 0x4000)
os.rename("a", "c")
os.unlink("b")
print(sorted(os.listdir()), open("c").read())
fails(os.remove, "absent")
fails(os.unlink, "absent")
fails(os.rmdir, "absent")
fails(os.stat, "absent")
fails(os.rename, "absent", "x")
fails(os.listdir, "absent")
fails(os.chdir, "absent")
fails(os.chdir, "c")
fails(os.rmdir, "c")
os.rmdir("d")
os.remove("c")
os.chdir("..")
os.rmdir(NAME)
print(os.getcwd() == top, NAME in os.listdir())
print(len(os.urandom(7)), type(os.urandom(1)), os.urandom(8) != os.urandom(8))
