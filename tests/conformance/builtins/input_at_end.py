# input where there is no more.
# needs: a command line
try:
    input("prompt ")
except EOFError:
    print("EOFError")
