# center pads on both sides.
for width in (0, 3, 4, 5, 8, 9):
    print("|" + "abc".center(width) + "|", len("ab".center(width)))
print("{:*^9}".format("mid"), "%-6s|%6s" % ("ab", "cd"))
