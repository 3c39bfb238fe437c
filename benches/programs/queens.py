# Recursion and bit masks: how many ways queens stand on a board.
N = 1


def count(size, row, columns, left, right):
    if row == size:
        return 1
    found = 0
    free = ~(columns | left | right) & ((1 << size) - 1)
    while free:
        bit = free & -free
        free ^= bit
        found += count(size, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return found


for _ in range(N):
    print([count(size, 0, 0, 0, 0) for size in range(1, 8)])
