/*
 * Metadata: what is asked for, made plain: topics that are named by their ids get their names, and
 * each is asked for once.
 */
#include <stdlib.h>
#include <string.h>

#include "mock/gateway/handlers.h"

#define FIRST_ID_VERSION 10 /* on the wire */
#define FIRST_BY_ID_VERSION 12

static bool has_id(const struct mock_metadata_request_topic *topic) {
    static const struct mock_uuid none;
    return memcmp(&topic->id, &none, sizeof(none)) != 0;
}

static bool is_by_id(const struct mock_metadata_request *q) {
    for (size_t i = 0; i < q->topic_count; i++) {
        if (has_id(&q->topics[i])) {
            return true;
        }
    }
    return false;
}

/* With one id among them, the topics are those that the ids name, and names do not count
 * (KafkaApis.handleTopicMetadataRequest). A null name is an id that nobody has. */
static void name_topics(struct mock_request *r) {
    struct mock_metadata_request *q = &r->u.metadata;
    size_t count = 0;
    for (size_t i = 0; i < q->topic_count; i++) {
        if (has_id(&q->topics[i])) {
            const struct mock_topic *t =
                mock_topic_find_id(r->connection->broker, &q->topics[i].id);
            q->topics[count] = q->topics[i];
            q->topics[count++].name =
                base_arena_slice(&r->arena, t ? base_slice_str(t->name) : BASE_SLICE_NULL);
        }
    }
    q->topic_count = count;
    q->allow_auto_topic_creation = false;
}

/* By id where there is one, else by name; the same in the order asked. */
static int compare_topics(const void *left, const void *right) {
    const struct mock_metadata_request_topic *a =
        *(const struct mock_metadata_request_topic *const *)left;
    const struct mock_metadata_request_topic *b =
        *(const struct mock_metadata_request_topic *const *)right;
    int order = memcmp(&a->id, &b->id, sizeof(a->id));
    size_t len = a->name.len < b->name.len ? a->name.len : b->name.len;
    if (order == 0 && !has_id(a)) {
        order = len ? memcmp(a->name.data, b->name.data, len) : 0;
        order = order ? order : (a->name.len > b->name.len) - (a->name.len < b->name.len);
    }
    return order ? order : (a > b) - (a < b);
}

static bool is_same(const struct mock_metadata_request_topic *a,
                    const struct mock_metadata_request_topic *b) {
    return memcmp(&a->id, &b->id, sizeof(a->id)) == 0 &&
           (has_id(a) || base_slice_equal(a->name, b->name));
}

/* Each topic is told once, however often it is asked for: where it is asked for first. Sorting
 * them keeps a list of millions from taking for ever. */
static void drop_copies(struct mock_request *r) {
    struct mock_metadata_request *q = &r->u.metadata;
    if (q->topic_count < 2) {
        return;
    }
    const struct mock_metadata_request_topic **sorted =
        base_arena_alloc_array(&r->arena, q->topic_count, sizeof(const void *));
    bool *copies = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*copies));
    if (!sorted || !copies) {
        return; /* the arena has failed */
    }
    for (size_t i = 0; i < q->topic_count; i++) {
        sorted[i] = &q->topics[i];
    }
    qsort(sorted, q->topic_count, sizeof(const void *), compare_topics);
    for (size_t i = 1; i < q->topic_count; i++) {
        copies[sorted[i] - q->topics] = is_same(sorted[i - 1], sorted[i]);
    }
    size_t kept = 0;
    for (size_t i = 0; i < q->topic_count; i++) {
        if (!copies[i]) {
            q->topics[kept++] = q->topics[i];
        }
    }
    q->topic_count = kept;
}

int mock_metadata_decode(struct mock_request *r, struct base_reader *body) {
    struct mock_metadata_request *q = &r->u.metadata;
    int rc = mock_metadata_request_decode(body, r->header.api_version, &r->arena, q);
    if (rc == 0) {
        drop_copies(r);
    }
    if (rc < 0 || r->header.api_version < FIRST_ID_VERSION) {
        return rc < 0 ? rc : r->arena.failed;
    }
    bool by_id = is_by_id(q);
    if (r->header.api_version < FIRST_BY_ID_VERSION) {
        r->error = by_id ? MOCK_ERROR_INVALID_REQUEST : MOCK_ERROR_NONE;
    } else if (by_id) {
        name_topics(r);
        return r->arena.failed;
    }
    for (size_t i = 0; i < q->topic_count; i++) {
        if (base_slice_is_null(q->topics[i].name)) {
            /* Where a topic may be named by its id, Kafka takes this for a fault of its own. */
            r->error = r->header.api_version < FIRST_BY_ID_VERSION
                           ? MOCK_ERROR_INVALID_REQUEST
                           : MOCK_ERROR_UNKNOWN_SERVER_ERROR;
        }
    }
    return 0;
}
