# Packages: relative imports, __all__, names that a module makes when asked, what is refused.
# needs: files
import sys

import deep.side
from deep import shown, made_up
from deep.low import leaf
import deep.low.leaf as same

print(shown, made_up, deep.made_thing, hasattr(deep, "nothing"))
print(deep.side.value, deep.side.leaf_name(), leaf is same, leaf.level, leaf.above, leaf.again)
print(leaf.sideways())
for f in leaf.too_far, lambda: __import__("deep.none"), lambda: __import__("", {}, {}, (), 1):
    try:
        f()
        print("imported")
    except (ImportError, ValueError, KeyError) as e:
        print("refused")
try:
    from deep import made, made_it, nothing
except ImportError:
    print("ImportError")

# A star brings what __all__ names, submodules too.
space = {}
exec("from deep import *", space)
print(sorted(k for k in space if k[0] != "_"), space["side"] is deep.side)
space = {}
exec("from deep.low import *", space)
print(sorted(k for k in space if k[0] != "_"))

# What __import__ gives: the package, or with names the module.
print(__import__("deep.low.leaf").__name__, __import__("deep.low.leaf", None, None, ["level"]).__name__)
print(__import__("low", {"__name__": "deep.x", "__package__": "deep"}, None, ["leaf"], 1).__name__)
print(sorted(k for k in sys.modules if k.startswith("deep")))
print(deep.low.__name__, deep.low.leaf.__name__, type(deep.__path__).__name__ in ("list", "str"))

# Taken out of sys.modules it is run again.
del sys.modules["deep.low.leaf"], sys.modules["deep.low"], sys.modules["deep.side"], sys.modules["deep"]
import deep as new

print(new is not deep or new.shown, new.shown)
sys.modules["stand_in"] = new
import stand_in

print(stand_in is new)


# In a function, in a class.
def inside():
    import deep.side as s

    return s.value


class Holder:
    from deep import hidden as kept


print(inside(), Holder.kept)
