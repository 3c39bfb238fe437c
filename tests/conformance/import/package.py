# Packages: __init__, submodules, relative imports.
# needs: files
import animals

print(animals.sounds(), animals.__name__)
import animals.birds.duck

print(animals.birds.duck.speak(), animals.birds.kind)
from animals.birds import duck as d
from animals import birds

print(d is animals.birds.duck, birds.duck.__name__)
print(d.from_parent())
try:
    import animals.dragons
except ImportError:
    print("no dragons")
try:
    from animals import unicorn
except ImportError:
    print("no unicorn")
