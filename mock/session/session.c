/* One fetch session: see session.h. */
#include <string.h>

#include "base/memory.h"
#include "mock/session/session_private.h"

#define FIRST_BUCKETS 16u

int32_t mock_session_next_epoch(int32_t epoch) {
    if (epoch < 0) {
        return MOCK_SESSION_EPOCH_FINAL;
    }
    return epoch == INT32_MAX ? 1 : epoch + 1;
}

int mock_session_new(bool uses_ids, struct mock_session **ret_session) {
    struct mock_session *session = base_alloc_zero(sizeof(*session));
    if (!session) {
        return BASE_NO_MEMORY;
    }
    session->references = 1;
    session->epoch = mock_session_next_epoch(MOCK_SESSION_EPOCH_FIRST);
    session->uses_ids = uses_ids;
    *ret_session = session;
    return 0;
}

struct mock_session *mock_session_ref(struct mock_session *session) {
    session->references++;
    return session;
}

void mock_session_unref(struct mock_session *session) {
    if (!session || --session->references > 0) {
        return;
    }
    while (session->first) {
        struct mock_session_part *next = session->first->next;
        base_free(session->first);
        session->first = next;
    }
    base_free(session->buckets);
    base_free(session);
}

int32_t mock_session_id(const struct mock_session *session) {
    return session->id;
}

int32_t mock_session_epoch(const struct mock_session *session) {
    return session->epoch;
}

bool mock_session_uses_ids(const struct mock_session *session) {
    return session->uses_ids;
}

size_t mock_session_partitions(const struct mock_session *session) {
    return session->count;
}

void mock_session_advance(struct mock_session *session) {
    session->epoch = mock_session_next_epoch(session->epoch);
}

/* -- finding partitions -- */

/* FNV-1a over what names it. */
static size_t hash(const struct mock_session *session, const struct mock_session_key *key) {
    const uint8_t *bytes = session->uses_ids ? key->topic_id.bytes : key->topic.data;
    size_t len = session->uses_ids ? sizeof(key->topic_id.bytes) : key->topic.len;
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < len; i++) {
        h = (h ^ bytes[i]) * 1099511628211u;
    }
    h = (h ^ (uint32_t)key->partition) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

static struct mock_session_key key_of(const struct mock_session_part *part) {
    return (struct mock_session_key){
        .topic = base_slice_of(part->topic, part->topic_len),
        .topic_id = part->topic_id,
        .partition = part->asked.index,
    };
}

static bool is_same_topic(const struct mock_session *session, const struct mock_session_key *a,
                          const struct mock_session_key *b) {
    return session->uses_ids ? memcmp(&a->topic_id, &b->topic_id, sizeof(a->topic_id)) == 0
                             : base_slice_equal(a->topic, b->topic);
}

/* Where the pointer to it is, or would be; NULL while there are no buckets. */
static struct mock_session_part **find(const struct mock_session *session,
                                       const struct mock_session_key *key) {
    if (session->bucket_count == 0) {
        return NULL;
    }
    struct mock_session_part **at =
        &session->buckets[hash(session, key) & (session->bucket_count - 1)];
    while (*at) {
        struct mock_session_key its = key_of(*at);
        if (its.partition == key->partition && is_same_topic(session, &its, key)) {
            break;
        }
        at = &(*at)->same_bucket;
    }
    return at;
}

static struct mock_session_part *find_part(const struct mock_session *session,
                                           const struct mock_session_key *key) {
    struct mock_session_part **at = find(session, key);
    return at ? *at : NULL;
}

static int grow(struct mock_session *session) {
    size_t count = session->bucket_count ? session->bucket_count * 2 : FIRST_BUCKETS;
    struct mock_session_part **buckets =
        base_alloc_array(count, sizeof(struct mock_session_part *));
    if (!buckets) {
        return BASE_NO_MEMORY;
    }
    base_free(session->buckets);
    session->buckets = buckets;
    session->bucket_count = count;
    for (struct mock_session_part *p = session->first; p; p = p->next) {
        struct mock_session_key key = key_of(p);
        struct mock_session_part **bucket = &buckets[hash(session, &key) & (count - 1)];
        p->same_bucket = *bucket;
        *bucket = p;
    }
    return 0;
}

