# Text built line by line: a table, a box and a bar chart.
def table(rows):
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for r in rows:
        yield " | ".join(c + " " * (w - len(c)) for c, w in zip(r, widths))


def box(text):
    edge = "+" + "-" * (len(text) + 2) + "+"
    return "\n".join((edge, "| " + text + " |", edge))


rows = [("name", "value"), ("temperature", "21"), ("id", "0x2a")]
for line in table(rows):
    print(line.rstrip())
print(box("Pyrite"))
for i, n in enumerate((3, 7, 1, 9)):
    print("%2d %s%s" % (i, "#" * n, "." * (10 - n)))
s = ""
for i in range(60):
    s += chr(65 + i % 26)
    if i % 20 == 19:
        s += "\n"
print(s, end="")
print(", ".join("{}={:02x}".format(k, v) for k, v in (("a", 10), ("b", 200))))
