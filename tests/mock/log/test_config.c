/* Tests of mock/log/config.c. */
#include <stdio.h>
#include <string.h>

#include "mock/log/config.h"
#include "suites.h"
#include "t_run.h"

static struct mock_log_config config;

static void set_up(void) {
    config = (struct mock_log_config)MOCK_LOG_CONFIG_INIT;
}

static int set(const char *name, const char *value) {
    return mock_log_config_set(&config, name, value, NULL);
}

static void expect_refusal(const char *name, const char *value, int code, const char *sentence) {
    struct mock_log_config before = config;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(mock_log_config_set(&config, name, value, &err), code);
    T_EQUAL_STR(err.text, sentence);
    T_TRUE(memcmp(&before, &config, sizeof(config)) == 0);
}

static void the_defaults_are_those_of_kafka(void) {
    T_TRUE(config.cleanup_delete && !config.cleanup_compact && config.compact_active);
    T_EQUAL_INT(config.delete_retention_ms, 86400000);
    T_EQUAL_INT(config.min_compaction_lag_ms, 0);
    T_EQUAL_INT(config.max_compaction_lag_ms, INT64_MAX);
    T_TRUE(config.min_cleanable_dirty_ratio == 0.5);
    T_EQUAL_INT(config.retention_ms, 604800000);
    T_EQUAL_INT(config.retention_bytes, -1);
    T_EQUAL_INT(config.segment_bytes, 1073741824);
    T_EQUAL_INT(config.segment_ms, 604800000);
    T_EQUAL_INT(config.segment_records, 0);
}

static void every_policy_is_taken(void) {
    T_EQUAL_INT(set("cleanup.policy", "compact"), 0);
    T_TRUE(config.cleanup_compact && !config.cleanup_delete);
    T_EQUAL_INT(set("cleanup.policy", "delete"), 0);
    T_TRUE(!config.cleanup_compact && config.cleanup_delete);
    T_EQUAL_INT(set("cleanup.policy", "delete, compact"), 0);
    T_TRUE(config.cleanup_compact && config.cleanup_delete);
    T_EQUAL_INT(set("cleanup.policy", "compact,delete"), 0);
}

static void a_time_may_have_a_unit(void) {
    T_EQUAL_INT(set("delete.retention.ms", "25h"), 0);
    T_EQUAL_INT(config.delete_retention_ms, 25 * 3600000);
    T_EQUAL_INT(set("retention.ms", "-1"), 0);
    T_EQUAL_INT(config.retention_ms, -1);
    T_EQUAL_INT(set("segment.ms", "7d"), 0);
    T_EQUAL_INT(set("segment.ms", "500ms"), 0);
    T_EQUAL_INT(config.segment_ms, 500);
}

static void an_unknown_name_is_refused(void) {
    expect_refusal("segment.seconds", "1", BASE_NOT_FOUND,
                   "'segment.seconds' is no setting of a topic");
}

static void wrong_values_are_refused_by_name(void) {
    expect_refusal("cleanup.policy", "compact,compress", BASE_USAGE,
                   "cleanup.policy must be delete, compact or compact,delete, not "
                   "'compact,compress'");
    expect_refusal("cleanup.policy", "compact,", BASE_USAGE,
                   "cleanup.policy must be delete, compact or compact,delete, not 'compact,'");
    expect_refusal("compact.active", "yes", BASE_USAGE,
                   "compact.active must be true or false, not 'yes'");
    expect_refusal("min.cleanable.dirty.ratio", "1.5", BASE_USAGE,
                   "min.cleanable.dirty.ratio must be a number from 0 to 1, not '1.5'");
    expect_refusal("segment.records", "4h", BASE_USAGE,
                   "segment.records must be a number from 0 to 9223372036854775807, not '4h'");
    T_EQUAL_INT(set("segment.ms", "0"), BASE_USAGE);
    T_EQUAL_INT(set("segment.ms", "-5m"), BASE_USAGE);
    T_EQUAL_INT(set("segment.ms", "9999999999999999d"), BASE_USAGE);
    T_EQUAL_INT(set("segment.ms", "5 m"), BASE_USAGE);
    T_EQUAL_INT(set("segment.bytes", ""), BASE_USAGE);
    T_EQUAL_INT(set("retention.bytes", "-2"), BASE_USAGE);
}

