# and, or, not: short circuits and the values they give.
def t(x):
    print("t", x, end="; ")
    return x


print(t(1) and t(2))
print(t(0) and t(2))
print(t(0) or t("") or t("last"))
print(t(1) or t(2))
print(not t(0), not t("x"))
print(1 and [] or "default")
print(None or 0, None and 1, 1 and 0 and 2, 0 or 1 or 2)
print(not 1 == 2, not (1 and 0))
if not t(0) and (t(1) or t(2)):
    print("entered")
