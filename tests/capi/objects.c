/* objects.c: attributes, items, calls, containers, comparison, types. */
#include "check.h"

static int32_t number(pyr_vm *vm, pyr_ref ref) {
    int32_t n = -12345;
    OK(pyr_get_int32(vm, ref, &n));
    return n;
}

static pyr_ref of(pyr_vm *vm, int32_t n) {
    pyr_ref ref = nobody;
    OK(pyr_new_int(vm, n, &ref));
    return ref;
}

static void attributes(pyr_vm *vm) {
    OK(pyr_push_frame(vm, 6));
    pyr_ref object, value;
    RUNS(vm, "class A:\n    x = 1\na = A()\n");
    OK(pyr_lookup(vm, "__main__", "a", &object));
    IS(pyr_hasattr(vm, object, "x"), 1);
    IS(pyr_hasattr(vm, object, "y"), 0);
    OK(pyr_setattr(vm, object, "y", of(vm, 7)));
    OK(pyr_getattr(vm, object, "y", &value));
    IS(number(vm, value), 7);
    OK(pyr_delattr(vm, object, "y"));
    IS(pyr_hasattr(vm, object, "y"), 0);
    IS(pyr_delattr(vm, object, "y"), PYR_E_EXCEPTION);
    CHECK(raised(vm, "AttributeError", NULL));
    IS(pyr_getattr(vm, object, "y", &value), PYR_E_EXCEPTION);
    IS(pyr_getattr(vm, object, NULL, &value), PYR_E_NULL);
    IS(pyr_delattr(vm, object, NULL), PYR_E_NULL);
    IS(pyr_hasattr(vm, object, NULL), PYR_E_NULL);
    IS(pyr_lookup(vm, "__main__", "nothing", &value), PYR_E_MISSING);
    IS(pyr_lookup(vm, "no_module", "x", &value), PYR_E_MISSING);
    OK(pyr_pop_frame(vm));
}

static void calls(pyr_vm *vm) {
    OK(pyr_push_frame(vm, 10));
    RUNS(vm, "def f(a, b=2, *, c=0):\n    return a * 100 + b * 10 + c\nclass B:\n    def f(self, *args, **names):\n"
                "        return len(args) * 10 + len(names)\nb = B()\n");
    pyr_ref f, b, result, args[2];
    OK(pyr_lookup(vm, "__main__", "f", &f));
    OK(pyr_lookup(vm, "__main__", "b", &b));
    args[0] = of(vm, 1);
    args[1] = of(vm, 3);
    struct pyr_keyword named[2] = {{"c", nobody}, {"b", nobody}};
    named[0].value = args[1];
    named[1].value = args[1];
    OK(pyr_call(vm, f, args, 2, named, 1, &result));
    IS(number(vm, result), 133);
    OK(pyr_call(vm, f, args, 1, named, 2, &result));
    IS(number(vm, result), 133);
    OK(pyr_call(vm, f, args, 1, NULL, 0, NULL));
    OK(pyr_call_method(vm, b, "f", args, 2, named, 1, &result));
    IS(number(vm, result), 21);
    IS(pyr_call(vm, f, NULL, 0, NULL, 0, &result), PYR_E_EXCEPTION);
    CHECK(raised(vm, "TypeError", NULL));
    IS(pyr_call(vm, f, NULL, 1, NULL, 0, &result), PYR_E_NULL);
    IS(pyr_call(vm, f, args, 1, NULL, 1, &result), PYR_E_NULL);
    IS(pyr_call(vm, f, args, 100000, NULL, 0, &result), PYR_E_RANGE);
    named[0].name = NULL;
    IS(pyr_call(vm, f, args, 1, named, 1, &result), PYR_E_NULL);
    IS(pyr_call_method(vm, b, "missing", NULL, 0, NULL, 0, &result), PYR_E_EXCEPTION);
    CHECK(raised(vm, "AttributeError", NULL));
    OK(pyr_pop_frame(vm));
}

