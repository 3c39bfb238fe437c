# break and continue pass through finally, from try and from finally itself.
for i in range(4):
    try:
        if i == 1:
            continue
        if i == 3:
            break
        print("body", i)
    finally:
        print("finally", i)

for i in range(3):
    try:
        raise ValueError(i)
    except ValueError:
        continue
    finally:
        print("after continue", i)

n = 0
while True:
    n += 1
    try:
        if n < 3:
            continue
        break
    finally:
        print("n", n)


def swallowed():
    for i in range(2):
        try:
            raise KeyError(i)
        finally:
            continue
    return "loop ended"


def broken():
    while True:
        try:
            return "lost"
        finally:
            break
    return "break won"


print(swallowed(), broken())
