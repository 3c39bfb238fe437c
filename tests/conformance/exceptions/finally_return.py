# finally runs before a return leaves, and can replace it.
def plain():
    try:
        return "try"
    finally:
        print("cleanup")


def replaced():
    try:
        return "try"
    finally:
        return "finally"


def swallows():
    try:
        raise ValueError
    finally:
        return "swallowed"


def from_except():
    try:
        1 // 0
    except ZeroDivisionError:
        return "except"
    else:
        return "else"
    finally:
        print("also runs")


def value_kept():
    x = 1
    try:
        return x
    finally:
        x = 2


print(plain(), replaced(), swallows(), from_except(), value_kept())
