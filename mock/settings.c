/* Broker settings by Kafka's names: one table, read by mock_settings_set and mock_settings_each. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "mock/log/cleaner.h"
#include "mock/mock.h"

enum setting_type {
    TYPE_I32,
    TYPE_I64,
    TYPE_U64,
    TYPE_BOOL,
    TYPE_FIRST_SEQUENCE,
    TYPE_EXPIRY,
    TYPE_COMPACTION
};

struct setting {
    const char *name;
    enum setting_type type;
    size_t at; /* offset in struct mock_settings */
    int64_t min;
    int64_t max;
    const char *help;
};

#define AT(field) offsetof(struct mock_settings, field)

static const struct setting settings_table[] = {
    {"brokers", TYPE_I32, AT(brokers), 1, BASE_MAX_BROKERS, "number of brokers"},
    {"num.partitions", TYPE_I32, AT(num_partitions), 1, BASE_MAX_PARTITIONS,
     "partitions of a topic that does not say"},
    {"auto.create.topics.enable", TYPE_BOOL, AT(auto_create_topics_enable), 0, 1,
     "create a topic when a client asks for it"},
    {"group.initial.rebalance.delay.ms", TYPE_I64, AT(group_initial_rebalance_delay_ms), 0,
     INT32_MAX, "how long an empty group waits for more members"},
    {"message.max.bytes", TYPE_I64, AT(message_max_bytes), 0, INT32_MAX,
     "largest record batch that is accepted"},
    {"log.max.bytes", TYPE_U64, AT(log_max_bytes), 1, INT64_MAX,
     "bytes of record batches that the cluster keeps before it refuses more"},
    {"first.sequence", TYPE_FIRST_SEQUENCE, AT(first_sequence), 0, 0,
     "what a partition that does not know a producer takes as its first sequence: any (Kafka 2.5 "
     "to 4.4) | zero-on-never-written (KAFKA-15591) | zero-always | unknown-producer-id"},
    {"session.expiry", TYPE_EXPIRY, AT(session_expiry_real), 0, 0,
     "when the session of a killed member ends: at-crash | real (its session timeout)"},
    {"compact.policy", TYPE_COMPACTION, AT(compact_adversarial), 0, 0,
     "when compacted topics are cleaned: exact (on command) | adversarial (after every append, as "
     "far "
     "as Kafka's rules allow)"},
    {"log.cleaner.dedupe.buffer.size", TYPE_I64, AT(log_cleaner_dedupe_buffer_size), 48, INT64_MAX,
     "bytes of the cleaner's key map, 24 a key, 90 % of it used: more keys take more passes"},
    {"producer.id.expiration.ms", TYPE_I64, AT(producer_id_expiration_ms), 1, INT64_MAX,
     "a producer not heard of for so long (log time) is forgotten"},
};

#define SETTING_COUNT (sizeof(settings_table) / sizeof(settings_table[0]))

void mock_settings_init(struct mock_settings *settings) {
    *settings = (struct mock_settings){
        .brokers = 3,
        .num_partitions = 1,
        .auto_create_topics_enable = true,
        .group_initial_rebalance_delay_ms = 0,
        .message_max_bytes = 1048588,
        .log_max_bytes = BASE_MAX_LOG_BYTES,
        .first_sequence = MOCK_FIRST_SEQUENCE_ANY,
        .session_expiry_real = false,
        .compact_adversarial = false,
        .log_cleaner_dedupe_buffer_size = MOCK_CLEAN_BUFFER_BYTES,
        .producer_id_expiration_ms = MOCK_PRODUCER_EXPIRATION_MS,
    };
}

static int parse_number(const struct setting *s, const char *value, int64_t *ret_number,
                        struct base_error *err) {
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < s->min || number > s->max) {
        return base_fail(err, BASE_USAGE,
                         "%s must be a number from %" PRId64 " to %" PRId64 ", not '%s'", s->name,
                         s->min, s->max, value);
    }
    *ret_number = number;
    return 0;
}

