# A JSON reader: recursive descent over one string.
def value(s, i):
    c = s[i]
    if c == "{":
        d = {}
        i += 1
        while s[i] != "}":
            k, i = value(s, i)
            d[k], i = value(s, i + 1)
            if s[i] == ",":
                i += 1
        return d, i + 1
    if c == "[":
        a = []
        i += 1
        while s[i] != "]":
            v, i = value(s, i)
            a.append(v)
            if s[i] == ",":
                i += 1
        return a, i + 1
    if c == '"':
        e = s.index('"', i + 1)
        return s[i + 1 : e], e + 1
    for word, v in (("true", True), ("false", False), ("null", None)):
        if s.startswith(word, i):
            return v, i + len(word)
    e = i
    while e < len(s) and s[e] in "-0123456789":
        e += 1
    return int(s[i:e]), e


text = '{"id":7,"tags":["a","b"],"pos":{"x":-1,"y":20},"on":true,"off":null}'
d, end = value(text, 0)
for k in ("id", "tags", "on", "off"):
    print(k, d[k])
print(d["pos"]["x"] + d["pos"]["y"], end == len(text))
print(value("[[],[1,[2,[3]]],{}]", 0)[0])
