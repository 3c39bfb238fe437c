# Text: splitting, joining, formatting and replacing.
N = 1
TEXT = "the quick brown fox jumps over the lazy dog "


def work(rounds):
    lines = []
    for i in range(rounds):
        words = (TEXT * 2).split()
        words[i % len(words)] = words[i % len(words)].upper()
        line = "-".join(words)
        line = line.replace("-the-", " THE ")
        lines.append("%4d: %s (%d)" % (i, line, line.count("o")))
        lines.append("{:>6}|{:<12}|{!r}".format(i, line[5:15].strip(), line[-3:]))
    text = "\n".join(lines)
    built = ""
    for c in text[:400]:
        built += chr(ord(c) ^ 1) if c.isalpha() else c
    return len(text), built.count("x"), text.find("LAZY"), len(built.upper().split("\n"))


print(work(60 * N))
