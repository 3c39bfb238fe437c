# pow with a modulus and a negative exponent: powers of the inverse.
for base, exponent, modulus in (
    (3, -1, 7),
    (3, -2, 7),
    (2, -1, 4),
    (2, -1, -7),
    (-3, -5, 11),
    (1, -1, 1),
    (0, -1, 5),
    (0, -1, 1),
    (10**30, -1, 10**31 + 1),
    (2**200 + 7, -3, 2**255 - 19),
    (6, -1, 2**64),
    (True, -1, 9),
):
    try:
        x = pow(base, exponent, modulus)
        print(x, pow(base, -exponent, modulus) * x % modulus == 1 % modulus)
    except ValueError as e:
        print("ValueError", e)
