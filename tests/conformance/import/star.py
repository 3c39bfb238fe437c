# from module import * takes the public names, or those of __all__.
# needs: files
from helpers.shapes import *
from helpers.listed import *

print(area(2, 3), UNIT, counter)
for name in ("_hidden", "unlisted", "listed", "_also_listed"):
    print(name, name in globals())
