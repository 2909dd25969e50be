/* Every message at every version against golden bytes: round trip, truncation, excess, limits. */
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/primitive.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_golden(void);

static t_recode_fn *recode_of(const struct t_golden *g) {
    const struct mock_api_info *api = mock_api_find_name(g->api);
    for (size_t i = 0; api && i < t_message_count; i++) {
        if ((int16_t)t_messages[i].api == api->key) {
            return strcmp(g->direction, "request") == 0 ? t_messages[i].request
                                                        : t_messages[i].response;
        }
    }
    return NULL;
}

/* Decodes bytes from a heap copy of exactly their size; out takes what encodes again. */
static int recode(const struct t_golden *g, struct base_slice bytes, struct base_builder *out) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_DECODE_BYTES);
    uint8_t *copy = base_memdup(bytes.data, bytes.len);
    struct base_reader r = base_reader_of(base_slice_of(copy, bytes.len));
    base_builder_init(out, BASE_MIB);
    int code = recode_of(g)(&r, g->version, &arena, out);
    base_arena_clean_up(&arena);
    base_free(copy);
    return code;
}

static const struct t_golden *without_unknown(const struct t_golden *g) {
    size_t count = 0;
    const struct t_golden *all = t_golden_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].version == g->version && strcmp(all[i].api, g->api) == 0 &&
            strcmp(all[i].direction, g->direction) == 0 && strcmp(all[i].kind, "known") == 0) {
            return &all[i];
        }
    }
    return t_golden_find(g->api, g->direction, g->version, "filled");
}

static bool check_round_trip(const struct t_golden *g) {
    /* Tagged fields that are not known are skipped: what comes out has the others. */
    const struct t_golden *want = strcmp(g->kind, "tagged") == 0 ? without_unknown(g) : g;
    struct base_builder out;
    int code = recode(g, base_slice_of(g->bytes, g->len), &out);
    bool same = t_check(code == 0, __LINE__, __FILE__, "%s %s %d %s: %s", g->api, g->direction,
                        g->version, g->kind, base_code_to_str(code)) &&
                t_check(want && base_slice_equal(base_builder_slice(&out),
                                                 base_slice_of(want->bytes, want->len)),
                        __LINE__, __FILE__, "%s %s %d %s differs after a round trip", g->api,
                        g->direction, g->version, g->kind);
    base_builder_clean_up(&out);
    return same;
}

static void every_body_survives_a_round_trip(void) {
    size_t count = 0;
    const struct t_golden *all = t_golden_all(&count);
    for (size_t i = 0; i < count; i++) {
        check_round_trip(&all[i]);
    }
}

static void every_version_of_every_message_has_golden_bytes(void) {
    for (size_t i = 0; i < t_message_count; i++) {
        const struct mock_api_info *api = mock_api_find((int16_t)t_messages[i].api);
        for (int v = api->min_version; v <= api->max_version; v++) {
            T_TRUE(t_golden_find(api->name, "request", v, "filled") != NULL);
            T_TRUE(t_golden_find(api->name, "response", v, "filled") != NULL);
        }
    }
    size_t api_count = 0;
    (void)mock_api_all(&api_count);
    T_EQUAL_INT(t_message_count, api_count);
}

static void every_truncation_is_refused(void) {
    size_t count = 0;
    const struct t_golden *all = t_golden_all(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t len = 0; len < all[i].len; len++) {
            struct base_builder out;
            int code = recode(&all[i], base_slice_of(all[i].bytes, len), &out);
            base_builder_clean_up(&out);
            if (code >= 0) {
                t_check(0, __LINE__, __FILE__, "%s %s %d %s: %zu of %zu bytes taken", all[i].api,
                        all[i].direction, all[i].version, all[i].kind, len, all[i].len);
            }
        }
    }
    T_TRUE(count > 0);
}

/* What is behind the message does not change what is understood. */
static void trailing_bytes_are_ignored(void) {
    size_t count = 0;
    const struct t_golden *all = t_golden_all(&count);
    for (size_t i = 0; i < count; i++) {
        struct base_builder longer;
        base_builder_init(&longer, BASE_MIB);
        base_put_bytes(&longer, all[i].bytes, all[i].len);
        base_put_u8(&longer, 0);
        struct base_builder out, plain;
        T_EQUAL_INT(recode(&all[i], base_builder_slice(&longer), &out), 0);
        T_EQUAL_INT(recode(&all[i], base_slice_of(all[i].bytes, all[i].len), &plain), 0);
        T_TRUE(base_slice_equal(base_builder_slice(&out), base_builder_slice(&plain)));
        base_builder_clean_up(&out);
        base_builder_clean_up(&plain);
        base_builder_clean_up(&longer);
    }
}

