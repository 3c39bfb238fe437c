# A class derived from io.IOBase is a stream that print and readers can use.
import io


class Upper(io.IOBase):
    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data).decode().upper())
        return len(data)


u = Upper()
print("hello", 5, file=u)
print("world", end="", file=u)
print("".join(u.parts))
