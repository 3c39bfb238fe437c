//! Rank 0: what every other rank may use, and nothing of Python.
