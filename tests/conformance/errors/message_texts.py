# Messages that programs show to people.
def message(f):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, "|", e)


message(lambda: int("abc"))
message(lambda: undefined)
message(lambda: (1).nope)
message(lambda: [].index(1))
message(lambda: "a" + 1)
message(lambda: len(5))
message(lambda: [1][9])
message(lambda: 1 // 0)
message(lambda: None())
message(lambda: (lambda x: x)())
message(lambda: range(1, 2, 0))
message(lambda: next(5))
message(lambda: __import__("nope_module"))
message(lambda: bytes([300]))
message(lambda: [].pop())
