/* Request and response headers, the table of APIs, the names of errors, primitives at their edges,
 * the consumer protocol. */
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/api_versions.h"
#include "mock/wire/consumer_protocol.h"
#include "mock/wire/error_names.h"
#include "mock/wire/header.h"
#include "mock/wire/heartbeat.h"
#include "mock/wire/metadata.h"
#include "mock/wire/primitive.h"
#include "t_run.h"

CU_SuiteInfo *suite_wire_header(void);

/* Metadata v9: a flexible header. */
static const uint8_t flexible_header[] = {
    0x00, 0x03,             /* api key */
    0x00, 0x09,             /* api version */
    0x00, 0x00, 0x00, 0x2a, /* correlation id */
    0x00, 0x02, 'm', 'e',   /* client id: still a 16-bit length */
    0x01,                   /* one tagged field */
    0x05, 0x02, 'x', 'y',   /* tag 5, two bytes */
};

static void a_flexible_header_is_read_with_its_tags(void) {
    struct base_reader r = base_reader_of(base_slice_of(flexible_header, sizeof(flexible_header)));
    struct mock_request_header header;
    T_EQUAL_INT(mock_request_header_decode(&r, &header), 0);
    T_EQUAL_INT(header.api_key, 3);
    T_EQUAL_INT(header.api_version, 9);
    T_EQUAL_INT(header.correlation_id, 42);
    T_TRUE(base_slice_equal_str(header.client_id, "me"));
    T_EQUAL_INT(r.left, 0);
}

static void every_truncation_of_a_header_is_refused(void) {
    for (size_t len = 0; len < sizeof(flexible_header); len++) {
        uint8_t *copy = base_memdup(flexible_header, len);
        struct base_reader r = base_reader_of(base_slice_of(copy, len));
        struct mock_request_header header;
        T_EQUAL_INT(mock_request_header_decode(&r, &header), BASE_SHORT);
        base_free(copy);
    }
}

static void headers_survive_a_round_trip(void) {
    struct mock_request_header headers[] = {
        {MOCK_API_PRODUCE, 8, 7, base_slice_str("c")},    {MOCK_API_PRODUCE, 9, 8, BASE_SLICE_NULL},
        {MOCK_API_API_VERSIONS, 3, -1, base_slice_str("")}, {999, 1, 9, base_slice_str("d")},
        {MOCK_API_API_VERSIONS, 99, 3, base_slice_str("f")},
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        struct base_builder b;
        base_builder_init(&b, BASE_MIB);
        mock_request_header_encode(&b, &headers[i]);
        struct base_reader r = base_reader_of(base_builder_slice(&b));
        struct mock_request_header back;
        T_EQUAL_INT(mock_request_header_decode(&r, &back), 0);
        T_EQUAL_INT(r.left, 0);
        T_EQUAL_INT(back.api_key, headers[i].api_key);
        T_EQUAL_INT(back.api_version, headers[i].api_version);
        T_EQUAL_INT(back.correlation_id, headers[i].correlation_id);
        T_TRUE(base_slice_equal(back.client_id, headers[i].client_id));
        base_builder_clean_up(&b);
    }
}

static size_t response_header_bytes(int16_t key, int16_t version) {
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_response_header_encode(&b, key, version, 77);
    struct base_reader r = base_reader_of(base_builder_slice(&b));
    int32_t id = 0;
    T_EQUAL_INT(mock_response_header_decode(&r, key, version, &id), 0);
    T_EQUAL_INT(id, 77);
    T_EQUAL_INT(r.left, 0);
    size_t len = b.len;
    base_builder_clean_up(&b);
    return len;
}

static void only_flexible_responses_have_tags_and_api_versions_never(void) {
    T_EQUAL_INT(response_header_bytes(MOCK_API_METADATA, 8), 4);
    T_EQUAL_INT(response_header_bytes(MOCK_API_METADATA, 9), 5);
    T_EQUAL_INT(response_header_bytes(MOCK_API_API_VERSIONS, 3), 4);
    T_EQUAL_INT(response_header_bytes(MOCK_API_API_VERSIONS, 4), 4);
}