/* -- the order -- */

static void unlink_part(struct mock_session *session, struct mock_session_part *p) {
    *(p->prev ? &p->prev->next : &session->first) = p->next;
    *(p->next ? &p->next->prev : &session->last) = p->prev;
}

static void link_last(struct mock_session *session, struct mock_session_part *p) {
    p->prev = session->last;
    p->next = NULL;
    *(p->prev ? &p->prev->next : &session->first) = p;
    session->last = p;
}

/* -- changes -- */

static int add(struct mock_session *session, const struct mock_session_key *key,
               const struct mock_fetch_partition *asked) {
    if (session->count >= session->bucket_count && grow(session) < 0) {
        return BASE_NO_MEMORY;
    }
    size_t len = session->uses_ids ? 0 : key->topic.len;
    struct mock_session_part *p = base_alloc_zero(sizeof(*p) + len);
    if (!p) {
        return BASE_NO_MEMORY;
    }
    p->topic_id = key->topic_id;
    p->asked = *asked;
    p->high_watermark = -1;
    p->log_start = -1;
    p->topic_len = len;
    if (len > 0) {
        memcpy(p->topic, key->topic.data, len);
    }
    *find(session, key) = p;
    link_last(session, p);
    session->count++;
    return 0;
}

static void forget(struct mock_session *session, const struct mock_session_key *key) {
    struct mock_session_part **at = find(session, key);
    struct mock_session_part *p = at ? *at : NULL;
    if (p) {
        *at = p->same_bucket;
        unlink_part(session, p);
        base_free(p);
        session->count--;
    }
}

int mock_session_update(struct mock_session *session, const struct mock_fetch_topic *topics,
                        size_t topic_count, const struct mock_fetch_forgotten_topic *forgotten,
                        size_t forgotten_count) {
    for (size_t t = 0; t < topic_count; t++) {
        for (size_t i = 0; i < topics[t].partition_count; i++) {
            const struct mock_fetch_partition *asked = &topics[t].partitions[i];
            struct mock_session_key key = {topics[t].name, topics[t].id, asked->index};
            struct mock_session_part *p = find_part(session, &key);
            if (p) {
                p->asked = *asked;
            } else if (add(session, &key, asked) < 0) {
                return BASE_NO_MEMORY;
            }
        }
    }
    for (size_t t = 0; t < forgotten_count; t++) {
        for (size_t i = 0; i < forgotten[t].partition_count; i++) {
            struct mock_session_key key = {forgotten[t].name, forgotten[t].id,
                                           forgotten[t].partitions[i]};
            forget(session, &key);
        }
    }
    return 0;
}

/* -- the view -- */

struct viewed {
    struct mock_session_key key;
    struct mock_fetch_partition asked;
    bool gone;
};

struct view {
    struct viewed *items;
    size_t count;
    size_t known; /* of them are the session's own */
};

static void see_asked(const struct mock_session *session, struct view *v,
                      const struct mock_session_key *key,
                      const struct mock_fetch_partition *asked) {
    const struct mock_session_part *p = find_part(session, key);
    if (p) {
        v->items[p->at].asked = *asked;
    } else {
        v->items[v->count++] = (struct viewed){*key, *asked, false};
    }
}

static void see_forgotten(const struct mock_session *session, struct view *v,
                          const struct mock_session_key *key) {
    const struct mock_session_part *p = find_part(session, key);
    if (p) {
        v->items[p->at].gone = true;
        return;
    }
    for (size_t i = v->known; i < v->count; i++) {
        if (v->items[i].key.partition == key->partition &&
            is_same_topic(session, &v->items[i].key, key)) {
            v->items[i].gone = true;
        }
    }
}

