# Runs at boot, in a thread of the application.
import sys

print("Hello from", sys.implementation.name)
print("sum of squares:", sum(i * i for i in range(10)))
