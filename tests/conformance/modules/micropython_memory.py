# What the memory and the stack are asked: figures differ by machine, so their kinds are shown.
import gc
import micropython

print(gc.threshold())
gc.threshold(800)
print(gc.threshold())
gc.threshold(-1)
print(gc.threshold())
print(micropython.heap_locked(), micropython.stack_use() > 0, micropython.alloc_emergency_exception_buf(100))
micropython.heap_lock()
print(micropython.heap_locked())
micropython.heap_unlock()
print(micropython.heap_locked())
print(gc.mem_alloc() > 0, gc.mem_free() > 0, isinstance(gc.collect(), int))
