# isinstance and issubclass accept tuples of types.
class A:
    pass


class B(A):
    pass


print(isinstance(B(), A), isinstance(A(), B), isinstance(3, (str, int)))
print(isinstance(1, bool), isinstance("", (list, tuple)))
print(issubclass(B, A), issubclass(B, (int, A)), issubclass(A, object))
for bad in (lambda: isinstance(1, 2), lambda: issubclass(1, int)):
    try:
        bad()
    except TypeError:
        print("TypeError")
