# The Python part of asyncio. Tasks, their queues and sleeping are native: what `data` and `state` of a task mean stands in
# mod.rs beside this file. Functions that only yield are plain generators, because `await` takes those too.
import io
import sys
from select import POLLIN, POLLOUT, poll
from time import ticks_add, ticks_diff, ticks_ms as ticks

from _asyncio import Sleep, Task, TaskQueue

__version__ = (3, 0, 0)


class CancelledError(BaseException):
    pass


class TimeoutError(Exception):
    pass


cur_task = None
sleep_ms = Sleep(globals())
_ENDS = (CancelledError, Exception)
_QUIET = (CancelledError, StopIteration)


async def sleep(t, result=None):
    await sleep_ms(int(t * 1000))
    return result


# ---- streams that tasks wait for


class IOQueue:
    def __init__(self):
        self.poller = poll()
        # By the stream's id: reading task, writing task, stream.
        self.waiting = {}

    def _wait(self, stream, side):
        entry = self.waiting.get(id(stream))
        if entry is None:
            entry = self.waiting[id(stream)] = [None, None, stream]
        if entry[side] is not None:
            raise RuntimeError("can't wait")
        entry[side] = cur_task
        cur_task.data = self
        self._watch(entry)

    def _watch(self, entry):
        reader, writer, stream = entry
        mask = (POLLIN if reader else 0) | (POLLOUT if writer else 0)
        if mask:
            self.poller.register(stream, mask)
        else:
            self.poller.unregister(stream)
            del self.waiting[id(stream)]

    def queue_read(self, stream):
        self._wait(stream, 0)

    def queue_write(self, stream):
        self._wait(stream, 1)

    def remove(self, task):
        for entry in list(self.waiting.values()):
            if task in entry:
                entry[entry.index(task)] = None
                self._watch(entry)

    def wait_io_event(self, ms):
        for stream, events in self.poller.ipoll(ms):
            entry = self.waiting[id(stream)]
            # Errors wake both sides.
            for side, other in ((0, POLLOUT), (1, POLLIN)):
                if entry[side] is not None and events & ~other:
                    _task_queue.push(entry[side])
                    entry[side] = None
            self._watch(entry)


# ---- the loop


def create_task(coro):
    if not hasattr(coro, "send"):
        raise TypeError("coroutine expected")
    task = Task(coro, globals())
    _task_queue.push(task)
    return task


def _as_task(aw):
    return aw if isinstance(aw, Task) else create_task(aw)


def current_task():
    if cur_task is None:
        raise RuntimeError("no running event loop")
    return cur_task


# Waits until a task is due and gives it; None when there is none and nothing can bring one.
def _next_task(until):
    while True:
        head = _task_queue.peek()
        if head is not None:
            ms = ticks_diff(head.ph_key, ticks())
        elif _io_queue.waiting:
            ms = -1
        elif until is None or until.done():
            return None
        else:
            # What is waited for may still be woken by a scheduled function.
            ms = 5
        if head is not None and ms <= 0:
            if _io_queue.waiting:
                _io_queue.wait_io_event(0)
            return _task_queue.pop()
        _io_queue.wait_io_event(ms)


def run_until_complete(main_task=None):
    global cur_task
    while True:
        task = _next_task(main_task)
        if task is None or task is _stopper:
            cur_task = None
            return
        if task.done():
            # It failed, and had a turn more for somebody to ask about it.
            if task.state is None:
                Loop.call_exception_handler(
                    {"message": "Task exception wasn't retrieved", "exception": task.data, "future": task}
                )
            continue
        cur_task = task
        error = task.data
        task.data = None
        try:
            if error is None:
                task.coro.send(None)
            else:
                task.coro.throw(error)
            continue
        except _ENDS as e:
            error = e
        _end(task, error, task is main_task)
        if task is main_task:
            cur_task = None
            if isinstance(error, StopIteration):
                return error.value
            raise error


# The task has ended with `error`: tells those who wait for that.
def _end(task, error, noticed):
    waiting = task.state
    task.data = error
    if isinstance(waiting, TaskQueue):
        while waiting.peek() is not None:
            _task_queue.push(waiting.pop())
            noticed = True
    elif waiting is not True:
        task.state = False
        waiting(task, error)
        noticed = True
    task.state = False if noticed else None
    if not noticed and not isinstance(error, _QUIET):
        _task_queue.push(task)
        task.data = error


def run(coro):
    return run_until_complete(create_task(coro))


_stopper = Task(None, globals())


class Loop:
    _exc_handler = None
    create_task = staticmethod(create_task)

    @staticmethod
    def run_forever():
        # A task that is waited for and never ends by itself.
        run_until_complete(_stopper)

    @staticmethod
    def run_until_complete(aw):
        return run_until_complete(_as_task(aw))

    @staticmethod
    def stop():
        try:
            _task_queue.push(_stopper)
        except RuntimeError:
            # It stops already.
            pass

    @staticmethod
    def close():
        pass

    @staticmethod
    def set_exception_handler(handler):
        Loop._exc_handler = handler

    @staticmethod
    def get_exception_handler():
        return Loop._exc_handler

    @staticmethod
    def default_exception_handler(loop, context):
        task = context["future"]
        print(context["message"], file=sys.stderr)
        print("future:", task, "coro=", task.coro, file=sys.stderr)
        sys.print_exception(context["exception"], sys.stderr)

    @staticmethod
    def call_exception_handler(context):
        (Loop._exc_handler or Loop.default_exception_handler)(Loop, context)


def get_event_loop(runq_len=0, waitq_len=0):
    return Loop


def new_event_loop():
    global _task_queue, _io_queue
    _task_queue = TaskQueue()
    _io_queue = IOQueue()
    return Loop


