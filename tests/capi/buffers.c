/* buffers.c: bytes that C holds without copying. */
#include "check.h"

static void held(pyr_vm *vm, const char *setup, const char *grow, char format, int item_size, int writable) {
    struct pyr_buffer buffer;
    pyr_entry inner;
    RUNS(vm, setup);
    pyr_ref x = eval(vm, "x");
    OK(pyr_enter(vm, &inner, 0));
    OK(pyr_get_buffer(vm, x, writable ? PYR_WRITABLE : 0u, &buffer));
    OK(pyr_leave(vm, &inner));
    CHECK(buffer.format == format);
    IS(buffer.item_size, item_size);
    IS(buffer.writable, writable);
    CHECK(buffer.len > 0 && buffer.data != NULL);
    OK(pyr_drop(vm, x));
    uint8_t first = *(uint8_t *)buffer.data;
    if (grow != NULL) {
        IS(exec(vm, grow), PYR_E_EXCEPTION);
        CHECK(raised(vm, "BufferError", "Existing exports of data: object cannot be re-sized"));
    }
    /* The object is kept even if the program forgets it. */
    RUNS(vm, "y = x[0:1]\nx = None\nimport gc\ngc.collect()\nz = [bytes(50) for i in range(50)]\n");
    CHECK(*(uint8_t *)buffer.data == first);
    if (writable) memset(buffer.data, 0xff, buffer.len);
    struct pyr_buffer again = buffer;
    OK(pyr_release_buffer(vm, &buffer));
    CHECK(buffer.data == NULL && buffer.len == 0);
    IS(pyr_release_buffer(vm, &buffer), PYR_E_REF);
    IS(pyr_release_buffer(vm, &again), PYR_E_REF);
}

void test_buffers(pyr_vm *vm) {
    held(vm, "x = b'some bytes that are here'", NULL, 'B', 1, 0);
    held(vm, "x = bytearray(b'some bytes')", "x.append(1)", 'B', 1, 1);
    held(vm, "x = bytearray(b'some bytes')", "x += b'more'", 'B', 1, 1);
    held(vm, "x = bytearray(b'some bytes')", "x[1:3] = b'abc'", 'B', 1, 1);
    held(vm, "x = bytearray(b'some bytes')", "del x[1]", 'B', 1, 1);
    held(vm, "x = bytearray(b'some bytes')", "x.extend(range(9))", 'B', 1, 1);
    held(vm, "from array import array\nx = array('h', [1, 2, 3])", "x.append(4)", 'h', 2, 1);
    held(vm, "from array import array\nx = array('h', [1, 2, 3])", "x.extend([4])", 'h', 2, 1);
    held(vm, "x = memoryview(bytearray(b'some bytes'))[2:7]", NULL, 'B', 1, 1);
    held(vm, "x = memoryview(b'some bytes')[2:7]", NULL, 'B', 1, 0);

    /* A view pins what it shows; writing through C is seen by Python; afterwards it may grow again. */
    struct pyr_buffer buffer, second;
    RUNS(vm, "data = bytearray(4)\nview = memoryview(data)[1:3]\n");
    pyr_ref view = eval(vm, "view"), data = eval(vm, "data");
    OK(pyr_get_buffer(vm, view, PYR_WRITABLE, &buffer));
    OK(pyr_get_buffer(vm, data, 0, &second));
    CHECK((uint8_t *)buffer.data == (uint8_t *)second.data + 1 && buffer.len == 2);
    memcpy(buffer.data, "ab", 2);
    RUNS(vm, "assert data == b'\\x00ab\\x00', data\ndata[0] = 5\n");
    OK(pyr_release_buffer(vm, &buffer));
    RAISES(vm, "data.append(1)", "BufferError", NULL);
    OK(pyr_release_buffer(vm, &second));
    RUNS(vm, "data.append(1)\nassert len(data) == 5\n");

    pyr_ref text = eval(vm, "'text'"), frozen = eval(vm, "b'x'");
    IS(pyr_get_buffer(vm, text, 0, &buffer), PYR_E_TYPE);
    IS(pyr_get_buffer(vm, frozen, PYR_WRITABLE, &buffer), PYR_E_TYPE);
    IS(pyr_get_buffer(vm, frozen, 2, &buffer), PYR_E_RANGE);
    IS(pyr_get_buffer(vm, frozen, 0, NULL), PYR_E_NULL);
    IS(pyr_get_buffer(vm, nobody, 0, &buffer), PYR_E_REF);
    IS(pyr_release_buffer(vm, NULL), PYR_E_NULL);
    OK(pyr_get_buffer(vm, frozen, 0, &buffer));
    IS(pyr_release_buffer(other_vm, &buffer), PYR_E_REF);
    OK(pyr_release_buffer(vm, &buffer));
}
