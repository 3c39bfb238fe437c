# Modules: what MicroPython does otherwise than CPython, and we do not.
import io, random, sys

big = random.getrandbits(64)
print(0 <= big < 2**64, random.getrandbits(200) < 2**200)
for i in range(20):
    assert 2**128 - 1 <= random.randint(2**128 - 1, 2**128) <= 2**128
    assert -(2**70) <= random.randint(-(2**70), 2**70) <= 2**70
print(random.randint(2**80, 2**80) == 2**80)
try:
    random.randint(2**80, 2**79)
except ValueError:
    print("ValueError")

# The standard streams can be exchanged; print and input go along.
before = sys.stdin
sys.stdin = io.StringIO("first line\nsecond\n")
print(input(), input())
try:
    input()
except EOFError:
    print("EOFError")
sys.stdin = None
print(sys.stdin)
sys.stdin = before
out = sys.stdout
caught = io.StringIO()
try:
    sys.stdout = caught
    print("into", 1, end=";")
    sys.stdout = None
    print("nowhere")
finally:
    sys.stdout = out
print(repr(caught.getvalue()))
