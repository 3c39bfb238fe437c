kind = "bird"
