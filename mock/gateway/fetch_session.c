/* The fetch session that a Fetch is in, or makes (KIP-227; Kafka: FetchManager.newContext). */
#include "mock/gateway/fetch.h"

#include <string.h>

#define FIRST_ID_VERSION 13

static bool uses_ids(const struct mock_request *r) {
    return r->header.api_version >= FIRST_ID_VERSION;
}

/* Full requests say all that they want; others speak of a session. */
static bool is_full(const struct mock_fetch_request *q) {
    return q->session_epoch == MOCK_SESSION_EPOCH_FIRST ||
           q->session_epoch == MOCK_SESSION_EPOCH_FINAL;
}

static struct mock_session_cache *cache_of(const struct mock_request *r) {
    return mock_node_get(r->connection->broker, r->connection->node)->sessions;
}

static int16_t find(const struct mock_request *r, struct mock_session **ret_session) {
    const struct mock_fetch_request *q = &r->u.fetch;
    const struct mock_session_cache *cache = cache_of(r);
    struct mock_session *session = cache ? mock_session_find(cache, q->session_id) : NULL;
    if (!session) {
        return MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND;
    }
    if (mock_session_epoch(session) != q->session_epoch) {
        return MOCK_ERROR_INVALID_FETCH_SESSION_EPOCH;
    }
    if (mock_session_uses_ids(session) != uses_ids(r)) {
        return MOCK_ERROR_FETCH_SESSION_TOPIC_ID_ERROR;
    }
    *ret_session = session;
    return MOCK_ERROR_NONE;
}

void mock_fetch_name_topics(struct mock_request *r) {
    struct mock_fetch_request *q = &r->u.fetch;
    for (size_t t = 0; uses_ids(r) && t < q->topic_count; t++) {
        const struct mock_topic *topic =
            mock_topic_find_id(r->connection->broker, &q->topics[t].id);
        if (topic && base_slice_is_null(q->topics[t].name)) {
            q->topics[t].name = base_arena_slice(&r->arena, base_slice_str(topic->name));
        }
    }
}

/* The names of what the session asks for, besides what the request does. */
static int view(struct mock_request *r, const struct mock_session *session, bool with_changes) {
    struct mock_fetch_request *q = &r->u.fetch;
    const struct mock_fetch_work *work = r->fetch_work;
    int rc = mock_session_view(session, work->named, with_changes ? work->named_count : 0,
                               q->forgotten, with_changes ? q->forgotten_count : 0, &r->arena,
                               &q->topics, &q->topic_count);
    if (rc == 0) {
        mock_fetch_name_topics(r);
    }
    return rc;
}

int mock_fetch_session_look(struct mock_request *r) {
    struct mock_fetch_work *work = r->fetch_work;
    struct mock_session *session = NULL;
    work->named = r->u.fetch.topics;
    work->named_count = r->u.fetch.topic_count;
    if (is_full(&r->u.fetch) || find(r, &session)) {
        return 0;
    }
    work->viewed = true;
    return view(r, session, true);
}

int16_t mock_fetch_session_enter(struct mock_request *r, int *ret_failed) {
    struct mock_fetch_request *q = &r->u.fetch;
    struct mock_fetch_work *work = r->fetch_work;
    *ret_failed = 0;
    if (is_full(q)) {
        if (q->session_id != MOCK_SESSION_NONE && cache_of(r)) {
            (void)mock_session_remove(cache_of(r), q->session_id);
        }
        return MOCK_ERROR_NONE;
    }
    struct mock_session *session = NULL;
    int16_t error = find(r, &session);
    if (error) {
        return error;
    }
    *ret_failed = mock_session_update(session, work->named, work->named_count, q->forgotten,
                                      q->forgotten_count);
    if (mock_session_partitions(session) == 0) {
        /* Nothing is left to ask for: answered without a session. */
        (void)mock_session_remove(cache_of(r), q->session_id);
        q->topics = work->named;
        q->topic_count = work->named_count;
        return MOCK_ERROR_NONE;
    }
    mock_session_touch(session, mock_broker_now_ms(r->connection->broker));
    mock_session_advance(session);
    work->session = mock_session_ref(session);
    if (*ret_failed == 0 && !work->viewed) {
        *ret_failed = view(r, session, false);
    }
    return MOCK_ERROR_NONE;
}

static struct mock_session_key key_of(const struct mock_fetch_topic_response *topic,
                                      int32_t partition) {
    return (struct mock_session_key){topic->name, topic->id, partition};
}

/* Without the memory for it, or a place in the cache, there is no session: the client asks for all
 * of it again. */
static int32_t make(struct mock_request *r, const struct mock_fetch_response *response) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_node *node = mock_node_get(broker, r->connection->node);
    const struct mock_fetch_request *q = &r->u.fetch;
    struct mock_session *session = NULL;
    if (!node->sessions && mock_session_cache_new((size_t)broker->settings.fetch_session_slots,
                                                  (uint64_t)node->id, &node->sessions, NULL) < 0) {
        return MOCK_SESSION_NONE;
    }
    if (mock_session_new(uses_ids(r), &session) < 0) {
        return MOCK_SESSION_NONE;
    }
    int32_t id = MOCK_SESSION_NONE;
    if (mock_session_update(session, q->topics, q->topic_count, NULL, 0) == 0 &&
        mock_session_add(node->sessions, session, mock_broker_now_ms(broker))) {
        id = mock_session_id(session);
    }
    for (size_t t = 0; id != MOCK_SESSION_NONE && t < response->topic_count; t++) {
        const struct mock_fetch_topic_response *topic = &response->topics[t];
        for (size_t i = 0; i < topic->partition_count; i++) {
            struct mock_session_key key = key_of(topic, topic->partitions[i].index);
            mock_session_note(session, &key, &topic->partitions[i]);
        }
    }
    mock_session_unref(session);
    return id;
}

/* Keeps the partitions of which there is something to say, and the topics that have some. */
static void leave_out(struct mock_session *session, struct mock_fetch_response *response) {
    size_t topics = 0;
    for (size_t t = 0; t < response->topic_count; t++) {
        struct mock_fetch_topic_response *topic = &response->topics[t];
        size_t kept = 0;
        for (size_t i = 0; i < topic->partition_count; i++) {
            struct mock_session_key key = key_of(topic, topic->partitions[i].index);
            if (mock_session_tell(session, &key, &topic->partitions[i])) {
                topic->partitions[kept++] = topic->partitions[i];
            }
        }
        topic->partition_count = kept;
        if (kept > 0) {
            response->topics[topics++] = *topic;
        }
    }
    response->topic_count = topics;
}

int16_t mock_fetch_session_leave(struct mock_request *r, struct mock_fetch_response *response) {
    const struct mock_fetch_request *q = &r->u.fetch;
    struct mock_session *session = r->fetch_work->session;
    if (session) {
        response->session_id = mock_session_id(session);
        if (mock_session_epoch(session) != mock_session_next_epoch(q->session_epoch)) {
            return MOCK_ERROR_INVALID_FETCH_SESSION_EPOCH; /* another request was quicker */
        }
        leave_out(session, response);
    } else if (q->session_epoch == MOCK_SESSION_EPOCH_FIRST) {
        response->session_id = make(r, response);
    }
    return MOCK_ERROR_NONE;
}
