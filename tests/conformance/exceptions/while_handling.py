# Exceptions raised and handled while another is being handled.
def lookup(tables, key):
    for t in tables:
        try:
            return t[key]
        except (KeyError, IndexError, TypeError):
            try:
                return t[int(key)]
            except (ValueError, IndexError, KeyError, TypeError) as e:
                last = e
    raise LookupError(type(last).__name__)


tables = ({"a": 1}, [10, 20], "xyz", None)
for key in ("a", "1", "2", "7", "q"):
    try:
        print(key, lookup(tables, key))
    except LookupError as e:
        print(key, "not found:", e)
try:
    try:
        raise ValueError("outer")
    except ValueError:
        try:
            raise KeyError("inner")
        except KeyError:
            pass
        raise
except ValueError as e:
    print("still", e)
