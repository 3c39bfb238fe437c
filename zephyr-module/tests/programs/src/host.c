/* host.c: the environment's variables, in the part of the program that is linked with the host's C library. */
#include <errno.h>
#include <stdlib.h>

const char *host_variable_get(void *user, const char *name) {
    (void)user;
    return getenv(name);
}

int host_variable_set(void *user, const char *name, const char *value) {
    (void)user;
    return (value != NULL ? setenv(name, value, 1) : unsetenv(name)) == 0 ? 0 : -errno;
}
