/* queues.c: two VMs and C pass messages. Each VM has a heap of its own; the queues lie beside them, in memory of the firmware. */
#include "firmware.h"

#include <string.h>

static uint8_t worker_memory[24 * 1024] __attribute__((aligned(8)));
static uint8_t jobs_memory[512] __attribute__((aligned(8))), results_memory[512] __attribute__((aligned(8)));
static pyr_queue *jobs, *results;

/* The program of the second VM: it waits for jobs, and ends with the one that is None. */
static const char worker[] = "def work():\n"
                             "    for job in jobs:\n"
                             "        if job is None:\n"
                             "            return\n"
                             "        results.put({'name': job[0], 'sum': sum(job[1])})\n";

/* Gives a program a queue, as a global. */
static void give(pyr_vm *to, const char *name, pyr_queue *queue) {
    pyr_ref module, object;
    MUST(pyr_push_frame(to, 2));
    MUST(pyr_import(to, "__main__", 8, &module));
    MUST(pyr_queue_object(to, queue, &object));
    MUST(pyr_setattr(to, module, name, object));
    MUST(pyr_pop_frame(to));
}

void show_queues(void) {
    struct pyr_queue_config config = {.abi_size = sizeof config, .messages = 4, .bytes = 120};
    struct pyr_queue_info info = {.abi_size = sizeof info};
    struct pyr_item items[6];
    char text[16];
    pyr_vm *second;
    pyr_entry entry;
    static const char work[] = "work()\n";

    MUST(pyr_queue_create(jobs_memory, sizeof jobs_memory, &firmware_port, &config, &jobs));
    MUST(pyr_queue_create(results_memory, sizeof results_memory, &firmware_port, &config, &results));
    MUST(pyr_open(worker_memory, sizeof worker_memory, &firmware_port, NULL, &second));
    MUST(pyr_enter(second, &entry, PYR_FOREVER_MS));
    give(second, "jobs", jobs);
    give(second, "results", results);
    MUST(pyr_exec(second, worker, sizeof worker - 1, "worker.py", 0));

    /* The first VM sends: values are copied, nothing is shared. */
    give(vm, "jobs", jobs);
    run("jobs.put(('python', [1, 2, 3]))\nassert jobs.qsize() == 1\n");
    /* C sends the same: a tuple of a text and a list. An interrupt may, too. */
    items[0] = pyr_item_of(PYR_IS_TUPLE, 2);
    items[1] = pyr_item_data(PYR_IS_STR, "c", 1);
    items[2] = pyr_item_of(PYR_IS_LIST, 2);
    items[3] = pyr_item_int(20);
    items[4] = pyr_item_int(22);
    MUST(pyr_queue_send(jobs, items, 5, 1000));
    items[0] = pyr_item_of(PYR_IS_NONE, 0);
    MUST(pyr_queue_send(jobs, items, 1, 1000));

    /* The second VM works, here in the same task; usually in one of its own. */
    MUST(pyr_exec(second, work, sizeof work - 1, "worker.py", 0));
    MUST(pyr_leave(second, &entry));
    MUST(pyr_close(second)); /* what it has sent is not lost with it */

    give(vm, "results", results);
    run("assert results.get() == {'name': 'python', 'sum': 6}\n");
    MUST_HOLD(pyr_queue_receive(results, items, 6, text, sizeof text, 1000) == 5);
    MUST_HOLD(items[0].kind == PYR_IS_DICT && items[0].len == 2);
    MUST_HOLD(strcmp(items[1].of.data, "name") == 0 && strcmp(items[2].of.data, "c") == 0);
    say_number("queues: the second VM says ", (int32_t)items[4].of.number);

    /* Full is an answer, and counted. */
    items[0] = pyr_item_int(0);
    for (int i = 0; i < 4; i++) MUST(pyr_queue_send(jobs, items, 1, 0));
    MUST_HOLD(pyr_queue_send(jobs, items, 1, 0) == PYR_E_TIMEOUT);
    run("try:\n    jobs.put(0, timeout=0)\n    raise AssertionError\nexcept TimeoutError:\n    pass\n");
    MUST(pyr_queue_state(jobs, &info));
    MUST_HOLD(info.messages == 4 && info.refused == 2);
    run("del jobs, results\n");
    MUST(pyr_queue_end(jobs));
    MUST(pyr_queue_end(results));
}
