# sys.print_exception shows what is no exception as repr does.
import sys, io

for e in (None, 42, -1, "a text", b"", [1], {}, (), True, ..., 1 << 40, len, int, ValueError):
    out = io.StringIO()
    print(sys.print_exception(e, out), out.getvalue() == repr(e) + "\n")
sys.print_exception(None)
