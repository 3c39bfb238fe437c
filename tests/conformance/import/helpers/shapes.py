print("module helpers.shapes runs")
UNIT = "cm"
counter = 0
_hidden = "not exported by star"


def area(width, height):
    return width * height


def count():
    global counter
    counter += 1
