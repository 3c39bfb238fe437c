# A realistic use: resources that close in the opposite order, whatever happens.
log = []


def use(fail_at):
    opened = []
    try:
        for name in ("a", "b", "c"):
            if name == fail_at:
                raise OSError(5, "EIO")
            opened.append(name)
            log.append("+" + name)
        return "all open"
    except OSError as e:
        return "errno %d" % e.errno
    finally:
        while opened:
            log.append("-" + opened.pop())


for fail_at in (None, "a", "c"):
    log.clear()
    result = use(fail_at)
    print(result, " ".join(log))
