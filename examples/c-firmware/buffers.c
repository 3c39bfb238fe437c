/* buffers.c: C, or a DMA controller, writes into an object of Python's. */
#include "firmware.h"

#include <string.h>

void show_buffers(void) {
    struct pyr_buffer samples;
    pyr_ref array;
    MUST(pyr_push_frame(vm, 2));
    run("from array import array\nsamples = array('h', [0] * 8)\n");
    MUST(pyr_lookup(vm, "__main__", "samples", &array));
    MUST(pyr_get_buffer(vm, array, PYR_WRITABLE, &samples));
    MUST(pyr_pop_frame(vm));
    MUST_HOLD(samples.format == 'h' && samples.item_size == 2 && samples.len == 16);

    /* The memory stays where it is until it is given back. While a transfer runs, the lock may be given to other tasks;
     * a program that tries to resize the array meanwhile gets BufferError. */
    MUST(pyr_unlock(vm));
    for (int i = 0; i < 8; i++) ((int16_t *)samples.data)[i] = (int16_t)(i * i);
    MUST(pyr_lock(vm));
    run("try:\n    samples.append(1)\n    raise AssertionError\nexcept BufferError:\n    pass\n");

    MUST(pyr_release_buffer(vm, &samples));
    MUST_HOLD(pyr_release_buffer(vm, &samples) == PYR_E_REF); /* once is enough */
    run("assert list(samples) == [0, 1, 4, 9, 16, 25, 36, 49]\nsamples.append(1)\n");
    say("buffers: filled by C in place\r\n");
}
