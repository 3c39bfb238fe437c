/* exceptions.c: an exception is a value that C can look at. */
#include "firmware.h"

#include <string.h>

void show_exceptions(void) {
    static const char program[] = "def read_sensor(pin):\n"
                                  "    raise OSError(19)\n"
                                  "\n"
                                  "read_sensor(4)\n";
    pyr_ref exception, args, number;
    char type[16], file[16], trace[200];
    uint32_t line;
    int32_t code;

    MUST(pyr_push_frame(vm, 4));
    int status = pyr_exec(vm, program, sizeof program - 1, "sensor.py", 0);
    MUST_HOLD(status == PYR_E_EXCEPTION);
    MUST(pyr_exception(vm, &exception));

    /* By name, subclasses included. */
    MUST_HOLD(pyr_exc_is(vm, exception, "OSError") == 1 && pyr_exc_is(vm, exception, "ValueError") == 0);
    MUST(pyr_exc_type(vm, exception, type, sizeof type, NULL));
    MUST(pyr_exc_line(vm, exception, file, sizeof file, &line));
    MUST_HOLD(strcmp(type, "OSError") == 0 && strcmp(file, "sensor.py") == 0 && line == 2);

    MUST(pyr_exc_args(vm, exception, &args));
    MUST(pyr_item(vm, args, 0, &number));
    MUST(pyr_get_int32(vm, number, &code));
    MUST_HOLD(code == 19);

    /* The whole traceback, for a log. */
    MUST(pyr_exc_traceback(vm, exception, trace, sizeof trace, NULL));
    MUST_HOLD(strstr(trace, "line 2, in read_sensor") != NULL);
    MUST(pyr_pop_frame(vm));
    say("exceptions: type, place, arguments and traceback\r\n");
}
