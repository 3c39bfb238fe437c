# A calculator: precedence climbing over names, numbers and brackets.
class Parser:
    LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 3}

    def __init__(self, text, names):
        self.text = text.replace(" ", "") + "$"
        self.at = 0
        self.names = names

    def take(self, test):
        start = self.at
        while test(self.text[self.at]):
            self.at += 1
        return self.text[start : self.at]

    def atom(self):
        c = self.text[self.at]
        if c in "(-":
            self.at += 1
            if c == "-":
                return -self.expression(2)
            v = self.expression(1)
            if self.text[self.at] != ")":
                raise ValueError("expected )")
            self.at += 1
            return v
        if c.isdigit():
            return int(self.take(str.isdigit))
        if c.isalpha():
            return self.names[self.take(str.isalpha)]
        raise ValueError("unexpected " + c)

    def expression(self, level):
        a = self.atom()
        while self.LEVELS.get(self.text[self.at], 0) >= level:
            op = self.text[self.at]
            self.at += 1
            b = self.expression(self.LEVELS[op] + (op != "^"))
            if op == "+": a += b
            elif op == "-": a -= b
            elif op == "*": a *= b
            elif op == "/": a //= b
            elif op == "%": a %= b
            else: a **= b
        return a


for line in ("1+2*3", "(1+2)*3", "2^3^2", "10-4-3", "-x*y%7", "((", "4/0", "z", "2*(3+4)^2-5"):
    try:
        print(line, "=", Parser(line, {"x": 5, "y": 9}).expression(1))
    except (ValueError, ZeroDivisionError, KeyError) as e:
        print(line, type(e).__name__)
