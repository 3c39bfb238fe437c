# repr escapes what does not print, and chooses the quotes.
print(repr("plain"), repr("it's"), repr('say "hi"'), repr("both ' and \""))
print(repr("tab\tnl\ncr\rback\\"), repr("\x00\x01\x1f\x7f"))
print(repr("é"), repr(""), ["a\nb"], ("'",))
print(b"bytes\n\xff'", repr(b"\x00a"), [b'"'])
print("\u2022", "a\\b", r"a\b", len("\\"))
