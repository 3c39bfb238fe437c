# json.dumps: every kind of value, separators, keys that are not strings, what cannot be written.
import json

values = [
    None, True, False, 0, -7, 1 << 70, 0.5, -2.25, 1e30, "", "plain", 'quote " slash \\',
    "\n\r\t\b\f\x01\x1f", [], [1], (1, (2, [3])), {}, {"a": {"b": [None]}},
    float("inf"), float("-inf"),
]
for v in values:
    print(json.dumps(v))
print(json.dumps(float("nan")))
print(json.dumps({1: 2, None: 3, True: 4, 1.5: 5, "k": 6}))

for sep in ((",", ":"), [" ,", " : "], None):
    print(json.dumps({"a": [1, 2, {"b": ()}]}, separators=sep))


class D(dict):
    pass


class L(list):
    pass


class S(str):
    pass


class I(int):
    pass


print(json.dumps([D(x=1), L((1, 2)), S("text"), I(5)]))


def fails(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__)


fails(json.dumps, object())
fails(json.dumps, [1, {2, 3}])
fails(json.dumps, {(1, 2): 3})
fails(json.dumps, {"a": object()})
fails(json.dumps, 1j)
fails(json.dumps, 1, separators=5)
fails(json.dumps, 1, separators=(1,))
fails(json.dumps, 1, separators=(1, 2))
loop = [1]
loop.append({"again": loop})
fails(json.dumps, loop)

# Sharing is no loop; deep nesting is no problem.
part = [1, 2]
print(json.dumps([part, part]))
deep = 0
for i in range(200):
    deep = [deep] if i & 1 else {"k": deep}
text = json.dumps(deep)
print(len(text), json.loads(text) == deep)
