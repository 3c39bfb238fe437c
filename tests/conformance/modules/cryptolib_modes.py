# The names of the modes are the numbers that programs wrote before there were names.
import cryptolib

print(cryptolib.MODE_ECB, cryptolib.MODE_CBC, cryptolib.MODE_CTR)
