# Customers at two counters: a queue simulation in discrete time.
class Random:
    def __init__(self, seed):
        self.x = seed

    def below(self, n):
        self.x = (self.x * 1103 + 12345) & 0xFFFF
        return (self.x >> 3) % n


class Counter:
    def __init__(self, name):
        self.name = name
        self.left = 0
        self.served = 0

    def tick(self, queue):
        if self.left:
            self.left -= 1
        elif queue:
            _, self.left = queue.pop(0)
            self.served += 1
            return True
        return False


rnd = Random(7)
counters = [Counter("A"), Counter("B")]
queue = []
waited = longest = 0
for t in range(120):
    if rnd.below(3) == 0:
        queue.append((t, 2 + rnd.below(6)))
    longest = max(longest, len(queue))
    waited += len(queue)
    for c in counters:
        c.tick(queue)
for c in counters:
    print(c.name, c.served)
print("waited", waited, "longest", longest, "left", len(queue))
