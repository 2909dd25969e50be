/* The expectations of Kafka's MemoryRecordsTest: what a rewritten batch looks like. */
#include "base/crc32c.h"
#include "base/memory.h"
#include "mock/wire/build.h"
#include "script.h"
#include "suites.h"
#include "t_run.h"

static struct script s;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    script_open(&s);
}

static void tear_down(void) {
    script_close(&s);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static struct mock_batch_header header_of(size_t index) {
    struct mock_batch_header header = {0};
    const struct mock_stored_batch *batch = mock_log_batch(s.log, index);
    T_EQUAL_INT(mock_batch_header_decode(mock_stored_batch_slice(batch), &header), 0);
    T_EQUAL_INT(header.crc, base_crc32c(batch->bytes + MOCK_BATCH_CRC_FROM,
                                        batch->len - MOCK_BATCH_CRC_FROM));
    return header;
}

/* testFilterToEmptyBatchRetention, testEmptyBatchRetention */
static void an_empty_batch_is_a_header_that_keeps_offsets_producer_and_epoch(void) {
    script_run(&s, "MemoryRecordsTest", "codec zstd \n i1 1 2 3 \n n 1 2 3 \n roll");
    struct mock_batch_header before = header_of(0);
    script_run(&s, "MemoryRecordsTest", "clean \n lasts 2 5 \n emptied 0");
    struct mock_batch_header h = header_of(0);
    T_EQUAL_INT(mock_log_batch(s.log, 0)->len, MOCK_BATCH_HEADER_BYTES);
    T_EQUAL_INT(h.record_count, 0);
    T_EQUAL_INT(h.base_offset, 0);
    T_EQUAL_INT(h.last_offset_delta, 2);
    T_EQUAL_INT(h.attributes, 0); /* no codec, no horizon */
    T_EQUAL_INT(h.base_timestamp, -1);
    T_EQUAL_INT(h.max_timestamp, before.max_timestamp);
    T_EQUAL_INT(h.producer_id, 1);
    T_EQUAL_INT(h.producer_epoch, 0);
    T_EQUAL_INT(h.base_sequence, 0);
    T_EQUAL_INT(h.partition_leader_epoch, 5);
}

/* testFilterToPreservesProducerInfo, testFilterToPreservesPartitionLeaderEpoch */
static void a_rewritten_batch_keeps_offsets_sequences_epochs_and_codec(void) {
    script_run(&s, "MemoryRecordsTest",
               "codec lz4 \n i1 9 \n i1 1 2 3 \n n 1 3 \n roll \n clean \n offsets 0 2 4 5");
    struct mock_batch_header h = header_of(1);
    T_EQUAL_INT(h.record_count, 1);
    T_EQUAL_INT(h.base_offset, 1);
    T_EQUAL_INT(h.last_offset_delta, 2);
    T_EQUAL_INT(h.base_sequence, 1);
    T_EQUAL_INT(h.producer_id, 1);
    T_EQUAL_INT(h.partition_leader_epoch, 5);
    T_EQUAL_INT(mock_batch_codec(&h), MOCK_CODEC_LZ4);
    /* Of the records that stay: key 2 alone, written 1 ms after the batch's first. */
    T_EQUAL_INT(h.base_timestamp, s.now_ms + 1);
    T_EQUAL_INT(h.max_timestamp, s.now_ms + 1);
}

/* testBaseTimestampToDeleteHorizonConversion */
static void a_horizon_takes_the_place_of_the_base_timestamp_and_no_time_changes(void) {
    script_run(&s, "MemoryRecordsTest", "n 1 2- 3 \n roll \n clean \n stamped 0");
    struct mock_batch_header h = header_of(0);
    T_EQUAL_INT(h.attributes, MOCK_BATCH_DELETE_HORIZON);
    T_EQUAL_INT(h.base_timestamp, s.now_ms + 86400000);
    T_EQUAL_INT(h.max_timestamp, s.now_ms + 2);
    struct mock_record_iterator it;
    struct mock_record record;
    int64_t at = s.now_ms;
    struct base_slice batch = mock_stored_batch_slice(mock_log_batch(s.log, 0));
    T_EQUAL_INT(mock_record_iterator_init(&it, batch), 0);
    while (mock_record_iterator_next(&it, &record) > 0) {
        T_EQUAL_INT(record.timestamp_ms, at++);
    }
    T_EQUAL_INT(at, s.now_ms + 3);
    mock_record_iterator_clean_up(&it);
}

/* testFilterToPreservesLogAppendTime */
static void log_append_time_stays_the_time_of_the_batch(void) {
    script_run(&s, "MemoryRecordsTest", "append-time \n n 1 2 3 \n n 3 \n roll");
    int64_t max = header_of(0).max_timestamp;
    script_run(&s, "MemoryRecordsTest", "clean \n offsets 0 1 3");
    struct mock_batch_header h = header_of(0);
    T_EQUAL_INT(h.attributes, MOCK_BATCH_LOG_APPEND_TIME);
    T_EQUAL_INT(h.max_timestamp, max);
}

/* filterTo: batch.writeTo */
static void a_batch_that_loses_nothing_is_the_same_object(void) {
    script_run(&s, "MemoryRecordsTest", "codec gzip \n n 1 2 \n n 3 \n roll");
    const struct mock_stored_batch *first = mock_log_batch(s.log, 0);
    script_run(&s, "MemoryRecordsTest", "clean");
    T_TRUE(mock_log_batch(s.log, 0) == first);
}

/* testFilterToEmptyBatchRetention, second round */
static void an_empty_batch_that_stays_is_the_same_object(void) {
    script_run(&s, "MemoryRecordsTest", "i1 1 \n n 1 \n roll \n clean");
    const struct mock_stored_batch *empty = mock_log_batch(s.log, 0);
    T_EQUAL_INT(empty->record_count, 0);
    script_run(&s, "MemoryRecordsTest", "n 2 \n roll \n clean \n emptied 0");
    T_TRUE(mock_log_batch(s.log, 0) == empty);
}

/* log-compaction.md 3.2: stored batches are shared. */
static void a_batch_that_is_replaced_lives_on_with_its_other_owners(void) {
    script_run(&s, "MemoryRecordsTest", "n 1 2 \n n 1 \n roll");
    struct mock_stored_batch *held = mock_stored_batch_ref(mock_log_batch(s.log, 0));
    uint32_t crc = base_crc32c(held->bytes, held->len);
    script_run(&s, "MemoryRecordsTest", "clean \n offsets 1 2");
    T_TRUE(mock_log_batch(s.log, 0) != held);
    T_EQUAL_INT(base_crc32c(held->bytes, held->len), crc);
    mock_clean_pass_free(s.pass);
    s.pass = NULL;
    T_EQUAL_INT(held->refs, 1);
    mock_stored_batch_unref(held);
}

/* testMessageLargerThanMaxMessageSizeWithCorruptHeader, testCleanCorruptMessageSet */
static void a_pass_over_a_broken_batch_fails_and_changes_nothing(void) {
    script_run(&s, "LogCleanerTest", "n 1 \n n 1 2 \n n 1 \n roll");
    struct mock_stored_batch *broken = mock_log_batch(s.log, 1);
    broken->bytes[MOCK_BATCH_HEADER_BYTES] ^= 0x55; /* the length of its first record */
    struct mock_clean_options options = MOCK_CLEAN_OPTIONS_INIT;
    struct mock_clean_pass *pass = NULL;
    struct base_error err = BASE_ERROR_INIT;
    T_TRUE(mock_log_clean(s.log, &options, &pass, &err) < 0);
    T_TRUE(err.code != 0 && pass == NULL);
    T_EQUAL_INT(mock_log_batch_count(s.log), 3);
    T_TRUE(mock_log_batch(s.log, 1) == broken);
    T_EQUAL_INT(mock_log_clean_checkpoint(s.log), -1);
}

/* LogCleanerTest.testLargeMessage */
static void a_record_of_some_megabytes_is_rewritten(void) {
    const size_t len = 3 << 20;
    uint8_t *value = base_alloc_zero(len);
    struct base_builder b;
    base_builder_init(&b, 16 << 20);
    struct mock_build_record records[] = {
        {.timestamp_ms = 1, .key = base_slice_str("1"), .value = base_slice_str("gone")},
        {.timestamp_ms = 1, .key = base_slice_str("2"), .value = base_slice_of(value, len)},
    };
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    mock_batch_build(&b, &options, records, 2);
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(&b));
    T_EQUAL_INT(mock_log_append(s.log, batch, 0, s.now_ms, NULL), 0);
    mock_stored_batch_unref(batch);
    script_run(&s, "LogCleanerTest", "n 1 \n roll \n clean \n offsets 1 2");
    T_TRUE(mock_log_batch(s.log, 0)->len > len);
    base_builder_clean_up(&b);
    base_free(value);
}

#define NAMED(test) {#test, test}

CU_SuiteInfo *suite_mock_log_filter(void) {
    static CU_TestInfo tests[] = {
        NAMED(an_empty_batch_is_a_header_that_keeps_offsets_producer_and_epoch),
        NAMED(a_rewritten_batch_keeps_offsets_sequences_epochs_and_codec),
        NAMED(a_horizon_takes_the_place_of_the_base_timestamp_and_no_time_changes),
        NAMED(log_append_time_stays_the_time_of_the_batch),
        NAMED(a_batch_that_loses_nothing_is_the_same_object),
        NAMED(an_empty_batch_that_stays_is_the_same_object),
        NAMED(a_batch_that_is_replaced_lives_on_with_its_other_owners),
        NAMED(a_pass_over_a_broken_batch_fails_and_changes_nothing),
        NAMED(a_record_of_some_megabytes_is_rewritten),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"rewritten batches", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
