# As many threads as the configuration allows, and then none until one has ended.
import _thread
import time

go = False


def wait():
    while not go:
        time.sleep_ms(5)


for i in range(2):
    _thread.start_new_thread(wait, ())
try:
    _thread.start_new_thread(wait, ())
except OSError as e:
    print("no third thread:", e.errno == 11)
go = True
while True:  # however long they take to end
    try:
        _thread.start_new_thread(wait, ())
        break
    except OSError:
        time.sleep_ms(10)
print("threads: PASSED")
