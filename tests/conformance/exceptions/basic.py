# try, except, else, finally in their order.
def attempt(f):
    try:
        print("try")
        f()
    except ValueError:
        print("ValueError")
    except (KeyError, IndexError) as e:
        print("lookup", type(e).__name__)
    except Exception as e:
        print("other", type(e).__name__)
    else:
        print("else")
    finally:
        print("finally")


attempt(lambda: None)
attempt(lambda: bytes([0]).index(b"x"))
attempt(lambda: {}["k"])
attempt(lambda: "abc"[5])
attempt(lambda: 1 // 0)