static void an_unknown_api_versions_request_is_answered_in_the_first_form(void) {
    static const uint8_t expected[] = {
        0x00, 0x23,                         /* UNSUPPORTED_VERSION */
        0x00, 0x00, 0x00, 0x01,             /* one range */
        0x00, 0x12, 0x00, 0x00, 0x00, 0x03, /* ApiVersions 0 to 3 */
    };
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_api_versions_unsupported_encode(&b, 0, 3);
    T_EQUAL_BYTES(b.data, b.len, expected, sizeof(expected));
    base_builder_clean_up(&b);
}

static void apis_are_found_by_key_and_name(void) {
    size_t count = 0;
    const struct mock_api_info *all = mock_api_all(&count);
    for (size_t i = 0; i < count; i++) {
        T_TRUE(mock_api_find(all[i].key) == &all[i]);
        T_TRUE(mock_api_find_name(all[i].name) == &all[i]);
        T_TRUE(i == 0 || all[i - 1].key < all[i].key);
    }
    T_TRUE(mock_api_find(4) == NULL);
    T_TRUE(mock_api_find(-1) == NULL);
    T_TRUE(mock_api_find_name("produce") == NULL);
    T_EQUAL_STR(mock_api_to_str(0), "Produce");
    T_EQUAL_STR(mock_api_to_str(4), "unknown");
}

static void errors_have_their_names_both_ways(void) {
    T_EQUAL_STR(mock_error_to_str(-1), "UNKNOWN_SERVER_ERROR");
    T_EQUAL_STR(mock_error_to_str(0), "NONE");
    T_EQUAL_STR(mock_error_to_str(19), "NOT_ENOUGH_REPLICAS");
    T_EQUAL_STR(mock_error_to_str(99), "POSITION_OUT_OF_RANGE");
    T_EQUAL_STR(mock_error_to_str(134), "UNLISTED_ERROR");
    T_EQUAL_STR(mock_error_to_str(-2), "UNLISTED_ERROR");
    for (int16_t code = -1; code <= 133; code++) {
        int16_t back = -2;
        T_TRUE(mock_error_find(mock_error_to_str(code), &back));
        T_EQUAL_INT(back, code);
    }
    int16_t untouched = 5;
    T_TRUE(!mock_error_find("NO_SUCH_ERROR", &untouched));
    T_EQUAL_INT(untouched, 5);
}

static int decode_heartbeat(int16_t version, const void *bytes, size_t len) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MIB);
    struct base_reader r = base_reader_of(base_slice_of(bytes, len));
    struct mock_heartbeat_request request;
    int code = mock_heartbeat_request_decode(&r, version, &arena, &request);
    base_arena_clean_up(&arena);
    return code;
}

static void null_where_null_may_not_be_is_malformed(void) {
    T_EQUAL_INT(decode_heartbeat(0, "\xff\xff\0\0\0\1\0\1m", 9), BASE_MALFORMED);
    T_EQUAL_INT(decode_heartbeat(0, "\xff\xfe\0\0\0\1\0\1m", 9), BASE_MALFORMED);
    T_EQUAL_INT(decode_heartbeat(0, "\0\1g\0\0\0\1\0\1m", 10), 0);
    T_EQUAL_INT(decode_heartbeat(4, "\0\0\0\0\1\2m\0\0", 9), BASE_MALFORMED);
    T_EQUAL_INT(decode_heartbeat(4, "\2g\0\0\0\1\2m\0\0", 10), 0);
}

