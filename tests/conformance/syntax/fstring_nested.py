# Any literal inside an f-string's fields, also one with the same quotes (PEP 701).
d = {'a': 1, 'b:c': 2, '}': 3, "it's": 4}
x = 5; w = 8; s = 'abc'
print(f'{d['a']} {d['b:c']} {d['}']} {d["it's"]}')
print(f"{f"{x}"} {f'{f"{x + 1}"}'} {f"{f'''{x:>{w}}'''}"}")
print(f"{f"{f"{f"{f"{1}"}"}"}"}")
print(f"{'\n'.join(['a', 'b'])}|{"\t"}|{'\\'}")
print(f"{ {'k': 1}['k'] } { (lambda q: q + 1)(2) } {(z := 4)} {x:=5} {x!r:>{w}} {s!s:^10}|")
print(f"{x = } {x= } {x =} {x=:>4} {x = !r:>4} {d["a"] = }")
print(f'''{
    x  # a comment with } and " and '
    + 1
} {x:{
    w
}}''')
print(f"{x != 5} {x == 5} {x >= 5} {x <= 5} {[1, 2][0:1]} {s[::-1]} {d['b:c'] if x else ':'}")
print('{plain}' f'{x}' '{}}' "{{" f"{{}}" f'{{{x}}}')
print(f"\x7b{x}\x7d {'{'} {'}'} {'{' + '}'}", rf'\n{x}\{x}', Rf"{x}\d", F"{x}", fR'{x}')
print(f"{x:{'>'}{w}}|{x:{'>' + str(w)}}|{s:{'x'}>{w}}|")
print(f"{f'{x:{w}}':>12}|{f"{s!r:{w}}"}|")
print(f"{'a' 'b'} {"a" f"{x}" 'c'}")
print(f"{*[1, 2], 3} {x,}")
print(f'{','.join(str(i) for i in range(3))}')
print(f"{"" if not x else f"{x}, "}{'!'}{x!r}{'!r'}{d.get('!r', "}!r")}")
print(len(f"{'''a
b'''}"))
def g():
    v = yield f"{(yield 1)}"
it = g(); print(next(it)); print(it.send('sent'))
print(f"{x:}{x!s:}{x:03d}{x:>+5}")
import sys
for src in ('f"{}"', 'f"{ }"', 'f"{x"', 'f"x}"', 'f"{x}}"', "f'{x!}'", "f'{x!z}'", "f'{lambda x: 1}'", "f'{x:{y}'", 'f"{a b}"', 'f"{\'}"', 'f"{#}"', 'f"{f"{"}"', 'f"{x:{y:{z}}}"', 'f"{)}"', "f'{a $ b}'", "f'{=}'"):
    try: compile(src, 's', 'eval'); print('ok', src)
    except SyntaxError: print('SyntaxError', src)
