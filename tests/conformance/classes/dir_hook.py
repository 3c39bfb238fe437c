# dir() asks __dir__, and sorts whatever iterable it gives.
class Fixed:
    def __dir__(self):
        return ["b", "a"]


class Made:
    def __dir__(self):
        for i in range(40):
            yield "name%02d" % (39 - i)


class Tuple:
    def __dir__(self):
        return ("z", "y" + "x")


print(dir(Fixed()))
names = dir(Made())
print(len(names), names[0], names[-1], names == sorted(names))
print(dir(Tuple()))
