/* numbers.c: ints of every width, floats, texts. */
#include "check.h"

#define FITS(type, name, source, value)                                                                                \
    do {                                                                                                               \
        type got = 0;                                                                                                  \
        pyr_ref ref = eval(vm, source);                                                                                \
        OK(pyr_get_##name(vm, ref, &got));                                                                             \
        CHECK(got == (type)(value));                                                                                   \
        OK(pyr_drop(vm, ref));                                                                                         \
    } while (0)
#define DOES_NOT_FIT(type, name, source)                                                                               \
    do {                                                                                                               \
        type got = 77;                                                                                                 \
        pyr_ref ref = eval(vm, source);                                                                                \
        IS(pyr_get_##name(vm, ref, &got), PYR_E_RANGE);                                                                \
        CHECK(got == 77);                                                                                              \
        IS(pyr_get_##name(vm, ref, NULL), PYR_E_RANGE);                                                                \
        OK(pyr_drop(vm, ref));                                                                                         \
        ref = eval(vm, "'text'");                                                                                      \
        IS(pyr_get_##name(vm, ref, &got), PYR_E_TYPE);                                                                 \
        OK(pyr_drop(vm, ref));                                                                                         \
        ref = eval(vm, "1");                                                                                           \
        IS(pyr_get_##name(vm, ref, NULL), PYR_E_NULL);                                                                 \
        OK(pyr_drop(vm, ref));                                                                                         \
    } while (0)

static void widths(pyr_vm *vm) {
    FITS(int8_t, int8, "-128", -128);
    FITS(int8_t, int8, "127", 127);
    DOES_NOT_FIT(int8_t, int8, "128");
    FITS(uint8_t, uint8, "255", 255);
    DOES_NOT_FIT(uint8_t, uint8, "-1");
    FITS(int16_t, int16, "-32768", -32768);
    DOES_NOT_FIT(int16_t, int16, "32768");
    FITS(uint16_t, uint16, "65535", 65535);
    DOES_NOT_FIT(uint16_t, uint16, "65536");
    FITS(int32_t, int32, "-2**31", INT32_MIN);
    DOES_NOT_FIT(int32_t, int32, "2**31");
    FITS(uint32_t, uint32, "2**32-1", UINT32_MAX);
    DOES_NOT_FIT(uint32_t, uint32, "2**32");
    FITS(int64_t, int64, "-2**63", INT64_MIN);
    DOES_NOT_FIT(int64_t, int64, "2**63");
    FITS(uint64_t, uint64, "2**64-1", UINT64_MAX);
    DOES_NOT_FIT(uint64_t, uint64, "2**64");
    DOES_NOT_FIT(uint64_t, uint64, "-1");
    FITS(int32_t, int32, "True", 1);
}

static void same(pyr_vm *vm, pyr_ref ref, const char *text) {
    char got[120];
    OK(pyr_repr(vm, ref, got, sizeof got, NULL));
    if (strcmp(got, text) != 0) fprintf(stderr, "%s\n", got);
    CHECK(strcmp(got, text) == 0);
    OK(pyr_drop(vm, ref));
}

static void made(pyr_vm *vm) {
    pyr_ref ref;
    OK(pyr_new_int(vm, INT64_MIN, &ref));
    same(vm, ref, "-9223372036854775808");
    OK(pyr_new_uint(vm, UINT64_MAX, &ref));
    same(vm, ref, "18446744073709551615");
    OK(pyr_new_float(vm, 0.1, &ref));
    same(vm, ref, "0.1");
    OK(pyr_new_bool(vm, 9, &ref));
    same(vm, ref, "True");
    OK(pyr_new_none(vm, &ref));
    same(vm, ref, "None");
    OK(pyr_new_str(vm, "gr\xc3\xbc\xc3\x9f", 6, &ref));
    IS(pyr_len(vm, ref), 4);
    OK(pyr_drop(vm, ref));
    IS(pyr_new_str(vm, "\xff", 1, &ref), PYR_E_RANGE);
    IS(pyr_new_str(vm, NULL, 1, &ref), PYR_E_NULL);
    OK(pyr_new_str(vm, NULL, 0, &ref));
    same(vm, ref, "''");
    OK(pyr_new_bytes(vm, "\0\1", 2, &ref));
    same(vm, ref, "b'\\x00\\x01'");
    OK(pyr_new_bytearray(vm, "ab", 2, &ref));
    same(vm, ref, "bytearray(b'ab')");
    OK(pyr_new_bytearray(vm, NULL, 2, &ref));
    same(vm, ref, "bytearray(b'\\x00\\x00')");
    IS(pyr_new_bytearray(vm, NULL, (size_t)-1, &ref), PYR_E_RANGE);
    IS(pyr_new_bytes(vm, NULL, 1, &ref), PYR_E_NULL);
}

static void by_bytes(pyr_vm *vm) {
    static const struct {
        const char *value;
        uint32_t flags;
        size_t len; /* the fewest bytes that hold it */
    } rows[] = {
        {"0", 0, 0},           {"1", 0, 1},         {"255", 0, 1},          {"255", PYR_SIGNED, 2},
        {"-1", PYR_SIGNED, 1}, {"-128", PYR_SIGNED, 1}, {"-129", PYR_SIGNED, 2}, {"2**63", 0, 8},
        {"2**64-1", PYR_BIG_ENDIAN, 8}, {"2**64", PYR_BIG_ENDIAN, 9}, {"-2**71", PYR_SIGNED | PYR_BIG_ENDIAN, 9},
        {"-2**71-1", PYR_SIGNED, 10}, {"0x0102030405060708090a0b0c0d0e0f", PYR_BIG_ENDIAN, 15},
        {"-0x0102030405060708090a0b0c0d0e0f", PYR_SIGNED, 15},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[20];
        pyr_ref back, ref = eval(vm, rows[i].value);
        for (size_t len = rows[i].len; len < sizeof bytes; len++) {
            OK(pyr_get_int_bytes(vm, ref, bytes, len, rows[i].flags));
            OK(pyr_new_int_bytes(vm, bytes, len, rows[i].flags, &back));
            IS(pyr_compare(vm, ref, back, PYR_EQ), 1);
            OK(pyr_drop(vm, back));
        }
        if (rows[i].len > 0) {
            memset(bytes, 0xaa, sizeof bytes);
            IS(pyr_get_int_bytes(vm, ref, bytes, rows[i].len - 1, rows[i].flags), PYR_E_RANGE);
            CHECK(bytes[0] == 0xaa);
        }
        OK(pyr_drop(vm, ref));
    }
    uint8_t two[2];
    pyr_ref ref = eval(vm, "0x1234");
    OK(pyr_get_int_bytes(vm, ref, two, 2, PYR_BIG_ENDIAN));
    CHECK(two[0] == 0x12 && two[1] == 0x34);
    OK(pyr_get_int_bytes(vm, ref, two, 2, 0));
    CHECK(two[0] == 0x34 && two[1] == 0x12);
    IS(pyr_get_int_bytes(vm, ref, two, 2, 4), PYR_E_RANGE);
    IS(pyr_get_int_bytes(vm, ref, NULL, 2, 0), PYR_E_NULL);
    IS(pyr_new_int_bytes(vm, NULL, 2, 0, &ref), PYR_E_NULL);
    IS(pyr_new_int_bytes(vm, two, 2, 8, &ref), PYR_E_RANGE);
    OK(pyr_drop(vm, ref));
    ref = eval(vm, "-5");
    IS(pyr_get_int_bytes(vm, ref, two, 2, 0), PYR_E_RANGE);
    OK(pyr_drop(vm, ref));
    ref = eval(vm, "1.5");
    IS(pyr_get_int_bytes(vm, ref, two, 2, 0), PYR_E_TYPE);
    double x = 0;
    OK(pyr_get_float(vm, ref, &x));
    CHECK(x == 1.5);
    OK(pyr_drop(vm, ref));
    ref = eval(vm, "10**20");
    OK(pyr_get_float(vm, ref, &x));
    CHECK(x == 1e20);
    OK(pyr_drop(vm, ref));
    ref = eval(vm, "'1'");
    IS(pyr_get_float(vm, ref, &x), PYR_E_TYPE);
    OK(pyr_drop(vm, ref));
}

static void texts(pyr_vm *vm) {
    char buf[8];
    size_t len = 0;
    pyr_ref ref = eval(vm, "'gr\xc3\xbc\xc3\x9f'");
    OK(pyr_get_str(vm, ref, buf, 4, &len));
    CHECK(strcmp(buf, "gr") == 0 && len == 6);
    OK(pyr_get_str(vm, ref, NULL, 0, &len));
    IS(pyr_get_str(vm, ref, NULL, 1, &len), PYR_E_NULL);
    IS(pyr_get_bytes(vm, ref, buf, sizeof buf, &len), PYR_E_TYPE);
    OK(pyr_drop(vm, ref));
    ref = eval(vm, "bytearray(b'abcdefghij')");
    OK(pyr_get_bytes(vm, ref, buf, sizeof buf, &len));
    CHECK(memcmp(buf, "abcdefgh", 8) == 0 && len == 10);
    IS(pyr_get_str(vm, ref, buf, sizeof buf, &len), PYR_E_TYPE);
    OK(pyr_type_name(vm, ref, buf, sizeof buf, NULL));
    CHECK(strcmp(buf, "bytearr") == 0);
    OK(pyr_drop(vm, ref));
}

void test_numbers(pyr_vm *vm) {
    widths(vm);
    made(vm);
    by_bytes(vm);
    texts(vm);
}