static void containers(pyr_vm *vm) {
    OK(pyr_push_frame(vm, 20));
    pyr_ref items[3], list, tuple, set, dict, got, key, value;
    for (int i = 0; i < 3; i++) items[i] = of(vm, i * 10);
    OK(pyr_new_list(vm, items, 3, &list));
    OK(pyr_new_tuple(vm, items, 3, &tuple));
    OK(pyr_new_set(vm, items, 3, &set));
    OK(pyr_new_dict(vm, &dict));
    IS(pyr_len(vm, set), 3);
    OK(pyr_item(vm, list, 2, &got));
    IS(number(vm, got), 20);
    OK(pyr_item(vm, tuple, 1, &got));
    IS(number(vm, got), 10);
    IS(pyr_item(vm, tuple, 3, &got), PYR_E_RANGE);
    IS(pyr_item(vm, dict, 0, &got), PYR_E_TYPE);
    IS(pyr_contains(vm, set, items[1]), 1);
    IS(pyr_contains(vm, set, dict), PYR_E_EXCEPTION);
    CHECK(raised(vm, "TypeError", NULL));
    IS(pyr_contains(vm, list, dict), 0);
    OK(pyr_setitem(vm, dict, items[0], items[1]));
    OK(pyr_setitem(vm, dict, items[1], items[2]));
    uint32_t cursor = 0;
    int sum = 0, count = 0;
    for (;;) {
        OK(pyr_push_frame(vm, 2));
        int more = pyr_dict_next(vm, dict, &cursor, &key, &value);
        if (more == 1) {
            sum += number(vm, key) + number(vm, value);
            count++;
        }
        OK(pyr_pop_frame(vm));
        if (more != 1) {
            IS(more, 0);
            break;
        }
    }
    IS(count, 2);
    IS(sum, 0 + 10 + 10 + 20);
    OK(pyr_delitem(vm, dict, items[0]));
    IS(pyr_delitem(vm, dict, items[0]), PYR_E_EXCEPTION);
    CHECK(raised(vm, "KeyError", "0"));
    IS(pyr_dict_next(vm, list, &cursor, &key, &value), PYR_E_TYPE);
    IS(pyr_dict_next(vm, dict, NULL, &key, &value), PYR_E_NULL);
    IS(pyr_len(vm, dict), 1);
    IS(pyr_len(vm, items[0]), PYR_E_EXCEPTION);
    IS(pyr_new_set(vm, &dict, 1, &set), PYR_E_EXCEPTION);
    CHECK(raised(vm, "TypeError", NULL));
    OK(pyr_new_set(vm, NULL, 0, &set));
    IS(pyr_new_set(vm, NULL, 1, &set), PYR_E_NULL);
    OK(pyr_iter(vm, tuple, &got));
    for (int i = 0; i < 3; i++) {
        IS(pyr_next(vm, got, &value), 1);
        IS(number(vm, value), i * 10);
        OK(pyr_drop(vm, value));
    }
    IS(pyr_next(vm, got, &value), 0);
    OK(pyr_pop_frame(vm));
}

static void comparison(pyr_vm *vm) {
    OK(pyr_push_frame(vm, 8));
    pyr_ref one = of(vm, 1), two = of(vm, 2), text;
    OK(pyr_new_str(vm, "a", 1, &text));
    IS(pyr_compare(vm, one, two, PYR_LT), 1);
    IS(pyr_compare(vm, one, two, PYR_LE), 1);
    IS(pyr_compare(vm, one, two, PYR_EQ), 0);
    IS(pyr_compare(vm, one, two, PYR_NE), 1);
    IS(pyr_compare(vm, one, two, PYR_GT), 0);
    IS(pyr_compare(vm, two, one, PYR_GE), 1);
    IS(pyr_compare(vm, one, two, 6), PYR_E_RANGE);
    IS(pyr_compare(vm, one, two, -1), PYR_E_RANGE);
    IS(pyr_compare(vm, one, text, PYR_EQ), 0);
    IS(pyr_compare(vm, one, text, PYR_LT), PYR_E_EXCEPTION);
    CHECK(raised(vm, "TypeError", NULL));
    IS(pyr_is(vm, one, one), 1);
    IS(pyr_is(vm, one, two), 0);
    IS(pyr_is(vm, one, nobody), PYR_E_REF);
    OK(pyr_pop_frame(vm));
}

