# json.loads: values, escapes, numbers, blanks, and what is refused.
import json

for text in [
    "null", " true", "false ", "0", "-0", "12", "-34", "123456789012345678901234567890", "1.5", "-0.25",
    "1e3", "1E-2", "2.5e+1", '""', '"text"', r'"\" \\ \/ \b \f \n \r \t"', r'"\u0041\u00e9\u20AC"',
    r'"\ud83d\ude00"', "[]", "[ ]", "[1, [2, [3]], {}]", "{}", '{"a": 1, "b": [true, null], "c": {"d": "e"}}',
    "\t[\n1\r,2 ]\n", '{"a": 1, "a": 2}', '"\u00fc\u4e2d"', "Infinity", "-Infinity", "[-Infinity, Infinity]",
]:
    print(repr(json.loads(text)))
print(json.loads("NaN") != json.loads("NaN"))
print(json.loads(b'{"bytes": [1, 2]}'), json.loads(bytearray(b'"array"')))

bad = [
    "", " ", "nul", "nullx", "True", "+1", "01", "-", "1.", ".5", "1e", "1e+", "--1", "0x10", "1 2",
    '"', '"abc', '"\\x"', '"\\u12"', '"\\u12g4"', '"\n"', "[", "[1", "[1,", "[1,]", "[,]", "[1 2]", "]",
    "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a" 1}', "{1:2}", "{null:1}", "{,}", "}",
    "[}", "{]", '["a":1]', "'a'", "[1]]", "a", "-Inf", "tru e",
]
for text in bad:
    try:
        print("accepted", repr(text), json.loads(text))
    except ValueError:
        pass
print(len(bad))

for wrong in (None, 5, [], {}):
    try:
        json.loads(wrong)
    except TypeError:
        print("TypeError")

# Round trips.
for v in [[1, "a", None, {"k": [True, 1.25]}], {"nested": {"x": {"y": {}}}}, "\x00\x1f\u20ac", [[[[]]]]]:
    print(json.loads(json.dumps(v)) == v)
