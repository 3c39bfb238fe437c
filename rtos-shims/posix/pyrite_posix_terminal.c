/* pyrite_posix_terminal.c: the terminal on standard input, raw or as it was. Usable without the rest of the POSIX port. */
#define _GNU_SOURCE
#include "pyrite_posix.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static atomic_int raw_now;
static struct termios terminal_before;

static void terminal_restore(void) {
    if (atomic_exchange(&raw_now, 0)) tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
}

int pyr_posix_raw(int on) {
    static int known;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return 0;
    if (!on) {
        terminal_restore();
        return 1;
    }
    if (!known) {
        tcgetattr(STDIN_FILENO, &terminal_before);
        atexit(terminal_restore);
        known = 1;
    }
    struct termios raw = terminal_before;
    raw.c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
    raw.c_oflag &= (tcflag_t)~OPOST;
    raw.c_lflag &= (tcflag_t) ~(ECHO | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    atomic_store(&raw_now, 1);
    return 1;
}

int pyr_posix_is_raw(void) { return atomic_load(&raw_now); }
