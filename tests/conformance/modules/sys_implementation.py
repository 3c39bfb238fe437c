# What MicroPython's programs look at to know where they are.
import sys

print(sys.implementation.name, len(sys.implementation.version) >= 3)
print(sys.implementation._mpy & 0xFF, type(sys.implementation._machine) is str)
print(sys.version_info[:2])
