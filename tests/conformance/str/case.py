# upper, lower and the questions about character classes.
print("Hello World".upper(), "Hello World".lower(), "abc1".upper())
for s in ("abc", "ABC", "aB", "123", "a1", " \t\n", "", " a"):
    print(repr(s), s.isalpha(), s.isdigit(), s.isspace(), s.isupper(), s.islower())
