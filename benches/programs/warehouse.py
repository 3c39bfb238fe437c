# Classes: a simulation with many small objects and virtual methods.
N = 1


class Part:
    price = 1

    def __init__(self, name, size):
        self.name = name
        self.size = size

    def cost(self):
        return self.size * self.price

    def tick(self, house):
        pass


class Fragile(Part):
    price = 3

    def cost(self):
        return super().cost() + 2


class Rotting(Part):
    price = 5

    def __init__(self, name, size):
        super().__init__(name, size)
        self.age = 0

    def tick(self, house):
        self.age += 1
        if self.age > 8:
            house.remove(self)

    @property
    def fresh(self):
        return self.age < 4


class House:
    def __init__(self):
        self.parts = []
        self.lost = 0

    def add(self, part):
        self.parts.append(part)

    def remove(self, part):
        self.parts.remove(part)
        self.lost += part.cost()

    def day(self, n):
        for kind in (Part, Fragile, Rotting):
            self.add(kind("part%d" % n, n % 7 + 1))
        for part in list(self.parts):
            part.tick(self)
        if len(self.parts) > 40:
            self.parts = self.parts[20:]


house = House()
for n in range(60 * N):
    house.day(n)
fresh = sum(1 for p in house.parts if isinstance(p, Rotting) and p.fresh)
print(len(house.parts), house.lost, sum(p.cost() for p in house.parts), fresh)
