# A bytearray and an array that another thread makes longer, shorter and empty amid long work on them: nothing breaks, and
# what comes out is made of what was there.
# not with oom: what fails in one of two threads differs from run to run
# needs: memory
import _thread
import array
import binascii
import hashlib
import struct
import time

N = 9000
PART = b"ab,c"
stop = [False]
ended = [False]
faults = []
data = bytearray(PART * (N // 4))
numbers = array.array("h", range(3000))
like = bytes(data)
known = set(b"ab,cABC-\0")


def rearrange():
    turn = 0
    while not stop[0]:
        turn += 1
        view = None
        try:
            if turn % 4 == 0:
                # Somebody else looks at the bytes while they change their size.
                view = memoryview(data)
            if turn % 7 == 0:
                data[:] = b""
            del data[turn % 50 : turn % 3000 // 4 * 4]
            data[2:3] = PART
            data.extend(PART * ((N - len(data)) // 4))
            data[turn % 100] = PART[turn % 4]
        except (BufferError, IndexError):
            # CPython does not resize what is being looked at.
            pass
        view = None
        try:
            if turn % 5 == 0:
                numbers[:] = numbers[:1000]
            numbers.append(turn % 1000)
            if len(numbers) < 3000:
                numbers.extend(array.array("h", range(3000 - len(numbers))))
        except BufferError:
            pass


def disturb():
    try:
        rearrange()
    except Exception as e:
        faults.append(("disturb", repr(e)))
    finally:
        ended[0] = True


# What was cut off while it was copied may be zeros.
def sane(found):
    return set(found) <= known


def small(found):
    return min(found, default=0) >= 0 and max(found, default=0) < 3000


def joined(parts):
    return sane(b"-".join(parts)) and b"," not in b"-".join(parts[:200])


def packed():
    room = bytearray(N)
    struct.pack_into("<8000s", room, 100, bytes(data))
    return sane(room)


def filled():
    struct.pack_into("<4s", data, 4, PART)
    return sane(struct.unpack_from("<200s", data, 8)[0])


checks = {
    "find": lambda: -1 <= data.find(b"x") < N and data.find(b"c") >= -1 and data.rfind(b"ca") < 2 * N,
    "count": lambda: 0 <= data.count(b",") <= N and data.count(b"ab,cab") <= N,
    "in": lambda: (b"cc" in data) in (True, False) and (120 in data) in (True, False),
    "split": lambda: joined(data.split(b",", 200)) and len(data.rsplit(b",", 300)) <= 301,
    "partition": lambda: sane(data.partition(b"ca")[2]) and sane(data.rpartition(b"x")[0]),
    "join": lambda: sane(b"-".join([data, like, data])),
    "replace": lambda: sane(data.replace(b",", b"-a-")) and sane(data.replace(b"ab", b"")),
    "compare": lambda: (data == like) in (True, False) and (data < like) in (True, False),
    "views": lambda: (memoryview(data) == like) in (True, False) and sane(bytes(memoryview(data)[5:8000])),
    "decode": lambda: sane(data.decode().encode()) and sane(str(data, "utf-8").encode()),
    "hash": lambda: hash(bytes(data)) == hash(bytes(data)) or True,
    "digest": lambda: len(hashlib.sha256(data).digest()) == 32 and binascii.crc32(data) >= 0,
    "hex": lambda: set(binascii.hexlify(data)) <= set(b"0123456789abcdef") and len(data.hex()) % 2 == 0,
    "base64": lambda: sane(binascii.a2b_base64(binascii.b2a_base64(data))),
    "pack": packed,
    "fill": filled,
    "slice": lambda: sane(data[10:8500]) and sane(data[::-1]) and sane(data[::3]),
    "copy": lambda: sane(bytes(data)) and sane(bytearray(data)) and sane(data + like),
    "upper": lambda: sane(data.upper()) and sane(data.lower()) and sane(data.strip(b"a")),
    "int": lambda: int.from_bytes(data, "big") >= 0 and int.from_bytes(data, "little") >= 0,
    "list": lambda: sane(list(data)) and 0 <= max(data, default=0) <= 99,
    "repr": lambda: repr(data)[:10] == "bytearray(" and repr(data)[-2:] == "')",
    "array": lambda: small(numbers[5:2900]) and small(list(numbers)) and sum(numbers) >= 0,
    "arrays": lambda: small(numbers + numbers) and (numbers == numbers[:]) in (True, False),
    "look": lambda: (2999 in numbers) in (True, False) and len(bytes(numbers)) % 2 == 0 and len(repr(numbers)) > 5,
}
# What an operation may say of an object that is not what it was.
changed = (BufferError, IndexError, RuntimeError, ValueError, getattr(struct, "error", ValueError))
_thread.start_new_thread(disturb, ())
for name in checks:
    try:
        if not checks[name]():
            faults.append(name)
    except changed:
        pass
    except Exception as e:
        faults.append((name, repr(e)))
stop[0] = True
while not ended[0]:
    time.sleep(0.001)
print(faults)
