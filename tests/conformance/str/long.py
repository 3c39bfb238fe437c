# needs: memory
# Texts and bytes that are worked on in pieces are what they are as a whole.


def same(made, wanted):
    """Equal in every way that a look-up needs."""
    return made == wanted and {wanted: 1}.get(made) == 1 and hash(made) == hash(wanted) and len(made) == len(wanted)


def whole(parts, join):
    """One after another: the last step is a short one."""
    out = join[:0]
    for p in parts:
        out = out + p
    return out


for unit in ("ab", "a\u00e9\u20ac\U0001f600", "\u00e9", " x\t"):
    for n in (300, 600, 1100, 5000):
        text = unit * n
        parts = [text[i : i + 700] for i in range(0, len(text), 700)]
        print(len(unit), n, len(text), same("".join(parts), text), same(whole(parts, ""), text), end=" ")
        print(same(text[1:], "".join([text[:700][1:], text[700:]])), same(text.encode().decode(), text), end=" ")
        back = text[::-1]
        print(same(back[::-1], text), text.count(unit), text.find(unit[-1] + unit), text.rfind(unit), end=" ")
        print(same(text.replace(unit, "-+"), "-+" * n), same(text.replace(unit[0], ""), unit[1:] * n), end=" ")
        print(same("%s|%s" % (text, unit), text + "|" + unit), same("{}".format(text), text), end=" ")
        print(same(f"{text:>30000}".lstrip(), text.lstrip()), len(f"{text:>30000}"), len("%-30000s" % text), end=" ")
        print(len(text.split(unit)), text.split(unit, 3)[-1] == unit * (n - 3), len(text.rsplit(unit)), end=" ")
        print(same(text.upper().lower(), text), text < text + "a", text == text[:-1] + "?", end=" ")
        print(text.startswith(text), text.endswith(text[1:]), text[5:] in text, same(eval(repr(text)), text))
        raw = text.encode()
        print(same(bytes(bytearray(raw)), raw), same(bytes(memoryview(raw)), raw), raw == bytearray(raw), end=" ")
        print(same(raw * 2, raw + raw), raw.find(b"?"), raw.count(raw[:1]), same(bytes.fromhex(raw.hex()), raw), end=" ")
        print(same(raw[::-1][::-1], raw), memoryview(raw) == raw, same(raw.decode("ascii", "ignore").encode(), bytes(b for b in raw if b < 128)))

# Places where the search must not stumble over itself.
for hay in ("a" * 5000, "a" * 2500 + "b" + "a" * 2500, "ab" * 2500, "aab" * 2000):
    for needle in ("a", "b", "ab", "ba", "aa", "aab", "aaaa" + "b", "a" * 400 + "b", "b" + "a" * 1200, "a" * 4999 + "b", "a" * 5000):
        print(hay.find(needle), hay.rfind(needle), hay.count(needle), hay.find(needle, 700), hay.rfind(needle, 3, 4100), end=" ")
    print()

text = "\u00e9\u20acx" * 900
for i in (0, 1, 1023, 1024, 2047, 2699, -1, -2700):
    print(text[i], text[i : i + 5], end=" ")
print(text[100:2600:7] == "".join(list(text)[100:2600:7]), text[2600:100:-7] == "".join(list(text)[2600:100:-7]))
print([text.index("x", k) for k in (0, 1000, 2000, 2697)], len(text.center(3001, "\u20ac").strip("\u20ac")))
lines = ("a" * 1500 + "\n" + "b\r\n") * 5
print([len(s) for s in lines.splitlines()], [len(s) for s in lines.splitlines(True)], [len(s) for s in lines.split()])
print([len(s) for s in (" " * 3000 + "x" + " " * 3000).split()], len((" " * 3000 + "x").rstrip()), len("-5".zfill(4000)))

array = bytearray(range(256)) * 20
model = list(array)
array[::3] = bytes(len(array[::3]))
model[::3] = [0] * len(model[::3])
print(list(array) == model)
del array[1::5]
del model[1::5]
print(list(array) == model)
del array[-2:5:-3]
del model[-2:5:-3]
print(list(array) == model, len(array))
array += bytes(array)
model += model
array.extend(bytes(array))
model.extend(model)
print(list(array) == model, len(array))
view = memoryview(array)
view[5:] = view[:-5]
model[5:] = model[:-5]
print(list(array) == model)
view[:-7] = view[7:]
model[:-7] = model[7:]
print(list(array) == model)
