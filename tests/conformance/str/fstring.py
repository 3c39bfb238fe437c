# f-strings: expressions, formats, conversions, nesting.
name, n, pi = "Ada", 42, 3.14159265
print(f"{name} is {n}", f"{n + 1} {n * 2:>6} {pi:.3f}", f"{{literal}} {n}")
print(f"{name!r} {name!s:>6} {n:#x} {n:08b} {n:+d} {pi:10.2f}|")
print(f"{[i * i for i in range(4)]} {dict(a=1)['a']} {len(name)} {name[0]}{name[-1]}")
print(f"{'nested ' + name} {max(n, 7)} {n if n > 40 else 'small'}")
w, p = 8, 2
print(f"{pi:{w}.{p}f}|{name:>{w}}|{name:^{w + 2}}|")
print(f"{n=}", rf"\n{n}", f"{'a' 'b'}")
print(f"", f"{n}" f"{name}", "plain " f"{n} " "plain")
print(f"""multi
{n}
line""")


def f(x):
    return f"<{x}>"


print(f"{f(f'{n}')} {f(1)!r}")
