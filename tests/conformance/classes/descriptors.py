# Objects with __get__ and __set__ in a class stand for computed attributes.
class Clamped:
    def __init__(self, low, high, name):
        self.low, self.high, self.name = low, high, name

    def __get__(self, instance, owner):
        if instance is None:
            return self
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        setattr(instance, self.name, max(self.low, min(self.high, value)))


class Motor:
    speed = Clamped(0, 100, "_speed")


m, n = Motor(), Motor()
m.speed = 250
n.speed = -3
print(m.speed, n.speed, m._speed)
m.speed = 42
print(m.speed, sorted(m.__dict__))
