# What a tracer sees of the frame: the instruction's place is a number that moves on.
# needs: settrace
import sys

places = []


def tracer(frame, event, arg):
    if frame.f_code.co_name == "traced":
        places.append((event, frame.f_lasti))
    return tracer


def traced():
    a = 1
    b = a + 1
    return b


sys.settrace(tracer)
traced()
sys.settrace(None)
print([event for event, place in places])
lines = [place for event, place in places if event == "line"]
print(all(type(place) is int for place in lines), lines == sorted(lines), len(set(lines)) == len(lines))

# The frame's own trace function can be read and exchanged, and taken away; frames show their file, line and function.
def third(frame, event, arg):
    log.append("third " + event)
    return third


def exchanger(frame, event, arg):
    log.append("exchanger %s %s" % (event, frame.f_trace is exchanger))
    if event == "line":
        frame.f_trace = third
        log.append(frame.f_trace is third)
        return third
    return exchanger


def shown(frame, event, arg):
    log.append([repr(frame).startswith("<frame at "), repr(frame).endswith("code traced>"), "line %d," % frame.f_lineno in repr(frame)])
    del frame.f_trace
    log.append(frame.f_trace)
    try:
        frame.nothing
    except AttributeError:
        log.append("AttributeError")


for f in (exchanger, shown):
    log = []
    sys.settrace(f)
    traced()
    sys.settrace(None)
    print(log)
