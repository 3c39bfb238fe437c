# A property that reads a property that reads a property, 200 deep; setters too.
class Link:
    def __init__(self, rest):
        self.rest = rest

    @property
    def depth(self):
        return 1 + (self.rest.depth if self.rest else 0)

    @depth.setter
    def depth(self, value):
        self.stored = value
        if self.rest:
            self.rest.depth = value + 1


chain = None
for _ in range(200):
    chain = Link(chain)
print(chain.depth)
chain.depth = 1
end = chain
while end.rest:
    end = end.rest
print(end.stored)