/* Counts and lengths that would cost much if they were believed. */
static void hostile_counts_cost_nothing(void) {
    static const struct {
        int16_t version;
        const char *bytes;
        size_t len;
    } cases[] = {
        {1, "\x7f\xff\xff\xff", 4},                       /* 2^31-1 topics */
        {1, "\x80\x00\x00\x00", 4},                       /* -2^31 topics */
        {1, "\xff\xff\xff\xfe", 4},                       /* -2 topics */
        {9, "\xff\xff\xff\xff\x0f\0\0\0", 8},             /* 2^32-2 topics, compact */
        {9, "\xff\xff\xff\xff\x1f\0\0\0", 8},             /* a varint over 32 bits */
        {9, "\x02\xff\xff\xff\xff\x07\0\0\0\0\0", 11},    /* a name of 2^31-2 bytes */
        {9, "\x01\0\0\0\xff\xff\xff\xff\x0f", 9},         /* 2^32-1 tagged fields */
        {9, "\x01\0\0\0\x01\0\xff\xff\xff\xff\x0f", 11},  /* a tagged field of 2^32-1 bytes */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct base_arena arena;
        base_arena_init(&arena, BASE_MIB);
        uint8_t *copy = base_memdup(cases[i].bytes, cases[i].len);
        struct base_reader r = base_reader_of(base_slice_of(copy, cases[i].len));
        struct mock_metadata_request request;
        int code = mock_metadata_request_decode(&r, cases[i].version, &arena, &request);
        t_check(code == BASE_SHORT || code == BASE_MALFORMED, __LINE__, __FILE__, "case %zu: %d", i,
                code);
        T_TRUE(arena.used_bytes < 1024);
        base_free(copy);
        base_arena_clean_up(&arena);
    }
}

static void an_arena_that_is_full_is_a_limit(void) {
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    base_put_i32(&b, 1000);
    for (int i = 0; i < 1000; i++) {
        base_put_i16(&b, 0);
    }
    struct base_arena arena;
    base_arena_init(&arena, 1000);
    struct base_reader r = base_reader_of(base_builder_slice(&b));
    struct mock_metadata_request request;
    T_EQUAL_INT(mock_metadata_request_decode(&r, 1, &arena, &request), BASE_LIMIT);
    base_arena_clean_up(&arena);
    base_builder_clean_up(&b);
}

static void a_string_too_long_for_its_form_fails_the_builder(void) {
    char *text = base_alloc_zero(40000);
    struct mock_heartbeat_request request = {base_slice_of(text, 32768), 1, base_slice_str("m"),
                                             BASE_SLICE_NULL};
    for (int16_t version = 0; version <= 4; version++) {
        struct base_builder b;
        base_builder_init(&b, BASE_MIB);
        mock_heartbeat_request_encode(&b, version, &request);
        T_EQUAL_INT(b.failed, BASE_LIMIT);
        base_builder_clean_up(&b);
    }
    base_free(text);
}

/* The compact form could carry it, the protocol forbids it. */
static void a_compact_string_over_32767_bytes_is_malformed(void) {
    for (uint32_t len = 32767; len <= 32768; len++) {
        struct base_builder b;
        base_builder_init(&b, BASE_MIB);
        base_put_uvarint32(&b, len + 1);
        uint8_t *group_id = base_put_room(&b, len);
        memset(group_id, 'g', len);
        base_put_bytes(&b, "\0\0\0\1\2m\0\0", 8);
        T_EQUAL_INT(decode_heartbeat(4, b.data, b.len), len == 32767 ? 0 : BASE_MALFORMED);
        base_builder_clean_up(&b);
    }
}

