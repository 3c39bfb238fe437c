# A container that holds itself has no text; it still compares, iterates and is collected.
l = [1]
l.append(l)
d = {}
d["d"] = d
t = ([],)
t[0].append(t)
for v in (l, d, t, [l], {"k": d}):
    for show in (repr, str, lambda v: "%s" % v, lambda v: "{}".format(v), print):
        try:
            show(v)
            print("shown")
        except RuntimeError:
            print("RuntimeError", end=" ")
    print()
print(len(l), l[1][1] is l, d["d"]["d"] is d, l == l)
same = [2]
print([same, same], (same, [same]))
