# Lists as stacks and queues; balanced brackets and a breadth-first search.
def balanced(text):
    pairs = {")": "(", "]": "[", "}": "{"}
    stack = []
    for c in text:
        if c in "([{":
            stack.append(c)
        elif c in pairs:
            if not stack or stack.pop() != pairs[c]:
                return False
    return not stack


for t in ("(a[b]{c})", "(]", "((", "", "}"):
    print(repr(t), balanced(t))

graph = {"a": "bc", "b": "d", "c": "de", "d": "f", "e": "f", "f": ""}
queue, seen = [("a", "a")], ["a"]
while queue:
    node, path = queue.pop(0)
    print(node, path)
    for n in graph[node]:
        if n not in seen:
            seen.append(n)
            queue.append((n, path + n))