static void subscriptions_survive_a_round_trip(void) {
    struct base_slice topics[] = {base_slice_str("a"), base_slice_str("b")};
    int32_t partitions[] = {3, 1, 2};
    struct mock_topic_partitions owned[] = {{base_slice_str("a"), partitions, 3}};
    for (int16_t version = 0; version <= 4; version++) {
        struct mock_subscription s = {version, topics, 2, BASE_SLICE_NULL, owned, 1, 7,
                                      base_slice_str("rack")};
        struct base_builder b;
        base_builder_init(&b, BASE_MIB);
        mock_subscription_encode(&b, &s);
        struct base_arena arena;
        base_arena_init(&arena, BASE_MIB);
        struct mock_subscription back;
        T_EQUAL_INT(mock_subscription_decode(base_builder_slice(&b), &arena, &back), 0);
        T_EQUAL_INT(back.topic_count, 2);
        T_TRUE(base_slice_equal_str(back.topics[1], "b"));
        T_TRUE(base_slice_is_null(back.user_data));
        T_EQUAL_INT(back.owned_count, version >= 1 ? 1 : 0);
        T_TRUE(version < 1 || back.owned[0].partitions[2] == 2);
        T_EQUAL_INT(back.generation_id, version >= 2 ? 7 : -1);
        T_TRUE(version < 3 ? base_slice_is_null(back.rack_id)
                           : base_slice_equal_str(back.rack_id, "rack"));
        for (size_t len = 0; len < b.len; len++) {
            uint8_t *copy = base_memdup(b.data, len);
            T_TRUE(mock_subscription_decode(base_slice_of(copy, len), &arena, &back) < 0);
            base_free(copy);
        }
        base_arena_clean_up(&arena);
        base_builder_clean_up(&b);
    }
}

static void assignments_survive_a_round_trip(void) {
    int32_t partitions[] = {0, 5};
    struct mock_topic_partitions topics[] = {{base_slice_str("t"), partitions, 2}};
    struct mock_assignment a = {1, topics, 1, base_slice_str("user")};
    struct base_builder b;
    base_builder_init(&b, BASE_MIB);
    mock_assignment_encode(&b, &a);
    struct base_arena arena;
    base_arena_init(&arena, BASE_MIB);
    struct mock_assignment back;
    T_EQUAL_INT(mock_assignment_decode(base_builder_slice(&b), &arena, &back), 0);
    T_EQUAL_INT(back.topic_count, 1);
    T_EQUAL_INT(back.topics[0].partitions[1], 5);
    T_TRUE(base_slice_equal_str(back.user_data, "user"));
    for (size_t len = 1; len < b.len; len++) {
        T_TRUE(mock_assignment_decode(base_slice_of(b.data, len), &arena, &back) < 0);
    }
    T_EQUAL_INT(mock_assignment_decode(base_slice_str(""), &arena, &back), 0);
    T_EQUAL_INT(back.topic_count, 0);
    base_arena_clean_up(&arena);
    base_builder_clean_up(&b);
}

static CU_TestInfo tests[] = {
    {"a_flexible_header_is_read_with_its_tags", a_flexible_header_is_read_with_its_tags},
    {"every_truncation_of_a_header_is_refused", every_truncation_of_a_header_is_refused},
    {"headers_survive_a_round_trip", headers_survive_a_round_trip},
    {"only_flexible_responses_have_tags_and_api_versions_never",
     only_flexible_responses_have_tags_and_api_versions_never},
    {"an_unknown_api_versions_request_is_answered_in_the_first_form",
     an_unknown_api_versions_request_is_answered_in_the_first_form},
    {"apis_are_found_by_key_and_name", apis_are_found_by_key_and_name},
    {"errors_have_their_names_both_ways", errors_have_their_names_both_ways},
    {"null_where_null_may_not_be_is_malformed", null_where_null_may_not_be_is_malformed},
    {"hostile_counts_cost_nothing", hostile_counts_cost_nothing},
    {"an_arena_that_is_full_is_a_limit", an_arena_that_is_full_is_a_limit},
    {"a_string_too_long_for_its_form_fails_the_builder",
     a_string_too_long_for_its_form_fails_the_builder},
    {"a_compact_string_over_32767_bytes_is_malformed",
     a_compact_string_over_32767_bytes_is_malformed},
    {"subscriptions_survive_a_round_trip", subscriptions_survive_a_round_trip},
    {"assignments_survive_a_round_trip", assignments_survive_a_round_trip},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_header(void) {
    static CU_SuiteInfo suites[] = {
        {"wire header", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
