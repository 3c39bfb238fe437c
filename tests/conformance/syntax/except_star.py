# Exception groups and except* (PEP 654).
def show(e, d=0):
    if isinstance(e, BaseExceptionGroup):
        return "%s(%r, [%s])" % (type(e).__name__, e.message, ", ".join(show(x) for x in e.exceptions))
    return type(e).__name__ + str(e.args)
eg = ExceptionGroup("eg", [ValueError(1), TypeError("t"), ExceptionGroup("in", [OSError(5), ValueError(2)])])
print(show(eg), str(eg), len(eg.exceptions), eg.args[0])
print(isinstance(eg, Exception), isinstance(eg, BaseExceptionGroup), issubclass(ExceptionGroup, Exception), issubclass(BaseExceptionGroup, Exception))
m, r = eg.split(ValueError); print(show(m), show(r))
print(show(eg.subgroup((TypeError, OSError))), eg.subgroup(KeyError), eg.split(KeyError)[0], eg.split(KeyError)[1] is not None)
print(show(eg.subgroup(lambda e: isinstance(e, OSError))), eg.split(ExceptionGroup)[0] is eg, eg.split(Exception)[1])
print(show(BaseExceptionGroup("b", [ValueError(1)])), show(BaseExceptionGroup("b", [KeyboardInterrupt()])))
for a in (("m",), ("m", []), ("m", [1]), (1, [ValueError()]), ("m", 5), ("m", [KeyboardInterrupt()])):
    try: ExceptionGroup(*a); print('made')
    except (TypeError, ValueError) as e: print(type(e).__name__)
class My(ExceptionGroup):
    def derive(self, excs): return My(self.message, excs)
my = My("my", [ValueError(1), KeyError(2)])
print([show(x) for x in my.split(ValueError)])
try: eg.split(5)
except TypeError as e: print('TypeError')
def t(x, *clauses):
    try:
        try: raise x
        except* ValueError as e: print('V', show(e))
        except* (TypeError, OSError) as e: print('TO', show(e)); 
        else: print('else')
        finally: print('fin')
    except BaseException as e: print('left', show(e))
t(eg); t(ValueError(3)); t(KeyError(4)); t(ExceptionGroup("x", [KeyError(1), ValueError(2)])); t(BaseExceptionGroup("x", [KeyboardInterrupt(), ValueError(2)]))
try: pass
except* ValueError: print('no')
else: print('else')
def again(x, how):
    try:
        try: raise x
        except* ValueError as e:
            if how == 0: raise
            if how == 1: raise e
            if how == 2: raise KeyError('new')
            if how == 3: raise KeyError('from') from e
        except* TypeError as e:
            if how == 2: raise IndexError('second')
            if how == 0: raise
    except BaseException as e: print(how, show(e), e is x, show(e.__cause__) if e.__cause__ else None)
for h in range(4):
    again(ExceptionGroup("eg", [ValueError(1), TypeError("t"), ExceptionGroup("in", [OSError(5), ValueError(2)])]), h)
    again(ValueError(7), h)
def nest():
    try:
        raise ExceptionGroup("o", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        try: raise ExceptionGroup("i", [KeyError(1), ValueError(9)])
        except* KeyError as f: print('inner', show(f), show(e))
    except* TypeError: print('type')
try: nest()
except BaseException as e: print(show(e))
def loops():
    for i in range(3):
        try:
            raise ExceptionGroup("l", [ValueError(i)])
        except* ValueError as e:
            for j in range(5):
                if j == 2: break
                if j == 0: continue
                print(i, j)
            def f(): return e.exceptions[0].args
            print(f())
            x = [v for v in (1,2)]
    return 'done'
print(loops())
try: e
except NameError: print('gone')
def badtype(t):
    try:
        try: raise ValueError(1)
        except* t: print('took')
    except* TypeError as e: print('T', len(e.exceptions))
    except* ValueError as e: print('V')
for b in (5, int, ExceptionGroup, (ValueError, BaseExceptionGroup), ValueError): badtype(b)
import sys
try: raise ExceptionGroup("z", [ValueError(1), TypeError(2)])
except* ValueError: print(show(sys.exc_info()[1]))
except* TypeError: print(show(sys.exc_info()[1]))
for src in ("try: pass\nexcept* : pass", "try: pass\nexcept* A: pass\nexcept B: pass", "try: pass\nexcept A: pass\nexcept* B: pass", "try: pass\nexcept* A: pass\nexcept: pass",
   "def f():\n try: pass\n except* A: return", "for x in y:\n try: pass\n except* A: break", "while 1:\n try: pass\n except* A: continue", "try: pass\nexcept* A as a.b: pass", "def f():\n try: pass\n except* A:\n  def g(): return 1\n  for i in x: break\n return 5"):
    try: compile(src, 's', 'exec'); print('ok')
    except SyntaxError: print('SyntaxError')
def deep(n):
    e = ValueError(n)
    for i in range(n): e = ExceptionGroup('d', [e])
    return e
d = deep(500)
m, r = d.split(ValueError); k = 0
while isinstance(m, ExceptionGroup): m = m.exceptions[0]; k += 1
print(k, r, m.args)
