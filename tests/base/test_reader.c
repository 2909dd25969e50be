/* Tests of the reader: the value of every read, and every way in which a read can fail. */
#include "base/reader.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "suites.h"
#include "t_run.h"

#define READER(literal) base_reader_of(base_slice_of((literal), sizeof(literal) - 1))

static void integers_are_big_endian(void) {
    struct base_reader r = READER("\xfe\xfe\xff\xfe\x01\x02\x80\x00\x00\x00\x01\x02\x03\x04"
                                  "\xff\xff\xff\xff\xff\xff\xff\xfe");
    T_EQUAL_INT(base_read_i8(&r), -2);
    T_EQUAL_INT(base_read_u8(&r), 0xfe);
    T_EQUAL_INT(base_read_i16(&r), -2);
    T_EQUAL_INT(base_read_u16(&r), 0x0102);
    T_EQUAL_INT(base_read_i32(&r), INT32_MIN);
    T_EQUAL_INT(base_read_u32(&r), 0x01020304);
    T_EQUAL_INT(base_read_i64(&r), -2);
    T_TRUE(base_reader_is_done(&r));
}

static void any_byte_but_zero_is_true(void) {
    struct base_reader r = READER("\x00\x01\xff");
    T_TRUE(!base_read_bool(&r));
    T_TRUE(base_read_bool(&r));
    T_TRUE(base_read_bool(&r));
}

static void doubles_are_read_bit_by_bit(void) {
    struct base_reader r = READER("\x3f\xf8\x00\x00\x00\x00\x00\x00"
                                  "\x80\x00\x00\x00\x00\x00\x00\x00"
                                  "\x7f\xf0\x00\x00\x00\x00\x00\x00"
                                  "\x7f\xf8\x00\x00\x00\x00\x00\x01");
    T_TRUE(fabs(base_read_f64(&r) - 1.5) < 1e-12);
    T_TRUE(signbit(base_read_f64(&r)) != 0);
    T_TRUE(isinf(base_read_f64(&r)));
    T_TRUE(isnan(base_read_f64(&r)));
}

