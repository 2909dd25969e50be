/* Tests of Produce: what is refused, what is kept, what a duplicate is answered. */
#include <string.h>

#include "ask.h"
#include "suites.h"

static struct peer p;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
}

static void end(void) {
    peer_close(&p);
    ask_end();
}

/* A copy of a batch that a test spoils. */
static uint8_t spoiled[4096];
static struct base_slice spoil(struct base_slice batch) {
    memcpy(spoiled, batch.data, batch.len);
    return base_slice_of(spoiled, batch.len);
}

static void offsets_count_records_from_zero(void) {
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 3)).base_offset, 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).base_offset, 3);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 2)).base_offset, 4);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 6);
    T_EQUAL_INT(mock_partition_last(rig.broker, topic, 0), 5);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 3);
    T_EQUAL_INT(rig_event(MOCK_EVENT_ACK, -1, 2)->offset, 4);
}

static void a_wrong_crc_is_refused_and_not_kept(void) {
    const char *topic = rig_topic(1, false);
    struct base_slice batch = spoil(BATCH(.count = 2));
    spoiled[batch.len - 1] ^= 1;
    T_EQUAL_INT(produce(&p, topic, 0, batch).error, MOCK_ERROR_CORRUPT_MESSAGE);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 0);
    T_EQUAL_INT(rig_event(MOCK_EVENT_ACK, -1, 0)->error, MOCK_ERROR_CORRUPT_MESSAGE);
}

static void a_truncated_batch_is_refused(void) {
    const char *topic = rig_topic(1, false);
    struct base_slice batch = BATCH(.count = 2);
    for (size_t len = 0; len < batch.len; len++) {
        T_TRUE(produce(&p, topic, 0, base_slice_of(batch.data, len)).error != 0);
    }
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
    T_EQUAL_INT(produce(&p, topic, 0, batch).error, 0);
}

static void two_batches_in_one_partition_are_refused(void) {
    const char *topic = rig_topic(1, false);
    struct base_slice batch = BATCH(.count = 1);
    memcpy(spoiled, batch.data, batch.len);
    memcpy(spoiled + batch.len, batch.data, batch.len);
    T_EQUAL_INT(produce(&p, topic, 0, base_slice_of(spoiled, 2 * batch.len)).error,
                MOCK_ERROR_INVALID_RECORD);
}

static void a_wrong_magic_is_refused(void) {
    const char *topic = rig_topic(1, false);
    struct base_slice batch = spoil(BATCH(.count = 1));
    spoiled[MOCK_BATCH_MAGIC_AT] = 1;
    T_TRUE(produce(&p, topic, 0, batch).error != 0);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
}

static void a_batch_beyond_the_limit_is_too_large(void) {
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = 1048588)).error,
                MOCK_ERROR_MESSAGE_TOO_LARGE);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.value_bytes = 1048000)).error, 0);
}

static void a_record_without_key_is_refused_by_a_compacted_topic_only(void) {
    const char *topic = rig_topic(1, true);
    struct produced said = produce(&p, topic, 0, BATCH(.key = ""));
    T_EQUAL_INT(said.error, MOCK_ERROR_INVALID_RECORD);
    T_EQUAL_INT(said.bad_record, 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.key = "k")).error, 0);
    T_EQUAL_INT(produce(&p, rig_topic(1, false), 0, BATCH(.key = "")).error, 0);
}

static void the_history_says_what_is_wrong_with_a_batch(void) {
    const char *topic = rig_topic(1, true);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 2, .key = "")).bad_record, 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).error, 0);
    const struct rig_event *refused = rig_event(MOCK_EVENT_ACK, -1, 0);
    if (T_TRUE(refused != NULL)) {
        T_EQUAL_INT(refused->error, MOCK_ERROR_INVALID_RECORD);
        T_EQUAL_STR(refused->text, "2 of its records cannot be taken, for want of a key");
    }
    T_EQUAL_STR(rig_event(MOCK_EVENT_ACK, -1, 1)->text, "");
}

