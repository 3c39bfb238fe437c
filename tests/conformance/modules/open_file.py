# open: write, read back, append, binary, with, and errors.
# needs: files
NAME = "open_file.tmp"
with open(NAME, "w") as f:
    print(f.write("first line\nsecond\n"))
with open(NAME, "a") as f:
    f.write("third\n")
with open(NAME) as f:
    print(f.readline(), f.read())
with open(NAME) as f:
    print([line for line in f])
with open(NAME) as f:
    print(f.readlines())
with open(NAME, "rb") as f:
    print(f.read(5), f.seek(11), f.tell(), f.read())
try:
    open("absent.tmp")
except OSError as e:
    print("errno", e.errno)
