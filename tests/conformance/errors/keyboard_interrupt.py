# KeyboardInterrupt is not an Exception, so careless handlers let it through.
def careless():
    try:
        raise KeyboardInterrupt
    except Exception:
        print("never")


try:
    careless()
except KeyboardInterrupt:
    print("interrupted")
finally:
    print("cleaned up")