static void lags_must_not_cross(void) {
    T_EQUAL_INT(mock_log_config_check(&config, NULL), 0);
    T_EQUAL_INT(set("min.compaction.lag.ms", "2h"), 0);
    T_EQUAL_INT(set("max.compaction.lag.ms", "1h"), 0);
    T_EQUAL_INT(mock_log_config_check(&config, NULL), BASE_USAGE);
}

/* -- as clients write them -- */

static int alter(const char *name, const char *value) {
    return mock_log_config_alter(&config, base_slice_str(name), base_slice_str(value), NULL);
}

static void expect_kafkas_words(const char *name, const char *value, int code,
                                const char *sentence) {
    struct mock_log_config before = config;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(mock_log_config_alter(&config, base_slice_str(name), base_slice_str(value), &err),
                code);
    T_EQUAL_STR(err.text, sentence);
    T_TRUE(memcmp(&before, &config, sizeof(config)) == 0);
}

static void clients_know_no_units_and_none_of_our_settings(void) {
    expect_kafkas_words("retention.ms", "24h", BASE_USAGE,
                        "Invalid value 24h for configuration retention.ms: Not a number of type "
                        "LONG");
    expect_kafkas_words("segment.records", "1", BASE_NOT_FOUND,
                        "Unknown topic config name: segment.records");
    expect_kafkas_words("compact.active", "true", BASE_NOT_FOUND,
                        "Unknown topic config name: compact.active");
    T_EQUAL_INT(alter("retention.ms", " 7 "), 0);
    T_EQUAL_INT(config.retention_ms, 7);
}

static void clients_have_kafkas_limits(void) {
    expect_kafkas_words("segment.bytes", "1048575", BASE_USAGE,
                        "Invalid value 1048575 for configuration segment.bytes: Value must be at "
                        "least 1048576");
    expect_kafkas_words("min.cleanable.dirty.ratio", "7", BASE_USAGE,
                        "Invalid value 7.0 for configuration min.cleanable.dirty.ratio: Value must "
                        "be no more than 1");
    expect_kafkas_words("cleanup.policy", "delete,compress", BASE_USAGE,
                        "Invalid value compress for configuration cleanup.policy: String must be "
                        "one of: compact, delete");
    T_EQUAL_INT(alter("retention.bytes", "-77"), 0);
    T_EQUAL_INT(config.retention_bytes, -1);
    T_EQUAL_INT(alter("max.message.bytes", "2147483648"), BASE_USAGE);
}

static void what_is_not_honoured_may_only_have_its_default(void) {
    T_EQUAL_INT(alter("remote.storage.enable", "false"), 0);
    T_EQUAL_INT(alter("remote.storage.enable", "true"), BASE_UNSUPPORTED);
    T_EQUAL_INT(alter("segment.jitter.ms", "5"), BASE_UNSUPPORTED);
    T_EQUAL_INT(set("segment.jitter.ms", "5"), BASE_USAGE);
}

static void an_empty_policy_neither_deletes_nor_compacts(void) {
    T_EQUAL_INT(alter("cleanup.policy", ""), 0);
    T_TRUE(!config.cleanup_compact && !config.cleanup_delete);
    T_EQUAL_INT(set("cleanup.policy", ""), BASE_USAGE);
}

