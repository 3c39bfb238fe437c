/* natives.h: what one native does at a stretch with much to do: programs during which a more urgent task asks for the VM. */

/* Sizes are such that a quarter of a megabyte holds several of them. */
#define SETUP                                                                                                          \
    "import gc, time\n"                                                                                                \
    "calls_in = 0\n"                                                                                                   \
    "N = 2000\n"                                                                                                       \
    "few = list(range(N))\n"                                                                                           \
    "mixed = [(j * 7919) % 4001 for j in few]\n"                                                                       \
    "many = [0] * 20000\n"                                                                                             \
    "words = [str(j) for j in range(1000)]\n"                                                                          \
    "table = {j: j for j in few}\n"                                                                                    \
    "group = set(few)\n"                                                                                               \
    "data = bytes(20000)\n"                                                                                            \
    "text = 'ab' * 10000\n"                                                                                            \
    "big = (1 << 20000) - 12345\n"                                                                                     \
    "digits = '7' * 2000\n"                                                                                            \
    "def take(*args):\n    pass\n"                                                                                     \
    "def ident(x):\n    return x\n"                                                                                    \
    "def measure(op):\n"                                                                                               \
    "    end = time.ticks_add(time.ticks_ms(), 100)\n"                                                                  \
    "    op()\n"                                                                                                       \
    "    while time.ticks_diff(end, time.ticks_ms()) > 0:\n        op()\n"

/* What is measured; before it, on lines of its own, what it needs. */
static const struct {
    const char *setup, *does;
} natives[] = {
    /* Lists and tuples. */
    {"", "mixed[:].sort()"},
    {"", "mixed[:].sort(key=ident)"},
    {"", "sorted(mixed)"},
    {"", "sorted(words)"},
    {"", "many.reverse()"},
    {"", "many.insert(0, 0); many.pop(0)"},
    {"", "many.index(1) if 1 in many else 0"},
    {"", "few.count(1.5)"},
    {"", "words.count('x')"},
    {"other = many[:]", "many == other"},
    {"", "many + many"},
    {"", "many * 2"},
    {"", "many[:]"},
    {"", "many[::2]"},
    {"", "l = []; l.extend(many)"},
    {"", "l = many[:]; l[5:6] = few; del l[:1000]"},
    {"", "tuple(many)"},
    {"", "list(range(N))"},
    {"", "list(map(ident, few))"},
    {"", "a, *b = few"},
    {"", "take(*few[:200])"},
    {"", "min(mixed)"},
    {"", "max(mixed, key=ident)"},
    {"", "sum(mixed)"},
    {"", "any(many)"},
    {"", "repr(few)"},
    /* Dicts and sets. */
    {"", "dict(table)"},
    {"", "table.copy()"},
    {"", "{}.update(table)"},
    {"other = dict(table)", "table == other"},
    {"", "list(table.items())"},
    {"", "dict.fromkeys(few)"},
    {"def grow():\n    d = {}\n    for i in few: d[i] = i\n", "grow()"},
    {"", "set(few)"},
    {"", "group | group"},
    {"", "group & group"},
    {"other = set(few)", "group == other"},
    {"", "group <= group"},
    {"", "group.copy()"},
    {"", "hash(frozenset(few))"},
    /* Bytes and text. */
    {"", "bytes(many)"},
    {"", "b''.join([data, data])"},
    {"parts = [b'0123456789'] * 1000", "b'-'.join(parts)"},
    {"", "bytearray(data).extend(data)"},
    {"other = bytearray(20000)", "memoryview(data) == other"},
    {"other = bytes(20000)", "data == other"},
    {"", "data * 3"},
    {"", "'-'.join(words)"},
    {"", "text.replace('b', 'xy')"},
    {"", "text.split('b')"},
    {"", "text.find('bb')"},
    {"", "text.upper()"},
    {"", "text.encode().decode()"},
    {"", "len(text), text[10000]"},
    {"", "hash(text + 'x')"},
    {"", "'%s|%s' % (text, text)"},
    {"other = 'ab' * 10000", "text == other"},
    {"", "repr(text)"},
    /* Ints. */
    {"", "big * big"},
    {"square = big * big", "square // big"},
    {"square = big * big", "square % 12345"},
    {"", "3 ** 12000"},
    {"power = (1 << 1000) - 5", "pow(3, power - 1, power)"},
    {"", "str(big)"},
    {"", "hex(big)"},
    {"", "int(digits)"},
    {"", "big << 3"},
    {"", "big + big, big & big, big == big + 1, hash(big)"},
    {"", "int.from_bytes(data[:2500], 'big'), big.to_bytes(2500, 'big')"},
    {"", "'%d' % big"},
    {"", "float(digits)"},
    {"import math", "math.factorial(300)"},
    /* Modules. */
    {"import array\na = array.array('i', many)", "array.array('i', few)"},
    {"other = array.array('i', a)", "a == other"},
    {"a = other = None\nimport binascii", "binascii.hexlify(data)"},
    {"", "binascii.crc32(data)"},
    {"", "binascii.b2a_base64(data)"},
    {"import hashlib", "hashlib.sha256(data).digest()"},
    {"import heapq", "heapq.heapify(mixed[:])"},
    {"from collections import deque\nd = deque(few, N)", "deque(few, N)"},
    {"", "d.extend(few)"},
    {"import json\ns = json.dumps(few)", "json.dumps(few)"},
    {"", "json.loads(s)"},
    {"import re\nr = re.compile('(a|b)*c')", "r.match(text[:2000])"},
    {"r = re.compile('b+c')", "r.search(text)"},
    {"import struct", "struct.pack('200i', *few[:200])"},
    {"import io", "io.StringIO(text).read()"},
    {"program = 'x = 1\\ndef f(a, b):\\n    return [a + b, x]\\n' * 100", "compile(program, 'f', 'exec')"},
    {"program = '(' + '1 + ' * 500 + '1)'", "eval(program)"},
    {"program = 'x = \"' + text + '\"\\n'", "compile(program, 'a long literal', 'exec')"},
    {"program = 'x = [' + '1, a, ' * 500 + ']\\n'", "compile(program, 'a long list', 'exec')"},
    {"program = '# ' + text + '\\nx = (\\n'\ndef refused():\n    try:\n        compile(program, 'f', 'exec')\n    except SyntaxError:\n        pass\n", "refused()"},
    {"program = None\nnamed = {'n%d' % j: j for j in range(500)}\nK = type('K', (), named)", "type('K', (), named)"},
    {"", "dir(K)"},
    {"", "json.dumps(text)"},
    {"s = json.dumps(text)", "json.loads(s)  # a long text"},
    {"import re\ns = None", "re.compile('(a|b)*' * 100)"},
    {"r = re.compile('b')", "r.sub('xy', text)"},
    {"", "r.split(text)"},
    {"class C:\n    pass\nmade = [C() for i in range(200)]", "gc.collect()"},
};
