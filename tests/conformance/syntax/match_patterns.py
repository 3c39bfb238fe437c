# Patterns of every sort, nested, with guards and alternatives; match and case as plain names.
def f(x):
    match x:
        case 0: return "zero"
        case -1 | 1.5 | 1+2j: return "num"
        case None: return "none"
        case True: return "true"
        case "a" "b": return 'ab'
        case []: return 'empty'
        case [1, 2]: return '12'
        case [first, *rest] if first == 9: return ('nine', rest)
        case [1, [2, [3, a]]] | (5, a): return ('nest', a)
        case [1, *_, 4]: return "1..4"
        case {"k": v, **rest}: return v, rest
        case {"z": {"y": y}}: return y
        case {}: return 'dict'
        case str(s): return 'str ' + s
        case int() as n if n > 100: return 'big', n
        case (int() | float()) as q: return 'q', q
        case _: return 'other'
for v in (0, -1, 1.5, 1+2j, None, True, 'ab', [], (1,2), [9,8,7], [1,[2,[3,4]]], (5,6), [1,9,4], {'k':1,'j':2}, {'z':{'y':5}}, {'z':{}}, {}, 'hey', 1000, 50, b'x', range(0), range(1,3), object):
    print(v if v is not object else 'o', f(v))
class P:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x=x; self.y=y
def g(p):
    match p:
        case P(0, 0): print('origin')
        case P(x, y=0): print('on x', x)
        case P(x=0, y=y): print('on y', y)
        case P(P(a, b), c): print('nested', a, b, c)
        case P(): print('P')
        case _: print('no')
for p in (P(0,0), P(1,0), P(0,2), P(P(1,2),3), P(2,3), 5): g(p)
match = 5
print(match, match + 1)
match[0] if 0 else None
def match2(match):
    match(1)
    match (2)
    match.append
class M:
    append=1
    def __call__(self, *a): print('called', a)
match2(M())
case = 3; _ = 4
match (case, _):
    case 3, 4 if case == 3:
        print('tuple')
match case, *[1]:
    case (3, 1): print('star')
match [x
  for x in (1,2)]:  # comment:
    case [1, x]: print(x)
for i in range(5):
    match i:
        case 2: continue
        case 4: break
    print(i)
match match:
    case match: print(match)
match -case:
    case -3: print('neg')
match {'a': ':'}:
    case {'a': ':'}: print('colon')
