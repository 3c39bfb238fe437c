# Runs on every board: cargo xtask run --board microbit examples/hello.py
import sys

print("hello from", sys.implementation.name, "on", sys.platform)
print([n * n for n in range(8)], sum(range(101)))


def countdown(n):
    while n:
        yield n
        n -= 1


print(*countdown(3), "done", sep=", ")
