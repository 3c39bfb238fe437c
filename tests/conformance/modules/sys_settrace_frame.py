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
