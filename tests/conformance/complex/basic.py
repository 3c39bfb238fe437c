# Complex numbers: literals, parts, arithmetic, printing.
z = 3 + 4j
print(z, z.real, z.imag, abs(z), -z, +z)
print(z + 1, z - 1j, z * z, z / 2, z * 1j, 1 / (1 + 1j))
print((1 + 2j) * (3 - 1j), (1 + 2j) / (2 + 0j), abs((1 + 2j) ** 2 - (-3 + 4j)) < 1e-12)
print(1j * 1j == -1, z == 3 + 4j, z != 3, complex(2) == 2)
print(complex(1, 2), complex("1+2j"), complex("3j"), complex("-1"), complex())
print(0j, 1e10j, 0.5j, [1j], str(2 - 3j), bool(0j), bool(1j))
for bad in (lambda: 1j < 2j, lambda: 1j // 2, lambda: 1j % 2, lambda: int(1j)):
    try:
        bad()
    except TypeError:
        print("TypeError")
try:
    1j / 0
except ZeroDivisionError:
    print("ZeroDivisionError")
