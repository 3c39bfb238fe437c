# Class attributes are shared, instance attributes are not.
class Dog:
    legs = 4

    def __init__(self, name):
        self.name = name

    def speak(self):
        return self.name + " says woof"


rex = Dog("Rex")
ada = Dog("Ada")
print(rex.speak(), ada.speak(), rex.legs)
rex.legs = 3
print(rex.legs, ada.legs, Dog.legs)
Dog.legs = 5
print(rex.legs, ada.legs)
del rex.legs
print(rex.legs)
try:
    del rex.legs
except AttributeError:
    print("only the class has it")
