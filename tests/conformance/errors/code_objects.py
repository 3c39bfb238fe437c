# What a function's code object tells.
def outer(a, b=2):
    x = a + b

    def inner():
        return x

    return inner


code = outer.__code__
print(code.co_name, code.co_filename, code.co_firstlineno)
print(type(code.co_code), len(code.co_code) > 5)
print(type(code.co_consts), type(code.co_names), type(code.co_lnotab))
for start, end, line in code.co_lines():
    print(start < end, line)
print(code is outer.__code__ or code == outer.__code__)
