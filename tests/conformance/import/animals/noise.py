NOISE = "moo"