static void types(pyr_vm *vm) {
    static const struct {
        const char *source;
        int kind;
    } kinds[] = {
        {"None", PYR_IS_NONE},          {"True", PYR_IS_BOOL},       {"5", PYR_IS_INT},
        {"10**30", PYR_IS_INT},         {"1.5", PYR_IS_FLOAT},       {"'x'", PYR_IS_STR},
        {"b'x'", PYR_IS_BYTES},         {"bytearray(1)", PYR_IS_BYTEARRAY}, {"(1,)", PYR_IS_TUPLE},
        {"[]", PYR_IS_LIST},            {"{}", PYR_IS_DICT},         {"{1}", PYR_IS_SET},
        {"frozenset()", PYR_IS_SET},    {"memoryview(b'x')", PYR_IS_BUFFER}, {"print", PYR_IS_OTHER},
        {"type('D', (dict,), {})()", PYR_IS_DICT}, {"object()", PYR_IS_OTHER},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        pyr_ref object = eval(vm, kinds[i].source);
        IS(pyr_kind(vm, object), kinds[i].kind);
        OK(pyr_drop(vm, object));
    }
    OK(pyr_push_frame(vm, 8));
    pyr_ref number = of(vm, 1), type, both = eval(vm, "(str, int)"), mixed = eval(vm, "(str, 1)");
    OK(pyr_type(vm, number, &type));
    IS(pyr_isinstance(vm, number, type), 1);
    IS(pyr_isinstance(vm, type, type), 0);
    IS(pyr_isinstance(vm, number, both), 1);
    IS(pyr_isinstance(vm, type, both), 0);
    IS(pyr_isinstance(vm, number, number), PYR_E_TYPE);
    IS(pyr_isinstance(vm, number, mixed), PYR_E_TYPE);
    OK(pyr_pop_frame(vm));
}

static void programs(pyr_vm *vm) {
    OK(pyr_push_frame(vm, 4));
    pyr_ref got;
    IS(pyr_eval(vm, "1 +", 3, "e", &got), PYR_E_EXCEPTION);
    CHECK(raised(vm, "SyntaxError", NULL));
    IS(pyr_eval(vm, "x = 1", 5, "e", &got), PYR_E_EXCEPTION);
    IS(pyr_eval(vm, NULL, 5, "e", &got), PYR_E_NULL);
    IS(pyr_eval(vm, "1", 1, NULL, &got), PYR_E_NULL);
    IS(pyr_eval(vm, "1", 1, "e", NULL), PYR_E_NULL);
    RUNS(vm, "import sys\n");
    got = eval(vm, "sys.implementation.name");
    char text[20];
    OK(pyr_get_str(vm, got, text, sizeof text, NULL));
    CHECK(strcmp(text, "micropython") == 0);
    IS(pyr_run_module(vm, "no_such_module"), PYR_E_EXCEPTION);
    CHECK(raised(vm, "ImportError", "no module named 'no_such_module'"));
    IS(pyr_run_module(vm, NULL), PYR_E_NULL);
    IS(pyr_run_file(vm, "/no/such/file.py"), PYR_E_EXCEPTION);
    CHECK(raised(vm, "OSError", NULL));
    OK(pyr_pop_frame(vm));
}

void test_objects(pyr_vm *vm) {
    attributes(vm);
    calls(vm);
    containers(vm);
    comparison(vm);
    types(vm);
    programs(vm);
}
