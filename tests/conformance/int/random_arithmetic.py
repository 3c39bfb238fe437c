# Arithmetic of ints of many sizes, against the same operations in other ways and in CPython.
# needs: double
seed=12345
def rnd():
    global seed
    seed=(seed*1103515245+12345)&0x7fffffff
    return seed
def big(bits):
    n=0
    for i in range(bits//16+1): n=(n<<16)|(rnd()>>8&0xffff)
    n&=(1<<bits)-1
    if rnd()&256: n=-n
    return n
sizes=[3,8,29,30,31,32,33,60,62,63,64,65,90,128,200,500,1000]
for k in range(30):
    a=big(sizes[(rnd()>>7)%len(sizes)]); b=big(sizes[(rnd()>>7)%len(sizes)])
    print(a,b)
    print(a+b,a-b,a*b,a&b,a|b,a^b,~a,-a,abs(a),a<b,a<=b,a==b,a>b)
    if b:
        print(a//b,a%b,divmod(a,b))
        q=a//b
        try: print(a/b)
        except OverflowError: print('OE')
    s=(rnd()>>9)%140
    print(a<<s,a>>s,hex(a),oct(b),bin(a),a.bit_length())
    print(int(str(a)),int(hex(a),16),int(bin(b),2),int(oct(a),8), a==int(str(a)))
    try: print(float(a), int(float(a)), float(a)==a, float(b)<a, a>=float(b))
    except OverflowError: print('OE')
    n=(rnd()>>9)%5
    print(a**n, pow(a,abs(b),abs(b)+7))
    print(round(a,-((rnd()>>9)%6)))
    print({a:1,b:2}.get(a), hash(a)==hash(int(str(a))), a in [b,a], a in {b,a,0})
    bs=abs(a).to_bytes(130,'big'); print(int.from_bytes(bs,'big')==abs(a), int.from_bytes(bs,'little')%1000007)
for x in (1e300,1.5e22,-2.5e19,123456789012345678.0,2.0**63,-2.0**63,2.0**64,0.5,-0.5,1e17):
    print(int(x), int(x)==x, hash(int(x))==hash(x) , x==int(x)+1, x<int(x)+1, round(x), x//3, x%7, divmod(x,-3.5))
