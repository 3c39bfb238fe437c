# A method taken from an instance remembers it.
class Counter:
    def __init__(self):
        self.n = 0

    def up(self, by=1):
        self.n += by
        return self.n


a, b = Counter(), Counter()
up = a.up
up()
up(5)
b.up()
print(a.n, b.n)
print(Counter.up(b, 10), b.n)
jobs = [a.up, b.up, [].append]
print([j(1) for j in jobs])
words = []
add = words.append
for w in "one two three".split():
    add(w)
print(words)
a.shadow = lambda x: x * 2
print(a.shadow(4))
