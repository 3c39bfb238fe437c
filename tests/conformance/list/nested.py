# Lists inside lists: aliases, copies, self-reference.
row = [0] * 3
grid = [row] * 2
grid[0][0] = 1
print(grid)
grid = [[0] * 3 for _ in range(2)]
grid[0][0] = 1
print(grid)
shallow = grid[:]
shallow[1][1] = "x"
shallow.append("own")
print(grid, shallow)
print([list(r) for r in zip(*[[1, 2, 3], [4, 5, 6]])])
deep = []
for i in range(50):
    deep = [deep]
print(str(deep).count("["), len(deep))
