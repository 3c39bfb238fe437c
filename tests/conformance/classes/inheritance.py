# Methods are looked up in the class, then in its bases.
class Shape:
    def area(self):
        return 0

    def describe(self):
        return "%s of area %d" % (self.name(), self.area())

    def name(self):
        return "shape"


class Square(Shape):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side

    def name(self):
        return "square"


class Named(Square):
    def name(self):
        return "my " + super().name()


for shape in (Shape(), Square(3), Named(2)):
    print(shape.describe())
print(isinstance(Named(1), Shape), issubclass(Square, Shape), issubclass(Shape, Square))
