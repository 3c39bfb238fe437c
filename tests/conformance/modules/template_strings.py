# t-strings: the parts of a template and what stands between them.
from string.templatelib import Interpolation, Template

name, n = "world", 42
t = t"Hello {name}, {n:>5} and {n!r:x}!"
print(type(t) is Template, t.strings, t.values)
for i in t.interpolations:
    print(type(i) is Interpolation, i.value, i.expression, i.conversion, repr(i.format_spec))
print([part if isinstance(part, str) else part.value for part in t])
both = t + t" more {name}"
print(both.strings, both.values)
own = Template("a", Interpolation(1, "one"), "b", "c", Interpolation(2, "two", "s", ".2"))
print(own.strings, own.values, [(i.expression, i.conversion, i.format_spec) for i in own.interpolations])
print(t"".strings, t"".values, t"".interpolations, t"{n}".strings)
w = 7
print(t"{n:{w}}".interpolations[0].format_spec)

import string.templatelib

print(string.templatelib.Template is Template, string.__name__, string.templatelib.__name__)
