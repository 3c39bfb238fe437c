# Bytes to hexadecimal and back.
data = bytes(range(0, 256, 17))
print(data.hex(), bytes.fromhex("00ff10"))
print(b"\x01\x02\x03".hex(), bytearray(b"\xab").hex())
print(" ".join("%02x" % b for b in b"hex"))
