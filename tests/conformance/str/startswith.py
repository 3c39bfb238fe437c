# startswith and endswith, with tuples and offsets.
s = "hello.py"
print(s.startswith("he"), s.startswith("lo"), s.startswith(""), s.startswith("hello.py plus"))
print(s.endswith(".py"), s.endswith("y"), s.endswith(""), s.endswith("hello"))
print(s.startswith("l", 2), s.startswith("h", 1))
print(s.startswith(("x", "he")), s.endswith((".c", ".py")))
try:
    s.startswith(1)
except TypeError:
    print("TypeError")