new_event_loop()


# ---- waiting for several things


async def wait_for(aw, timeout, sleep=sleep):
    task = _as_task(aw)
    if timeout is None:
        return await task
    expired = False

    async def watch():
        nonlocal expired
        await sleep(timeout)
        expired = True
        task.cancel()

    watcher = create_task(watch())
    try:
        value = await task
    except CancelledError:
        if not expired:
            raise
    finally:
        watcher.cancel()
    if expired:
        raise TimeoutError
    return value


def wait_for_ms(aw, timeout):
    return wait_for(aw, timeout, sleep_ms)


# What a gathering task waits on: it is in no queue that it had to be taken out of.
class _Gathering:
    def remove(self, task):
        pass


def gather(*aws, return_exceptions=False):
    tasks = [_as_task(aw) for aw in aws]
    me = cur_task
    here = _Gathering()
    left = 0
    failure = None

    def failed(error):
        return not return_exceptions and not isinstance(error, StopIteration)

    def ended(task, error):
        nonlocal left, failure
        left -= 1
        if failure is None and failed(error):
            failure = error
        if me.data is here and (not left or failure is not None):
            _task_queue.push(me)

    for task in tasks:
        if task.done():
            task.state = False
            if failure is None and failed(task.data):
                failure = task.data
        elif task.state is not True:
            raise RuntimeError("can't gather")
    for task in tasks:
        if task.state is True:
            task.state = ended
            left += 1
    cancelled = None
    if left and failure is None:
        me.data = here
        try:
            yield
        except CancelledError as e:
            cancelled = e
    for task in tasks:
        if task.state is ended:
            task.state = True
            if cancelled is not None:
                task.cancel()
    if cancelled is not None:
        raise cancelled
    if failure is not None:
        raise failure
    return [t.data.value if isinstance(t.data, StopIteration) else t.data for t in tasks]


# ---- between tasks


class Event:
    def __init__(self):
        self._set = False
        self._waiting = TaskQueue()

    def is_set(self):
        return self._set

    # Not from an interrupt or another thread: that is what ThreadSafeFlag is for.
    def set(self):
        self._set = True
        while self._waiting.peek() is not None:
            _task_queue.push(self._waiting.pop())

    def clear(self):
        self._set = False

    def wait(self):
        if not self._set:
            self._waiting.push(cur_task)
            cur_task.data = self._waiting
            yield
        return True


# A stream that is readable while the flag is set, so that the loop finds out by polling.
class ThreadSafeFlag(io.IOBase):
    def __init__(self):
        self._set = False

    def ioctl(self, request, argument):
        if request != 3:
            return -1
        return argument if self._set else 0

    def set(self):
        self._set = True

    def clear(self):
        self._set = False

    def wait(self):
        if not self._set:
            yield _io_queue.queue_read(self)
        self._set = False


class Lock:
    def __init__(self):
        # False, True, or the task that has the next turn.
        self._held = False
        self._waiting = TaskQueue()

    def locked(self):
        return self._held is True

    def release(self):
        if self._held is not True:
            raise RuntimeError("Lock not acquired")
        self._pass_on()

    def _pass_on(self):
        self._held = False
        if self._waiting.peek() is not None:
            self._held = self._waiting.pop()
            _task_queue.push(self._held)

    def acquire(self):
        if self._held is not False:
            self._waiting.push(cur_task)
            cur_task.data = self._waiting
            try:
                yield
            except CancelledError:
                if self._held is cur_task:
                    self._pass_on()
                raise
        self._held = True
        return True

    async def __aenter__(self):
        return await self.acquire()

    async def __aexit__(self, exc_type, exc, tb):
        self.release()


# ---- streams


class Stream:
    def __init__(self, s, e={}):
        self.s = s
        self.e = e
        self.out_buf = b""

    def get_extra_info(self, v):
        return self.e[v]

    def close(self):
        pass

    async def wait_closed(self):
        self.s.close()

    async def aclose(self):
        self.s.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, exc_type, exc, tb):
        self.s.close()

    def read(self, n=-1):
        got = b""
        while True:
            yield _io_queue.queue_read(self.s)
            part = self.s.read(n)
            if part is not None:
                if n >= 0:
                    return part
                if not part:
                    return got
                got += part

    def readinto(self, buf):
        while True:
            yield _io_queue.queue_read(self.s)
            n = self.s.readinto(buf)
            if n is not None:
                return n

    def readexactly(self, n):
        got = b""
        while n:
            yield _io_queue.queue_read(self.s)
            part = self.s.read(n)
            if part is not None:
                if not part:
                    raise EOFError
                got += part
                n -= len(part)
        return got

    def readline(self):
        got = b""
        while True:
            yield _io_queue.queue_read(self.s)
            part = self.s.readline()
            if part is not None:
                got += part
                if not part or got[-1] == 10:
                    return got

    def write(self, buf):
        if not self.out_buf:
            # What the stream takes at once is not copied.
            n = self.s.write(buf)
            if n == len(buf):
                return
            if n:
                buf = buf[n:]
            self.out_buf = buf if isinstance(buf, bytes) else bytes(buf)
        else:
            self.out_buf += buf

    def drain(self):
        if not self.out_buf:
            # A task that only writes lets the others have their turn.
            return (yield from sleep_ms(0))
        rest = memoryview(self.out_buf)
        self.out_buf = b""
        while rest:
            yield _io_queue.queue_write(self.s)
            n = self.s.write(rest)
            if n:
                rest = rest[n:]


StreamReader = Stream
StreamWriter = Stream

# MicroPython has the loop in a module of its own, and programs look for it there.
core = sys.modules["asyncio.core"] = sys.modules[__name__]
