import sys
import ring.one

name = "two"
seen = [n for n in ("name", "late") if hasattr(sys.modules["ring.one"], n)]
