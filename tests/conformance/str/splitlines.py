# splitlines knows \n, \r and \r\n.
print("a\nb\r\nc\rd".splitlines())
print("a\nb\n".splitlines(), "\n".splitlines(), "".splitlines(), "a\n\nb".splitlines())
print("a\nb\r\nc".splitlines(True))
