# Slices of str and bytes with a step other than 1.
s = "abcdef"
print(s[::2], s[::-1], s[4:1:-2], b"abc"[::-1])
