# Complex numbers as text of thousands of digits.
# needs: double
ones = "1" * 3000
for text in (
    "1." + ones + "+2." + ones + "j",
    "  (-" + ones + "e-2999-" + "0" * 500 + "j)" + " " * 600,
    ones + "e-2990J",
    "0." + ones,
    "(" + "0" * 500 + "-j)",
    "0" * 100 + "e+5+" + "0" * 100 + "e-5j",
    "1+j",
    "-j",
    "j",
    "(1e+1-1e-1j)",
):
    print(complex(text))
for text in (ones + "x", "1." + ones + "+-2j", ones + "jj", "(" + ones, "", "()", "(j", "+", " " * 300):
    try:
        print(complex(text))
    except ValueError:
        print("refused")
