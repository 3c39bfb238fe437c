# Conway's Game of Life on a small torus, one int a row.
W, H = 16, 8


def step(rows):
    new = []
    for y in range(H):
        row = 0
        near = (rows[y - 1], rows[y], rows[(y + 1) % H])
        for x in range(W):
            n = 0
            for r in near:
                for d in (-1, 0, 1):
                    n += r >> (x + d) % W & 1
            if n == 3 or n == 4 and rows[y] >> x & 1:
                row |= 1 << x
        new.append(row)
    return new


def show(rows):
    for r in rows:
        print("".join("#" if r >> x & 1 else "." for x in range(W)))


glider = [0b010, 0b100, 0b111]
rows = glider + [0] * (H - 3)
rows[5] |= 0b111 << 10
for g in range(9):
    if g % 4 == 0:
        print("generation", g)
        show(rows)
    rows = step(rows)
print(sum(bin(r).count("1") for r in rows))
