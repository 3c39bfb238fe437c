# Functions and classes know their names.
def spam():
    pass


class Eggs:
    def method(self):
        pass


print(spam.__name__, Eggs.__name__, Eggs.method.__name__)
alias = spam
print(alias.__name__)
print(type(spam).__name__, type(Eggs()).__name__, type(len("")).__name__)