static void an_unknown_topic_or_partition_is_refused(void) {
    T_EQUAL_INT(produce(&p, "nowhere", 0, BATCH(.count = 1)).error,
                MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "nowhere"), -1); /* only Metadata creates */
    const char *topic = rig_topic(2, false);
    T_EQUAL_INT(produce(&p, topic, 2, BATCH(.count = 1)).error,
                MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    T_EQUAL_INT(produce(&p, topic, -1, BATCH(.count = 1)).error,
                MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
}

static void invalid_acks_are_refused(void) {
    const char *topic = rig_topic(1, false);
    ask_produce(&p, 2, topic, 0, BATCH(.count = 1));
    T_EQUAL_INT(take_produced(&p).error, MOCK_ERROR_INVALID_REQUIRED_ACKS);
    ask_produce(&p, -2, topic, 0, BATCH(.count = 1));
    T_EQUAL_INT(take_produced(&p).error, MOCK_ERROR_INVALID_REQUIRED_ACKS);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 0);
}

static void a_transactional_batch_is_refused(void) {
    const char *topic = rig_topic(1, false);
    struct base_slice batch = BATCH(.producer_id = 9, .attributes = MOCK_BATCH_TRANSACTIONAL);
    T_EQUAL_INT(produce(&p, topic, 0, batch).error,
                MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
}

static void a_control_batch_is_refused(void) {
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(
        produce(&p, topic, 0, BATCH(.producer_id = 9, .attributes = MOCK_BATCH_CONTROL)).error,
        MOCK_ERROR_INVALID_RECORD);
}

static void acks_0_appends_and_answers_nothing(void) {
    const char *topic = rig_topic(1, false);
    ask_produce(&p, 0, topic, 0, BATCH(.count = 2));
    peer_expect_nothing(&p);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 1)).base_offset, 2);
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 3);
}

static void acks_1_and_all_are_answered(void) {
    const char *topic = rig_topic(1, false);
    ask_produce(&p, 1, topic, 0, BATCH(.count = 1));
    T_EQUAL_INT(take_produced(&p).base_offset, 0);
    ask_produce(&p, -1, topic, 0, BATCH(.count = 1));
    T_EQUAL_INT(take_produced(&p).base_offset, 1);
}

static void every_version_is_served(void) {
    const char *topic = rig_topic(1, false);
    for (int16_t version = 3; version <= 12; version++) {
        struct produced said = produce_version(&p, version, topic, BATCH(.count = 1));
        T_EQUAL_INT(said.error, 0);
        T_EQUAL_INT(said.base_offset, version - 3);
    }
}

/* Read back, all but base offset and leader epoch is what was sent. */
static void is_kept_as_sent(const char *topic, int64_t offset, struct base_slice sent) {
    struct fetched f = fetch(&p, topic, 0, offset);
    T_EQUAL_INT(f.first_offset, offset);
    if (T_EQUAL_INT(f.records.len, sent.len)) {
        T_EQUAL_BYTES(f.records.data + 8, 4, sent.data + 8, 4);
        T_EQUAL_BYTES(f.records.data + 16, sent.len - 16, sent.data + 16, sent.len - 16);
    }
}

static void compressed_batches_are_kept_as_they_are(void) {
    const char *topic = rig_topic(1, false);
    for (int codec = 0; codec < MOCK_CODEC_COUNT; codec++) {
        struct base_slice batch =
            BATCH(.count = 20, .value_bytes = 100, .codec = (enum mock_codec)codec);
        struct produced said = produce(&p, topic, 0, batch);
        T_EQUAL_INT(said.error, 0);
        T_EQUAL_INT(said.base_offset, 20 * codec);
        is_kept_as_sent(topic, said.base_offset, batch);
    }
}

static void a_codec_that_the_version_does_not_know_is_refused(void) {
    const char *topic = rig_topic(1, false);
    struct base_slice batch = BATCH(.count = 2, .codec = MOCK_CODEC_ZSTD);
    T_EQUAL_INT(produce_version(&p, 6, topic, batch).error,
                MOCK_ERROR_UNSUPPORTED_COMPRESSION_TYPE);
    T_EQUAL_INT(produce_version(&p, 7, topic, batch).error, 0);
}

static void a_duplicate_is_answered_with_the_original_offset_and_not_kept(void) {
    const char *topic = rig_topic(1, false);
    struct initialized id = init_producer(&p, NULL);
    T_EQUAL_INT(id.error, 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 4)).base_offset, 0);
    for (int32_t sequence = 0; sequence < 10; sequence += 2) {
        struct base_slice batch = BATCH(.count = 2, .producer_id = id.producer_id,
                                        .epoch = id.epoch, .sequence = sequence);
        T_EQUAL_INT(produce(&p, topic, 0, batch).base_offset, 4 + sequence);
    }
    /* The window is five batches. */
    for (int32_t sequence = 0; sequence < 10; sequence += 2) {
        struct base_slice batch = BATCH(.count = 2, .producer_id = id.producer_id,
                                        .epoch = id.epoch, .sequence = sequence);
        struct produced said = produce(&p, topic, 0, batch);
        T_EQUAL_INT(said.error, 0);
        T_EQUAL_INT(said.base_offset, 4 + sequence);
    }
    T_EQUAL_INT(mock_partition_end(rig.broker, topic, 0), 14);
    T_EQUAL_INT(rig_count(MOCK_EVENT_APPEND, -1), 6);
}

