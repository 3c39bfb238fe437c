# The stack of new threads: what is set is told back, what cannot be is refused.
import _thread

print(_thread.stack_size(), _thread.stack_size(64 * 1024), _thread.stack_size(), _thread.stack_size(0))
lock = _thread.allocate_lock()
lock.acquire()
_thread.stack_size(40 * 1024)
_thread.start_new_thread(lock.release, ())
print(lock.acquire(), _thread.stack_size(0), _thread.stack_size())
for wrong in (-1, "x", None):
    try:
        _thread.stack_size(wrong)
        print("taken", wrong)
    except (ValueError, TypeError) as e:
        print(type(e).__name__)
