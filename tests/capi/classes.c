/* classes.c: classes in C: data, properties, special methods, finalizers, descendants. */
#include "check.h"

struct counter {
    int64_t total;
    int32_t step;
    int alive;
};

static int finalized;

static int counter_init(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    struct counter *c = (struct counter *)self;
    (void)result;
    CHECK(((uintptr_t)self & 7) == 0);
    if (args[0].i32 == 0) return pyr_raise(vm, "ValueError", "step is 0");
    c->step = args[0].i32;
    c->alive = 1;
    return PYR_OK;
}
static int counter_del(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)args, (void)result;
    finalized += ((struct counter *)self)->alive;
    return PYR_OK;
}
static int counter_count(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    struct counter *c = (struct counter *)self;
    (void)vm;
    c->total += c->step * (int64_t)args[0].i32;
    result->i64 = c->total;
    return PYR_OK;
}
static int get_total(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)args;
    result->i64 = ((struct counter *)self)->total;
    return PYR_OK;
}
static int set_total(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)result;
    ((struct counter *)self)->total = args[0].i64;
    return PYR_OK;
}
static int get_item(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm;
    if (args[0].i32 >= 3) return pyr_raise(vm, "IndexError", NULL);
    result->i64 = ((struct counter *)self)->total + args[0].i32;
    return PYR_OK;
}
static int enter(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm, (void)self;
    result->object = args[0].object;
    return PYR_OK;
}
static int leave(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)args, (void)result;
    IS(pyr_len(vm, args[0].object), 3);
    ((struct counter *)self)->total = -1;
    return PYR_OK;
}
static int twice(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result) {
    (void)vm;
    CHECK(self == NULL);
    result->i32 = args[0].i32 * 2;
    return PYR_OK;
}

static const struct pyr_param step[] = {PYR_PARAM_OR("step", PYR_INT, 1)};
static const struct pyr_param times[] = {PYR_PARAM_OR("times", PYR_INT, 1)};
static const struct pyr_param total[] = {PYR_PARAM("total", PYR_INT64)};
static const struct pyr_param one[] = {PYR_PARAM("n", PYR_INT)};
static const struct pyr_param own[] = {PYR_PARAM(NULL, PYR_SELF)};
static const struct pyr_param rest[] = {PYR_PARAM(NULL, PYR_REST)};
static const struct pyr_native members[] = {
    PYR_METHOD("__init__", counter_init, step, PYR_NOTHING),
    PYR_METHOD_0("__del__", counter_del, PYR_NOTHING),
    PYR_METHOD("count", counter_count, times, PYR_INT64),
    PYR_GETTER("total", get_total, PYR_INT64),
    PYR_SETTER("total", set_total, total),
    PYR_GETTER("fixed", get_total, PYR_INT64),
    PYR_METHOD("__getitem__", get_item, one, PYR_INT64),
    PYR_METHOD("__enter__", enter, own, PYR_OBJECT),
    PYR_METHOD("__exit__", leave, rest, PYR_NOTHING),
    PYR_FUNCTION("twice", twice, one, PYR_INT),
};
static const struct pyr_constant constants[] = {PYR_CONSTANT("MOST", 1000000), PYR_CONSTANT_STR("UNIT", "turns")};
static const struct pyr_class counter = {sizeof(struct pyr_class), sizeof(struct counter), "Counter", members, constants,
                                         PYR_COUNT(members), PYR_COUNT(constants)};
static const struct pyr_native other_members[] = {PYR_METHOD_0("total", get_total, PYR_INT64)};
static const struct pyr_class other = PYR_CLASS("Other", struct counter, other_members);
static const struct pyr_class *const classes[] = {&counter, &other};
static const struct pyr_module things = {sizeof(struct pyr_module), 0, 0, "things", NULL, NULL, classes, 2, NULL, NULL};
static const struct pyr_module *const modules[] = {&things};

