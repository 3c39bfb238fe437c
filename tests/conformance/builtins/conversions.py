# The type names as conversion functions, without and with arguments.
print(int(), float(), str() == "", bool(), list(), tuple(), dict(), bytes(), bytearray(), set() == set())
print(int("7"), float("7"), str(7), bool("False"), list("ab"), tuple([1]), dict([(1, 2)]), bytes([7]))
print(list(map(int, ["1", "2"])), [t(5) for t in (int, float, str, bool)], [type(t()).__name__ for t in (int, list, dict)])
print(str(True), str(None), str([1, "x", 2.5, None]), repr("q"), str((1,)), str({"a": [1]}))
print(bool([]), bool(0.0), bool("0"), bool(None), bool([[]]))
for bad in (lambda: int("x"), lambda: float("x"), lambda: list(5), lambda: dict([1]), lambda: tuple(None)):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
