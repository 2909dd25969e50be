/* What is read from a history as the log of a client. */
#include <string.h>

#include "base/limits.h"
#include "made_log.h"
#include "mock/wire/build.h"
#include "suites.h"

static void keys_are_followed_to_their_next_record(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 b1 | a2 ~x | b- a3");
        if (made_log_capture(&log) && T_EQUAL_INT(log.capture.part_count, 1)) {
            const struct trial_captured_part *part = &log.capture.parts[0];
            static const uint32_t next[] = {2, 4, 5, 6, 6, 6};
            T_EQUAL_INT(part->record_count, 6);
            T_EQUAL_INT(part->batch_count, 3);
            for (uint32_t i = 0; i < part->record_count; i++) {
                T_EQUAL_INT(part->records[i].next_of_key, next[i]);
                T_EQUAL_INT(part->records[i].offset, i);
                T_EQUAL_INT(part->records[i].is_tombstone, i == 4);
                T_EQUAL_INT(part->records[i].is_keyless, i == 3);
                T_EQUAL_INT(part->records[i].batch, i / 2);
            }
            T_TRUE(part->varies);
        }
    }
    made_log_close(&log);
}

static void the_last_batch_of_each_producer_is_known(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 1, MOCK_CODEC_NONE, "a1");
        made_log_append(&log, 0, 2, MOCK_CODEC_NONE, "a2 | a3");
        made_log_append(&log, 0, -101, MOCK_CODEC_NONE, "a4");
        if (made_log_capture(&log)) {
            static const bool is_last[] = {true, false, true, false};
            for (uint32_t i = 0; i < 4; i++) {
                T_EQUAL_INT(log.capture.parts[0].batches[i].is_last_of_producer, is_last[i]);
            }
        }
    }
    made_log_close(&log);
}

static void append_elsewhere(struct made_log *log, const char *topic) {
    struct base_builder bytes;
    base_builder_init(&bytes, BASE_MIB);
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.base_offset = 0;
    struct mock_build_record record = {.key = base_slice_str("k"), .value = base_slice_str("v")};
    mock_batch_build(&bytes, &options, &record, 1);
    made_log_event(log, topic, base_builder_slice(&bytes), 0);
    base_builder_clean_up(&bytes);
}

static void only_sources_count_and_only_compacted_ones_vary(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        append_elsewhere(&log, "unread");
        append_elsewhere(&log, "plain");
        made_log_append(&log, 1, 0, MOCK_CODEC_NONE, "x1");
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1");
        if (made_log_capture(&log) && T_EQUAL_INT(log.capture.part_count, 3)) {
            T_EQUAL_STR(log.capture.parts[0].topic, "rev");
            T_EQUAL_STR(log.capture.parts[1].topic, "other");
            T_EQUAL_STR(log.capture.parts[2].topic, "plain");
            T_TRUE(log.capture.parts[0].varies && log.capture.parts[1].varies);
            T_TRUE(!log.capture.parts[2].varies);
            T_EQUAL_INT(log.capture.varying_count, 2);
        }
    }
    made_log_close(&log);
}

static int refused(struct made_log *log) {
    struct base_error err = BASE_ERROR_INIT;
    return trial_capture_read(log->world.bound, trial_find_actor(log->world.bound, "c1"),
                              log->world.history, &log->capture, &err);
}

static void without_compacted_records_there_is_nothing_to_explore(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        append_elsewhere(&log, "plain");
        T_EQUAL_INT(refused(&log), BASE_USAGE);
    }
    made_log_close(&log);
}

static void a_log_that_began_anew_is_refused(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 a2");
        log.next_offset[0] = 0;
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a3");
        T_EQUAL_INT(refused(&log), BASE_UNSUPPORTED);
    }
    made_log_close(&log);
}

static void transactions_are_refused(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        struct base_builder bytes;
        base_builder_init(&bytes, BASE_MIB);
        struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
        options.producer_id = 7;
        mock_batch_build_marker(&bytes, &options, true, 0, 1);
        made_log_event(&log, "rev", base_builder_slice(&bytes), 0);
        T_EQUAL_INT(refused(&log), BASE_UNSUPPORTED);
        base_builder_clean_up(&bytes);
    }
    made_log_close(&log);
}

CU_SuiteInfo *suite_explore_capture(void) {
    static CU_TestInfo tests[] = {
        {"keys_are_followed_to_their_next_record", keys_are_followed_to_their_next_record},
        {"the_last_batch_of_each_producer_is_known", the_last_batch_of_each_producer_is_known},
        {"only_sources_count_and_only_compacted_ones_vary",
         only_sources_count_and_only_compacted_ones_vary},
        {"without_compacted_records_there_is_nothing_to_explore",
         without_compacted_records_there_is_nothing_to_explore},
        {"a_log_that_began_anew_is_refused", a_log_that_began_anew_is_refused},
        {"transactions_are_refused", transactions_are_refused},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"capture", NULL, NULL, NULL, NULL, tests},
                                    CU_SUITE_INFO_NULL};
    return suites;
}
