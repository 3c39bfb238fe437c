# Runs at boot; the shell's commands use the same interpreter.
print("In the shell: pyrite exec 'print(6 * 7)'")
