# %f, %e, %g and their relatives in format().
# needs: double
for v in (0.0, 1.0, -1.5, 3.14159265, 123456.789, 1e10, 1e-10, 2.5e-5):
    print("%f|%.2f|%10.3f|%-10.1f|%+.1f|%010.2f" % (v, v, v, v, v, v))
    print("%e|%.3e|%E" % (v, v, v))
    print("%g|%.3g|%G|%.10g" % (v, v, v, v))
    print("{:f}|{:.0f}|{:10.4f}|{:<9.2f}|{:^9.2f}|{:e}|{:g}|{:.2%}".format(*[v] * 8))
print("{:.3f} {:.3f} {:.1f} {:.1f}".format(2.0005, 1e15, 0.25, 0.35))
print("%.0f %.0f %.0f" % (0.5, 1.5, 2.5))
print("{:f} {:e} {:g}".format(float("inf"), float("-inf"), float("nan")))
