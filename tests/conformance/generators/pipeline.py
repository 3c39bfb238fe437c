# Generators compose into pipelines that process one item at a time.
text = """# settings
width = 10

height=20 # comment
  depth =  3
"""


def lines(source):
    for line in source.split("\n"):
        yield line


def strip_comments(source):
    for line in source:
        yield line.split("#")[0].strip()


def non_empty(source):
    return (line for line in source if line)


def pairs(source):
    for line in source:
        key, value = line.split("=")
        yield key.strip(), int(value)


settings = dict(pairs(non_empty(strip_comments(lines(text)))))
print(sorted(settings.items()))
