# sys: what a program may ask about its surroundings.
# needs: a command line
import sys

print(sys.byteorder in ("little", "big"), sys.maxsize > 2**29, sys.maxsize & (sys.maxsize + 1))
print(sys.version_info[0], type(sys.version) is str, type(sys.platform) is str)
print(sys.argv[0].split("/")[-1], len(sys.argv))
print(type(sys.implementation.name) is str)
try:
    sys.exit(7)
except SystemExit as e:
    print("exit", e.args[0])
sys.stdout.write("written\n")
print("also", file=sys.stdout)
print(hasattr(sys, "stdin"), hasattr(sys, "stderr"))
