# re: expressions that take exponential time by backtracking take time in proportion to the text.
import re

print(re.match("(a*)*b", "a" * 200))
print(re.match("(a|a)*b", "a" * 200))
print(re.match("(.*)(.*)(.*)(.*)x", "a" * 200))
print(re.match("(a?)(a?)(a?)(a?)(a?)(a?)(a?)(a?)" + "a" * 40, "a" * 40).end())
print(re.search("(x+x+)+y", "x" * 300))
print(re.match("(a*)*", "aaa").span(), re.match("((a)|b)*", "ab" * 50).end())
