# Built-in containers with type parameters (PEP 585): in annotations, calls and bases
def f(x: list[int], y: dict[str, list[int]] = {}) -> tuple[int, ...]:
    z: set[int] = set(x)
    return tuple(z)


print(f([1, 1]), list[int]("ab"), dict[str, int](a=1), tuple[int, str]([1, "x"]))


class L(list[int]):
    pass


print(L([1]) == [1], issubclass(L, list), isinstance(L(), list))
for bad in (lambda: int[1], lambda: str[1], lambda: None[int]):
    try:
        bad()
    except TypeError:
        print("TypeError")
try:
    list[int] = 5
except TypeError:
    print("TypeError")
