# Nested finally blocks run from the inside out.
def nested(how):
    try:
        try:
            try:
                if how == "raise":
                    raise ValueError(how)
                if how == "return":
                    return "returned"
            finally:
                print(" 1", end="")
        finally:
            print(" 2", end="")
            if how == "raise in finally":
                raise KeyError(how)
    except ValueError:
        print(" ValueError", end="")
    except KeyError:
        print(" KeyError", end="")
    else:
        print(" else", end="")
    finally:
        print(" 3", end="")
    return "end"


for how in ("raise", "return", "raise in finally", "nothing"):
    print(nested(how))


def loops():
    for i in range(2):
        try:
            for j in range(3):
                try:
                    if j == 1:
                        break
                    print(i, j)
                finally:
                    print("inner", j)
        finally:
            print("outer", i)


loops()
