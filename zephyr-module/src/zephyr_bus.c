/* zephyr_bus.c: zephyr.Bus, a zbus channel, found by its name: publish, read, subscribe.
 *
 * A subscription is the Bus object's data, linked in `subscriptions` under `lock`; while it is linked, the object is kept. The
 * listener runs where the message is published, maybe in an interrupt: it copies the message into the subscription's ring,
 * which lies in a bytearray that the subscription holds, and posts. The post calls `deliver` in the VM, which hands what the
 * ring has to the Python callback. One post is under way at a time; posts that wait are forgotten when `post` is dropped.
 * Posting is done outside `lock`, so that it may switch to the VM's thread at once; who ends a subscription waits for the
 * channel's own lock, which a publisher holds, before the data goes.
 */
#include "zephyr_parts.h"

#include <zephyr/sys/printk.h>
#include <zephyr/zbus/zbus.h>

#include <errno.h>
#include <string.h>

struct bus {
    const struct zbus_channel *channel; /* NULL: the object was not made */
#ifdef CONFIG_ZBUS_RUNTIME_OBSERVERS
    sys_snode_t node;
    pyr_vm *vm; /* NULL: not subscribed */
    pyr_ref own, post, callback; /* kept */
    struct pyr_buffer ring;
    uint32_t room, head, count; /* messages */
    uint32_t lost;
    bool posted, wants; /* a post is under way; one is to be made */
#endif
};

static int made(pyr_vm *vm, const struct bus *bus) {
    return bus->channel == NULL ? pyr_raise(vm, "ValueError", "the bus was not made") : PYR_OK;
}

struct search {
    const char *name;
    const struct zbus_channel *found;
    pyr_vm *vm;
    pyr_ref list;
    int status;
};

static bool look_for(const struct zbus_channel *channel, void *user) {
    struct search *search = user;
    if (strcmp(zbus_chan_name(channel), search->name) != 0) return true;
    search->found = channel;
    return false;
}

static int bus_make(PYR_NATIVE) {
    ARG_UNUSED(result);
    char name[PYR_NAME_MAX];
    struct search search = {.name = name};
    int status = pyr_zephyr_name(vm, &args[0], "channel", name);
    if (status < 0) return status;
    if (((struct bus *)self)->channel != NULL) return pyr_raise(vm, "ValueError", "the bus is made already");
    (void)zbus_iterate_over_channels_with_user_data(look_for, &search);
    if (search.found == NULL) return pyr_zephyr_raise(vm, "ValueError", "no such channel", name);
    ((struct bus *)self)->channel = search.found;
    return PYR_OK;
}

static bool add_name(const struct zbus_channel *channel, void *user) {
    struct search *search = user;
    pyr_ref text;
    if ((search->status = pyr_push_frame(search->vm, 2)) < 0) return false;
    search->status = pyr_zephyr_text(search->vm, zbus_chan_name(channel), &text);
    if (search->status >= 0) {
        search->status = pyr_call_method(search->vm, search->list, "append", &text, 1, NULL, 0, NULL);
    }
    (void)pyr_pop_frame(search->vm);
    return search->status >= 0;
}

static int bus_channels(PYR_NATIVE) {
    ARG_UNUSED(self), ARG_UNUSED(args);
    struct search search = {.vm = vm};
    int status = pyr_new_list(vm, NULL, 0, &result->object);
    if (status < 0) return status;
    search.list = result->object;
    (void)zbus_iterate_over_channels_with_user_data(add_name, &search);
    return search.status;
}

