# * and ** inside displays.
a, b = [1, 2], {"x": 1}
print([0, *a, 3], (*a, *a), sorted({*a, 9}), {**b, "y": 2})
