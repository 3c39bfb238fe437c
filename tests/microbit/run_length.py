# A run-length codec for bytes, with literal runs.
def encode(data):
    out = bytearray()
    i = 0
    while i < len(data):
        j = i
        while j < len(data) and data[j] == data[i] and j - i < 127:
            j += 1
        if j - i > 2:
            out.append(0x80 | (j - i))
            out.append(data[i])
        else:
            j = i
            while j < len(data) and j - i < 127:
                if data[j : j + 3] == data[j : j + 1] * 3:
                    break
                j += 1
            out.append(j - i)
            out.extend(data[i:j])
        i = j
    return bytes(out)


def decode(data):
    out = bytearray()
    i = 0
    while i < len(data):
        n = data[i]
        if n & 0x80:
            out.extend(data[i + 1 : i + 2] * (n & 0x7F))
            i += 2
        else:
            out.extend(data[i + 1 : i + 1 + n])
            i += 1 + n
    return bytes(out)


for text in (b"", b"a", b"aaaaaaaa", b"abcabc", b"aabbbbbbcdddd!", b"x" * 300, b"ab" * 100):
    packed = encode(text)
    print(len(text), len(packed), packed[:8], decode(packed) == text)