static void a_value_that_no_setting_has_room_for_is_refused(void) {
    char text[400];
    memset(text, '1', sizeof(text));
    T_EQUAL_INT(mock_log_config_alter(&config, base_slice_str("retention.ms"),
                                      base_slice_of((const uint8_t *)text, sizeof(text)), NULL),
                BASE_USAGE);
    T_EQUAL_INT(mock_log_config_alter(&config, base_slice_str("retention.ms"),
                                      base_slice_of((const uint8_t *)"1\0002", 3), NULL),
                BASE_USAGE);
}

struct seen {
    int count, given;
    char policy[32];
};

static void see(void *arg, const struct mock_config_view *view) {
    struct seen *seen = arg;
    seen->count++;
    seen->given += view->is_set;
    T_TRUE(view->value && view->default_value && view->help);
    if (strcmp(view->name, "cleanup.policy") == 0) {
        (void)snprintf(seen->policy, sizeof(seen->policy), "%s", view->value);
    }
}

static void what_is_told_is_what_was_given(void) {
    struct seen seen = {0};
    mock_log_config_describe(&config, see, &seen);
    T_EQUAL_INT(seen.count, 37);
    T_EQUAL_INT(seen.given, 0);
    T_EQUAL_INT(alter("cleanup.policy", "delete, compact"), 0);
    T_EQUAL_INT(set("segment.records", "4"), 0);
    T_EQUAL_INT(alter("retention.ms", "604800000"), 0); /* the default, but given */
    seen = (struct seen){0};
    mock_log_config_describe(&config, see, &seen);
    T_EQUAL_INT(seen.given, 2);
    T_EQUAL_STR(seen.policy, "delete,compact");
}

static void a_reset_forgets_what_was_given_but_not_our_own(void) {
    struct seen seen = {0};
    T_EQUAL_INT(set("segment.records", "4"), 0);
    T_EQUAL_INT(alter("message.timestamp.type", "LogAppendTime"), 0);
    T_EQUAL_INT(alter("compression.type", "lz4"), 0);
    T_TRUE(config.log_append_time && config.compression == MOCK_LOG_COMPRESSION_LZ4);
    mock_log_config_reset(&config, base_slice_str("message.timestamp.type"));
    T_TRUE(!config.log_append_time && config.compression == MOCK_LOG_COMPRESSION_LZ4);
    mock_log_config_reset_all(&config);
    T_EQUAL_INT(config.compression, MOCK_LOG_COMPRESSION_PRODUCER);
    T_EQUAL_INT(config.segment_records, 4);
    mock_log_config_describe(&config, see, &seen);
    T_EQUAL_INT(seen.given, 0);
}

static void lags_that_cross_are_said_in_kafkas_words(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(alter("min.compaction.lag.ms", "10"), 0);
    T_EQUAL_INT(alter("max.compaction.lag.ms", "5"), 0);
    T_EQUAL_INT(mock_log_config_check_altered(&config, &err), BASE_USAGE);
    T_EQUAL_STR(err.text, "conflict topic config setting min.compaction.lag.ms (10) > "
                          "max.compaction.lag.ms (5)");
}

#define NAMED(test)                                                                                \
    { #test, test }

CU_SuiteInfo *suite_mock_log_config(void) {
    static CU_TestInfo tests[] = {
        NAMED(the_defaults_are_those_of_kafka),
        NAMED(every_policy_is_taken),
        NAMED(a_time_may_have_a_unit),
        NAMED(an_unknown_name_is_refused),
        NAMED(wrong_values_are_refused_by_name),
        NAMED(lags_must_not_cross),
        NAMED(clients_know_no_units_and_none_of_our_settings),
        NAMED(clients_have_kafkas_limits),
        NAMED(what_is_not_honoured_may_only_have_its_default),
        NAMED(an_empty_policy_neither_deletes_nor_compacts),
        NAMED(a_value_that_no_setting_has_room_for_is_refused),
        NAMED(what_is_told_is_what_was_given),
        NAMED(a_reset_forgets_what_was_given_but_not_our_own),
        NAMED(lags_that_cross_are_said_in_kafkas_words),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"settings of a topic", NULL, NULL, set_up, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
