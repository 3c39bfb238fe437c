# memoryview looks at another object's memory without copying.
buffer = bytearray(b"0123456789")
view = memoryview(buffer)
print(len(view), view[0], view[-1], bytes(view[2:5]), list(view[:3]))
view[0] = ord("X")
view[1:4] = b"abc"
print(buffer)
part = view[4:8]
part[0] = ord("Y")
print(buffer, bytes(part), bytes(part[1:3]))
print(view == buffer, part == b"Y567", view[:3] == b"Xab")
read_only = memoryview(b"fixed")
print(read_only[1], bytes(read_only[1:]))
try:
    read_only[0] = 1
except TypeError:
    print("read only")
try:
    view[0:2] = b"too long"
except ValueError:
    print("sizes differ")
try:
    memoryview(7)
except TypeError:
    print("no buffer")
print(sum(memoryview(bytes(range(10)))), bytes(view[:2]) + b"!")