/* Once, not in slices: a channel that is told in part must not be told twice. */
static int bus_publish(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct bus *bus = self;
    int outcome, status = made(vm, bus);
    if (status < 0) return status;
    if (args[0].bytes.len != zbus_chan_msg_size(bus->channel)) {
        char text[PYR_NAME_MAX];
        snprintk(text, sizeof text, "a message has %u bytes", (unsigned int)zbus_chan_msg_size(bus->channel));
        return pyr_raise(vm, "ValueError", text);
    }
    if ((status = pyr_unlock(vm)) < 0) return status;
    outcome = zbus_chan_pub(bus->channel, args[0].bytes.data, args[1].i32 < 0 ? K_FOREVER : K_MSEC(args[1].i32));
    if ((status = pyr_lock(vm)) < 0) return status;
    if (outcome == -ENOMSG) return pyr_raise(vm, "ValueError", "the channel's validator refuses the message");
    return outcome == -EAGAIN || outcome == -EBUSY ? PYR_E_TIMEOUT : pyr_zephyr_check(vm, outcome);
}

struct read {
    const struct zbus_channel *channel;
    void *bytes;
};

static int try_read(void *what, k_timeout_t timeout) {
    struct read *read = what;
    return zbus_chan_read(read->channel, read->bytes, timeout);
}

static int bus_read(PYR_NATIVE) {
    struct bus *bus = self;
    struct pyr_buffer room;
    int status = made(vm, bus);
    if (status >= 0) status = pyr_zephyr_room(vm, zbus_chan_msg_size(bus->channel), &result->object, &room);
    if (status < 0) return status;
    struct read read = {bus->channel, room.data};
    status = pyr_zephyr_wait_for(vm, try_read, &read, args[0].i32);
    int released = pyr_release_buffer(vm, &room);
    return status < 0 ? status : released;
}

static int get_size(PYR_NATIVE) {
    ARG_UNUSED(args);
    struct bus *bus = self;
    int status = made(vm, bus);
    if (status >= 0) result->u32 = zbus_chan_msg_size(bus->channel);
    return status;
}

static int get_name(PYR_NATIVE) {
    ARG_UNUSED(args);
    struct bus *bus = self;
    int status = made(vm, bus);
    return status < 0 ? status : pyr_zephyr_text(vm, zbus_chan_name(bus->channel), &result->object);
}

/* ---- Subscriptions ---------------------------------------------------------------------------------------------------------- */

#ifdef CONFIG_ZBUS_RUNTIME_OBSERVERS
static sys_slist_t subscriptions = SYS_SLIST_STATIC_INIT(&subscriptions);
static struct k_spinlock lock;

static uint8_t *place(struct bus *bus, uint32_t index) {
    return (uint8_t *)bus->ring.data + (size_t)(index % bus->room) * zbus_chan_msg_size(bus->channel);
}

static struct bus *next_wanted(const struct zbus_channel *channel) {
    struct bus *bus;
    SYS_SLIST_FOR_EACH_CONTAINER(&subscriptions, bus, node) {
        if (bus->channel == channel && bus->wants) return bus;
    }
    return NULL;
}

static void on_message(const struct zbus_channel *channel) {
    struct bus *bus;
    k_spinlock_key_t key = k_spin_lock(&lock);
    SYS_SLIST_FOR_EACH_CONTAINER(&subscriptions, bus, node) {
        if (bus->channel != channel) continue;
        if (bus->count == bus->room) {
            bus->lost++;
        } else {
            memcpy(place(bus, bus->head + bus->count), zbus_chan_const_msg(channel), zbus_chan_msg_size(channel));
            bus->count++;
        }
        if (!bus->posted) bus->posted = bus->wants = true;
    }
    while ((bus = next_wanted(channel)) != NULL) {
        pyr_vm *vm = bus->vm;
        pyr_ref post = bus->post;
        bus->wants = false;
        k_spin_unlock(&lock, key);
        bool done = pyr_post(vm, post, 0) >= 0;
        key = k_spin_lock(&lock);
        if (!done) bus->posted = false; /* the VM's queue is full: the next message tries again */
    }
    k_spin_unlock(&lock, key);
}

ZBUS_LISTENER_DEFINE(pyr_zephyr_bus_listener, on_message);

/* Takes the oldest message into `bytes`; false when there is none, or the subscription has ended. */
static bool take(struct bus *bus, void *bytes) {
    k_spinlock_key_t key = k_spin_lock(&lock);
    bool some = bus->vm != NULL && bus->count > 0;
    if (some) {
        memcpy(bytes, place(bus, bus->head), zbus_chan_msg_size(bus->channel));
        bus->head = (bus->head + 1) % bus->room;
        bus->count--;
    }
    k_spin_unlock(&lock, key);
    return some;
}

