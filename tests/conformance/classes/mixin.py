# Mixins add behaviour that uses attributes of the class they are mixed into.
class Comparable:
    def __gt__(self, other):
        return other < self

    def __ge__(self, other):
        return not self < other

    def __le__(self, other):
        return not other < self


class Printable:
    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, self.key)


class Version(Comparable, Printable):
    def __init__(self, *key):
        self.key = key

    def __lt__(self, other):
        return self.key < other.key


a, b = Version(1, 2), Version(1, 10)
print(a < b, a > b, a <= b, a >= b, a)
print(max(a, b), sorted([b, a]))
