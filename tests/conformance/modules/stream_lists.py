# readlines, flush and close of the streams in memory; a closed one refuses everything.
from io import BytesIO, StringIO

for make, text in ((StringIO, "one\ntwo\n\nlast"), (BytesIO, b"one\ntwo\n\nlast")):
    s = make(text)
    print(s.readlines(), s.readlines())
    s.seek(2)
    print(s.readline(), s.readlines())
    print(s.flush(), s.getvalue() == text)
    s.close()
    s.close()
    for name, args in (("read", ()), ("write", (text,)), ("readline", ()), ("getvalue", ()), ("seek", (0,))):
        try:
            getattr(s, name)(*args)
            print("no error", name)
        except ValueError:
            print("ValueError", name)
    with make() as w:
        w.write(text[:3])
        print(w.getvalue())
