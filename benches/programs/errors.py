# Exceptions: raised, caught by type, passed on, cleaned up.
N = 1


class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def check(n):
    if n % 3 == 0:
        raise Refused(n)
    if n % 5 == 0:
        return [][n]
    return int("9" * (n % 4) or "x")


def attempt(n, counts):
    try:
        try:
            return check(n)
        finally:
            counts["finally"] += 1
    except Refused as e:
        counts["refused"] += e.code & 1
    except (IndexError, KeyError):
        counts["lookup"] += 1
    else:
        counts["never"] += 1
    return 0


counts = {"finally": 0, "refused": 0, "lookup": 0, "never": 0, "value": 0}
total = 0
for n in range(800 * N):
    try:
        total += attempt(n, counts)
    except ValueError:
        counts["value"] += 1
print(total, sorted(counts.items()))
