# random: ranges are respected, a seed repeats the sequence.
import random

for _ in range(100):
    assert 0 <= random.getrandbits(8) < 256
    assert 3 <= random.randint(3, 7) <= 7
    assert 0 <= random.randrange(10) < 10
    assert random.randrange(10, 20, 5) in (10, 15)
    assert 0.0 <= random.random() < 1.0
    assert 2.0 <= random.uniform(2, 3) <= 3.0
    assert random.choice("abc") in "abc"
random.seed(42)
first = [random.getrandbits(16) for _ in range(5)]
random.seed(42)
print(first == [random.getrandbits(16) for _ in range(5)], len(set(first)) > 1)
random.seed(43)
print(first == [random.getrandbits(16) for _ in range(5)])
print(len(set(random.randint(0, 9) for _ in range(200))))
for bad in (lambda: random.randrange(0), lambda: random.randint(5, 2)):
    try:
        bad()
    except ValueError:
        print("ValueError")
try:
    random.choice([])
except IndexError:
    print("IndexError")
