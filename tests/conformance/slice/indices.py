# Slice attributes.
class Window:
    def __init__(self, data):
        self.data = data

    def __getitem__(self, s):
        if type(s) is slice:
            return (s.start, s.stop, s.step)
        return self.data[s]


w = Window([5, 6, 7])
print(w[1], w[1:2], w[:], w[::-1], w[None:3])


class Take:
    def __getitem__(self, s):
        return s


take = Take()
print(take[1:10:3].indices(5), take[::-1].indices(4), take[-3:].indices(10))
print([range(7)[i] for i in range(*take[6:0:-2].indices(7))])
