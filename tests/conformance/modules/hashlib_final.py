# hashlib: a digest can be asked for once.
import hashlib

h = hashlib.sha1(b"x")
print(len(h.digest()))
for again in (h.digest, lambda: h.update(b"y"), h.hexdigest):
    try:
        again()
    except ValueError as e:
        print("ValueError", e)
