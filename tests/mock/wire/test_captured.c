/* Requests of a real client: each decodes whole and encodes to the same bytes; its batches are
 * taken in every codec, and their records are what was sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "mock/wire/consumer_protocol.h"
#include "mock/wire/error_names.h"
#include "mock/wire/header.h"
#include "mock/wire/join_group.h"
#include "mock/wire/produce.h"
#include "mock/wire/validate.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_captured(void);

#define MAX_CAPTURED 64

static struct base_builder frames[MAX_CAPTURED];
static size_t frame_count;

static int set_up(void) {
    FILE *file = fopen(CAPTURED_FILE, "r");
    char *line = NULL;
    size_t cap = 0;
    while (file && frame_count < MAX_CAPTURED && getline(&line, &cap, file) > 0) {
        int hex_at = 0;
        int key = 0;
        int version = 0;
        if (line[0] == '#' || sscanf(line, "%d %d %n", &key, &version, &hex_at) != 2) {
            continue;
        }
        struct base_builder *b = &frames[frame_count++];
        base_builder_init(b, BASE_MIB);
        const char *hex = line + hex_at;
        (void)!base_put_hex_decoded(b, base_slice_of(hex, strcspn(hex, "\n")));
    }
    free(line);
    if (file) {
        fclose(file);
    }
    return frame_count > 0 ? 0 : 1;
}

static int clean_up(void) {
    for (size_t i = 0; i < frame_count; i++) {
        base_builder_clean_up(&frames[i]);
    }
    frame_count = 0;
    return 0;
}

static t_recode_fn *request_of(int16_t api_key) {
    for (size_t i = 0; i < t_message_count; i++) {
        if ((int16_t)t_messages[i].api == api_key) {
            return t_messages[i].request;
        }
    }
    return NULL;
}

static void captured_requests_encode_to_the_same_bytes(void) {
    for (size_t i = 0; i < frame_count; i++) {
        struct base_reader r = base_reader_of(base_builder_slice(&frames[i]));
        struct base_arena arena;
        base_arena_init(&arena, BASE_MIB);
        struct base_builder out;
        base_builder_init(&out, BASE_MIB);
        struct mock_request_header header;
        if (T_EQUAL_INT(mock_request_header_decode(&r, &header), 0) &&
            T_TRUE(request_of(header.api_key) != NULL)) {
            T_TRUE(base_slice_equal_str(header.client_id, "rdkafka"));
            mock_request_header_encode(&out, &header);
            int code = request_of(header.api_key)(&r, header.api_version, &arena, &out);
            t_check(code == 0, __LINE__, __FILE__, "%s v%d: %s", mock_api_to_str(header.api_key),
                    header.api_version, base_code_to_str(code));
            T_EQUAL_BYTES(out.data, out.len, frames[i].data, frames[i].len);
        }
        base_builder_clean_up(&out);
        base_arena_clean_up(&arena);
    }
    T_TRUE(frame_count >= 15);
}

/* Decodes the body of the nth captured request of an API into out; false when there is none. */
static bool open_nth(int16_t api_key, size_t n, struct base_reader *ret_body,
                     struct mock_request_header *ret_header) {
    for (size_t i = 0; i < frame_count; i++) {
        struct base_reader r = base_reader_of(base_builder_slice(&frames[i]));
        if (mock_request_header_decode(&r, ret_header) == 0 && ret_header->api_key == api_key &&
            n-- == 0) {
            *ret_body = r;
            return true;
        }
    }
    return false;
}

static void check_records(struct base_slice batch, const char *codec) {
    struct mock_record_iterator it;
    if (!T_EQUAL_INT(mock_record_iterator_init(&it, batch), 0)) {
        return;
    }
    struct mock_record record;
    int count = 0;
    while (mock_record_iterator_next(&it, &record) > 0) {
        char key[32];
        char value[64];
        count++;
        (void)snprintf(key, sizeof(key), "key%d", count);
        (void)snprintf(value, sizeof(value), "%s value %d aaaa", codec, count);
        T_TRUE(base_slice_equal_str(record.key, key));
        T_TRUE(record.value.len > strlen(value) &&
               memcmp(record.value.data, value, strlen(value)) == 0);
        struct mock_record_header header;
        T_EQUAL_INT(record.header_count, 2);
        T_TRUE(mock_record_next_header(&record, &header));
        T_TRUE(base_slice_equal_str(header.name, "h1") && base_slice_equal_str(header.value, "v1"));
    }
    T_EQUAL_INT(count, 40);
    mock_record_iterator_clean_up(&it);
}

static void captured_batches_are_taken_in_every_codec(void) {
    for (size_t n = 0; n < MOCK_CODEC_COUNT; n++) {
        struct base_reader r;
        struct mock_request_header header;
        struct base_arena arena;
        base_arena_init(&arena, BASE_MIB);
        struct mock_produce_request request;
        if (T_TRUE(open_nth(MOCK_API_PRODUCE, n, &r, &header)) &&
            T_EQUAL_INT(
                mock_produce_request_decode(&r, header.api_version, &arena, &request), 0) &&
            T_EQUAL_INT(request.topic_count, 1) &&
            T_EQUAL_INT(request.topics[0].partition_count, 1)) {
            struct base_slice records = request.topics[0].partitions[0].records;
            struct mock_batch_rules rules = MOCK_BATCH_RULES_INIT;
            struct mock_batch_header batch = {0};
            struct mock_batch_refusal why = {0};
            T_EQUAL_INT(mock_batch_validate(records, &rules, &batch, &why), MOCK_ERROR_NONE);
            T_EQUAL_STR(why.reason, "");
            T_EQUAL_INT(mock_batch_codec(&batch), n);
            T_TRUE(batch.producer_id >= 0);
            T_EQUAL_INT(batch.base_sequence, 0);
            check_records(records, mock_codec_to_str((int)n));
        }
        base_arena_clean_up(&arena);
    }
}

static void a_captured_join_carries_a_subscription(void) {
    struct base_reader r;
    struct mock_request_header header;
    struct base_arena arena;
    base_arena_init(&arena, BASE_MIB);
    struct mock_join_group_request join;
    struct mock_subscription subscription;
    if (T_TRUE(open_nth(MOCK_API_JOIN_GROUP, 0, &r, &header)) &&
        T_EQUAL_INT(mock_join_group_request_decode(&r, header.api_version, &arena, &join), 0) &&
        T_TRUE(join.protocol_count > 0) &&
        T_EQUAL_INT(mock_subscription_decode(join.protocols[0].metadata, &arena, &subscription),
                    0)) {
        T_TRUE(base_slice_equal_str(join.group_id, "grp"));
        T_TRUE(base_slice_equal_str(join.group_instance_id, "inst1"));
        T_EQUAL_INT(join.session_timeout_ms, 6000);
        T_TRUE(base_slice_equal_str(join.protocol_type, "consumer"));
        T_EQUAL_INT(subscription.topic_count, 1);
        T_TRUE(base_slice_equal_str(subscription.topics[0], "t"));
    }
    base_arena_clean_up(&arena);
}

static CU_TestInfo tests[] = {
    {"captured_requests_encode_to_the_same_bytes", captured_requests_encode_to_the_same_bytes},
    {"captured_batches_are_taken_in_every_codec", captured_batches_are_taken_in_every_codec},
    {"a_captured_join_carries_a_subscription", a_captured_join_carries_a_subscription},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_captured(void) {
    static CU_SuiteInfo suites[] = {
        {"wire captured", set_up, clean_up, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
