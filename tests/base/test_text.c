/* Tests of base64, hexadecimal and quoted text. */
#include "base/text.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "suites.h"
#include "t_run.h"

static struct base_builder builder;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    base_builder_init(&builder, 1 << 16);
}

static void tear_down(void) {
    base_memory_fail_never();
    base_builder_clean_up(&builder);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

/* The builder holds exactly this text; it is empty afterwards. */
static void expect(const char *text, int line) {
    struct base_slice got = base_builder_slice(&builder);
    t_equal_int(builder.failed, 0, line, __FILE__, "builder.failed");
    t_equal_bytes(got.data, got.len, text, strlen(text), line, __FILE__, text);
    base_builder_reset(&builder);
}

/* RFC 4648, section 10. */
static const char *const base64_vectors[][2] = {
    {"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},         {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
};

static void the_base64_vectors_of_rfc_4648_hold_both_ways(void) {
    for (size_t i = 0; i < sizeof(base64_vectors) / sizeof(base64_vectors[0]); i++) {
        base_put_base64(&builder, base_slice_str(base64_vectors[i][0]));
        expect(base64_vectors[i][1], __LINE__);
        T_TRUE(base_put_base64_decoded(&builder, base_slice_str(base64_vectors[i][1])));
        expect(base64_vectors[i][0], __LINE__);
    }
}

static void all_bytes_survive_base64_and_hex(void) {
    uint8_t all[256];
    for (size_t i = 0; i < sizeof(all); i++) {
        all[i] = (uint8_t)(255 - i);
    }
    struct base_builder text;
    base_builder_init(&text, 1 << 16);
    base_put_base64(&text, base_slice_of(all, sizeof(all)));
    T_TRUE(base_put_base64_decoded(&builder, base_builder_slice(&text)));
    T_EQUAL_BYTES(builder.data, builder.len, all, sizeof(all));
    base_builder_reset(&text);
    base_builder_reset(&builder);
    base_put_hex(&text, base_slice_of(all, sizeof(all)));
    T_TRUE(base_put_hex_decoded(&builder, base_builder_slice(&text)));
    T_EQUAL_BYTES(builder.data, builder.len, all, sizeof(all));
    base_builder_clean_up(&text);
}

static void what_is_not_base64_appends_nothing(void) {
    static const char *const bad[] = {
        "Z", "Zg", "Zg=", "Zg=v", "Z===", "====", "=AAA", "Zm9v=AAA", "Zg==Zm9v", "Zm9\n",
        "Zm-_", "Zm9vY", "Zm9v Zg=", "Zm\xc3\xa9",
    };
    base_put_str(&builder, "kept");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        t_check(!base_put_base64_decoded(&builder, base_slice_str(bad[i])), __LINE__, __FILE__,
                "\"%s\" is refused", bad[i]);
        T_EQUAL_INT(builder.len, 4);
    }
    expect("kept", __LINE__);
}

static void every_truncation_of_base64_is_refused_or_a_prefix(void) {
    static const char text[] = "Zm9vYmFyZm9vYmE=";
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        bool ok = base_put_base64_decoded(&builder, base_slice_of(text, len));
        T_EQUAL_INT(ok, len % 4 == 0);
        T_EQUAL_BYTES(base_builder_slice(&builder).data, builder.len, "foobarfoobar", builder.len);
        T_EQUAL_INT(builder.len, ok ? len / 4 * 3 : 0);
        base_builder_reset(&builder);
    }
}

static void hex_is_lower_case_and_read_in_both_cases(void) {
    base_put_hex(&builder, base_slice_of("\x00\xff\xa5", 3));
    expect("00ffa5", __LINE__);
    T_TRUE(base_put_hex_decoded(&builder, base_slice_str("4aB5")));
    expect("J\xb5", __LINE__);
    T_TRUE(base_put_hex_decoded(&builder, base_slice_str("")));
    expect("", __LINE__);
}

static void what_is_not_hex_appends_nothing(void) {
    static const char *const bad[] = {"0", "abc", "0g", "g0", "00 1", "0x00", "00zz", "\xc3\xa9"};
    base_put_str(&builder, "kept");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        t_check(!base_put_hex_decoded(&builder, base_slice_str(bad[i])), __LINE__, __FILE__,
                "\"%s\" is refused", bad[i]);
        T_EQUAL_INT(builder.len, 4);
    }
    expect("kept", __LINE__);
}

static void quoted_text_can_be_read_in_a_scenario(void) {
    base_put_quoted(&builder, base_slice_str("plain text ~"));
    expect("\"plain text ~\"", __LINE__);
    base_put_quoted(&builder, base_slice_str("a\"b\\c$d\ne\tf"));
    expect("\"a\\\"b\\\\c\\$d\\ne\\tf\"", __LINE__);
    base_put_quoted(&builder, base_slice_of("\x00\x1f\x7f\xc3\xa9\r", 6));
    expect("\"\\x00\\x1f\\x7f\\xc3\\xa9\\x0d\"", __LINE__);
    base_put_quoted(&builder, base_slice_str(""));
    expect("\"\"", __LINE__);
}

static void null_is_a_word(void) {
    base_put_quoted(&builder, BASE_SLICE_NULL);
    expect("null", __LINE__);
    base_put_quoted(&builder, base_slice_str("null"));
    expect("\"null\"", __LINE__);
}

static void a_full_builder_fails_instead_of_cutting(void) {
    base_builder_clean_up(&builder);
    base_builder_init(&builder, 7);
    base_put_base64(&builder, base_slice_str("foobar"));
    T_EQUAL_INT(builder.failed, BASE_LIMIT);
    base_builder_reset(&builder);
    base_put_hex(&builder, base_slice_str("foobar"));
    T_EQUAL_INT(builder.failed, BASE_LIMIT);
    base_builder_reset(&builder);
    base_put_quoted(&builder, base_slice_str("foobar"));
    T_EQUAL_INT(builder.failed, BASE_LIMIT);
}

CU_SuiteInfo *suite_base_text(void) {
    static CU_TestInfo tests[] = {
        {"the_base64_vectors_of_rfc_4648_hold_both_ways",
         the_base64_vectors_of_rfc_4648_hold_both_ways},
        {"all_bytes_survive_base64_and_hex", all_bytes_survive_base64_and_hex},
        {"what_is_not_base64_appends_nothing", what_is_not_base64_appends_nothing},
        {"every_truncation_of_base64_is_refused_or_a_prefix",
         every_truncation_of_base64_is_refused_or_a_prefix},
        {"hex_is_lower_case_and_read_in_both_cases", hex_is_lower_case_and_read_in_both_cases},
        {"what_is_not_hex_appends_nothing", what_is_not_hex_appends_nothing},
        {"quoted_text_can_be_read_in_a_scenario", quoted_text_can_be_read_in_a_scenario},
        {"null_is_a_word", null_is_a_word},
        {"a_full_builder_fails_instead_of_cutting", a_full_builder_fails_instead_of_cutting},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/text", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
