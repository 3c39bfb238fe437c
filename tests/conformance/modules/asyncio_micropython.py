# asyncio: what MicroPython adds: sleep_ms, wait_for_ms, ThreadSafeFlag, streams over anything, the loop's methods.
import asyncio
import io
import micropython


class Pipe(io.IOBase):
    # Takes three bytes at a time and gives two.
    def __init__(self):
        self.data = b""

    def ioctl(self, request, argument):
        return argument & (4 | bool(self.data)) if request == 3 else -1

    def write(self, buf):
        self.data += bytes(buf[:3])
        return min(3, len(buf))

    def readinto(self, buf):
        n = min(2, len(buf), len(self.data))
        buf[:n] = self.data[:n]
        self.data = self.data[n:]
        return n

    def read(self, n=-1):
        b = bytearray(n if n >= 0 else 2)
        return bytes(b[: self.readinto(b)])

    def readline(self):
        return self.read(1)

    def close(self):
        print("closed")


async def main():
    await asyncio.sleep_ms(1)
    try:
        await asyncio.wait_for_ms(asyncio.sleep(1), 10)
    except asyncio.TimeoutError:
        print("timeout")

    flag = asyncio.ThreadSafeFlag()
    micropython.schedule(lambda f: f.set(), flag)
    await flag.wait()
    print("flag")

    s = asyncio.StreamWriter(Pipe(), {"peer": 5})
    reader = asyncio.create_task(s.readexactly(10))
    s.write(b"0123456")
    s.write(bytearray(b"789\nrest\n"))
    await s.drain()
    print(await reader, await s.readline(), await s.read(3), await s.readline(), s.get_extra_info("peer"))
    b = bytearray(4)
    late = asyncio.create_task(s.readinto(b))
    await asyncio.sleep_ms(5)
    print(late.done())
    s.write(b"x")
    print(await late, b)
    async with s:
        pass
    print(asyncio.current_task() is asyncio.core.cur_task)


loop = asyncio.get_event_loop()
loop.run_until_complete(main())


async def bad():
    raise ValueError(5)


async def stops():
    asyncio.create_task(bad())
    await asyncio.sleep_ms(5)
    loop.stop()


loop.set_exception_handler(lambda loop, context: print(context["message"], repr(context["exception"])))
loop.create_task(stops())
loop.run_forever()
print(loop.get_exception_handler() is not None, asyncio.new_event_loop() is loop)
