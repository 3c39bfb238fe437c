# Comparisons and truth tests that compare and test again, 200 deep.
class N:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return True if self.n == 0 else N(self.n - 1) == other

    def __lt__(self, other):
        return True if self.n == 0 else N(self.n - 1) < other

    def __ge__(self, other):
        return False if self.n == 0 else N(self.n - 1) >= other

    def __bool__(self):
        return True if self.n == 0 else not not N(self.n - 1)

    def __contains__(self, other):
        return other == 5 if self.n == 0 else other in N(self.n - 1)


n = N(200)
print(n == 1, n < 1, n >= 1, "true" if n else "false", 5 in n, 6 in n, 6 not in n)
