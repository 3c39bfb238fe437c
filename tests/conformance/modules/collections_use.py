# The collections together: a word index, a ring of results, records.
from collections import OrderedDict, deque, namedtuple

Entry = namedtuple("Entry", ("word", "line"))
text = "one two\nthree one\ntwo one"
index = OrderedDict()
recent = deque((), 2)
for n, line in enumerate(text.split("\n"), 1):
    for word in line.split():
        e = Entry(word, n)
        index.setdefault(e.word, []).append(e.line)
        recent.append(e)
print(list(index.items()))
print([tuple(e) for e in recent], recent[-1].word)
print(sorted(index, key=lambda w: (-len(index[w]), w)))
