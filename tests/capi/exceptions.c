/* exceptions.c: exceptions as values, and raising them. */
#include "check.h"

void test_exceptions(pyr_vm *vm) {
    OK(pyr_push_frame(vm, 10));
    pyr_ref e, args, item, class_of_it;
    char text[400];
    IS(pyr_exception(vm, &e), PYR_E_MISSING);
    IS(exec(vm, "def f(n):\n    raise ValueError('bad', n)\n\nf(3)\n"), PYR_E_EXCEPTION);
    OK(pyr_exception(vm, &e));
    IS(pyr_exception(vm, &args), PYR_E_MISSING);
    OK(pyr_exc_args(vm, e, &args));
    IS(pyr_len(vm, args), 2);
    OK(pyr_item(vm, args, 1, &item));
    int32_t n = 0;
    OK(pyr_get_int32(vm, item, &n));
    IS(n, 3);
    IS(pyr_exc_is(vm, e, "ValueError"), 1);
    IS(pyr_exc_is(vm, e, "Exception"), 1);
    IS(pyr_exc_is(vm, e, "OSError"), 0);
    IS(pyr_exc_is(vm, e, "NoSuchError"), PYR_E_MISSING);
    IS(pyr_exc_is(vm, e, NULL), PYR_E_NULL);
    IS(pyr_exc_is(vm, args, "OSError"), PYR_E_TYPE);
    IS(pyr_exc_args(vm, args, &item), PYR_E_TYPE);
    IS(pyr_exc_type(vm, args, text, sizeof text, NULL), PYR_E_TYPE);
    OK(pyr_exc_traceback(vm, e, text, sizeof text, NULL));
    CHECK(strstr(text, "line 4") != NULL && strstr(text, "line 2, in f") != NULL);
    OK(pyr_exc_type(vm, e, text, 5, NULL));
    CHECK(strcmp(text, "Valu") == 0);
    uint32_t line = 0;
    OK(pyr_exc_line(vm, e, text, sizeof text, &line));
    CHECK(line == 2 && strcmp(text, "test.py") == 0);
    IS(pyr_exc_line(vm, e, NULL, 0, NULL), PYR_E_NULL);

    /* Raised by C: it waits as one of Python's does. */
    IS(pyr_raise(vm, "ValueError", "from C"), PYR_E_EXCEPTION);
    CHECK(raised(vm, "ValueError", "from C"));
    IS(pyr_raise(vm, "KeyError", NULL), PYR_E_EXCEPTION);
    CHECK(raised(vm, "KeyError", ""));
    IS(pyr_raise(vm, "NoSuchError", NULL), PYR_E_MISSING);
    IS(pyr_raise(vm, "print", NULL), PYR_E_TYPE);
    IS(pyr_raise(vm, "int", NULL), PYR_E_TYPE);
    IS(pyr_raise(vm, NULL, NULL), PYR_E_NULL);
    IS(pyr_raise(vm, "ValueError", "\xff"), PYR_E_RANGE);
    IS(pyr_exception(vm, &args), PYR_E_MISSING);
    IS(pyr_raise_errno(vm, 5), PYR_E_EXCEPTION);
    OK(pyr_exception(vm, &args));
    IS(pyr_exc_is(vm, args, "OSError"), 1);
    OK(pyr_getattr(vm, args, "errno", &item));
    OK(pyr_get_int32(vm, item, &n));
    IS(n, 5);
    IS(pyr_raise_object(vm, e), PYR_E_EXCEPTION);
    OK(pyr_drop(vm, e));
    OK(pyr_exception(vm, &e));
    OK(pyr_exc_message(vm, e, text, sizeof text, NULL));
    CHECK(strcmp(text, "('bad', 3)") == 0);
    OK(pyr_type(vm, e, &class_of_it));
    IS(pyr_raise_object(vm, class_of_it), PYR_E_EXCEPTION);
    CHECK(raised(vm, "ValueError", ""));
    IS(pyr_raise_object(vm, item), PYR_E_TYPE);
    IS(pyr_raise_object(vm, nobody), PYR_E_REF);
    OK(pyr_pop_frame(vm));

    int status = 7;
    IS(exec(vm, "raise SystemExit(5)"), PYR_E_EXCEPTION);
    OK(pyr_exception(vm, &e));
    IS(pyr_exc_exit(vm, e, &status), 1);
    IS(status, 5);
    IS(pyr_exc_exit(vm, e, NULL), PYR_E_NULL);
    for (status = 0; status >= -14; status--) CHECK(strcmp(pyr_strerror(status), "unknown status") != 0);
    CHECK(strcmp(pyr_strerror(-15), "unknown status") == 0);
    CHECK(strcmp(pyr_strerror(3), "no error") == 0);
}
