# SystemExit is an exception like others until nobody catches it.
import sys

try:
    sys.exit()
except SystemExit as e:
    print(e.args, e.value if hasattr(e, "value") else None)
try:
    sys.exit(3)
except SystemExit as e:
    print(e.args)
try:
    raise SystemExit("bye")
except Exception:
    print("not an Exception")
except BaseException as e:
    print(type(e).__name__, e.args)
