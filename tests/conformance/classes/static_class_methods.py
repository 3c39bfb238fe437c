# staticmethod gets nothing, classmethod gets the class.
class Date:
    separator = "-"

    def __init__(self, y, m, d):
        self.parts = (y, m, d)

    @staticmethod
    def is_leap(year):
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

    @classmethod
    def parse(cls, text):
        return cls(*[int(p) for p in text.split(cls.separator)])


class SlashDate(Date):
    separator = "/"


print(Date.is_leap(2000), Date(1, 1, 1).is_leap(1900))
print(Date.parse("2024-02-29").parts)
d = SlashDate.parse("1999/12/31")
print(type(d).__name__, d.parts)
print(d.parse("1/2/3").parts)
