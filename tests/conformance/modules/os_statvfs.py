# os.statvfs of the board's files
# needs: files
import os

s = os.statvfs("/")
print(len(s), s[0] > 0, s[2] >= s[3], s[9] >= 14)
try:
    os.statvfs("/no/such/place")
except OSError as e:
    print(e.errno)