static int set_word(struct mock_settings *settings, const struct setting *s, const char *value,
                    struct base_error *err) {
    if (s->type == TYPE_FIRST_SEQUENCE) {
        if (!mock_first_sequence_find(value, &settings->first_sequence)) {
            return base_fail(err, BASE_USAGE,
                             "first.sequence must be any, zero-on-never-written, "
                             "zero-always or unknown-producer-id, not '%s'",
                             value);
        }
        return 0;
    }
    const char *const *words = s->type == TYPE_BOOL ? (const char *const[]){"false", "true"}
                               : s->type == TYPE_EXPIRY
                                   ? (const char *const[]){"at-crash", "real"}
                                   : (const char *const[]){"exact", "adversarial"};
    bool *at = (bool *)((char *)settings + s->at);
    if (strcmp(value, words[0]) != 0 && strcmp(value, words[1]) != 0) {
        return base_fail(err, BASE_USAGE, "%s must be %s or %s, not '%s'", s->name, words[0],
                         words[1], value);
    }
    *at = strcmp(value, words[1]) == 0;
    return 0;
}

int mock_settings_set(struct mock_settings *settings, const char *name, const char *value,
                      struct base_error *err) {
    const struct setting *s = NULL;
    for (size_t i = 0; i < SETTING_COUNT && !s; i++) {
        s = strcmp(settings_table[i].name, name) == 0 ? &settings_table[i] : NULL;
    }
    if (!s) {
        return base_fail(err, BASE_NOT_FOUND, "'%s' is no broker setting", name);
    }
    if (s->type == TYPE_BOOL || s->type == TYPE_FIRST_SEQUENCE || s->type == TYPE_EXPIRY ||
        s->type == TYPE_COMPACTION) {
        return set_word(settings, s, value, err);
    }
    int64_t number = 0;
    int rc = parse_number(s, value, &number, err);
    if (rc < 0) {
        return rc;
    }
    char *at = (char *)settings + s->at;
    if (s->type == TYPE_I32) {
        *(int32_t *)(void *)at = (int32_t)number;
    } else if (s->type == TYPE_U64) {
        *(uint64_t *)(void *)at = (uint64_t)number;
    } else {
        *(int64_t *)(void *)at = number;
    }
    return 0;
}

static void value_text(const struct mock_settings *settings, const struct setting *s, char *text,
                       size_t size) {
    const char *at = (const char *)settings + s->at;
    switch (s->type) {
    case TYPE_I32:
        (void)snprintf(text, size, "%" PRId32, *(const int32_t *)(const void *)at);
        return;
    case TYPE_I64:
        (void)snprintf(text, size, "%" PRId64, *(const int64_t *)(const void *)at);
        return;
    case TYPE_U64:
        (void)snprintf(text, size, "%" PRIu64, *(const uint64_t *)(const void *)at);
        return;
    case TYPE_BOOL:
        (void)snprintf(text, size, "%s", *(const bool *)at ? "true" : "false");
        return;
    case TYPE_EXPIRY:
        (void)snprintf(text, size, "%s", *(const bool *)at ? "real" : "at-crash");
        return;
    case TYPE_COMPACTION:
        (void)snprintf(text, size, "%s", *(const bool *)at ? "adversarial" : "exact");
        return;
    case TYPE_FIRST_SEQUENCE:
        (void)snprintf(text, size, "%s", mock_first_sequence_to_str(settings->first_sequence));
        return;
    }
}

void mock_settings_each(void (*visit)(void *arg, const char *name, const char *value,
                                      const char *help),
                        void *arg) {
    struct mock_settings defaults;
    mock_settings_init(&defaults);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char text[64];
        value_text(&defaults, &settings_table[i], text, sizeof(text));
        visit(arg, settings_table[i].name, text, settings_table[i].help);
    }
}
