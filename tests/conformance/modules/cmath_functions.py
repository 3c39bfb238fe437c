# cmath: functions of complex numbers.
# needs: double
import cmath


def show(z):
    print("%.9f %.9f" % (z.real + 0.0, z.imag + 0.0))


show(cmath.sqrt(-1))
show(cmath.exp(1j * cmath.pi / 2) - 1j)
show(cmath.log(1j))
show(cmath.cos(1 + 1j))
show(cmath.sin(1 + 1j))
show(cmath.log10(100))
show(cmath.rect(2, cmath.pi / 6))
print("%.9g" % cmath.phase(-1 + 0j), "%.9g" % cmath.phase(1j), cmath.e > 2.7)
r, phi = cmath.polar(3 + 4j)
print(r, "%.9g" % phi)
