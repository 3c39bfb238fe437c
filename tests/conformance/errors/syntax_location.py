# A syntax error tells file and line.
import io, sys

source = "x = 1\ny = 2\nif x\n    pass\n"
try:
    exec(compile(source, "given_name.py", "exec"))
except SyntaxError as e:
    out = io.StringIO()
    sys.print_exception(e, out)
    text = out.getvalue()
    print('File "given_name.py", line 3' in text, "SyntaxError" in text)
try:
    import broken_line
except SyntaxError as e:
    out = io.StringIO()
    sys.print_exception(e, out)
    print('broken_line.py", line 4' in out.getvalue() or out.getvalue())
except ImportError:
    print("file missing")
