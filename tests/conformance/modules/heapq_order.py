# heapq gives items back in order, whatever went in.
import heapq

seed = 5
h = []
for i in range(60):
    seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
    heapq.heappush(h, (seed >> 8) % 20)
print([heapq.heappop(h) for _ in range(60)])
h = [(i * 7) % 11 for i in range(11)]
heapq.heapify(h)
print(h[0], [heapq.heappop(h) for _ in range(11)])
try:
    heapq.heappop([])
except IndexError:
    print("IndexError")
heapq.heappush(h, (1, "b"))
heapq.heappush(h, (1, "a"))
print(heapq.heappop(h), h)
