# An exception that nobody catches: its traceback on the console, then the prompt.
def fail():
    return 1 // 0


fail()