/* As many as wait now; for what comes meanwhile there is another post, so others get their turn. */
static int deliver(PYR_NATIVE) {
    struct bus *bus = self;
    ARG_UNUSED(args), ARG_UNUSED(result);
    k_spinlock_key_t key = k_spin_lock(&lock);
    uint32_t waiting = bus->vm != NULL ? bus->count : 0;
    k_spin_unlock(&lock, key);
    pyr_ref own; /* the callback may end the subscription: the data stays until here */
    int status = waiting > 0 ? pyr_keep(vm, bus->own, &own) : PYR_OK;
    if (status < 0) waiting = 0;
    bool kept = waiting > 0;
    for (; waiting > 0 && status >= 0; waiting--) {
        pyr_ref message;
        struct pyr_buffer room;
        if ((status = pyr_push_frame(vm, 3)) < 0) break;
        status = pyr_zephyr_room(vm, zbus_chan_msg_size(bus->channel), &message, &room);
        if (status >= 0) {
            bool some = take(bus, room.data);
            status = pyr_release_buffer(vm, &room);
            if (!some) waiting = 1;
            if (some && status >= 0) status = pyr_call(vm, bus->callback, &message, 1, NULL, 0, NULL);
        }
        (void)pyr_pop_frame(vm);
    }
    key = k_spin_lock(&lock);
    bool more = bus->vm != NULL && bus->count > 0;
    if (bus->vm != NULL) bus->posted = more;
    k_spin_unlock(&lock, key);
    /* The VM's lock is held, so nobody ends the subscription meanwhile. */
    if (more && pyr_post(vm, bus->post, 0) < 0) {
        key = k_spin_lock(&lock);
        bus->posted = false;
        k_spin_unlock(&lock, key);
    }
    if (kept) (void)pyr_drop(vm, own);
    return status;
}
static const struct pyr_param deliver_params[] = {PYR_PARAM(NULL, PYR_OBJECT)};
static const struct pyr_native deliver_native = PYR_FUNCTION("deliver", deliver, deliver_params, PYR_NOTHING);

/* Drops what a subscription holds; what was not taken is {0}. */
static void let_go(pyr_vm *vm, struct bus *bus) {
    if (bus->post.bits != 0) (void)pyr_drop(vm, bus->post);
    if (bus->callback.bits != 0) (void)pyr_drop(vm, bus->callback);
    if (bus->ring.data != NULL) (void)pyr_release_buffer(vm, &bus->ring);
    pyr_ref own = bus->own;
    *bus = (struct bus){.channel = bus->channel, .lost = bus->lost};
    if (own.bits != 0) (void)pyr_drop(vm, own); /* last: the data may go with the object */
}

/* Whether no other subscription is for the channel. */
static bool is_alone(const struct bus *bus) {
    struct bus *other;
    SYS_SLIST_FOR_EACH_CONTAINER(&subscriptions, other, node) {
        if (other != bus && other->channel == bus->channel) return false;
    }
    return true;
}

static int end(pyr_vm *vm, struct bus *bus) {
    int status = PYR_OK;
    if (bus->vm == NULL) return PYR_OK;
    k_spinlock_key_t key = k_spin_lock(&lock);
    (void)sys_slist_find_and_remove(&subscriptions, &bus->node);
    bool last = is_alone(bus);
    bus->vm = NULL;
    k_spin_unlock(&lock, key);
    if ((status = pyr_unlock(vm)) < 0) return status;
    if (last) {
        (void)zbus_chan_rm_obs(bus->channel, &pyr_zephyr_bus_listener, K_FOREVER);
    } else if (zbus_chan_claim(bus->channel, K_FOREVER) == 0) {
        (void)zbus_chan_finish(bus->channel);
    }
    status = pyr_lock(vm);
    let_go(vm, bus);
    return status;
}

