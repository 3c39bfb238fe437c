# eval and exec called by natives: each program runs there and then.
print(list(map(eval, ["1 + 1", "'a' * 3"])))
print(sorted(["3", "1", "2"], key=eval))
list(map(exec, ["print('one')", "print('two')"]))
print(max(["2 * 3", "5"], key=eval))
try:
    list(map(eval, ["1", "nothing_here"]))
except NameError:
    print("NameError")
