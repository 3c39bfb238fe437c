# A module is a file; it runs once, however often it is imported.
# needs: files
import helpers.shapes
import helpers.shapes as again
from helpers.shapes import area, UNIT as unit
from helpers import shapes

print(helpers.shapes is again, again is shapes, area(3, 4), unit)
shapes.UNIT = "changed"
print(again.UNIT, unit, area is helpers.shapes.area)
print(shapes.__name__, helpers.__name__, shapes.counter)
shapes.count()
from helpers.shapes import counter

print(counter, shapes.counter)
