# re: characters beyond ASCII are units; places count characters.
import re

m = re.search("(.)(é+)(.)", "xxéé€y")
print(m.groups(), m.span(), m.span(2), m.span(3))
print(re.match("[à-ü]+", "éàx").group(0), re.match("[^a-z]+", "€€a").group(0), re.match("€*", "€€x").end())
print(re.match("[α-ω]+", "βγδA").group(0), re.match("[^α-ω]+", "ABγ").group(0), re.match("😀+", "😀😀!").span())
print(re.sub("é", "e", "été"), re.sub(".", "*", "aé€"), re.compile("€").split("1€2€3"))
print(re.compile("b").search("ééb", 1).start(), re.compile("é").match("aéb", 1).end())
