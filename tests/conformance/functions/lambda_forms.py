# Lambdas take every kind of parameter.
print((lambda: 42)())
print((lambda x, y=2: x + y)(1))
print((lambda *a, **k: (a, k))(1, 2, z=3))
print((lambda *, key: key)(key="k"))
pick = lambda n: "even" if n % 2 == 0 else "odd"
print(pick(3), pick(4))
compose = lambda f, g: lambda x: f(g(x))
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
