# Bit-banging SPI mode 0 against a device model: a small serial memory.
class Memory:
    def __init__(self):
        self.data = bytearray(16)
        self.select(1)

    def select(self, level):
        self.bits = self.shift = 0
        self.command = self.address = None
        self.out = 0

    def clock(self, mosi):
        miso = self.out >> 7 & 1
        self.out = self.out << 1 & 0xFF
        self.shift = (self.shift << 1 | mosi) & 0xFF
        self.bits += 1
        if self.bits % 8 == 0:
            self.byte(self.shift)
        return miso

    def byte(self, b):
        if self.command is None:
            self.command = b
        elif self.address is None:
            self.address = b & 15
            self.out = self.data[self.address]
        else:
            if self.command == 2:
                self.data[self.address] = b
            self.address = (self.address + 1) & 15
            self.out = self.data[self.address]


def transfer(dev, out):
    got = bytearray()
    dev.select(0)
    for b in out:
        r = 0
        for i in range(7, -1, -1):
            r = r << 1 | dev.clock(b >> i & 1)
        got.append(r)
    dev.select(1)
    return got


m = Memory()
print(transfer(m, b"\x02\x04Hello"))
print(transfer(m, b"\x03\x04" + bytes(5)))
transfer(m, b"\x02\x0e\x01\x02\x03")
print(m.data, transfer(m, b"\x03\x0f\x00\x00")[2:])
