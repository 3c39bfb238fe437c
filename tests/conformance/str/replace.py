# replace: all, limited, growing, shrinking, empty pattern.
s = "one two one two"
print(s.replace("one", "1"), s.replace("two", "three", 1), s.replace("x", "y") == s)
print(s.replace(" ", ""), "aaa".replace("aa", "b"), "abc".replace("", "-"), "".replace("", "x"))
print("aaa".replace("a", "bb"), "a.b.c".replace(".", " . ", 1), "€€".replace("€", "EUR"))
print("same".replace("e", "e"), "abc".replace("c", "d", 0))
