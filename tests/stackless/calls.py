# 200 calls deep: positional, keyword, starred, bound methods, closures.
DEPTH = 200


def plain(n):
    return 0 if n == 0 else 1 + plain(n - 1)


def keywords(*, n, step=1):
    return 0 if n == 0 else 1 + keywords(n=n - step)


def starred(*args, **kw):
    return 0 if args[0] == 0 else 1 + starred(*(args[0] - 1,), **kw)


class C:
    def method(self, n):
        return 0 if n == 0 else 1 + self.method(n - 1)

    @classmethod
    def cls_method(cls, n):
        return 0 if n == 0 else 1 + cls.cls_method(n - 1)

    @staticmethod
    def static(n):
        return 0 if n == 0 else 1 + C.static(n - 1)

    def __call__(self, n):
        return 0 if n == 0 else 1 + self(n - 1)


def closure(n):
    def inner():
        return 0 if n == 0 else 1 + closure(n - 1)()

    return inner


print(plain(DEPTH), keywords(n=DEPTH), starred(DEPTH, k=1))
print(C().method(DEPTH), C.cls_method(DEPTH), C.static(DEPTH), C()(DEPTH), closure(DEPTH // 2)())
