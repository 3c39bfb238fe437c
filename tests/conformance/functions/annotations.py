# Annotations are accepted and do not change what runs.
def scale(value: float, factor: "int" = 2, *rest: tuple, flag: bool = False) -> float:
    total: int = 0
    total += value * factor
    unused: str
    return total


print(scale(2), scale(2, 3), scale(2, flag=True))
count: int = 7
print(count)


class Box:
    size: int = 3


print(Box.size)
