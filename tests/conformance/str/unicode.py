# Text is UTF-8 inside, but indices count characters.
s = "añ€😀z"
print(len(s), s[1], s[2], s[3], s[-1], s[1:4], "".join(reversed(s)))
print(s.encode(), len(s.encode()), s.encode().decode() == s)
print([ord(c) for c in s], chr(0x20AC), chr(0x1F600) in s)
print(s.find("€"), s.index("z"), s.split("€"), s.replace("😀", ":)"), s.count("ñ"))
print("\u00e9" == "é", "\U0001F600" == "😀", "é" < "ê", "z" < "é")
print(list("日本"), "日本語"[1], "語" in "日本語", "日本" + "語", "日" * 3)
print(repr("é日😀"), ["ü"], "é\n".strip(), "é".join("ab"))
for c in "€u":
    print(c, end="|")
print()
try:
    b"\xff\xfe".decode()
except UnicodeError:
    print("UnicodeError")
