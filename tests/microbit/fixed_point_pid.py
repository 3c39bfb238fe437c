# A PID controller in fixed point (8 fraction bits) heating a model tank.
ONE = 256


def mul(a, b):
    return (a * b) >> 8


class Pid:
    def __init__(self, p, i, d, low, high):
        self.gains = (p, i, d)
        self.limits = (low, high)
        self.sum = self.last = 0

    def step(self, error):
        p, i, d = self.gains
        low, high = self.limits
        out = mul(p, error) + mul(i, self.sum) + mul(d, error - self.last)
        self.last = error
        if low < out < high:
            self.sum += error
        return min(high, max(low, out))


def show(v):
    return "%d.%02d" % (v >> 8, (v & 255) * 100 >> 8)


pid = Pid(3 * ONE, ONE // 8, ONE, 0, 100 * ONE)
temperature = 20 * ONE
goal = 60 * ONE
for t in range(61):
    power = pid.step(goal - temperature)
    temperature += mul(power, 12) - mul(temperature - 20 * ONE, 10)
    if t % 6 == 0:
        print(t, show(temperature), show(power))
    if t == 30:
        goal = 40 * ONE
