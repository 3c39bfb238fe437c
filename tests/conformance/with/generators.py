# with inside a generator closes when the generator is closed.
class Log:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("open", self.name)
        return self

    def __exit__(self, kind, value, tb):
        print("close", self.name, kind.__name__ if kind else "")


def reader():
    with Log("file"):
        for line in ("one", "two", "three"):
            yield line


g = reader()
print(next(g))
g.close()
for line in reader():
    print(line)
