# Dispatch by dictionary, by getattr and by type.
class Machine:
    def __init__(self):
        self.stack = []

    def op_push(self, n):
        self.stack.append(int(n))

    def op_add(self):
        self.stack.append(self.stack.pop() + self.stack.pop())

    def op_dup(self):
        self.stack.append(self.stack[-1])

    def run(self, program):
        for line in program.split(";"):
            name, *args = line.split()
            getattr(self, "op_" + name, self.unknown)(*args)
        return self.stack

    def unknown(self, *args):
        print("unknown with", args)


print(Machine().run("push 5; dup; add; jump 3 4; push 1; add"))
handlers = {int: lambda v: v + 1, str: str.upper, list: len}
for v in (41, "text", [1, 2, 3]):
    print(handlers[type(v)](v))
print({"a": 1, "b": 2}.get("c", lambda: "default")())
