# What a code object has no room for is refused as source, with its line.
# needs: memory
def attempt(source):
    try:
        exec(source)
        print("ran")
    except SyntaxError as e:
        print("SyntaxError", e)


names = ", ".join("a%d" % i for i in range(300))
attempt("x = 1\ndef f(" + names + "): pass\n")
attempt("with " + names + ": pass\n")
attempt("def f():\n " + "\n ".join("a%d = %d" % (i, i) for i in range(1100)) + "\n")
attempt("def f(): pass\nf()\n")
