# super() through a tall family of classes.
class Level0:
    def up(self):
        return 0

    def __init__(self):
        self.made = 0


cls = Level0
space = {"Level0": Level0}
for i in range(1, 41):
    exec(
        "class Level%d(Level%d):\n"
        "    def up(self):\n        return super().up() + 1\n"
        "    def __init__(self):\n        super().__init__()\n        self.made += 1\n" % (i, i - 1),
        space,
    )
top = space["Level40"]()
print(top.up(), top.made, isinstance(top, Level0))
