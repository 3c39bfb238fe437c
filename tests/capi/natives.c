/* natives.c: modules and functions in C, their arguments and their errors. */
#include "check.h"

#define NATIVE(name) static int name(pyr_vm *vm, void *self, const pyr_arg *args, pyr_arg *result)
#define UNUSED (void)vm, (void)self, (void)args, (void)result

static int user_data = 42;

NATIVE(add) {
    UNUSED;
    result->i32 = args[0].i32 + args[1].i32;
    return PYR_OK;
}

NATIVE(widths) {
    UNUSED;
    CHECK(args[0].i32 == 1 && args[1].u32 == 4000000000u && args[2].i64 == -5000000000 && args[3].u64 == UINT64_MAX);
    CHECK(args[4].real == 2.5 && args[5].i32 == 1);
    result->u64 = args[3].u64;
    return PYR_OK;
}

NATIVE(shout) {
    static char text[40];
    UNUSED;
    size_t len = args[0].bytes.len < sizeof text ? args[0].bytes.len : sizeof text;
    memcpy(text, args[0].bytes.data, len);
    for (size_t i = 0; i < len; i++)
        if (text[i] >= 'a' && text[i] <= 'z') text[i] = (char)(text[i] - 32);
    result->bytes.data = text;
    result->bytes.len = len;
    return PYR_OK;
}

NATIVE(bad_text) {
    static char text[] = "\xff";
    UNUSED;
    result->bytes.data = text;
    result->bytes.len = 1;
    return PYR_OK;
}

NATIVE(fill) {
    UNUSED;
    memset(args[0].bytes.data, args[1].i32, args[0].bytes.len);
    result->u32 = (uint32_t)args[0].bytes.len;
    /* While this runs, Python cannot resize what it was given. */
    if (args[1].i32 == 1) RAISES(vm, "target.append(0)", "BufferError", NULL);
    return PYR_OK;
}

NATIVE(optional) {
    UNUSED;
    CHECK(args[1].bytes.data == NULL && args[1].bytes.len == 0);
    CHECK(args[2].object.bits == 0);
    CHECK(args[3].real == 7.0);
    result->i64 = args[0].i64;
    return PYR_OK;
}

NATIVE(call_back) {
    UNUSED;
    pyr_ref argument;
    OK(pyr_new_int(vm, 20, &argument));
    return pyr_call(vm, args[0].object, &argument, 1, NULL, 0, &result->object);
}

NATIVE(count) {
    UNUSED;
    result->i32 = pyr_len(vm, args[1].object);
    return result->i32;
}

NATIVE(user) {
    UNUSED;
    result->i32 = *(int *)self;
    return PYR_OK;
}

NATIVE(fail) {
    UNUSED;
    switch (args[0].i32) {
    case 1: return pyr_raise(vm, "KeyError", "no such pin");
    case 2: return pyr_raise_errno(vm, 19);
    case 3: return PYR_E_EXCEPTION; /* without one */
    case 4: {
        pyr_ref none = {0};
        result->object = none;
        result->object.bits = 99;
        return PYR_OK;
    }
    case 5: return pyr_push_frame(vm, 0);
    case 6: return pyr_unlock(vm);
    case 7: {
        static pyr_entry entry;
        return pyr_enter(vm, &entry, 0);
    }
    case 8: return pyr_pop_frame(vm) == PYR_E_NESTING ? PYR_OK : PYR_E_NESTING;
    case 9: /* an exception that was dealt with is over */
        IS(exec(vm, "1 / 0"), PYR_E_EXCEPTION);
        return PYR_OK;
    case 10: return exec(vm, "1 / 0");
    case 11: return pyr_unlock(vm) == PYR_OK ? pyr_lock(vm) : PYR_E_NESTING;
    }
    return args[0].i32;
}

NATIVE(many_references) {
    UNUSED;
    for (int i = 0; i < 100; i++)
        if (pyr_new_int(vm, i, &result->object) < 0) return PYR_E_MEMORY;
    return PYR_OK;
}

static const struct pyr_param two[] = {PYR_PARAM("a", PYR_INT), PYR_PARAM_OR("b", PYR_INT, 100)};
static const struct pyr_param six[] = {PYR_PARAM("a", PYR_INT),    PYR_PARAM("b", PYR_UINT),  PYR_PARAM("c", PYR_INT64),
                                       PYR_PARAM("d", PYR_UINT64), PYR_PARAM("e", PYR_FLOAT), PYR_PARAM("f", PYR_BOOL)};
