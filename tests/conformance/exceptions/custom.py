# Own exceptions carry data and form families.
class AppError(Exception):
    pass


class ParseError(AppError):
    def __init__(self, line, message):
        super().__init__(message)
        self.line = line

    def __str__(self):
        return "line %d: %s" % (self.line, self.args[0])


try:
    raise ParseError(7, "unexpected end")
except AppError as e:
    print(e, e.line, e.args, isinstance(e, ParseError))

try:
    raise AppError
except AppError as e:
    print(repr(e), e.args)


class Plain(ValueError):
    code = 5


try:
    raise Plain("a", "b")
except ValueError as e:
    print(e.code, e.args, type(e).__name__)
