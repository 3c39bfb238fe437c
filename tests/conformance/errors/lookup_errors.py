# Which exception, and what it carries, when something is not there.
class C:
    pass


attempts = (
    lambda: [1, 2][2],
    lambda: (1,)[-2],
    lambda: "abc"[3],
    lambda: b"ab"[2],
    lambda: range(3)[3],
    lambda: {"a": 1}["b"],
    lambda: {}[1, 2],
    lambda: C().missing,
    lambda: C.missing,
    lambda: undefined_name,
    lambda: [].pop(),
    lambda: {1}.remove(2),
    lambda: [3].index(4),
    lambda: "abc".index("z"),
    lambda: next(iter([])),
)
for f in attempts:
    try:
        f()
    except Exception as e:
        print(type(e).__name__)
try:
    {}["the key"]
except KeyError as e:
    print(e.args[0])
