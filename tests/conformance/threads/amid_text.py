# Tables with long keys, and buffers of text, that another thread changes amid looking at them: nothing breaks, and what
# comes out is made of what was there.
# not with oom: what fails in one of two threads differs from run to run
# needs: memory
import _thread
import json
import re
import time

stop = [False]
ended = [False]
LONG = 3000
keys = [("ab" * LONG) + str(n) for n in range(6)]
copies = [("ab" * LONG) + str(n) for n in range(6)]
numbers = [(1 << 9000) + n for n in range(6)]
raws = [(b"cd" * LONG) + bytes([n]) for n in range(6)]
table = {}
few = {}
group = set()
document = bytearray(b'["' + b"x" * 5000 + b'", 1.' + b"3" * 300 + b"]")
digits = bytearray(b"1." + b"5" * 900)


def fill():
    for k in keys + numbers + raws:
        table[k] = 1
        group.add(k)
    few[keys[0]] = 1


def rearrange():
    turn = 0
    while not stop[0]:
        turn += 1
        table.pop(keys[turn % 6], None)
        group.discard(raws[turn % 6])
        few.clear()
        if turn % 4 == 0:
            table.clear()
            group.clear()
        fill()
        digits[turn % 900 + 2] = 53 + turn % 5
        if turn % 3 == 0:
            del document[4000:]
        document[3:] = b"x" * (4000 + turn % 7) + b'", 1.' + b"3" * 300 + b"]"


def disturb():
    try:
        rearrange()
    except Exception as e:
        faults.append(("disturb", repr(e)))
    finally:
        ended[0] = True


def known(get):
    # The key may be gone for a while.
    try:
        return get() in (1, None)
    except KeyError:
        return True


def document_read():
    try:
        text, number = json.loads(document)
        return set(text) == {"x"} and 1.3 < number < 1.4
    except ValueError:
        return True


faults = []
fill()
_thread.start_new_thread(disturb, ())
for turn in range(4):
    n = turn % 6
    other = "".join([keys[n][:1], keys[n][1:]])
    checks = {
        "str": lambda: known(lambda: table[copies[n]]) and known(lambda: table.get(other)),
        "few": lambda: known(lambda: few[copies[0]]) and (copies[0] in few) in (True, False),
        "int": lambda: known(lambda: table[numbers[n] + 0]) and (numbers[n] + 1 - 1 in group) in (True, False),
        "bytes": lambda: known(lambda: table[raws[n] + b""]) and (raws[n][:-1] + raws[n][-1:] in group) in (True, False),
        "missing": lambda: table.get(copies[n] + "x") is None and numbers[n] + 100 not in table and raws[n] * 2 not in group,
        "hash": lambda: hash(copies[n]) == hash(keys[n]) and hash(raws[n] + b"") == hash(raws[n]),
        "json": document_read,
        "float": lambda: 1.5 <= float(digits) < 1.7,
        "sub": lambda: re.sub("b", "xy", copies[n][:4000]) == "axy" * 2000,
        "dumps": lambda: json.loads(json.dumps([copies[n], '"' * 999])) == [keys[n], '"' * 999],
        "percent": lambda: "%s|%20000s" % (copies[n], keys[n]) == copies[n] + "|" + keys[n].rjust(20000),
        "format": lambda: "{:\u20ac>9000}".format(copies[n]) == "\u20ac" * (9000 - len(keys[n])) + keys[n],
        "repr": lambda: eval(repr(copies[n])) == keys[n],
        "decode": lambda: (raws[n] + b"\xff").decode("utf-8", "ignore") == "cd" * LONG + chr(n),
    }
    for name in checks:
        try:
            if not checks[name]():
                faults.append(name)
        except Exception as e:
            faults.append((name, repr(e)))
stop[0] = True
while not ended[0]:
    time.sleep(0.001)
print(faults)
