# An event scheduler with a binary heap of (time, number, action).
class Scheduler:
    def __init__(self):
        self.heap = []
        self.now = self.number = 0

    def after(self, delay, action, *args):
        self.number += 1
        h = self.heap
        h.append((self.now + delay, self.number, action, args))
        i = len(h) - 1
        while i and h[i][:2] < h[(i - 1) // 2][:2]:
            h[i], h[(i - 1) // 2] = h[(i - 1) // 2], h[i]
            i = (i - 1) // 2

    def pop(self):
        h = self.heap
        first, last = h[0], h.pop()
        if h:
            h[0] = last
            i = 0
            while True:
                c = 2 * i + 1
                if c + 1 < len(h) and h[c + 1][:2] < h[c][:2]:
                    c += 1
                if c >= len(h) or h[i][:2] < h[c][:2]:
                    break
                h[i], h[c] = h[c], h[i]
                i = c
        return first

    def run(self, until):
        while self.heap and self.heap[0][0] <= until:
            self.now, _, action, args = self.pop()
            action(*args)


s = Scheduler()


def blink(name, period):
    print(s.now, name)
    s.after(period, blink, name, period)


s.after(5, blink, "slow", 20)
s.after(0, blink, "fast", 7)
s.after(30, print, "once")
s.run(45)
print(s.now, len(s.heap), sorted(e[0] for e in s.heap))
