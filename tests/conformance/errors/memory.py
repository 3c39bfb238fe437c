# Asking for more than there is raises MemoryError; afterwards everything still works.
def grow():
    data = []
    while True:
        data.append(bytearray(1 << 20))


for attempt in (grow, lambda: bytearray(1 << 28), lambda: "x" * (1 << 28), lambda: [0] * (1 << 28)):
    try:
        attempt()
        print("had room")
    except MemoryError:
        print("MemoryError")
print(sum(range(1000)), len([0] * 1000), "still" + " fine")
