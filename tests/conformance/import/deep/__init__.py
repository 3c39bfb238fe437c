"""A package whose star import brings a submodule and leaves out a name."""
__all__ = ["shown", "side"]
shown = "deep.shown"
hidden = "deep.hidden"
print("deep begins as", __name__)


def __getattr__(name):
    if name.startswith("made_"):
        return name[5:].upper()
    raise AttributeError("deep has no " + name)