static const struct pyr_param one_text[] = {PYR_PARAM("text", PYR_STR)};
static const struct pyr_param fill_params[] = {PYR_PARAM("into", PYR_BUFFER), PYR_PARAM_KEYWORD("value", PYR_INT, 7)};
static const struct pyr_param optional_params[] = {PYR_PARAM_OR("a", PYR_INT64, -3), PYR_PARAM_OR_NONE("b", PYR_BYTES),
                                                   PYR_PARAM_OR("c", PYR_OBJECT, 0), PYR_PARAM_KEYWORD("d", PYR_FLOAT, 7)};
static const struct pyr_param one_object[] = {PYR_PARAM(NULL, PYR_OBJECT)};
static const struct pyr_param rest_params[] = {PYR_PARAM(NULL, PYR_INT), PYR_PARAM(NULL, PYR_REST)};
static const struct pyr_param one_int[] = {PYR_PARAM("n", PYR_INT)};
static const struct pyr_param one_bytes[] = {PYR_PARAM("data", PYR_BYTES)};

static const struct pyr_native functions[] = {
    PYR_FUNCTION("add", add, two, PYR_INT),
    PYR_FUNCTION("widths", widths, six, PYR_UINT64),
    PYR_FUNCTION("shout", shout, one_text, PYR_STR),
    PYR_FUNCTION("raw", shout, one_bytes, PYR_BYTES),
    PYR_FUNCTION_0("bad_text", bad_text, PYR_STR),
    PYR_FUNCTION("fill", fill, fill_params, PYR_UINT),
    PYR_FUNCTION("optional", optional, optional_params, PYR_INT64),
    PYR_FUNCTION("call_back", call_back, one_object, PYR_OBJECT),
    PYR_FUNCTION("count", count, rest_params, PYR_INT),
    PYR_FUNCTION_0("user", user, PYR_INT),
    PYR_FUNCTION("fail", fail, one_int, PYR_OBJECT),
    PYR_FUNCTION_0("many_references", many_references, PYR_OBJECT),
};

static const struct pyr_constant constants[] = {PYR_CONSTANT("LIMIT", -7), PYR_CONSTANT_STR("UNIT", "mV")};

static int init(pyr_vm *vm, void *user, pyr_ref module) {
    pyr_ref value;
    CHECK(user == &user_data);
    OK(pyr_new_int(vm, 99, &value));
    return pyr_setattr(vm, module, "made", value);
}
static int init_fails(pyr_vm *vm, void *user, pyr_ref module) {
    (void)user, (void)module;
    return pyr_raise(vm, "OSError", "no hardware");
}

static const struct pyr_class *const no_classes[] = {NULL};
static const struct pyr_module board = {sizeof(struct pyr_module), PYR_COUNT(functions), PYR_COUNT(constants), "board",
                                        functions, constants, NULL, 0, init, &user_data};
static const struct pyr_module broken = {sizeof(struct pyr_module), 0, 0, "broken", NULL, NULL, NULL, 0, init_fails, NULL};
static const struct pyr_module plain = PYR_MODULE("plain", functions);
static const struct pyr_module *const modules[] = {&board, &broken, &plain};

static void arguments(pyr_vm *vm) {
    RUNS(vm, "import board\n"
                "assert board.add(2, 3) == 5 and board.add(2) == 102 and board.add(b=1, a=2) == 3\n"
                "assert board.add(1 << 30, 1 << 29) == 0x60000000\n"
                "assert board.widths(1, 4000000000, -5000000000, 2**64-1, 2.5, [0]) == 2**64-1\n"
                "assert board.widths(1, d=2**64-1, c=-5000000000, b=4000000000, f='x', e=2.5) == 2**64-1\n"
                "assert board.shout('abc') == 'ABC' and board.shout(text='') == ''\n"
                "assert board.raw(b'abc') == b'ABC' and board.raw(memoryview(b'xabc')[1:]) == b'ABC'\n"
                "target = bytearray(3)\n"
                "assert board.fill(target) == 3 and target == b'\\7\\7\\7'\n"
                "assert board.fill(target, value=1) == 3 and target == b'\\1\\1\\1'\n"
                "target.append(2)\n"
                "assert board.optional() == -3 and board.optional(5, None) == 5\n"
                "assert board.call_back(lambda n: n + 1) == 21\n"
                "assert board.count(0) == 0 and board.count(0, 1, 2, 3) == 3\n"
                "assert board.LIMIT == -7 and board.UNIT == 'mV' and board.made == 99\n"
                "assert board.user() == 42 and board.__name__ == 'board'\n"
                "assert list(map(board.add, [1, 2], [3, 4])) == [4, 6]\n"
                "assert callable(board.add) and 'add' in dir(board)\n");
    RAISES(vm, "board.add()", "TypeError", "function missing required argument 'a'");
    RAISES(vm, "board.add(1, 2, 3)", "TypeError", "function expected at most 2 arguments, got 3");
    RAISES(vm, "board.add(1, c=3)", "TypeError", NULL);
    RAISES(vm, "board.add(1, 2, a=3)", "TypeError", NULL);
    RAISES(vm, "board.add('1')", "TypeError", "can't convert str to int");
    RAISES(vm, "board.add(1 << 31)", "OverflowError", NULL);
    RAISES(vm, "board.widths(1, -1, 1, 1, 1, 1)", "OverflowError", NULL);
    RAISES(vm, "board.widths(1, 1, 1 << 63, 1, 1, 1)", "OverflowError", NULL);
    RAISES(vm, "board.widths(1, 1, 1, 1 << 64, 1, 1)", "OverflowError", NULL);
    RAISES(vm, "board.widths(1, 1, 1, 1, 'x', 1)", "TypeError", "can't convert str to float");
    RAISES(vm, "board.shout(b'x')", "TypeError", "can't convert bytes to str");
    RAISES(vm, "board.shout(5)", "TypeError", NULL);
    RAISES(vm, "board.raw('x')", "TypeError", "object with buffer protocol required");
    RAISES(vm, "board.fill(b'x')", "TypeError", "a writable buffer is required");
    RAISES(vm, "board.fill(bytearray(1), 5)", "TypeError", NULL);
    RAISES(vm, "board.bad_text()", "UnicodeError", NULL);
    RAISES(vm, "board.call_back(lambda: 1)", "TypeError", NULL);
    RAISES(vm, "board.call_back(lambda n: n // 0)", "ZeroDivisionError", NULL);
    RAISES(vm, "board.count()", "TypeError", NULL);
}

