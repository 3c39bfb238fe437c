# Sequences, dicts and sets under random operations.
seed=777
def rnd(n):
    global seed
    seed=(seed*1103515245+12345)&0x7fffffff
    return (seed>>8)%n
class K:
    def __init__(s,a,b): s.a=a; s.b=b
    def __lt__(s,o): return s.a<o.a
    def __repr__(s): return 'K%d.%d'%(s.a,s.b)
    def __eq__(s,o): return isinstance(o,K) and s.a==o.a
    def __hash__(s): return hash(s.a)
for t in range(4):
    n=rnd(50)
    l=[rnd(20)-5 for i in range(n)]
    print(l, sorted(l), sorted(l,reverse=True), sorted(l,key=lambda x:(x%5,-x)))
    ks=[K(x%4,i) for i,x in enumerate(l)]
    print(sorted(ks), sorted(ks,reverse=True), sorted(ks,key=lambda k:k.b%3))
    a,b,c=rnd(60)-30,rnd(60)-30,(rnd(9)-4) or 1
    print(l[a:b:c], tuple(l)[a:b:c], list(range(n))[a:b], range(n)[a:b:c], l[a:], l[:b])
    m=l[:]; m[a:b]=[1,2,3]; print(m)
    m=l[:]; del m[a:b:c]; print(m)
    m=l[:]
    try: m[a:b:c]=range(len(m[a:b:c])); print(m)
    except ValueError: print('VE')
    m=l[:]; m*=2; m+=(1,2); m.extend(x for x in l); m.reverse(); print(m, m.count(3), len(m))
    if l:
        i=rnd(n); m.insert(i-5,'x'); print(m.index('x'), m.pop(i), m.pop(), m[-1]); m.remove('x') if 'x' in m else 0
    d={}
    for x in l:
        if x in d: del d[x]
        else: d[x]=str(x)
        d[(x,x%3)]=x; d[K(x%3,0)]=x; d[float(x)/2]=1
    print(d, len(d), list(d.items())==list(d.items()), d==dict(d), d=={})
    while d: print(d.popitem(), end=' ')
    print()
    s=set(l); u={rnd(20)-5 for i in range(rnd(20))}
    print(sorted(s|u),sorted(s&u),sorted(s-u),sorted(s^u),s<u,s<=s,s>=u,s.isdisjoint(u),frozenset(s)==s, s==u)
    s.update(u,[99]); s.discard(3); print(sorted(s), sorted(s.intersection(u,[1,2,3])), len(s))
    s&=u; print(sorted(s)); s^={1,2}; print(sorted(s)); s-={1}; print(sorted(s), {frozenset(s):1}[frozenset(list(s))])
    print([1,[2,(3,4)],{'a':[1]}]==[1,[2,(3,4)],{'a':[1]}], [1,[2,3]]<[1,[2,4]], (1,2)<(1,2,0), [l,l]==[l,list(l)], l<list(reversed(l)))
    print(list(zip(l,range(5),'abc')), list(enumerate(l[:3],5)), list(map(lambda x,y:x+y,l,l)), list(filter(None,l)), max(l or [0]), min(l or [0]), sum(l), sum(l,1.5), any(l), all(l))
d={i:i*i for i in range(100)}
for i in range(0,100,3): del d[i]
print(sum(d), sum(d.values()), len(d), list(d)[:5])
for i in range(0,100,3): d[i]=0
print(list(d)[-3:], len(d), d[99], 100 in d)
d={str(i)+'k':i for i in range(300)}
print(all(d[str(i)+'k']==i for i in range(300)), d.get('nope'), 'zz' in d)
print({1:'a',True:'b',1.0:'c'}, {0.5:1, (1,2.0):3}[(1.0,2)])
d={'a':1}; d.update({'b':2},c=3); d.update([('d',4)]); print(d, d|{'a':9}, d.setdefault('z',5), d.pop('a'), d.pop('q',None), dict.fromkeys('abc',1), list(reversed([1,2])))
print(d.keys()&{'b','q'}, d.items()>=set(), {'b':2}.items()==({('b',2)}), list(d.values()))
