# A traffic light as a generator that is sent events.
def light():
    count = 0
    state = "red"
    while True:
        event = yield state
        if event == "off":
            break
        if event == "fault":
            state = "blink"
        elif state == "blink":
            state = "red" if event == "reset" else "blink"
        elif event == "timer":
            count += 1
            state = {"red": "green", "green": "yellow", "yellow": "red"}[state]
    return count


def run(machine, events):
    print("start", next(machine))
    try:
        for e in events.split():
            print(e, "->", machine.send(e))
    except StopIteration as stop:
        print("stopped after", stop.value, "changes")


run(light(), "timer timer button timer fault timer reset timer off timer")


def blinker(n):
    for i in range(n):
        yield "on"
        yield "off"


def both(n):
    yield from blinker(n)
    yield "end"


print(" ".join(both(3)))
