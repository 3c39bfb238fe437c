# str() prefers __str__, falls back to __repr__; containers use repr.
class Both:
    def __repr__(self):
        return "<repr>"

    def __str__(self):
        return "<str>"


class OnlyRepr:
    def __repr__(self):
        return "<only repr>"


b, r = Both(), OnlyRepr()
print(b, r)
print(str(b), repr(b), str(r), repr(r))
print([b, r], (b,), {"k": b})
print("%s %r" % (b, b), "{} {!r} {!s}".format(b, b, b))
print(f"{b} {b!r} {r}")
