# Floats and attributes: planets under gravity, a fixed number of steps.
N = 1


class Body:
    def __init__(self, x, y, vx, vy, mass):
        self.x, self.y, self.vx, self.vy, self.mass = x, y, vx, vy, mass


def advance(bodies, dt):
    for i, a in enumerate(bodies):
        for b in bodies[i + 1 :]:
            dx = a.x - b.x
            dy = a.y - b.y
            d2 = dx * dx + dy * dy + 0.01
            pull = dt / (d2 * d2**0.5)
            a.vx -= dx * b.mass * pull
            a.vy -= dy * b.mass * pull
            b.vx += dx * a.mass * pull
            b.vy += dy * a.mass * pull
    for a in bodies:
        a.x += a.vx * dt
        a.y += a.vy * dt


def energy(bodies):
    e = 0.0
    for i, a in enumerate(bodies):
        e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy)
        for b in bodies[i + 1 :]:
            e -= a.mass * b.mass / ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + 0.01) ** 0.5
    return e


bodies = [
    Body(0.0, 0.0, 0.0, 0.0, 10.0),
    Body(1.0, 0.0, 0.0, 3.1, 0.1),
    Body(-2.0, 0.0, 0.0, -2.2, 0.2),
    Body(0.0, 3.5, -1.7, 0.0, 0.05),
]
before = energy(bodies)
for _ in range(150 * N):
    advance(bodies, 0.002)
print("energy kept:", abs(energy(bodies) - before) < 0.01 * abs(before))
