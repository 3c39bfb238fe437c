__all__ = ("listed", "_also_listed")
listed = 1
_also_listed = 2
unlisted = 3
