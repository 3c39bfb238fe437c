# Operators and subscripts on operands of many sorts, in loops: what is done at once and what takes longer must agree.
# needs: double
numbers = [0, 1, -1, 7, -8, 2**29, -(2**30), 2**30, 2**31, -(2**40), 2**62, 2**63 - 1, -(2**63), 2**63, 2**70, 1.5, -0.0, 1e300]
numbers += [True, 2j, 1.5 - 3j]
names = ["+", "-", "*", "&", "|", "^", "<", ">", "<=", ">=", "==", "!="]
table = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a & b,
    lambda a, b: a | b,
    lambda a, b: a ^ b,
    lambda a, b: a < b,
    lambda a, b: a > b,
    lambda a, b: a <= b,
    lambda a, b: a >= b,
    lambda a, b: a == b,
    lambda a, b: a != b,
]
for name, f in zip(names, table):
    total = 0
    for a in numbers:
        row = []
        for b in numbers:
            try:
                r = f(a, b)
                row.append("%.6g" % r if isinstance(r, float) else r)
            except TypeError:
                row.append("TypeError")
            except OverflowError:
                row.append("OverflowError")
        print(a, name, row)


def divide(a, b):
    try:
        return "%.6g" % (a / b)
    except ZeroDivisionError:
        return "ZeroDivisionError"


print([divide(a, b) for a in numbers[:10] + numbers[15:17] for b in (1, -2, 0, 0.5, 0.0, 2**40)])
print([1 << n for n in (0, 1, 28, 29, 30, 31, 32, 61, 62, 63, 64)])
print([-1 << n for n in (0, 1, 28, 29, 30, 31, 32, 62, 63, 64)])
print([3 << n >> n == 3 for n in range(70)].count(True))
x = 5
for n in (1, 0, 20, 30, 40):
    x <<= n
    print(x)
try:
    1 << -1
except ValueError:
    print("ValueError")

# Strs: built-in names, interned ones and others.
words = ["", "a", "ab", "abc", "b", "é", "éa", "print", "pri" + "nt"[:2], "".join(["a", "b"]), "zzzzzzzzzzzzzzzzzzzz", "x" * 20]
for a in words:
    print([(a < b, a > b, a <= b, a >= b, a == b, a != b, a + b) for b in words])
try:
    "a" < 1
except TypeError:
    print("TypeError")

# Bytes.
data = bytearray(range(250, 256))
raw = bytes(data)
for i in range(-7, 8):
    try:
        print(i, data[i], raw[i])
    except IndexError:
        print(i, "IndexError")
for i, v in ((0, 1), (-1, 255), (5, 256), (1, -1), (6, 1), (-7, 1), (0, True)):
    try:
        data[i] = v
    except (ValueError, IndexError) as e:
        print(type(e).__name__)
print(list(data), len(bytearray()), len(b""))
try:
    bytearray()[0]
except IndexError:
    print("IndexError")

# Parts of lists, read and replaced.
full = list(range(8))
ends = (None, 0, 1, 3, 8, 9, -1, -3, -8, -9)
for a in ends:
    print(a, [full[a:b] for b in ends])
    print(a, [full[a:b:-1] for b in ends])
for a in ends:
    for b in ends:
        l = list(range(5))
        l[a:b] = l[b:a]
        m = list(range(5))
        m[a:b] = m[a:b][::-1]
        n = list(range(5))
        n[a:b] = [9, 9]
        print(l, m, n, end=" ")
    print()
l = [1, 2, 3]
l[:] = l
print(l, l + [], [] + l, [] + [], l + l)
long = list(range(1000))
long[10:990] = long[990:9:-1][:980]
print(long[:12], long[988:], len(long + long))
l = [1]
l += [2]
print(l)

# Loops over ranges whose limit is known only when they run, and ones that leave the small ints.
def loop(n, step):
    got = []
    if step == 1:
        for i in range(n):
            if i == 2:
                continue
            got.append(i)
        else:
            got.append("end")
        for i in range(n - 2, n):
            got.append(i)
            if i > 2**30:
                break
    else:
        for i in range(n, 0, -1):
            got.append(i)
    return got


print(loop(5, 1), loop(0, 1), loop(1, 1), loop(4, -1))
for limit in (2**30, 2**31, 2**62):
    got = []
    for i in range(limit - 3, limit + 3):
        got.append(i)
    print(got)
def nested(n):
    total = 0
    for i in range(n):
        for j in range(i):
            for k in range(j):
                total += i * j - k
    return total
print(nested(20))

# Dicts of strs and ints, small and large, whose keys are equal without being one object.
d = {}
for i in range(300):
    d[i] = i
    d["k" + str(i)] = -i
    d[str(i % 7) * 3] = i
print(len(d), d[299], d["k250"], d["666"], d.get(300), d.get("k300", 5), d[True], d[2.0], "k7" in d, 7.5 in d)
for i in range(0, 300, 2):
    del d[i]
for i in range(5):
    d["k" + str(i)] = None
print(len(d), d["k4"], d["k5"], 4 in d, 5 in d)
s = {"a", "b", 1, 2.5, None, (1, 2)}
print("a" in s, "".join(["a"]) in s, 1.0 in s, 2 in s, (1, 2) in s, 2.5 in s)

# Short texts, and those that are not.
print("%d" % 5, "%d%%" % -5, "a%sb" % "c", "%s,%s" % (1, "x"), "%s" % 2.5, "%d" % 2.9, "%d" % True, "%5d|%-5d|" % (1, 2))
print("%s" % (("x" * 60),), "%s" % "é", "%d %d" % (2**29, -(2**30)), "%d" % 2**40, "%s" % None, "100%%" % ())
for f, v in (("%d %d", 1), ("%d", (1, 2)), ("%d", "x"), ("%", 1), ("%s", ()), ("a", 1), ("%y", 1)):
    try:
        print(f % v)
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
print(abs(3 + 4j), abs(-3), abs(-2.5), abs(-(2**70)), abs(True))
