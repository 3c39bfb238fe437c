# A module that fails to load is not remembered; syntax errors name file and line.
# needs: files
import sys

for attempt in (1, 2):
    try:
        import broken.raises
    except ValueError as e:
        print("attempt", attempt, e)
print("broken.raises" in sys.modules)
try:
    import broken.syntax
except SyntaxError:
    print("SyntaxError")
try:
    import broken.imports_nothing
except ImportError:
    print("ImportError from inside")
