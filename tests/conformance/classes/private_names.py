# Names with underscores are ordinary names by convention.
class Account:
    _rate = 3

    def __init__(self, balance):
        self._balance = balance

    def _fee(self):
        return self._balance // 100

    def close(self):
        return self._balance - self._fee() - self._rate


a = Account(1000)
print(a.close(), a._balance, a._fee())
a._balance = 0
print(a.close())
