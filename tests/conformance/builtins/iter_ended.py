# An iterator that has ended stays so, whatever it runs over does afterwards.
calls = []


def call():
    calls.append(1)
    return len(calls)


it = iter(call, 3)
print(list(it), list(it), next(it, "end"), len(calls))


class Items:
    n = 3

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError
        return i


items = Items()
it = iter(items)
print(list(it))
items.n = 10
print(list(it), next(it, "end"))
values = [1]
for it in (iter(values), enumerate(values), zip(values), map(str, values), filter(None, values), reversed(values)):
    ended = list(it)
    values.append(2)
    print(ended, list(it), next(it, "end"))
    values.pop()