void test_classes(pyr_vm *vm) {
    OK(pyr_set_modules(vm, modules, 1));
    RUNS(vm, "from things import Counter, Other\nimport gc\n"
                "c = Counter(3)\nassert c.count() == 3 and c.count(times=2) == 9\n"
                "assert c.total == 9\nc.total = 100\nassert c.count() == 103\n"
                "assert list(c) == [103, 104, 105] and c[1] == 104\n"
                "assert Counter().count() == 1 and Counter.twice(4) == 8 and c.twice(5) == 10\n"
                "with c as same:\n    assert same is c\n"
                "assert c.total == -1 and Counter.MOST == 1000000 and c.UNIT == 'turns'\n"
                "f = c.count\nassert f(2) == 5 and Counter.count(c, 1) == 8\n"
                "c.note = 'attributes of its own'\nassert c.note\n"
                "assert isinstance(c, Counter) and type(c) is Counter and c != Counter() and c == c\n"
                "assert 'Counter object' in repr(c)\n"
                "class Mine(Counter):\n"
                "    def __init__(self, name):\n        super().__init__(10)\n        self.name = name\n"
                "    def count(self):\n        return super().count(2) + 1\n"
                "m = Mine('x')\nassert m.count() == 21 and m.total == 20 and m.name == 'x' and m.twice(1) == 2\n"
                "class Lazy(Counter):\n    def __init__(self):\n        pass\n"
                "l = Lazy()\nassert l.count() == 0\n");
    RAISES(vm, "Counter(0)", "ValueError", "step is 0");
    RAISES(vm, "Counter('x')", "TypeError", NULL);
    RAISES(vm, "Other(1)", "TypeError", NULL);
    RAISES(vm, "c.fixed = 1", "AttributeError", NULL);
    RAISES(vm, "Counter.count(1)", "TypeError", "object of another class");
    RAISES(vm, "Counter.count(Other())", "TypeError", "object of another class");
    RAISES(vm, "Counter.count(object())", "TypeError", NULL);
    RAISES(vm, "Counter.count()", "TypeError", NULL);
    RAISES(vm, "class Both(Counter, Other): pass\nb = Both()\nb.count()\nOther.total(b)", "TypeError", NULL);

    /* C sees the data; a descendant's too; of another class nothing. */
    OK(pyr_push_frame(vm, 8));
    void *data = NULL;
    pyr_ref c = eval(vm, "c"), m = eval(vm, "m"), o = eval(vm, "Other()"), n = eval(vm, "5");
    OK(pyr_data(vm, c, &counter, &data));
    CHECK(((struct counter *)data)->total == 8);
    OK(pyr_data(vm, m, &counter, &data));
    CHECK(((struct counter *)data)->total == 20);
    IS(pyr_data(vm, o, &counter, &data), PYR_E_TYPE);
    OK(pyr_data(vm, o, &other, &data));
    /* Only a real descendant has a place for the data, whatever methods a class took over. */
    RUNS(vm, "class Fake:\n    pass\nFake.__init__ = Counter.__init__\n"
             "class Full:\n    def __init__(self):\n        self.a, self.b = 1, 2\n"
             "f = Full()\nFull.__init__ = Counter.__init__\n");
    pyr_ref fake = eval(vm, "object.__new__(Fake)"), full = eval(vm, "f");
    IS(pyr_data(vm, fake, &counter, &data), PYR_E_TYPE);
    IS(pyr_data(vm, full, &counter, &data), PYR_E_TYPE);
    RUNS(vm, "assert (f.a, f.b) == (1, 2)\n");
    RAISES(vm, "Fake()", "TypeError", "object of another class");
    OK(pyr_drop(vm, fake));
    OK(pyr_drop(vm, full));
    IS(pyr_data(vm, n, &counter, &data), PYR_E_TYPE);
    IS(pyr_data(vm, c, NULL, &data), PYR_E_NULL);
    IS(pyr_data(vm, c, &counter, NULL), PYR_E_NULL);

    /* Finalizers run once, whoever asks; what was finalized has no data any more. */
    finalized = 0;
    RUNS(vm, "def work():\n    for i in range(5):\n        Counter(1)\nwork()\ngc.collect()\n");
    OK(pyr_collect(vm));
    CHECK(finalized >= 5);
    finalized = 0;
    RUNS(vm, "d = Counter(1)\nd.__del__()\n");
    IS(finalized, 1);
    RAISES(vm, "d.count()", "ValueError", "the object was finalized");
    RUNS(vm, "d.__del__()\n");
    IS(finalized, 1);
    RAISES(vm, "d.__init__(3)", "ValueError", NULL);
    pyr_ref d = eval(vm, "d");
    IS(pyr_data(vm, d, &counter, &data), PYR_E_EXCEPTION);
    CHECK(raised(vm, "ValueError", NULL));
    OK(pyr_drop(vm, d));
    RUNS(vm, "d = None\ngc.collect()\n");
    IS(finalized, 1);
    OK(pyr_pop_frame(vm));

    /* Tables that are refused. */
    struct pyr_class wrong = counter;
    const struct pyr_class *list[] = {&wrong};
    struct pyr_module module = things;
    const struct pyr_module *all[] = {&module};
    module.classes = list;
    module.n_classes = 1;
    wrong.abi_size = 3;
    IS(pyr_set_modules(vm, all, 1), PYR_E_ABI);
    wrong = counter;
    wrong.data_size = 1u << 30;
    IS(pyr_set_modules(vm, all, 1), PYR_E_RANGE);
    wrong = counter;
    wrong.name = NULL;
    IS(pyr_set_modules(vm, all, 1), PYR_E_NULL);
    static const struct pyr_native bad_getter[] = {PYR_METHOD("x", get_total, one, PYR_INT)};
    static const struct pyr_native bad_setter[] = {{"x", set_total, NULL, 0, PYR_NOTHING, PYR_BIND_SETTER}};
    struct pyr_native getter = bad_getter[0];
    getter.bind = PYR_BIND_GETTER;
    wrong = counter;
    wrong.members = &getter;
    wrong.n_members = 1;
    IS(pyr_set_modules(vm, all, 1), PYR_E_RANGE);
    wrong.members = bad_setter;
    IS(pyr_set_modules(vm, all, 1), PYR_E_RANGE);
}
