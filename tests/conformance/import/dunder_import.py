# __import__, sys.modules, sys.path and __name__.
# needs: files
import sys

m = __import__("helpers.shapes")
print(m.__name__, m.shapes.area(2, 2))
print("helpers.shapes" in sys.modules, sys.modules["helpers.shapes"] is m.shapes)
print(__name__, isinstance(sys.path, list))
del sys.modules["helpers.shapes"]
import helpers.shapes

print(helpers.shapes.__name__)
sys.path.append("extra_path")
import only_on_path

print(only_on_path.where)
try:
    __import__("helpers.nothing")
except ImportError:
    print("ImportError")

# A relative name without a list gives the module itself, not the package around it.
space = {"__name__": "helpers", "__package__": "helpers", "__path__": helpers.__path__}
print(__import__("shapes", space, None, (), 1).__name__, __import__("shapes", space, None, ("area",), 1).__name__)
