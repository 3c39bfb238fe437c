# re.DEBUG lists the program that an expression becomes.
import re

print(re.compile("a+", re.DEBUG).match("aab").group(0))
print(re.compile("[a-c](x|y)?$", re.DEBUG).search("zzby").group(1))
