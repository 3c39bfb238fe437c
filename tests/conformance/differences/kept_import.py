# needs: files
# Import: where MicroPython's way is kept.
import os, sys

root = "kept_import.tmp"


def write(path, text):
    try:
        os.mkdir(path.rsplit("/", 1)[0])
    except OSError:
        pass
    with open(path, "w") as f:
        f.write(text)


try:
    os.mkdir(root)
except OSError:
    pass
write(root + "/package/__init__.py", "")
sys.path.insert(0, root)
import package

# A package's `__path__` is its folder, a str.
print(type(package.__path__) is str)
os.remove(root + "/package/__init__.py")
os.rmdir(root + "/package")
os.rmdir(root)
