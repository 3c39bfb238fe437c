# A reader and a writer of nested data, character by character.
N = 1
TEXT = '{"sensors": [{"id": 1, "on": true, "log": [12, -7, 300, 4]}, {"id": 22, "on": false, "log": []}], "name": "roof", "x": null}'


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip(self):
        while self.text[self.at] in " \n":
            self.at += 1
        return self.text[self.at]

    def items(self, end):
        self.at += 1
        while self.skip() != end:
            yield self.value()
            if self.skip() in ",:":
                self.at += 1
        self.at += 1

    def value(self):
        c = self.skip()
        if c == "{":
            flat = list(self.items("}"))
            return dict(zip(flat[::2], flat[1::2]))
        if c == "[":
            return list(self.items("]"))
        start = self.at
        self.at += 1
        if c == '"':
            while self.text[self.at] != '"':
                self.at += 1
            self.at += 1
            return self.text[start + 1 : self.at - 1]
        while self.at < len(self.text) and self.text[self.at] not in ",]} ":
            self.at += 1
        word = self.text[start : self.at]
        return {"true": True, "false": False, "null": None}[word] if c in "tfn" else int(word)


def write(v):
    if isinstance(v, dict):
        return "{" + ", ".join(write(k) + ": " + write(x) for k, x in v.items()) + "}"
    if isinstance(v, list):
        return "[" + ", ".join(write(x) for x in v) + "]"
    if isinstance(v, str):
        return '"' + v + '"'
    return {True: "true", False: "false"}[v] if v is True or v is False else "null" if v is None else str(v)


same = 0
for _ in range(6 * N):
    data = Reader(TEXT).value()
    same += Reader(write(data)).value() == data
print(same, data["sensors"][0]["log"], data["name"])
