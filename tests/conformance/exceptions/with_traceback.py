# with_traceback gives the exception itself back, and takes None.
error = ValueError("bad")
print(error.with_traceback(None) is error, error.args)
try:
    raise KeyError("k").with_traceback(None)
except KeyError as e:
    print(e.args)


print(BaseException(3).with_traceback(None).args)


class Own(Exception):
    pass


print(Own(1, 2).with_traceback(None).args)