static void a_gap_in_the_sequence_is_refused(void) {
    const char *topic = rig_topic(1, false);
    struct initialized id = init_producer(&p, NULL);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.count = 2, .producer_id = id.producer_id)).error, 0);
    T_EQUAL_INT(produce(&p, topic, 0, BATCH(.producer_id = id.producer_id, .sequence = 3)).error,
                MOCK_ERROR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    T_EQUAL_INT(
        produce(&p, topic, 0, BATCH(.producer_id = id.producer_id, .sequence = 2)).base_offset, 2);
}

static void producer_ids_differ(void) {
    struct initialized a = init_producer(&p, NULL);
    struct initialized b = init_producer(&p, NULL);
    T_EQUAL_INT(a.error, 0);
    T_TRUE(a.producer_id >= 0 && a.producer_id != b.producer_id);
}

static void a_transactional_id_keeps_its_producer_id(void) {
    struct initialized first = init_producer(&p, "tx");
    struct initialized second = init_producer(&p, "tx");
    T_EQUAL_INT(first.error, 0);
    T_EQUAL_INT(second.error, 0);
    T_EQUAL_INT(second.producer_id, first.producer_id);
    T_TRUE(first.producer_id != init_producer(&p, NULL).producer_id);
}

static void pipelined_requests_are_answered_in_order(void) {
    const char *topic = rig_topic(1, false);
    enum { COUNT = 300 };
    for (int i = 0; i < COUNT; i++) {
        ask_produce(&p, -1, topic, 0, BATCH(.count = 2));
        if (i % 50 == 49) {
            ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){0});
        }
    }
    for (int i = 0; i < COUNT; i++) {
        T_EQUAL_INT(take_produced(&p).base_offset, 2 * i);
        if (i % 50 == 49) {
            /* What was produced before it on this connection, and nothing that came after. */
            T_EQUAL_INT(take_fetched(&p).high_watermark, 2 * (i + 1));
        }
    }
}

static void good_and_bad_requests_are_answered_in_order(void) {
    const char *topic = rig_topic(1, false);
    for (int i = 0; i < 20; i++) {
        ask_produce(&p, -1, i % 2 ? topic : "nowhere", 0, BATCH(.count = 1));
    }
    for (int i = 0; i < 20; i++) {
        struct produced said = take_produced(&p);
        T_EQUAL_INT(said.error, i % 2 ? 0 : MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
        T_EQUAL_INT(said.base_offset, i % 2 ? i / 2 : -1);
    }
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_produce(void) {
    static CU_TestInfo tests[] = {
        TEST(offsets_count_records_from_zero),
        TEST(a_wrong_crc_is_refused_and_not_kept),
        TEST(a_truncated_batch_is_refused),
        TEST(two_batches_in_one_partition_are_refused),
        TEST(a_wrong_magic_is_refused),
        TEST(a_batch_beyond_the_limit_is_too_large),
        TEST(a_record_without_key_is_refused_by_a_compacted_topic_only),
        TEST(the_history_says_what_is_wrong_with_a_batch),
        TEST(an_unknown_topic_or_partition_is_refused),
        TEST(invalid_acks_are_refused),
        TEST(a_transactional_batch_is_refused),
        TEST(a_control_batch_is_refused),
        TEST(acks_0_appends_and_answers_nothing),
        TEST(acks_1_and_all_are_answered),
        TEST(every_version_is_served),
        TEST(compressed_batches_are_kept_as_they_are),
        TEST(a_codec_that_the_version_does_not_know_is_refused),
        TEST(a_duplicate_is_answered_with_the_original_offset_and_not_kept),
        TEST(a_gap_in_the_sequence_is_refused),
        TEST(producer_ids_differ),
        TEST(a_transactional_id_keeps_its_producer_id),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(good_and_bad_requests_are_answered_in_order),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway produce", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
