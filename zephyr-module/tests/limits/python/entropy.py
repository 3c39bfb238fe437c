# Without an entropy driver random numbers start from the clock, and os.urandom says that it has none.
import os
import random

print(random.getrandbits(30) != random.getrandbits(30))
try:
    print("urandom", len(os.urandom(8)))
except OSError as e:
    print("no entropy")
print("entropy: PASSED")
