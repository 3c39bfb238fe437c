# Digits and ranges that only doubles have, of what other programs show in numbers that every build has.
# needs: double
import json, math, struct

print("{:,f} {:_f} {:011,.2f} {:011_.2f}".format(3141.159, 3141.159, 3141.159, 3141.159))
print("%.2f" % 9e31, 2**70 * 1.0, 10**20 == 1e20, 1 / 3, math.inf > 1e308, float("inf") > 1e308)
print(json.dumps(1e300), struct.unpack("<fd", struct.pack("<fd", 0.5, 1e100)))
print("|{:.3e}| |{:.10g}| |{:012.2f}|".format(12345.678, 12345.678, 12345.678))
print(int(1e25), int(-1e25), float(-(2**60)), float("123456789012345678"))
print(float("2.2250738585072014e-308"), float("9007199254740993"))
for v in (1e15 + 0.5, -1e15 - 0.5):
    print(v, round(v), int(v), v // 1)
print(round(1e-300, 301))
