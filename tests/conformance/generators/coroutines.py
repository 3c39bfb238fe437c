# Generators as tasks: a round-robin scheduler.
def task(name, steps):
    for i in range(steps):
        print(name, i)
        yield
    return name + " done"


def run(tasks):
    queue = list(tasks)
    results = []
    while queue:
        current = queue.pop(0)
        try:
            next(current)
            queue.append(current)
        except StopIteration as e:
            results.append(e.value)
    return results


print(run([task("a", 3), task("b", 1), task("c", 2)]))
