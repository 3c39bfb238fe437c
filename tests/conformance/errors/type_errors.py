# Operations on the wrong types raise TypeError, whichever side is wrong.
values = (1, 1.5, "s", b"b", [1], (1,), {1: 1}, {1}, None, len, int, range(2))
names = "+ - * / // % ** & ^ << >> < <= @".split()
refused = {}
for name in names:
    count = 0
    for a in values:
        for b in values[8:10]:
            try:
                eval("a " + name + " b", {"a": a, "b": b})
            except TypeError:
                count += 1
    refused[name] = count
print(sorted(refused.items()))
for op in ("-", "+", "~"):
    count = 0
    for a in values[2:]:
        try:
            eval(op + "a", {"a": a})
        except TypeError:
            count += 1
    print(op, count)
for bad in ("5()", "5[0]", "None[0]", "len[0]", "(1).x", "{}()", "1 in 5", "len(5)", "[1]['a']", "del_ = 1; del_[0]"):
    try:
        exec("r = " + bad)
    except (TypeError, AttributeError):
        print("refused", bad)
