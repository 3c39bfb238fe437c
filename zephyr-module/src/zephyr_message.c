/* zephyr_message.c: zephyr.Message, a message queue of the kernel's that C threads and Python share.
 *
 * C names it (pyrite_zephyr.h): K_MSGQ_DEFINE(orders, 8, 10, 4); PYR_ZEPHYR_MESSAGE(orders);
 * Messages have all the same length and are copied. A message that was taken is not lost: the room for it is made before.
 */
#include "zephyr_parts.h"

#include <zephyr/sys/printk.h>

#include <string.h>

struct queue {
    struct k_msgq *msgq;
};

/* What an attempt needs. */
struct transfer {
    struct k_msgq *msgq;
    void *bytes;
};

static int try_put(void *what, k_timeout_t timeout) {
    struct transfer *transfer = what;
    return k_msgq_put(transfer->msgq, transfer->bytes, timeout);
}

static int try_get(void *what, k_timeout_t timeout) {
    struct transfer *transfer = what;
    return k_msgq_get(transfer->msgq, transfer->bytes, timeout);
}

static int queue_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    char name[PYR_NAME_MAX];
    int status = pyr_zephyr_name(vm, &args[0], "message queue", name);
    if (status < 0) return status;
    STRUCT_SECTION_FOREACH(pyr_zephyr_message, known) {
        if (strcmp(known->name, name) == 0) {
            ((struct queue *)self)->msgq = known->msgq;
            return PYR_OK;
        }
    }
    return pyr_zephyr_raise(vm, "ValueError", "no such message queue", name);
}

static int made(pyr_vm *vm, const struct queue *queue) {
    return queue->msgq == NULL ? pyr_raise(vm, "ValueError", "the queue was not made") : PYR_OK;
}

/* made, and `len` is that of a message. */
static int fits(pyr_vm *vm, const struct queue *queue, size_t len) {
    char text[PYR_NAME_MAX];
    int status = made(vm, queue);
    if (status < 0 || len == queue->msgq->msg_size) return status;
    snprintk(text, sizeof text, "a message has %u bytes", (unsigned int)queue->msgq->msg_size);
    return pyr_raise(vm, "ValueError", text);
}

static int queue_put(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct queue *queue = self;
    struct transfer transfer = {queue->msgq, args[0].bytes.data};
    int status = fits(vm, queue, args[0].bytes.len);
    return status < 0 ? status : pyr_zephyr_wait_for(vm, try_put, &transfer, args[1].i32);
}

static int queue_get(PYR_NATIVE) {
    struct queue *queue = self;
    struct pyr_buffer room;
    int status = made(vm, queue);
    if (status >= 0) status = pyr_zephyr_room(vm, queue->msgq->msg_size, &result->object, &room);
    if (status < 0) return status;
    struct transfer transfer = {queue->msgq, room.data};
    status = pyr_zephyr_wait_for(vm, try_get, &transfer, args[0].i32);
    int released = pyr_release_buffer(vm, &room);
    return status < 0 ? status : released;
}

static int queue_get_into(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct queue *queue = self;
    struct transfer transfer = {queue->msgq, args[0].bytes.data};
    int status = fits(vm, queue, args[0].bytes.len);
    return status < 0 ? status : pyr_zephyr_wait_for(vm, try_get, &transfer, args[1].i32);
}

static int queue_clear(PYR_NATIVE) {
    ARG_UNUSED(args), ARG_UNUSED(result);
    struct queue *queue = self;
    int status = made(vm, queue);
    if (status >= 0) k_msgq_purge(queue->msgq);
    return status;
}

#define GET_NUMBER(name, expression)                                                                                   \
    static int name(PYR_NATIVE) {                                                                                      \
        ARG_UNUSED(args);                                                                                              \
        struct queue *queue = self;                                                                                    \
        int status = made(vm, queue);                                                                                  \
        if (status >= 0) result->u32 = (uint32_t)(expression);                                                         \
        return status;                                                                                                 \
    }
GET_NUMBER(get_waiting, k_msgq_num_used_get(queue->msgq))
GET_NUMBER(get_free, k_msgq_num_free_get(queue->msgq))
GET_NUMBER(get_size, queue->msgq->msg_size)

static const struct pyr_param make_params[] = {PYR_PARAM("name", PYR_STR)};
static const struct pyr_param put_params[] = {PYR_PARAM("message", PYR_BYTES), PYR_PARAM_OR("timeout_ms", PYR_INT, -1)};
static const struct pyr_param get_params[] = {PYR_PARAM_OR("timeout_ms", PYR_INT, -1)};
static const struct pyr_param into_params[] = {PYR_PARAM("buf", PYR_BUFFER), PYR_PARAM_OR("timeout_ms", PYR_INT, -1)};
static const struct pyr_native pyr_zephyr_queue_members[] = {
    PYR_METHOD("__init__", queue_make, make_params, PYR_NOTHING),
    PYR_METHOD("put", queue_put, put_params, PYR_NOTHING),
    PYR_METHOD("get", queue_get, get_params, PYR_OBJECT),
    PYR_METHOD("get_into", queue_get_into, into_params, PYR_NOTHING),
    PYR_METHOD_0("clear", queue_clear, PYR_NOTHING),
    PYR_METHOD_0("__len__", get_waiting, PYR_UINT),
    PYR_GETTER("free", get_free, PYR_UINT),
    PYR_GETTER("size", get_size, PYR_UINT),
};
PYR_CLASS_DEFINE(pyr_zephyr_queue, "Message", struct queue);
