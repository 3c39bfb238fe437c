# removeprefix, removesuffix and isalnum: what goes, what stays, and which arguments are refused.
for text in ("", "spam", "spamspam", "spameggs", "añb"):
    for part in ("", "spam", "spamspam", "eggs", "m", "añ", "b"):
        print(repr(text), repr(part), repr(text.removeprefix(part)), repr(text.removesuffix(part)))

word = "unchanged"
print(word.removeprefix("x") == word, word.removesuffix("x") == word, word.removeprefix(word) == "")
for wrong in (1, None, b"x", ("a",)):
    for method in (word.removeprefix, word.removesuffix):
        try:
            print(method(wrong))
        except TypeError:
            print("TypeError", type(wrong).__name__)

for text in ("", "a", "A1", "1", "a b", "a_b", " ", "a.", "\n"):
    print(repr(text), text.isalnum())
