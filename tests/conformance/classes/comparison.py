# Comparisons call special methods, and sorting, min, max and index use them.
class Card:
    order = "23456789TJQKA"

    def __init__(self, rank):
        self.rank = rank

    def value(self):
        return self.order.index(self.rank)

    def __eq__(self, other):
        return isinstance(other, Card) and self.rank == other.rank

    def __lt__(self, other):
        return self.value() < other.value()

    def __le__(self, other):
        return self.value() <= other.value()

    def __gt__(self, other):
        return self.value() > other.value()

    def __ge__(self, other):
        return self.value() >= other.value()

    def __repr__(self):
        return self.rank


hand = [Card(c) for c in "K2ATQ"]
print(sorted(hand), min(hand), max(hand))
print(Card("2") == Card("2"), Card("2") != Card("3"), Card("2") == 2, Card("2") != 2)
print(Card("2") < Card("3"), Card("2") > Card("3"), Card("3") >= Card("3"))
print(Card("T") in hand, hand.index(Card("A")), hand.count(Card("K")))
try:
    Card("2") < 5
except AttributeError:
    print("5 has no value()")
