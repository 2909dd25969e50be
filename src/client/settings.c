/* The table of journal.* settings, and how values are read from it. */
#include "client/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BOTH (JOURNAL_SIDE_WRITER | JOURNAL_SIDE_CLIENT)

static const struct journal_setting table[] = {
    {"journal.flush.timeout.ms", JOURNAL_SIDE_WRITER, JOURNAL_SETTING_INTEGER, NULL, 0, INT32_MAX,
     "120000", "How long a flush waits; what is open then is reported as unknown."},
    {"journal.ready.timeout.ms", BOTH, JOURNAL_SETTING_INTEGER, NULL, 1, 86400000, "10000",
     "How long the start waits for the brokers to name the topics."},
    {"journal.batch.size", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_INTEGER, NULL, 1, 1000000, "200",
     "The most records of a batch; a batch is what is there, it never waits to be full."},
    {"journal.start", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_CHOICE, "earliest | latest", 0, 0,
     "earliest", "Where a partition without an offset begins (auto.offset.reset wins)."},
    {"journal.on.eof", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_CHOICE, "continue | stop | restart", 0,
     0, "continue", "What happens when every assigned partition was read to its end."},
    {"journal.stop.after.objects", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_INTEGER, NULL, 0, INT64_MAX,
     "0", "Stop after so many records; 0 = never."},
    {"journal.commit.timeout.ms", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_INTEGER, NULL, 0, INT32_MAX,
     "60000", "How long a commit is retried whose error may pass; then the client stops."},
    {"journal.resume", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_CHOICE, "group | store", 0, 0, "group",
     "Where a replay resumes: at the group's committed offsets, or at those in the store."},
    {"journal.validate", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_BOOLEAN, NULL, 0, 0, "true",
     "A replay checks that an object's id is the one computed from its fields."},
    {"journal.on.invalid", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_CHOICE, "skip | stop", 0, 0, "skip",
     "An object that cannot be decoded or does not verify: reported and skipped, or an error."},
    {"journal.dead.letter.topic", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_TEXT, NULL, 0, 0, "",
     "Where records go whose effect keeps failing; without it the replay stops at one."},
    {"journal.dead.letter.attempts", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_INTEGER, NULL, 1, 1000000,
     "3", "Attempts at the effect of one record."},
    {"journal.copy.topic", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_TEXT, NULL, 0, 0, "",
     "Where `journal copy` writes each record on."},
    {"journal.transactional.id", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_TEXT, NULL, 0, 0, "",
     "A copy is exactly once: copies and offsets are committed in a transaction of this id."},
    {"journal.transaction.timeout.ms", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_INTEGER, NULL, 1,
     INT32_MAX, "60000", "How long such a transaction may take."},
    {"journal.synchronous", JOURNAL_SIDE_CLIENT, JOURNAL_SETTING_CHOICE, "off | normal | full", 0,
     0, "normal", "SQLite's synchronous pragma of the store."},
};

const struct journal_setting *journal_setting_table(size_t *ret_count) {
    *ret_count = sizeof(table) / sizeof(table[0]);
    return table;
}

const struct journal_setting *journal_setting_find(const char *name) {
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

const char *journal_settings_find(struct journal_settings settings, const char *name) {
    for (size_t i = settings.count; i > 0; i--) {
        if (strcmp(settings.pairs[i - 1].name, name) == 0) {
            return settings.pairs[i - 1].value;
        }
    }
    return NULL;
}

const char *journal_settings_text(struct journal_settings settings, const char *name) {
    const char *value = journal_settings_find(settings, name);
    return value ? value : journal_setting_find(name)->fallback;
}

int64_t journal_settings_integer(struct journal_settings settings, const char *name) {
    return strtoll(journal_settings_text(settings, name), NULL, 10);
}

bool journal_settings_flag(struct journal_settings settings, const char *name) {
    return strcmp(journal_settings_text(settings, name), "true") == 0;
}

bool journal_setting_is_shared(const char *name) {
    static const char *const prefixes[] = {"bootstrap.servers",
                                           "metadata.broker.list",
                                           "client.id",
                                           "security.",
                                           "sasl.",
                                           "ssl.",
                                           "socket.",
                                           "broker.",
                                           "enable.ssl.",
                                           "reconnect."};
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_choice(const char *choices, const char *value) {
    size_t len = strlen(value);
    for (const char *at = choices; at && len > 0;) {
        const char *bar = strstr(at, " | ");
        size_t size = bar ? (size_t)(bar - at) : strlen(at);
        if (size == len && memcmp(at, value, len) == 0) {
            return true;
        }
        at = bar ? bar + 3 : NULL;
    }
    return false;
}

static int check_value(const struct journal_setting *setting, const char *value,
                       struct base_error *err) {
    if (setting->type == JOURNAL_SETTING_INTEGER) {
        char *end = NULL;
        errno = 0;
        long long number = strtoll(value, &end, 10);
        if (errno || end == value || *end || number < setting->min || number > setting->max) {
            return base_fail(err, BASE_USAGE, "%s = %s: expected a number from %lld to %lld",
                             setting->name, value, (long long)setting->min,
                             (long long)setting->max);
        }
    }
    const char *choices = setting->type == JOURNAL_SETTING_CHOICE    ? setting->choices
                          : setting->type == JOURNAL_SETTING_BOOLEAN ? "true | false"
                                                                     : NULL;
    if (choices && !is_choice(choices, value)) {
        return base_fail(err, BASE_USAGE, "%s = %s: expected %s", setting->name, value, choices);
    }
    return 0;
}

static int check_own(const struct journal_pair *pair, enum journal_side side,
                     struct base_error *err) {
    const struct journal_setting *setting = journal_setting_find(pair->name);
    if (!setting) {
        return base_fail(err, BASE_USAGE, "unknown setting %s; `journal settings` lists them",
                         pair->name);
    }
    if (!(setting->sides & (unsigned)side)) {
        return base_fail(err, BASE_USAGE, "%s is a setting of a %s", pair->name,
                         side == JOURNAL_SIDE_WRITER ? "client" : "writer");
    }
    return check_value(setting, pair->value, err);
}

static int check_foreign(const struct journal_pair *pair, enum journal_side side,
                         struct base_error *err) {
    /* What the client's promises rest on: exact, synchronous commits of what was processed. */
    static const char *const ours[] = {"enable.auto.commit", "auto.commit.enable",
                                       "enable.auto.offset.store", "enable.partition.eof"};
    if (strcmp(pair->name, "transactional.id") == 0 && side != JOURNAL_SIDE_WRITER) {
        return base_fail(err, BASE_USAGE, "%s is a setting of a writer", pair->name);
    }
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (strcmp(pair->name, ours[i]) == 0) {
            return base_fail(err, BASE_USAGE, "%s is decided by the journal client", pair->name);
        }
    }
    return 0;
}

int journal_settings_check(struct journal_settings settings, enum journal_side side,
                           struct base_error *err) {
    for (size_t i = 0; i < settings.count; i++) {
        const struct journal_pair *pair = &settings.pairs[i];
        int code = strncmp(pair->name, "journal.", 8) == 0 ? check_own(pair, side, err)
                                                           : check_foreign(pair, side, err);
        if (code) {
            return code;
        }
    }
    return 0;
}
