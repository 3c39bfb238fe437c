# assert raises AssertionError with its message.
assert True
assert 1 + 1 == 2, "never evaluated %d" % 0
for condition in (True, False):
    try:
        assert condition, "it was false"
        print("passed")
    except AssertionError as e:
        print("failed:", e)
try:
    assert []
except AssertionError as e:
    print(e.args)