static void errors(pyr_vm *vm) {
    static const struct {
        int status;
        const char *type;
    } rows[] = {
        {PYR_E_TYPE, "TypeError"},      {PYR_E_RANGE, "ValueError"},    {PYR_E_FORMAT, "ValueError"},
        {PYR_E_MISSING, "LookupError"}, {PYR_E_MEMORY, "MemoryError"},  {PYR_E_TIMEOUT, "TimeoutError"},
        {PYR_E_NULL, "RuntimeError"},   {PYR_E_NESTING, "RuntimeError"}, {-99, "RuntimeError"},
        {1, "KeyError"},                {2, "OSError"},                 {3, "RuntimeError"},
        {4, "RuntimeError"},            {5, "RuntimeError"},            {6, "RuntimeError"},
        {7, "RuntimeError"},            {10, "ZeroDivisionError"},
    };
    char source[40];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(source, sizeof source, "board.fail(%d)", rows[i].status);
        IS(exec(vm, source), PYR_E_EXCEPTION);
        CHECK(raised(vm, rows[i].type, NULL));
    }
    RUNS(vm, "assert board.fail(8) is None and board.fail(9) is None and board.fail(11) is None\n"
                "try:\n    board.fail(1)\nexcept KeyError as e:\n    assert e.args == ('no such pin',)\n"
                "try:\n    board.fail(2)\nexcept OSError as e:\n    assert e.errno == 19\n");
    RAISES(vm, "board.many_references()", "MemoryError", NULL);
    for (int i = 0; i < 100; i++) RUNS(vm, "board.call_back(lambda n: n)");
    RAISES(vm, "import broken", "OSError", "no hardware");
    RAISES(vm, "import broken", "OSError", "no hardware");
    /* A limit of the outer call holds while natives call back, and their calls do not end it. */
    OK(pyr_set_limits(vm, 2000, 0));
    IS(exec(vm, "while True:\n    board.call_back(lambda n: n)\n"), PYR_E_EXCEPTION);
    CHECK(raised(vm, "TimeoutError", NULL));
    OK(pyr_set_limits(vm, 0, 0));
}

/* Natives on Python's own threads: they have entered the VM as if by pyr_enter, and may unlock it. */
static void threads(pyr_vm *vm) {
    RUNS(vm, "import _thread, time\n"
             "done = []\n"
             "def work(n):\n"
             "    for i in range(20):\n"
             "        assert board.call_back(lambda k: k + n) == 20 + n\n"
             "        assert board.fail(11) is None\n"
             "    for i in (6, 5):\n"
             "        try:\n"
             "            board.fail(i)\n"
             "        except RuntimeError:\n"
             "            done.append(n)\n"
             "for n in range(3):\n"
             "    _thread.start_new_thread(work, (n,))\n"
             "end = time.ticks_add(time.ticks_ms(), 5000)\n"
             "while len(done) < 6 and time.ticks_diff(end, time.ticks_ms()) > 0:\n"
             "    time.sleep_ms(1)\n"
             "assert sorted(done) == [0, 0, 1, 1, 2, 2], done\n");
}

