# __hash__ and __eq__ make instances usable as keys.
class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name.lower())

    def __eq__(self, other):
        return self.name.lower() == other.name.lower()


d = {Key("Alpha"): 1, Key("beta"): 2}
print(d[Key("ALPHA")], d[Key("Beta")])
d[Key("alpha")] = 10
print(len(d), sorted(d.values()))
print(Key("x") in {Key("X")}, Key("y") in {Key("X")})


class Plain:
    pass


a, b = Plain(), Plain()
e = {a: "a", b: "b"}
print(e[a], e[b], hash(a) == hash(a))
