# find, rfind, index, rindex, count with bounds.
s = "banana bandana"
print(s.find("an"), s.find("an", 2), s.find("an", 2, 4), s.find("x"), s.find(""), s.find("", 5))
print(s.rfind("an"), s.rfind("an", 0, 6), s.rfind("x"), s.rfind("b"))
print(s.index("nd"), s.rindex("na"), s.find("an", -3), s.find("ana", 100))
print(s.count("a"), s.count("an"), s.count("ana"), s.count("a", 3), s.count("a", 3, 6), s.count(""))
for f in (s.index, s.rindex):
    try:
        f("zebra")
    except ValueError:
        print("ValueError")
print("find in" in "find in here", "aaa".count("aa"), "aaa".find("aa", 1))