/* Each byte in turn set to the values that make the worst counts and lengths. Nothing may crash,
 * and what is taken must encode again. */
static void a_damaged_body_is_refused_or_understood(void) {
    static const uint8_t values[] = {0x00, 0x7f, 0x80, 0xff};
    size_t count = 0;
    const struct t_golden *all = t_golden_all(&count);
    for (size_t i = 0; i < count; i++) {
        /* The longest bodies differ from the others only in length. */
        for (size_t at = 0; at < all[i].len && all[i].len < 400; at++) {
            uint8_t kept = all[i].bytes[at];
            for (size_t v = 0; v < sizeof(values); v++) {
                all[i].bytes[at] = values[v];
                struct base_builder out;
                int code = recode(&all[i], base_slice_of(all[i].bytes, all[i].len), &out);
                base_builder_clean_up(&out);
                if (code > 0 || code == BASE_NO_MEMORY) {
                    t_check(0, __LINE__, __FILE__, "%s %s %d: code %d", all[i].api,
                            all[i].direction, all[i].version, code);
                }
            }
            all[i].bytes[at] = kept;
        }
    }
    T_TRUE(count > 0);
}

static void unlisted_versions_are_unsupported(void) {
    static const uint8_t zeros[64];
    for (size_t i = 0; i < t_message_count; i++) {
        const struct mock_api_info *api = mock_api_find((int16_t)t_messages[i].api);
        int16_t outside[] = {-1, (int16_t)(api->min_version - 1), (int16_t)(api->max_version + 1)};
        for (size_t k = 0; k < 3; k++) {
            struct base_arena arena;
            base_arena_init(&arena, BASE_MIB);
            struct base_builder out;
            base_builder_init(&out, BASE_MIB);
            struct base_reader r = base_reader_of(base_slice_of(zeros, sizeof(zeros)));
            T_EQUAL_INT(t_messages[i].request(&r, outside[k], &arena, &out), BASE_UNSUPPORTED);
            r = base_reader_of(base_slice_of(zeros, sizeof(zeros)));
            T_EQUAL_INT(t_messages[i].response(&r, outside[k], &arena, &out), BASE_UNSUPPORTED);
            base_builder_clean_up(&out);
            base_arena_clean_up(&arena);
        }
    }
}

static void failing_memory_is_reported_and_nothing_leaks(void) {
    size_t count = 0;
    const struct t_golden *all = t_golden_all(&count);
    int64_t before = base_memory_live_count();
    for (size_t i = 0; i < count; i++) {
        int code = BASE_NO_MEMORY;
        /* Once with all that follow, once alone: even numbers and odd ones. */
        for (uint64_t n = 0; n % 2 || (code == BASE_NO_MEMORY && n < 200); n++) {
            struct base_arena arena;
            base_arena_init(&arena, BASE_MAX_DECODE_BYTES);
            struct base_builder out;
            base_builder_init(&out, BASE_MIB);
            struct base_reader r = base_reader_of(base_slice_of(all[i].bytes, all[i].len));
            base_memory_fail_after(n / 2, n % 2 == 0);
            int got = recode_of(&all[i])(&r, all[i].version, &arena, &out);
            base_memory_fail_never();
            T_TRUE(got == 0 || got == BASE_NO_MEMORY);
            code = n % 2 ? code : got;
            base_builder_clean_up(&out);
            base_arena_clean_up(&arena);
        }
        T_EQUAL_INT(code, 0);
    }
    T_EQUAL_INT(base_memory_live_count(), before);
}

static int clean_up(void) {
    t_golden_free();
    return 0;
}

static CU_TestInfo tests[] = {
    {"every_body_survives_a_round_trip", every_body_survives_a_round_trip},
    {"every_version_of_every_message_has_golden_bytes",
     every_version_of_every_message_has_golden_bytes},
    {"every_truncation_is_refused", every_truncation_is_refused},
    {"trailing_bytes_are_ignored", trailing_bytes_are_ignored},
    {"a_damaged_body_is_refused_or_understood", a_damaged_body_is_refused_or_understood},
    {"unlisted_versions_are_unsupported", unlisted_versions_are_unsupported},
    {"failing_memory_is_reported_and_nothing_leaks", failing_memory_is_reported_and_nothing_leaks},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_golden(void) {
    static CU_SuiteInfo suites[] = {
        {"wire golden", NULL, clean_up, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
