# A binary search tree: insert, find, delete, walk.
class Node:
    def __init__(self, key):
        self.key = key
        self.left = self.right = None


def insert(node, key):
    if node is None:
        return Node(key)
    if key < node.key:
        node.left = insert(node.left, key)
    elif key > node.key:
        node.right = insert(node.right, key)
    return node


def delete(node, key):
    if node is None:
        return None
    if key < node.key:
        node.left = delete(node.left, key)
    elif key > node.key:
        node.right = delete(node.right, key)
    elif node.left is None:
        return node.right
    elif node.right is None:
        return node.left
    else:
        m = node.right
        while m.left:
            m = m.left
        node.key = m.key
        node.right = delete(node.right, m.key)
    return node


def walk(node):
    if node:
        yield from walk(node.left)
        yield node.key
        yield from walk(node.right)


def height(node):
    return 1 + max(height(node.left), height(node.right)) if node else 0


root = None
for i in range(25):
    root = insert(root, i * 37 % 53)
print(list(walk(root)), height(root))
for k in (0, 37, 21, 99):
    root = delete(root, k)
print(list(walk(root)), height(root), root.key)
