/* span.c: a QEMU plugin that counts guest instructions from a function's entry to its exits.
 *
 * Arguments: entry=ADDRESS, exit=ADDRESS (repeated), out=FILE. At QEMU's end the file holds how often the function ran,
 * and the instructions of its longest and of all runs. What the function calls counts; interrupts count too.
 * Declarations by hand: Debian ships QEMU without its plugin header (interface version 1).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;
typedef void (*on_translation)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*on_execution)(unsigned cpu, void *data);
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, on_translation);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
extern void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int op, void *ptr, uint64_t imm);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, on_execution, int flags, void *data);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);

EXPORT int qemu_plugin_version = 1;

enum { ADD_U64 = 0, NO_REGISTERS = 0, EXITS = 64 };

static uint64_t entry, exits[EXITS], count, start, runs, longest, total;
static int exit_count, inside;
static const char *out;

static void enters(unsigned cpu, void *data) {
    (void)cpu, (void)data;
    start = count;
    inside = 1;
}

static void leaves(unsigned cpu, void *data) {
    (void)cpu, (void)data;
    if (!inside) return; /* a conditional exit that was passed by, or the second half of one */
    uint64_t length = count - start + 1;
    inside = 0;
    runs++;
    total += length;
    if (length > longest) longest = length;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint64_t at = qemu_plugin_insn_vaddr(insn);
        if (at == entry) qemu_plugin_register_vcpu_insn_exec_cb(insn, enters, NO_REGISTERS, NULL);
        for (int e = 0; e < exit_count; e++)
            if (at == exits[e]) qemu_plugin_register_vcpu_insn_exec_cb(insn, leaves, NO_REGISTERS, NULL);
        qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD_U64, &count, 1);
    }
}

static void ends(qemu_plugin_id_t id, void *data) {
    (void)id, (void)data;
    FILE *file = fopen(out, "w");
    if (file == NULL) return;
    fprintf(file, "%llu %llu %llu\n", (unsigned long long)runs, (unsigned long long)longest, (unsigned long long)total);
    fclose(file);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (!strncmp(argv[i], "entry=", 6)) entry = strtoull(argv[i] + 6, NULL, 0);
        else if (!strncmp(argv[i], "exit=", 5) && exit_count < EXITS) exits[exit_count++] = strtoull(argv[i] + 5, NULL, 0);
        else if (!strncmp(argv[i], "out=", 4)) out = argv[i] + 4;
    }
    if (entry == 0 || exit_count == 0 || out == NULL) return -1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ends, NULL);
    return 0;
}