static void varints_are_read(void) {
    struct base_reader r = READER("\x00\x7f\xac\x02\xff\xff\xff\xff\x0f"
                                  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    T_EQUAL_INT(base_read_uvarint32(&r), 0);
    T_EQUAL_INT(base_read_uvarint32(&r), 127);
    T_EQUAL_INT(base_read_uvarint32(&r), 300);
    T_EQUAL_INT(base_read_uvarint32(&r), UINT32_MAX);
    T_TRUE(base_read_uvarint64(&r) == UINT64_MAX);
    T_TRUE(base_reader_is_done(&r));
}

static void zigzag_is_read(void) {
    struct base_reader r = READER("\x01\x02\xff\xff\xff\xff\x0f\xfe\xff\xff\xff\x0f\x03"
                                  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    T_EQUAL_INT(base_read_zigzag32(&r), -1);
    T_EQUAL_INT(base_read_zigzag32(&r), 1);
    T_EQUAL_INT(base_read_zigzag32(&r), INT32_MIN);
    T_EQUAL_INT(base_read_zigzag32(&r), INT32_MAX);
    T_EQUAL_INT(base_read_zigzag64(&r), -2);
    T_EQUAL_INT(base_read_zigzag64(&r), INT64_MIN);
    T_TRUE(base_reader_is_done(&r));
}

/* A varint that is too long or too large is malformed, and the cursor stays before it. */
static void check_bad_varint(const char *bytes, size_t len, int wide) {
    struct base_reader r = base_reader_of(base_slice_of(bytes, len));
    uint64_t value = wide ? base_read_uvarint64(&r) : base_read_uvarint32(&r);
    T_EQUAL_INT(value, 0);
    T_EQUAL_INT(r.failed, BASE_MALFORMED);
    T_EQUAL_INT(r.left, len);
}

static void an_overflowing_varint_is_malformed(void) {
    check_bad_varint("\xff\xff\xff\xff\x1f", 5, 0);
    check_bad_varint("\x80\x80\x80\x80\x10", 5, 0);
    check_bad_varint("\x80\x80\x80\x80\x80\x00", 6, 0);
    check_bad_varint("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", 10, 1);
    check_bad_varint("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, 1);
}

static void a_long_but_exact_varint_is_accepted(void) {
    struct base_reader r = READER("\x81\x80\x80\x80\x00\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00");
    T_EQUAL_INT(base_read_uvarint32(&r), 1);
    T_EQUAL_INT(base_read_uvarint64(&r), 1);
    T_TRUE(base_reader_is_done(&r));
}

static void a_failed_zigzag_is_zero(void) {
    struct base_reader r = READER("\xff\xff\xff\xff\x1f");
    T_EQUAL_INT(base_read_zigzag32(&r), 0);
    struct base_reader s = READER("\xff");
    T_EQUAL_INT(base_read_zigzag64(&s), 0);
    T_EQUAL_INT(s.failed, BASE_SHORT);
}

static void bytes_are_borrowed_views(void) {
    static const char input[] = "abcdef";
    struct base_reader r = READER(input);
    struct base_slice first = base_read_bytes(&r, 2);
    T_TRUE(first.data == (const uint8_t *)input);
    T_TRUE(base_slice_equal_str(first, "ab"));
    base_read_skip(&r, 1);
    struct base_slice none = base_read_bytes(&r, 0);
    T_TRUE(!base_slice_is_null(none) && none.len == 0);
    T_TRUE(base_slice_equal_str(base_read_rest(&r), "def"));
    T_TRUE(base_slice_equal_str(base_read_rest(&r), ""));
    T_TRUE(base_reader_is_done(&r));
}

static void null_input_is_empty_input(void) {
    struct base_reader r = base_reader_of(BASE_SLICE_NULL);
    T_TRUE(base_reader_is_done(&r));
    T_TRUE(!base_slice_is_null(base_read_rest(&r)));
    T_EQUAL_INT(base_read_u8(&r), 0);
    T_EQUAL_INT(r.failed, BASE_SHORT);
}

static void what_is_left_over_is_not_done(void) {
    struct base_reader r = READER("ab");
    base_read_u8(&r);
    T_TRUE(base_reader_ok(&r));
    T_TRUE(!base_reader_is_done(&r));
}

static void the_first_failure_stays(void) {
    struct base_reader r = READER("abcd");
    T_EQUAL_INT(base_reader_fail(&r, BASE_LIMIT), BASE_LIMIT);
    T_EQUAL_INT(base_reader_fail(&r, BASE_MALFORMED), BASE_LIMIT);
    T_EQUAL_INT(base_read_u8(&r), 0);
    T_TRUE(base_slice_is_null(base_read_bytes(&r, 1)));
    T_TRUE(base_slice_is_null(base_read_rest(&r)));
    T_EQUAL_INT(base_read_count(&r, 1, 1), 0);
    base_read_skip(&r, 1);
    T_EQUAL_INT(r.left, 4);
    T_EQUAL_INT(r.failed, BASE_LIMIT);
    T_TRUE(!base_reader_is_done(&r));
}

static void a_huge_length_is_short_not_a_wrap(void) {
    struct base_reader r = READER("abcd");
    T_TRUE(base_slice_is_null(base_read_bytes(&r, SIZE_MAX)));
    T_EQUAL_INT(r.failed, BASE_SHORT);
    T_EQUAL_INT(r.left, 4);
    struct base_reader s = READER("abcd");
    base_read_skip(&s, SIZE_MAX - 1);
    T_EQUAL_INT(s.failed, BASE_SHORT);
}

static void a_count_that_fits_is_given(void) {
    struct base_reader r = READER("123456789");
    T_EQUAL_INT(base_read_count(&r, 0, 100), 0);
    T_EQUAL_INT(base_read_count(&r, 9, 1), 9);
    T_EQUAL_INT(base_read_count(&r, 4, 2), 4);
    T_EQUAL_INT(base_read_count(&r, 3, 3), 3);
    T_TRUE(base_reader_ok(&r));
}

static void check_bad_count(int64_t count, size_t item_bytes, int code) {
    struct base_reader r = READER("123456789");
    T_EQUAL_INT(base_read_count(&r, count, item_bytes), 0);
    T_EQUAL_INT(r.failed, code);
    T_EQUAL_INT(r.left, 9);
}

static void an_impossible_count_is_refused(void) {
    check_bad_count(10, 1, BASE_SHORT);
    check_bad_count(5, 2, BASE_SHORT);
    check_bad_count(1, 10, BASE_SHORT);
    check_bad_count(INT64_MAX, 1, BASE_SHORT);
    check_bad_count(INT64_MAX, 8, BASE_SHORT);
    check_bad_count(-1, 1, BASE_MALFORMED);
    check_bad_count(INT64_MIN, 1, BASE_MALFORMED);
}

/* -- whole, and every truncation -- */

typedef int64_t (*read_fn)(struct base_reader *r);

static int64_t i8(struct base_reader *r) { return base_read_i8(r); }
static int64_t u8(struct base_reader *r) { return base_read_u8(r); }
static int64_t boolean(struct base_reader *r) { return base_read_bool(r); }
static int64_t i16(struct base_reader *r) { return base_read_i16(r); }
static int64_t u16(struct base_reader *r) { return base_read_u16(r); }
static int64_t i32(struct base_reader *r) { return base_read_i32(r); }
static int64_t u32(struct base_reader *r) { return base_read_u32(r); }
static int64_t i64(struct base_reader *r) { return base_read_i64(r); }
static int64_t f64(struct base_reader *r) { return base_read_f64(r) != 0.0; }
static int64_t uv32(struct base_reader *r) { return base_read_uvarint32(r); }
static int64_t uv64(struct base_reader *r) { return (int64_t)base_read_uvarint64(r); }
static int64_t zig32(struct base_reader *r) { return base_read_zigzag32(r); }
static int64_t zig64(struct base_reader *r) { return base_read_zigzag64(r); }
static int64_t bytes(struct base_reader *r) { return (int64_t)base_read_bytes(r, 9).len; }

static const struct {
    const char *name;
    read_fn read;
    const char *input;
    size_t len;
} reads[] = {
    {"i8", i8, "\x81", 1},
    {"u8", u8, "\x81", 1},
    {"bool", boolean, "\x01", 1},
    {"i16", i16, "\x81\x82", 2},
    {"u16", u16, "\x81\x82", 2},
    {"i32", i32, "\x81\x82\x83\x84", 4},
    {"u32", u32, "\x81\x82\x83\x84", 4},
    {"i64", i64, "\x81\x82\x83\x84\x85\x86\x87\x88", 8},
    {"f64", f64, "\x81\x82\x83\x84\x85\x86\x87\x88", 8},
    {"uvarint32", uv32, "\x81\x82\x83\x84\x05", 5},
    {"uvarint64", uv64, "\x81\x82\x83\x84\x85\x86\x87\x88\x89\x01", 10},
    {"zigzag32", zig32, "\x81\x82\x83\x84\x05", 5},
    {"zigzag64", zig64, "\x81\x82\x83\x84\x85\x86\x87\x88\x89\x01", 10},
    {"bytes", bytes, "123456789", 9},
};

/* The truncated input lies at the end of an allocation, so that Valgrind and AddressSanitizer see
 * a read beyond it. */
static void check_truncation(size_t which, size_t len) {
    uint8_t *cut = base_memdup(reads[which].input, len);
    struct base_reader r = base_reader_of(base_slice_of(cut, len));
    int64_t value = reads[which].read(&r);
    t_check(value == 0 && r.failed == BASE_SHORT && r.left == len && r.at == cut, __LINE__,
            __FILE__, "%s of %zu bytes gives %lld, failed %d, left %zu", reads[which].name, len,
            (long long)value, r.failed, r.left);
    base_free(cut);
}

static void every_read_fails_on_every_truncation_and_stays(void) {
    for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
        struct base_reader r = base_reader_of(base_slice_of(reads[i].input, reads[i].len));
        t_check(reads[i].read(&r) != 0 && base_reader_is_done(&r), __LINE__, __FILE__,
                "%s reads its whole input", reads[i].name);
        for (size_t len = 0; len < reads[i].len; len++) {
            check_truncation(i, len);
        }
    }
}

CU_SuiteInfo *suite_base_reader(void) {
    static CU_TestInfo tests[] = {
        {"integers_are_big_endian", integers_are_big_endian},
        {"any_byte_but_zero_is_true", any_byte_but_zero_is_true},
        {"doubles_are_read_bit_by_bit", doubles_are_read_bit_by_bit},
        {"varints_are_read", varints_are_read},
        {"zigzag_is_read", zigzag_is_read},
        {"an_overflowing_varint_is_malformed", an_overflowing_varint_is_malformed},
        {"a_long_but_exact_varint_is_accepted", a_long_but_exact_varint_is_accepted},
        {"a_failed_zigzag_is_zero", a_failed_zigzag_is_zero},
        {"bytes_are_borrowed_views", bytes_are_borrowed_views},
        {"null_input_is_empty_input", null_input_is_empty_input},
        {"what_is_left_over_is_not_done", what_is_left_over_is_not_done},
        {"the_first_failure_stays", the_first_failure_stays},
        {"a_huge_length_is_short_not_a_wrap", a_huge_length_is_short_not_a_wrap},
        {"a_count_that_fits_is_given", a_count_that_fits_is_given},
        {"an_impossible_count_is_refused", an_impossible_count_is_refused},
        {"every_read_fails_on_every_truncation_and_stays",
         every_read_fails_on_every_truncation_and_stays},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/reader", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
