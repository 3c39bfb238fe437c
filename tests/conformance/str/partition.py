# partition and rpartition always give three parts.
print("key: value: more".partition(": "), "key: value: more".rpartition(": "))
print("nothing".partition("x"), "nothing".rpartition("x"))
print("x".partition("x"), "axb".partition("x"), "".partition("x"))
try:
    "abc".partition("")
except ValueError:
    print("empty separator")
