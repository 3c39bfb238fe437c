# A code with a loop over a range is the same after a copy through marshal, and runs.
import marshal


def f(n):
    t = 0
    for i in range(n):
        t += i
    return t


print(f(10))
code = f.__code__
copy = marshal.loads(marshal.dumps(code))
print(copy.co_code == code.co_code)
try:
    print(type(f)(copy, globals())(10))
except (TypeError, NameError) as e:
    print("no")
top = compile("s = 0\nfor i in range(int('5')):\n    s += i\nprint(s)\n", "x", "exec")
exec(top)
exec(marshal.loads(marshal.dumps(top)))
exec(marshal.loads(marshal.dumps(marshal.loads(marshal.dumps(top)))))
