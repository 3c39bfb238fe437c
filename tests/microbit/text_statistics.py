# Words, letters and lengths of a text.
TEXT = """It was the best of times, it was the worst of times,
it was the age of wisdom, it was the age of foolishness"""


def words(text):
    word = ""
    for c in text:
        if c.isalpha():
            word += c.lower()
        elif word:
            yield word
            word = ""
    if word:
        yield word


counts = {}
letters = [0] * 26
n = 0
for w in words(TEXT):
    n += 1
    counts[w] = counts.get(w, 0) + 1
    for c in w:
        letters[ord(c) - 97] += 1
print(n, "words,", len(counts), "different")
for w in sorted(counts, key=lambda w: (-counts[w], w))[:6]:
    print(counts[w], w)
top = max(letters)
print(chr(97 + letters.index(top)), top, sum(letters))
print(max(counts, key=len), TEXT.count("\n") + 1, "lines")
