# 200 modules that import one another in a chain, written by the program itself.
# needs: files
import os, sys

FOLDER = "chain_of_modules"
DEPTH = 200
if hasattr(sys, "setrecursionlimit"):
    sys.setrecursionlimit(5000)
try:
    os.mkdir(FOLDER)
except OSError:
    pass
for i in range(DEPTH):
    with open("%s/link%d.py" % (FOLDER, i), "w") as f:
        if i + 1 < DEPTH:
            f.write("import link%d\ndepth = link%d.depth + 1\n" % (i + 1, i + 1))
        else:
            f.write("depth = 1\n")
sys.path.append(FOLDER)
try:
    import link0

    print(link0.depth, "link%d" % (DEPTH - 1) in sys.modules)
finally:
    for i in range(DEPTH):
        os.remove("%s/link%d.py" % (FOLDER, i))
    os.rmdir(FOLDER)
