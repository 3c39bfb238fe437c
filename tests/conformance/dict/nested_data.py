# Dicts and lists as records.
people = [
    {"name": "Ann", "age": 31, "tags": ["a", "b"]},
    {"name": "Bob", "age": 25, "tags": []},
    {"name": "Cy", "age": 40, "tags": ["b", "c", "d"]},
]
print([p["name"] for p in people if p["age"] > 30])
print(sorted(people, key=lambda p: p["age"])[0]["name"], sum(p["age"] for p in people))
index = {p["name"]: p for p in people}
index["Bob"]["tags"].append("new")
print(people[1]["tags"])
by_tag = {}
for p in people:
    for t in p["tags"]:
        by_tag.setdefault(t, []).append(p["name"])
print(sorted(by_tag.items()))
config = {"net": {"ip": "10.0.0.1", "ports": {"http": 80}}}
config["net"]["ports"]["https"] = 443
print(config["net"]["ports"], "ip" in config["net"])
