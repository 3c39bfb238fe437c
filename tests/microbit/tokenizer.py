# A tokenizer for a small language, as a generator.
def tokens(s):
    i = 0
    while i < len(s):
        c = s[i]
        j = i + 1
        if c == " ":
            i = j
            continue
        if c.isdigit():
            while j < len(s) and s[j].isdigit():
                j += 1
            yield "num", int(s[i:j])
        elif c.isalpha():
            while j < len(s) and (s[j].isalpha() or s[j].isdigit()):
                j += 1
            w = s[i:j]
            yield ("key" if w in ("if", "then", "end") else "name"), w
        elif c in "<>=" and s[j : j + 1] == "=":
            j += 1
            yield "op", s[i:j]
        elif c in "+-*/()<>=":
            yield "op", c
        else:
            raise ValueError("bad character %r at %d" % (c, i))
        i = j


for line in ("if x1 >= 10 then y = (x1+2)*3 end", "a<b", ""):
    for kind, text in tokens(line):
        print(kind, text)
try:
    for t in tokens("a ? b"):
        print(t)
except ValueError as e:
    print(e)
