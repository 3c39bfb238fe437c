# What the allocation-failure sweep runs in the same VM after each program: is it still whole?
from builtins import len, print, range, str, sum  # the program may have names of its own for them

data = {i: [str(i)] * 3 for i in range(20)}
text = "".join(data[i][0] for i in data)
assert text == "012345678910111213141516171819" and sum(len(v) for v in data.values()) == 60
print("next program runs")
