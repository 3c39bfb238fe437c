# if, elif, else and conditional expressions.
def grade(n):
    if n >= 90:
        return "A"
    elif n >= 80:
        return "B"
    elif n >= 70:
        return "C"
    else:
        return "F"


print([grade(n) for n in (95, 85, 75, 5)])
for x in (0, 1, "", "a", [], [0], None, 0.0, 1e-9, (), {}, {1: 2}):
    print("T" if x else "F", end="")
print()
print("a" if 1 else "b" if 1 else "c", "a" if 0 else "b" if 0 else "c")
if 0:
    print("never")
if not 0:
    pass
