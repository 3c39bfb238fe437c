# Default values are evaluated once, at definition.
def greet(name, greeting="Hello", mark="!"):
    return greeting + ", " + name + mark


print(greet("Ada"))
print(greet("Ada", "Hi"))
print(greet("Ada", "Hi", "?"))
print(greet("Ada", mark="."))

counter = [0]


def next_default():
    counter[0] += 1
    return counter[0]


def late(value=next_default(), seen=[]):
    seen.append(value)
    return seen


print(late(), late(5), late())
print(counter)
