/* Errors, names and assignments for the handlers of administration: see admin.h. */
#include "mock/gateway/admin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SENTENCE_BYTES 1024

struct mock_admin_error mock_admin_say(struct mock_request *r, int16_t code, const char *format,
                                       ...) {
    char text[MAX_SENTENCE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return (struct mock_admin_error){code, base_slice_str(base_arena_strdup(&r->arena, text))};
}

struct mock_admin_error mock_admin_general(int16_t code) {
    static const struct {
        int16_t code;
        const char *text;
    } sentences[] = {
        {MOCK_ERROR_COORDINATOR_NOT_AVAILABLE, "The coordinator is not available."},
        {MOCK_ERROR_GROUP_AUTHORIZATION_FAILED, "Group authorization failed."},
        {MOCK_ERROR_INVALID_REQUEST,
         "This most likely occurs because of a request being malformed by the client library or "
         "the message was sent to an incompatible broker. See the broker logs for more details."},
        {MOCK_ERROR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
         "Transactional Id authorization failed."},
    };
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (sentences[i].code == code) {
            return (struct mock_admin_error){code, base_slice_str(sentences[i].text)};
        }
    }
    return mock_admin_code(code);
}

struct mock_admin_error mock_admin_invalid_config(struct mock_request *r,
                                                  const struct base_error *err) {
    return mock_admin_say(r, MOCK_ERROR_INVALID_CONFIG, "%s", err->text);
}

void mock_admin_note(struct mock_request *r, int16_t code) {
    r->error = r->error ? r->error : code;
}

#define ILLEGAL(...) mock_admin_say(r, MOCK_ERROR_INVALID_TOPIC_EXCEPTION, __VA_ARGS__)

struct mock_admin_error mock_admin_check_name(struct mock_request *r, struct base_slice name) {
    int len = (int)name.len;
    const char *text = name.data ? (const char *)name.data : "";
    if (mock_topic_name_is_legal(name)) {
        return MOCK_ADMIN_OK;
    }
    if (len == 0) {
        return ILLEGAL("Topic name is invalid: the empty string is not allowed");
    }
    if (base_slice_equal_str(name, ".") || base_slice_equal_str(name, "..")) {
        return ILLEGAL("Topic name is invalid: '%.*s' is not allowed", len, text);
    }
    if (name.len > BASE_MAX_TOPIC_NAME_BYTES) {
        return ILLEGAL("Topic name is invalid: the length of '%.*s' is longer than the max allowed "
                       "length %u",
                       len, text, BASE_MAX_TOPIC_NAME_BYTES);
    }
    return ILLEGAL("Topic name is invalid: '%.*s' contains one or more characters other than ASCII "
                   "alphanumerics, '.', '_' and '-'",
                   len, text);
}

/* -- assignments -- */

static int compare_ids(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a;
    int32_t y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

#define UNASSIGNABLE(...) mock_admin_say(r, MOCK_ERROR_INVALID_REPLICA_ASSIGNMENT, __VA_ARGS__)

struct mock_admin_error mock_admin_check_replicas(struct mock_request *r, const int32_t *brokers,
                                                  size_t count, int32_t expected) {
    if (count == 0) {
        return UNASSIGNABLE("The manual partition assignment includes an empty replica list.");
    }
    int32_t *sorted = base_arena_alloc_array(&r->arena, count, sizeof(*sorted));
    if (!sorted) {
        return mock_admin_code(MOCK_ERROR_UNKNOWN_SERVER_ERROR);
    }
    memcpy(sorted, brokers, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), compare_ids);
    for (size_t i = 0; i < count; i++) {
        if (!mock_node_get(r->connection->broker, sorted[i])) {
            return UNASSIGNABLE("The manual partition assignment includes broker %d, but no such "
                                "broker is registered.",
                                (int)sorted[i]);
        }
        if (i > 0 && sorted[i] == sorted[i - 1]) {
            return UNASSIGNABLE("The manual partition assignment includes the broker %d more than "
                                "once.",
                                (int)sorted[i]);
        }
    }
    if (expected >= 0 && count != (size_t)expected) {
        return UNASSIGNABLE("The manual partition assignment includes a partition with %zu "
                            "replica(s), but this is not consistent with previous partitions, "
                            "which have %d replica(s).",
                            count, (int)expected);
    }
    return MOCK_ADMIN_OK;
}

/* -- names that occur more than once -- */

struct named {
    struct base_slice name;
    size_t place;
};

static int compare_named(const void *a, const void *b) {
    const struct named *x = a;
    const struct named *y = b;
    size_t least = x->name.len < y->name.len ? x->name.len : y->name.len;
    int order = least ? memcmp(x->name.data, y->name.data, least) : 0;
    if (order == 0) {
        order = (x->name.len > y->name.len) - (x->name.len < y->name.len);
    }
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

uint8_t *mock_admin_repeats(struct mock_request *r, size_t count,
                            struct base_slice (*name_at)(const void *items, size_t i),
                            const void *items) {
    uint8_t *place = base_arena_alloc(&r->arena, count);
    struct named *sorted = base_arena_alloc_array(&r->arena, count, sizeof(*sorted));
    if (!place || !sorted) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct named){name_at(items, i), i};
    }
    qsort(sorted, count, sizeof(*sorted), compare_named);
    for (size_t i = 1; i < count; i++) {
        if (base_slice_equal(sorted[i].name, sorted[i - 1].name)) {
            place[sorted[i].place] = 2;
            if (place[sorted[i - 1].place] == 0) {
                place[sorted[i - 1].place] = 1;
            }
        }
    }
    return place;
}
