# The same questions asked of every built-in sequence.
for seq in ("hello", b"hello", [1, 2, 3, 4, 5], (1, 2, 3, 4, 5), range(5)):
    print(len(seq), seq[1], seq[-2], list(seq[1:3]), list(seq[:-3]), list(seq[3:1]), list(seq[-2:]))
    print(seq[1] in seq, list(iter(seq))[0] == seq[0], list(reversed(seq))[0] == seq[-1], bool(seq), bool(seq[:0]))
    try:
        seq[99]
    except IndexError:
        print("IndexError", type(seq).__name__)
    try:
        seq["x"]
    except TypeError:
        print("TypeError", type(seq).__name__)
