# json.dump and json.load: streams of text and bytes, long documents in pieces.
import io
import json

out = io.StringIO()
json.dump({"a": [1, 2.5, None]}, out)
print(out.getvalue())
out = io.StringIO()
json.dump([1, {"b": 2}], out, separators=(",", ":"))
print(out.getvalue())

data = [{"number": i, "text": "item %d \u20ac" % i, "list": list(range(i % 7))} for i in range(60)]
out = io.StringIO()
json.dump(data, out)
print(len(out.getvalue()) > 2000, out.getvalue() == json.dumps(data) or "other escapes")
out.seek(0)
print(json.load(out) == data)
print(json.load(io.BytesIO(json.dumps(data).encode())) == data)

print(json.load(io.StringIO('  {"a" : [ 1 , 2 ] }  \n')))
for text in ("", "[1", "[1] 2", '"open'):
    try:
        json.load(io.StringIO(text))
    except ValueError:
        print("ValueError")


# A file-like object that gives a byte at a time still gives a whole document.
class Slow(io.BytesIO):
    pass


print(json.load(Slow(b'{"slow": "\\u00e9 text that is longer than one block of sixty-four bytes, so that it is cut"}')))
