# object is everybody's base.
o = object()
print(isinstance(o, object), isinstance(5, object), issubclass(int, object), type(o) is object)
print(o == o, o != object(), hash(o) == hash(o), repr(o)[:7])


class A(object):
    pass


print(issubclass(A, object), A() != A())
try:
    o.x = 1
except AttributeError:
    print("object has no room for attributes")
