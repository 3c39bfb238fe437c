# derive: a group of the same kind around other exceptions; split and subgroup make their groups with it.
group = ExceptionGroup("message", [ValueError(1), TypeError(2)])
other = group.derive([KeyError(3)])
print(type(other).__name__, other.message, [type(e).__name__ for e in other.exceptions])
base = BaseExceptionGroup("base", [KeyboardInterrupt()])
print(type(base).__name__, type(base.derive([ValueError(1)])).__name__, type(base.derive([SystemExit()])).__name__)
for wrong in ([], [1], 5):
    try:
        group.derive(wrong)
    except (TypeError, ValueError) as e:
        print(type(e).__name__)


class Own(ExceptionGroup):
    def derive(self, exceptions):
        return Own("derived " + self.message, exceptions)


rest = Own("own", [ValueError(1), TypeError(2)]).split(ValueError)
print([(type(part).__name__, part.message) for part in rest])
