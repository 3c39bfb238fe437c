# for with break, continue and else, over different things.
for n in range(2, 12):
    for d in range(2, n):
        if n % d == 0:
            break
    else:
        print(n, end=" ")
print()
for c in "abc":
    if c == "b":
        continue
    print(c, end="")
else:
    print(" end")
for x in []:
    print("never")
else:
    print("empty")
for i in range(3):
    pass
print(i)
for i in range(5, 0, -2):
    print(i, end=" ")
for key in {"k": 1}:
    print(key)
for a, (b, c) in [(1, (2, 3)), (4, [5, 6])]:
    print(a + b + c)