static void function_objects(pyr_vm *vm) {
    static int mine = 17;
    pyr_ref f, result;
    OK(pyr_push_frame(vm, 4));
    OK(pyr_new_function(vm, &functions[9], &mine, &f));
    OK(pyr_call(vm, f, NULL, 0, NULL, 0, &result));
    int32_t n = 0;
    OK(pyr_get_int32(vm, result, &n));
    IS(n, 17);
    IS(pyr_new_function(vm, NULL, NULL, &f), PYR_E_NULL);
    IS(pyr_new_function(vm, &functions[9], NULL, NULL), PYR_E_NULL);
    static const struct pyr_native method = PYR_METHOD_0("m", user, PYR_INT);
    IS(pyr_new_function(vm, &method, NULL, &f), PYR_E_RANGE);
    OK(pyr_pop_frame(vm));
}

/* What the check of tables refuses. */
static void tables(pyr_vm *vm) {
    static const struct pyr_param after[] = {PYR_PARAM_OR("a", PYR_INT, 1), PYR_PARAM("b", PYR_INT)};
    static const struct pyr_param kind[] = {PYR_PARAM("a", 77)};
    static const struct pyr_param flags[] = {{"a", 0, PYR_INT, 128}};
    static const struct pyr_param rest_first[] = {PYR_PARAM(NULL, PYR_REST), PYR_PARAM("a", PYR_INT)};
    static const struct pyr_param self_here[] = {PYR_PARAM(NULL, PYR_SELF)};
    static const struct pyr_param nameless[] = {PYR_PARAM_KEYWORD(NULL, PYR_INT, 0)};
    static const struct pyr_param thirteen[13] = {PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT),
        PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT),
        PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT),
        PYR_PARAM("a", PYR_INT), PYR_PARAM("a", PYR_INT)};
    static const struct {
        struct pyr_native native;
        int status;
    } wrong[] = {
        {PYR_FUNCTION("f", add, after, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION("f", add, kind, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION("f", add, flags, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION("f", add, rest_first, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION("f", add, self_here, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION("f", add, nameless, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION("f", add, thirteen, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION_0("f", add, PYR_BUFFER), PYR_E_RANGE},
        {PYR_FUNCTION_0("f", add, PYR_REST), PYR_E_RANGE},
        {PYR_METHOD_0("f", add, PYR_INT), PYR_E_RANGE},
        {PYR_FUNCTION_0(NULL, add, PYR_INT), PYR_E_NULL},
        {PYR_FUNCTION_0("f", NULL, PYR_INT), PYR_E_NULL},
        {{"f", add, NULL, 1, PYR_INT, PYR_BIND_FUNCTION}, PYR_E_NULL},
        {{"f", add, NULL, 0, PYR_INT, 9}, PYR_E_RANGE},
    };
    pyr_ref f;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct pyr_module module = {sizeof(struct pyr_module), 1, 0, "m", &wrong[i].native, NULL, NULL, 0, NULL, NULL};
        const struct pyr_module *list[] = {&module};
        IS(pyr_set_modules(vm, list, 1), wrong[i].status);
        IS(pyr_new_function(vm, &wrong[i].native, NULL, &f), wrong[i].status);
    }
    struct pyr_module module = board;
    const struct pyr_module *list[] = {&module, NULL};
    module.abi_size--;
    IS(pyr_set_modules(vm, list, 1), PYR_E_ABI);
    module = board;
    IS(pyr_set_modules(vm, list, 2), PYR_E_NULL);
    module.name = NULL;
    IS(pyr_set_modules(vm, list, 1), PYR_E_NULL);
    module = board;
    module.functions = NULL;
    IS(pyr_set_modules(vm, list, 1), PYR_E_NULL);
    module = board;
    module.classes = no_classes;
    module.n_classes = 1;
    IS(pyr_set_modules(vm, list, 1), PYR_E_NULL);
    IS(pyr_set_modules(vm, NULL, 1), PYR_E_NULL);
    /* What was set before is still there. */
    RUNS(vm, "import plain\nassert plain.add(1, 2) == 3\n");
    OK(pyr_set_modules(vm, NULL, 0));
    RAISES(vm, "import sys\ndel sys.modules['plain']\nimport plain", "ImportError", NULL);
}

void test_natives(pyr_vm *vm) {
    RAISES(vm, "import board", "ImportError", "no module named 'board'");
    OK(pyr_set_modules(vm, modules, PYR_COUNT(modules)));
    arguments(vm);
    errors(vm);
    threads(vm);
    function_objects(vm);
    tables(vm);
}
