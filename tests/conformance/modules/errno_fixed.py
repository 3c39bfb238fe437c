# `errno.errorcode` can be read and copied, not changed.
import errno

table = errno.errorcode
print(table[errno.ENOENT], len(table) == len(list(table)), errno.EIO in table)
before = table.copy()
for change in (
    lambda: table.clear(),
    lambda: table.popitem(),
    lambda: table.pop(errno.EIO),
    lambda: table.pop(0, None),
    lambda: table.setdefault(0, ""),
    lambda: table.setdefault(errno.EIO, ""),
    lambda: table.update({1: ""}),
    lambda: table.__setitem__(1, ""),
    lambda: table.__delitem__(1),
):
    try:
        change()
        print("changed")
    except TypeError:
        print("TypeError")
try:
    table[errno.EIO] = "other"
except TypeError:
    print("TypeError")
try:
    table |= {1: ""}
except TypeError:
    print("TypeError")
print(table == before, before == errno.errorcode)
before[0] = "a copy is a dict"
print(before[0], type(table) is dict)
