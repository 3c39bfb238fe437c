# A class body is ordinary code that runs once.
class Table:
    print("body runs")
    rows = []
    for i in range(3):
        rows.append(i * i)
    if len(rows) > 2:
        size = "big"
    else:
        size = "small"

    def helper(n):
        return n + 1

    after = helper(41)
    del helper


print(Table.rows, Table.size, Table.after, Table.i)
print(hasattr(Table, "helper"))


class Outer:
    class Inner:
        value = "nested"

    def make(self):
        return self.Inner()


print(Outer().make().value, Outer.Inner.__name__)
