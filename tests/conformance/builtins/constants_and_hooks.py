# Names of the built-in scope that no other program looks at: NotImplemented, __debug__, __build_class__.
print(NotImplemented, type(NotImplemented).__name__, __debug__)


class Odd:
    def __eq__(self, other):
        return NotImplemented

    def __add__(self, other):
        return NotImplemented


print(Odd() == 1, Odd() != 1)
try:
    Odd() + 1
except TypeError:
    print("TypeError")
made = __build_class__(lambda: None, "Made", Odd)
print(made.__name__, issubclass(made, Odd), made() == made())
