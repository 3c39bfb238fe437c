# Dict union: | makes a new dict, |= changes the left one; the right side wins, order stays (PEP 584).
a, b = {"x": 1, "y": 2}, {"y": 3, "z": 4}
print(a | b, b | a, a, b)
c = a
c |= b
print(a, c is a)
c |= [("w", 5), ("x", 0)]
print(c)
print({} | {}, {} | a == a, (a | {}) is a)
for left, right in ((a, [("k", 1)]), (a, None), ([1], a), (a, 1)):
    try:
        print(left | right)
    except TypeError:
        print("TypeError")
try:
    a |= 1
except TypeError:
    print("TypeError")
