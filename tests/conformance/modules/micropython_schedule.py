# Scheduled functions run soon after, between two bytecodes.
import micropython

ran = []


def later(x):
    ran.append(x)


micropython.schedule(later, 1)
for i in range(100):
    pass
micropython.schedule(later, "two")
for i in range(100):
    pass
print(ran)
