/* Tests of the builder: the bytes of every put, slots, limits, failure. */
#include "base/builder.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/reader.h"
#include "suites.h"
#include "t_run.h"

static struct base_builder builder;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    base_builder_init(&builder, 1 << 20);
}

static void tear_down(void) {
    base_memory_fail_never();
    base_builder_clean_up(&builder);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

/* The builder holds exactly these bytes; it is empty afterwards. */
#define EXPECT(literal)                                                                           \
    do {                                                                                          \
        T_EQUAL_INT(builder.failed, 0);                                                           \
        struct base_slice got = base_builder_slice(&builder);                                     \
        T_EQUAL_BYTES(got.data, got.len, literal, sizeof(literal) - 1);                           \
        base_builder_reset(&builder);                                                             \
    } while (0)

static void integers_are_big_endian(void) {
    base_put_i8(&builder, -2);
    EXPECT("\xfe");
    base_put_u8(&builder, 0xfe);
    EXPECT("\xfe");
    base_put_i16(&builder, -2);
    EXPECT("\xff\xfe");
    base_put_u16(&builder, 0x0102);
    EXPECT("\x01\x02");
    base_put_i32(&builder, INT32_MIN);
    EXPECT("\x80\x00\x00\x00");
    base_put_u32(&builder, 0x01020304);
    EXPECT("\x01\x02\x03\x04");
    base_put_i64(&builder, -2);
    EXPECT("\xff\xff\xff\xff\xff\xff\xff\xfe");
    base_put_i64(&builder, 0x0102030405060708);
    EXPECT("\x01\x02\x03\x04\x05\x06\x07\x08");
}

static void booleans_and_doubles_have_their_bytes(void) {
    base_put_bool(&builder, true);
    base_put_bool(&builder, false);
    EXPECT("\x01\x00");
    base_put_f64(&builder, 1.0);
    EXPECT("\x3f\xf0\x00\x00\x00\x00\x00\x00");
    base_put_f64(&builder, -0.0);
    EXPECT("\x80\x00\x00\x00\x00\x00\x00\x00");
}

static void varints_have_the_bytes_of_protocol_buffers(void) {
    base_put_uvarint32(&builder, 0);
    EXPECT("\x00");
    base_put_uvarint32(&builder, 127);
    EXPECT("\x7f");
    base_put_uvarint32(&builder, 300);
    EXPECT("\xac\x02");
    base_put_uvarint32(&builder, UINT32_MAX);
    EXPECT("\xff\xff\xff\xff\x0f");
    base_put_uvarint64(&builder, UINT64_MAX);
    EXPECT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

static void zigzag_keeps_small_negatives_short(void) {
    base_put_zigzag32(&builder, 0);
    base_put_zigzag32(&builder, -1);
    base_put_zigzag32(&builder, 1);
    base_put_zigzag64(&builder, -2);
    EXPECT("\x00\x01\x02\x03");
    base_put_zigzag32(&builder, INT32_MAX);
    EXPECT("\xfe\xff\xff\xff\x0f");
    base_put_zigzag32(&builder, INT32_MIN);
    EXPECT("\xff\xff\xff\xff\x0f");
    base_put_zigzag64(&builder, INT64_MIN);
    EXPECT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

static void bytes_and_text_are_appended_as_they_are(void) {
    base_put_bytes(&builder, "a\0b", 3);
    base_put_bytes(&builder, NULL, 0);
    base_put_slice(&builder, base_slice_str("cd"));
    base_put_slice(&builder, BASE_SLICE_NULL);
    base_put_str(&builder, "ef");
    base_put_format(&builder, "<%d %s>", -7, "x");
    base_put_format(&builder, "%s", "");
    EXPECT("a\0bcdef<-7 x>");
}

static void long_formats_fit(void) {
    base_put_format(&builder, "%05000d|", 7);
    struct base_slice got = base_builder_slice(&builder);
    T_EQUAL_INT(got.len, 5001);
    T_EQUAL_BYTES(got.data + 4998, 3, "07|", 3);
}

static void a_slot_takes_the_length_of_what_follows(void) {
    base_put_u8(&builder, 9);
    size_t outer = base_put_slot_u32(&builder);
    base_put_u8(&builder, 1);
    size_t inner = base_put_slot_u32(&builder);
    base_patch_length(&builder, inner);
    base_put_str(&builder, "abc");
    base_patch_length(&builder, outer);
    EXPECT("\x09\x00\x00\x00\x08\x01\x00\x00\x00\x00"
           "abc");
    size_t slot = base_put_slot_u32(&builder);
    base_patch_u32(&builder, slot, 0xa1b2c3d4);
    EXPECT("\xa1\xb2\xc3\xd4");
}

static void a_patch_outside_of_the_content_does_nothing(void) {
    base_put_str(&builder, "abcdef");
    base_patch_u32(&builder, 3, 0);
    base_patch_u32(&builder, SIZE_MAX, 0);
    base_patch_u32(&builder, SIZE_MAX - 2, 0);
    EXPECT("abcdef");
    base_put_str(&builder, "ab");
    base_patch_u32(&builder, 0, 0);
    EXPECT("ab");
}

static void the_limit_holds_and_failure_is_sticky(void) {
    base_builder_clean_up(&builder);
    base_builder_init(&builder, 10);
    base_put_str(&builder, "12345678");
    T_TRUE(base_builder_ok(&builder));
    base_put_i32(&builder, 1);
    T_EQUAL_INT(builder.failed, BASE_LIMIT);
    T_TRUE(!base_builder_ok(&builder));
    T_EQUAL_INT(base_builder_slice(&builder).len, 8);
    base_put_u8(&builder, 1); /* would fit, but the content is already wrong */
    T_EQUAL_INT(base_builder_slice(&builder).len, 8);
    T_TRUE(base_put_room(&builder, 0) == NULL);
    size_t len = 77;
    T_TRUE(base_builder_take(&builder, &len) == NULL);
    T_EQUAL_INT(len, 77);
    base_builder_reset(&builder);
    base_put_str(&builder, "1234567890");
    EXPECT("1234567890");
}

static void a_huge_length_is_the_limit_not_a_wrap(void) {
    base_put_u8(&builder, 1);
    T_TRUE(base_put_room(&builder, SIZE_MAX) == NULL);
    T_EQUAL_INT(builder.failed, BASE_LIMIT);
    T_EQUAL_INT(base_builder_slice(&builder).len, 1);
}

static void every_length_up_to_an_odd_limit_fits(void) {
    base_builder_clean_up(&builder);
    base_builder_init(&builder, 1000);
    for (size_t i = 0; i < 1000; i++) {
        base_put_u8(&builder, (uint8_t)i);
    }
    T_EQUAL_INT(builder.failed, 0);
    T_TRUE(builder.cap <= 1000);
    for (size_t i = 0; i < 1000; i++) {
        if (builder.data[i] != (uint8_t)i && !T_EQUAL_INT(builder.data[i], (uint8_t)i)) {
            return;
        }
    }
    base_put_u8(&builder, 0);
    T_EQUAL_INT(builder.failed, BASE_LIMIT);
}

static void taking_hands_the_memory_over(void) {
    base_put_str(&builder, "abc");
    size_t len = 0;
    uint8_t *data = base_builder_take(&builder, &len);
    T_EQUAL_BYTES(data, len, "abc", 3);
    T_EQUAL_INT(base_builder_slice(&builder).len, 0);
    base_put_str(&builder, "d");
    EXPECT("d");
    base_free(data);
}

static void taking_nothing_gives_a_pointer(void) {
    size_t len = 1;
    uint8_t *data = base_builder_take(&builder, &len);
    T_TRUE(data != NULL);
    T_EQUAL_INT(len, 0);
    base_free(data);
}

static void an_empty_builder_is_an_empty_slice_and_no_memory(void) {
    struct base_slice got = base_builder_slice(&builder);
    T_TRUE(!base_slice_is_null(got));
    T_EQUAL_INT(got.len, 0);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static void put_one_of_each(struct base_builder *b) {
    size_t slot = base_put_slot_u32(b);
    base_put_i8(b, -1);
    base_put_i16(b, -2);
    base_put_i32(b, -3);
    base_put_i64(b, -4);
    base_put_u8(b, 1);
    base_put_u16(b, 2);
    base_put_u32(b, 3);
    base_put_bool(b, true);
    base_put_f64(b, 0.25);
    base_put_uvarint32(b, 1u << 30);
    base_put_uvarint64(b, 1ull << 60);
    base_put_zigzag32(b, -(1 << 29));
    base_put_zigzag64(b, -(1ll << 59));
    base_put_slice(b, base_slice_str("slice"));
    base_put_format(b, "%0300d", 1);
    base_patch_length(b, slot);
}

static void what_is_written_is_read_back(void) {
    put_one_of_each(&builder);
    struct base_reader r = base_reader_of(base_builder_slice(&builder));
    T_EQUAL_INT(base_read_u32(&r), builder.len - 4);
    T_EQUAL_INT(base_read_i8(&r), -1);
    T_EQUAL_INT(base_read_i16(&r), -2);
    T_EQUAL_INT(base_read_i32(&r), -3);
    T_EQUAL_INT(base_read_i64(&r), -4);
    T_EQUAL_INT(base_read_u8(&r), 1);
    T_EQUAL_INT(base_read_u16(&r), 2);
    T_EQUAL_INT(base_read_u32(&r), 3);
    T_TRUE(base_read_bool(&r));
    T_TRUE(fabs(base_read_f64(&r) - 0.25) < 1e-12);
    T_EQUAL_INT(base_read_uvarint32(&r), 1u << 30);
    T_EQUAL_INT(base_read_uvarint64(&r), 1ll << 60);
    T_EQUAL_INT(base_read_zigzag32(&r), -(1 << 29));
    T_EQUAL_INT(base_read_zigzag64(&r), -(1ll << 59));
    T_TRUE(base_slice_equal_str(base_read_bytes(&r, 5), "slice"));
    base_read_skip(&r, 300);
    T_TRUE(base_reader_is_done(&r));
}

static void every_failing_allocation_is_reported_and_nothing_leaks(void) {
    uint64_t n = 0;
    for (;; n++) {
        struct base_builder swept;
        base_builder_init(&swept, 1 << 20);
        base_memory_fail_after(n, 0);
        put_one_of_each(&swept);
        base_memory_fail_never();
        int code = swept.failed;
        base_builder_clean_up(&swept);
        T_EQUAL_INT(base_memory_live_count(), live_before);
        if (code == 0 || !T_EQUAL_INT(code, BASE_NO_MEMORY)) {
            break;
        }
    }
    T_TRUE(n >= 3);
}

static void room_that_is_reserved_is_no_content_and_never_a_failure(void) {
    base_put_str(&builder, "ab");
    base_builder_reserve(&builder, 1000);
    T_TRUE(builder.cap >= 1002);
    T_EQUAL_INT(builder.len, 2);
    const uint8_t *before = builder.data;
    T_TRUE(base_put_room(&builder, 1000) == before + 2);
    base_builder_reserve(&builder, SIZE_MAX);
    base_builder_reserve(&builder, 1 << 20); /* beyond the limit with what is there */
    T_TRUE(base_builder_ok(&builder));
    base_memory_fail_after(0, 1);
    base_builder_reserve(&builder, 100000);
    base_memory_fail_never();
    T_TRUE(base_builder_ok(&builder));
    T_EQUAL_INT(builder.len, 1002);
    T_EQUAL_BYTES(builder.data, 2, "ab", 2);
}

CU_SuiteInfo *suite_base_builder(void) {
    static CU_TestInfo tests[] = {
        {"integers_are_big_endian", integers_are_big_endian},
        {"booleans_and_doubles_have_their_bytes", booleans_and_doubles_have_their_bytes},
        {"varints_have_the_bytes_of_protocol_buffers", varints_have_the_bytes_of_protocol_buffers},
        {"zigzag_keeps_small_negatives_short", zigzag_keeps_small_negatives_short},
        {"bytes_and_text_are_appended_as_they_are", bytes_and_text_are_appended_as_they_are},
        {"long_formats_fit", long_formats_fit},
        {"a_slot_takes_the_length_of_what_follows", a_slot_takes_the_length_of_what_follows},
        {"a_patch_outside_of_the_content_does_nothing",
         a_patch_outside_of_the_content_does_nothing},
        {"the_limit_holds_and_failure_is_sticky", the_limit_holds_and_failure_is_sticky},
        {"a_huge_length_is_the_limit_not_a_wrap", a_huge_length_is_the_limit_not_a_wrap},
        {"every_length_up_to_an_odd_limit_fits", every_length_up_to_an_odd_limit_fits},
        {"taking_hands_the_memory_over", taking_hands_the_memory_over},
        {"taking_nothing_gives_a_pointer", taking_nothing_gives_a_pointer},
        {"an_empty_builder_is_an_empty_slice_and_no_memory",
         an_empty_builder_is_an_empty_slice_and_no_memory},
        {"room_that_is_reserved_is_no_content_and_never_a_failure",
         room_that_is_reserved_is_no_content_and_never_a_failure},
        {"what_is_written_is_read_back", what_is_written_is_read_back},
        {"every_failing_allocation_is_reported_and_nothing_leaks",
         every_failing_allocation_is_reported_and_nothing_leaks},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/builder", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