static int bus_subscribe(PYR_NATIVE) {
    ARG_UNUSED(result);
    struct bus *bus = self;
    int32_t room = args[2].i32;
    pyr_ref ring, function;
    int outcome, status = made(vm, bus);
    if (status < 0) return status;
    if (bus->vm != NULL) return pyr_raise(vm, "ValueError", "the bus has a subscription already");
    if (room < 1 || room > UINT16_MAX) return pyr_raise(vm, "ValueError", "room for 1 to 65535 messages");
    status = pyr_new_bytearray(vm, NULL, (size_t)room * MAX(zbus_chan_msg_size(bus->channel), 1), &ring);
    if (status >= 0) status = pyr_get_buffer(vm, ring, PYR_WRITABLE, &bus->ring);
    if (status >= 0) status = pyr_new_function(vm, &deliver_native, bus, &function);
    if (status >= 0) status = pyr_keep(vm, function, &bus->post);
    if (status >= 0) status = pyr_keep(vm, args[1].object, &bus->callback);
    if (status >= 0) status = pyr_keep(vm, args[0].object, &bus->own);
    if (status < 0) {
        let_go(vm, bus);
        return status;
    }
    bus->room = (uint32_t)room;
    bus->lost = 0;
    k_spinlock_key_t key = k_spin_lock(&lock);
    bus->vm = vm;
    sys_slist_append(&subscriptions, &bus->node);
    k_spin_unlock(&lock, key);
    if ((status = pyr_unlock(vm)) < 0) return status;
    outcome = zbus_chan_add_obs(bus->channel, &pyr_zephyr_bus_listener, K_FOREVER);
    if ((status = pyr_lock(vm)) < 0) return status;
    /* It is there already for another subscription. */
    if (outcome == 0 || outcome == -EALREADY || outcome == -EEXIST) return PYR_OK;
    (void)end(vm, bus);
    return pyr_zephyr_check(vm, outcome);
}

static int bus_unsubscribe(PYR_NATIVE) {
    ARG_UNUSED(args), ARG_UNUSED(result);
    return end(vm, self);
}

static int get_lost(PYR_NATIVE) {
    ARG_UNUSED(vm), ARG_UNUSED(args);
    result->u32 = ((struct bus *)self)->lost;
    return PYR_OK;
}

static const struct pyr_param subscribe_params[] = {
    PYR_PARAM(NULL, PYR_SELF),
    PYR_PARAM("callback", PYR_OBJECT),
    PYR_PARAM_OR("room", PYR_INT, 4),
};
#endif

static const struct pyr_param make_params[] = {PYR_PARAM("channel", PYR_STR)};
static const struct pyr_param publish_params[] = {PYR_PARAM("message", PYR_BYTES), PYR_PARAM_OR("timeout_ms", PYR_INT, 1000)};
static const struct pyr_param read_params[] = {PYR_PARAM_OR("timeout_ms", PYR_INT, 1000)};
static const struct pyr_native pyr_zephyr_bus_members[] = {
    PYR_METHOD("__init__", bus_make, make_params, PYR_NOTHING),
    PYR_METHOD("publish", bus_publish, publish_params, PYR_NOTHING),
    PYR_METHOD("read", bus_read, read_params, PYR_OBJECT),
    PYR_FUNCTION_0("channels", bus_channels, PYR_OBJECT),
    PYR_GETTER("size", get_size, PYR_UINT),
    PYR_GETTER("name", get_name, PYR_OBJECT),
    IF_ENABLED(CONFIG_ZBUS_RUNTIME_OBSERVERS, (
        PYR_METHOD("subscribe", bus_subscribe, subscribe_params, PYR_NOTHING),
        PYR_METHOD_0("unsubscribe", bus_unsubscribe, PYR_NOTHING),
        PYR_METHOD_0("__del__", bus_unsubscribe, PYR_NOTHING),
        PYR_GETTER("lost", get_lost, PYR_UINT),
    ))
};
PYR_CLASS_DEFINE(pyr_zephyr_bus, "Bus", struct bus);
