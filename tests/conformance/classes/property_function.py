# property() called as a function, and properties that inherit.
class Rect:
    def __init__(self, w, h):
        self.w = w
        self.h = h

    def get_area(self):
        return self.w * self.h

    def set_area(self, value):
        self.w = value // self.h

    area = property(get_area, set_area)


class Tall(Rect):
    @property
    def ratio(self):
        return self.h // self.w


r = Tall(2, 10)
print(r.area, r.ratio)
r.area = 50
print(r.w, r.area)
try:
    del r.area
except AttributeError:
    print("no deleter")
