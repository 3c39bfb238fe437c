# Properties compute, check and forbid.
class Celsius:
    def __init__(self, degrees):
        self.degrees = degrees

    @property
    def degrees(self):
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._degrees = value

    @degrees.deleter
    def degrees(self):
        print("deleted")
        self._degrees = 0

    @property
    def fahrenheit(self):
        return self.degrees * 9 // 5 + 32


t = Celsius(100)
print(t.degrees, t.fahrenheit)
t.degrees += 10
print(t.fahrenheit)
try:
    t.degrees = -300
except ValueError as e:
    print(e)
try:
    t.fahrenheit = 1
except AttributeError:
    print("read only")
del t.degrees
print(t.degrees)
