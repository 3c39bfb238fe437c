# Assignment expressions bind in the surrounding scope.
if (n := len("abcdef")) > 5:
    print("long", n)
data = [3, 1, 4, 1, 5]
print([y for x in data if (y := x * 2) > 4])
while (item := data.pop()) != 1:
    print("popped", item)
print(data)


def first_match(words, prefix):
    if any((hit := w).startswith(prefix) for w in words):
        return hit


print(first_match(["apple", "banana", "blueberry"], "b"))
print((a := 1, b := a + 1), a, b)
