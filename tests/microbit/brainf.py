# An interpreter for the language with eight instructions.
def run(program, text=""):
    jumps = {}
    stack = []
    for i, c in enumerate(program):
        if c == "[":
            stack.append(i)
        elif c == "]":
            j = stack.pop()
            jumps[i], jumps[j] = j, i
    tape = bytearray(32)
    at = i = given = 0
    out = ""
    while i < len(program):
        c = program[i]
        if c == ">":
            at += 1
        elif c == "<":
            at -= 1
        elif c == "+":
            tape[at] = (tape[at] + 1) & 255
        elif c == "-":
            tape[at] = (tape[at] - 1) & 255
        elif c == ".":
            out += chr(tape[at])
        elif c == ",":
            tape[at] = ord(text[given]) if given < len(text) else 0
            given += 1
        elif c == "[" and not tape[at] or c == "]" and tape[at]:
            i = jumps[i]
        i += 1
    return out


print(run(",[.,]", "echo"))
print(run(">,[>,]<[.<]", "backwards"))
print(run("++++++[>++++++++<-]>" + "+++.-." * 2), run("+++[>+++++[>++++<-]<-]>>+++++."))
