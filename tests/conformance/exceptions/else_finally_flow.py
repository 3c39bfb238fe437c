# Where control goes from else and from loops around try.
def flow(kind):
    out = []
    for i in range(3):
        try:
            out.append("t")
            if kind == "error" and i == 1:
                raise ValueError
            if kind == "return" and i == 1:
                return out
            if kind == "continue":
                continue
        except ValueError:
            out.append("x")
            if i == 1:
                break
        else:
            out.append("e")
        finally:
            out.append("f")
    else:
        out.append("loop else")
    return out


for kind in ("plain", "error", "return", "continue"):
    print(kind, "".join(flow(kind)))


def else_raises():
    try:
        try:
            pass
        except KeyError:
            print("never: else is not covered")
        else:
            raise KeyError("from else")
        finally:
            print("finally")
    except KeyError as e:
        print(e.args)


else_raises()
