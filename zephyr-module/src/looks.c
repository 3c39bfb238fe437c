/* looks.c: copies what the kernel knows of a thread. */
#include "looks.h"

#include <string.h>

struct search {
    const struct k_thread *wanted; /* or NULL */
    size_t index, at;              /* else the one of this number */
    struct pyr_thread_look *found;
    struct k_thread bounds; /* only stack_info */
};

static void look_at(const struct k_thread *thread, void *user) {
    struct search *search = user;
    struct pyr_thread_look *found = search->found;
    k_tid_t id = (k_tid_t)thread;
    if (search->wanted != NULL ? thread != search->wanted : search->at++ != search->index) return;
    const char *name = k_thread_name_get(id);
    found->id = thread;
    if (name != NULL) strncpy(found->name, name, sizeof found->name - 1);
    found->priority = k_thread_priority_get(id);
    found->stack = (uint32_t)thread->stack_info.size;
    (void)k_thread_state_str(id, found->state, sizeof found->state);
    search->bounds.stack_info = thread->stack_info;
#ifdef CONFIG_SCHED_THREAD_USAGE
    k_thread_runtime_stats_t usage; /* asked for, not read: another processor may be adding to it */
    if (k_thread_runtime_stats_get(id, &usage) == 0) found->cycles = usage.execution_cycles;
#endif
}

static bool look(struct search *search) {
    memset(search->found, 0, sizeof *search->found);
    k_thread_foreach(look_at, search);
    if (search->found->id == NULL) return false;
#ifdef CONFIG_INIT_STACKS
    size_t unused = 0;
    if (k_thread_stack_space_get(&search->bounds, &unused) == 0) search->found->unused = (uint32_t)unused;
#endif
    return true;
}

bool pyr_look_at_thread(const struct k_thread *wanted, struct pyr_thread_look *found) {
    struct search search = {.wanted = wanted, .found = found};
    return look(&search);
}

bool pyr_look_at_nth_thread(size_t index, struct pyr_thread_look *found) {
    struct search search = {.index = index, .found = found};
    return look(&search);
}
