# Several bases are searched from left to right.
class Swimmer:
    def move(self):
        return "swim"

    def swim(self):
        return "splash"


class Walker:
    def move(self):
        return "walk"

    def walk(self):
        return "step"


class Duck(Swimmer, Walker):
    pass


class Goose(Walker, Swimmer):
    def move(self):
        return "fly or " + Swimmer.move(self)


d = Duck()
print(d.move(), d.swim(), d.walk())
g = Goose()
print(g.move(), super(Goose, g).move())
print(isinstance(d, Walker), isinstance(g, (int, Swimmer)), issubclass(Duck, Goose))
