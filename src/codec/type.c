/* Object types, their names, and the topics they travel on. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "codec/codec.h"

static const char *const type_names[JOURNAL_TYPE_COUNT] = {
    [JOURNAL_CONTENT] = "content",
    [JOURNAL_SKIPPED_CONTENT] = "skipped_content",
    [JOURNAL_DIRECTORY] = "directory",
    [JOURNAL_REVISION] = "revision",
    [JOURNAL_RELEASE] = "release",
    [JOURNAL_SNAPSHOT] = "snapshot",
    [JOURNAL_ORIGIN] = "origin",
    [JOURNAL_ORIGIN_VISIT] = "origin_visit",
    [JOURNAL_ORIGIN_VISIT_STATUS] = "origin_visit_status",
    [JOURNAL_METADATA_AUTHORITY] = "metadata_authority",
    [JOURNAL_METADATA_FETCHER] = "metadata_fetcher",
    [JOURNAL_RAW_EXTRINSIC_METADATA] = "raw_extrinsic_metadata",
    [JOURNAL_EXTID] = "extid",
};

static const char privileged_suffix[] = "_privileged";

const char *journal_type_to_str(enum journal_type type) {
    return type_names[type];
}

int journal_type_find(const char *name) {
    for (int i = 0; i < JOURNAL_TYPE_COUNT; i++) {
        if (strcmp(type_names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

int journal_type_of_topic(const char *topic) {
    const char *dot = strrchr(topic, '.');
    return dot ? journal_type_find(dot + 1) : -1;
}

bool journal_type_is_anonymized(enum journal_type type) {
    return type == JOURNAL_REVISION || type == JOURNAL_RELEASE;
}

char *journal_topic_name(const char *prefix, bool privileged, enum journal_type type) {
    size_t size = strlen(prefix) + sizeof(privileged_suffix) + 1 + strlen(type_names[type]) + 1;
    char *name = base_alloc(size);
    if (name) {
        (void)snprintf(name, size, "%s%s.%s", prefix, privileged ? privileged_suffix : "",
                       type_names[type]);
    }
    return name;
}

bool journal_topic_is_privileged(const char *topic) {
    const char *dot = strrchr(topic, '.');
    size_t len = sizeof(privileged_suffix) - 1;
    return dot && (size_t)(dot - topic) >= len &&
           memcmp(dot - len, privileged_suffix, len) == 0 && journal_type_find(dot + 1) >= 0;
}
