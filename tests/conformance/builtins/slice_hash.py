# Slices have hashes, as in MicroPython (and Python 3.12): equal ones equal ones.
print(hash(slice(1, 2)) == hash(slice(1, 2, None)), hash(slice(1, 2)) == hash(slice(2, 1)))
d = {1: 2}
try:
    d[:]
except KeyError as e:
    print("KeyError", e.args)
try:
    hash(slice([]))
except TypeError:
    print("TypeError")