/* Partitions of one topic that follow each other become one. */
static int group(const struct mock_session *session, const struct view *v, struct base_arena *arena,
                 struct mock_fetch_topic **ret_topics, size_t *ret_count) {
    struct mock_fetch_partition *parts =
        base_arena_alloc_array(arena, v->count, sizeof(struct mock_fetch_partition));
    struct mock_fetch_topic *topics =
        base_arena_alloc_array(arena, v->count, sizeof(struct mock_fetch_topic));
    size_t count = 0;
    const struct mock_session_key *before = NULL;
    for (size_t i = 0; parts && topics && i < v->count; i++) {
        const struct viewed *item = &v->items[i];
        if (item->gone) {
            continue;
        }
        if (!before || !is_same_topic(session, before, &item->key)) {
            topics[count++] = (struct mock_fetch_topic){
                .name =
                    session->uses_ids ? BASE_SLICE_NULL : base_arena_slice(arena, item->key.topic),
                .partitions = parts,
                .id = item->key.topic_id,
            };
        }
        before = &item->key;
        *parts++ = item->asked;
        topics[count - 1].partition_count++;
    }
    if (arena->failed) {
        return arena->failed;
    }
    *ret_topics = topics;
    *ret_count = count;
    return 0;
}

int mock_session_view(const struct mock_session *session, const struct mock_fetch_topic *topics,
                      size_t topic_count, const struct mock_fetch_forgotten_topic *forgotten,
                      size_t forgotten_count, struct base_arena *arena,
                      struct mock_fetch_topic **ret_topics, size_t *ret_count) {
    size_t most = session->count;
    for (size_t t = 0; t < topic_count; t++) {
        most += topics[t].partition_count;
    }
    struct view v = {.items = base_arena_alloc_array(arena, most, sizeof(*v.items))};
    if (!v.items) {
        return arena->failed;
    }
    for (struct mock_session_part *p = session->first; p; p = p->next) {
        p->at = v.count;
        v.items[v.count++] = (struct viewed){key_of(p), p->asked, false};
    }
    v.known = v.count;
    for (size_t t = 0; t < topic_count; t++) {
        for (size_t i = 0; i < topics[t].partition_count; i++) {
            struct mock_session_key key = {topics[t].name, topics[t].id,
                                           topics[t].partitions[i].index};
            see_asked(session, &v, &key, &topics[t].partitions[i]);
        }
    }
    for (size_t t = 0; t < forgotten_count; t++) {
        for (size_t i = 0; i < forgotten[t].partition_count; i++) {
            struct mock_session_key key = {forgotten[t].name, forgotten[t].id,
                                           forgotten[t].partitions[i]};
            see_forgotten(session, &v, &key);
        }
    }
    return group(session, &v, arena, ret_topics, ret_count);
}

/* -- answers -- */

/* After an error its end is told again, whatever the watermark is then. */
static void note(struct mock_session_part *p, const struct mock_fetch_partition_response *answer) {
    p->log_start = answer->log_start_offset;
    p->high_watermark = answer->error_code ? -1 : answer->high_watermark;
}

void mock_session_note(struct mock_session *session, const struct mock_session_key *key,
                       const struct mock_fetch_partition_response *answer) {
    struct mock_session_part *p = find_part(session, key);
    if (p) {
        note(p, answer);
    }
}

bool mock_session_tell(struct mock_session *session, const struct mock_session_key *key,
                       const struct mock_fetch_partition_response *answer) {
    struct mock_session_part *p = find_part(session, key);
    if (!p) {
        return true;
    }
    bool has_records = answer->chunk_count > 0;
    bool tells = has_records || p->high_watermark != answer->high_watermark ||
                 p->log_start != answer->log_start_offset || answer->preferred_read_replica >= 0 ||
                 answer->error_code || answer->has_diverging_epoch;
    note(p, answer);
    if (has_records) {
        unlink_part(session, p);
        link_last(session, p);
    }
    return tells;
}
