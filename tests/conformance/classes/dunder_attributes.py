# __class__, __name__, __dict__, __bases__.
class A:
    x = 1

    def __init__(self):
        self.y = 2


class B(A):
    pass


b = B()
print(b.__class__ is B, b.__class__.__name__, B.__bases__ == (A,), b.__dict__ == {"y": 2})
print("x" in A.__dict__, (5).__class__ is int, "s".__class__.__name__, type(b).__name__)
b.z = 3
print(sorted(b.__dict__.items()))
print(B.__class__ is type, isinstance(A, type))
