# eval inside eval and exec inside exec, 200 deep.
def by_eval(n):
    return 0 if n == 0 else 1 + eval("by_eval(n - 1)", {"by_eval": by_eval, "n": n})


def by_exec(n):
    if n:
        exec("by_exec(n - 1)\nlog.append(n)", {"by_exec": by_exec, "n": n, "log": log})


code = compile("0 if n == 0 else 1 + step(n - 1)", "step", "eval")


def step(n):
    return eval(code, {"n": n, "step": step})


print(by_eval(200))
log = []
by_exec(200)
print(len(log), log[0], log[-1])
print(step(200))
source = "1"
for _ in range(4):
    source = "eval(" + repr(source) + ") + 1"
print(eval(source))
