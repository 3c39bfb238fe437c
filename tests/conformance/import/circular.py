# Two modules that import each other see what was defined so far.
# needs: files
import ring.one

print(ring.one.name, ring.two.name, ring.two.seen, ring.one.late())
