/* Does an event match a trigger? By content: topics, partitions, keys, values, offsets, attempts.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/fault/engine.h"
#include "mock/wire/record.h"

#define INTENT_HEADER "ktrial-intent"

const char *mock_trigger_kind_to_str(enum mock_trigger_kind kind) {
    static const char *const names[MOCK_TRIGGER_KIND_COUNT] = {
        "connect",        "api-versions", "metadata",      "init-pid",     "produce",
        "append",         "fetch",        "deliver",       "list-offsets", "find-coordinator",
        "join",           "sync",         "assign",        "revoke",       "heartbeat",
        "leave",          "commit",       "fetch-offsets", "point",        "authenticate",
        "add-partitions", "add-offsets",  "end-txn",       "admin",        "clean",
    };
    return kind < MOCK_TRIGGER_KIND_COUNT ? names[kind] : "?";
}

static bool actor_matches(const struct mock_trigger *t, const char *actor) {
    return !t->actor || (actor && strcmp(t->actor, actor) == 0);
}

static bool part_matches(const struct mock_trigger *t, struct base_slice topic, int32_t partition) {
    bool found = t->topic_count == 0;
    for (size_t i = 0; i < t->topic_count && !found; i++) {
        found = base_slice_equal_str(topic, t->topics[i]);
    }
    return found && (t->partition < 0 || t->partition == partition);
}

static bool asks_for_record(const struct mock_trigger *t) {
    return t->key.data || t->value.data || t->offset >= 0 || t->attempt > 0;
}

static bool content_matches(const struct mock_trigger *t, struct base_slice key,
                            struct base_slice value) {
    return (!t->key.data || base_slice_equal(t->key, key)) &&
           (!t->value.data || base_slice_equal(t->value, value));
}

/* -- attempts: the sends of one record, by its intent -- */

/* The intent header's value, else topic, key and value: good enough where a client makes its own
 * records, as long as they differ. */
static void put_identity(struct base_builder *b, struct base_slice topic,
                         struct mock_record record) {
    struct mock_record_header header;
    while (mock_record_next_header(&record, &header)) {
        if (base_slice_equal_str(header.name, INTENT_HEADER) && header.value.data) {
            base_put_u8(b, 'i');
            base_put_slice(b, topic);
            base_put_u8(b, 0);
            base_put_slice(b, header.value);
            return;
        }
    }
    base_put_u8(b, 'r');
    base_put_slice(b, topic);
    base_put_u8(b, 0);
    base_put_u32(b, (uint32_t)record.key.len);
    base_put_slice(b, record.key);
    base_put_slice(b, record.value);
}

/* The count of this send; 0 when memory is out. */
static uint32_t count_send(struct mock_fault *fault, struct base_slice topic,
                           const struct mock_record *record) {
    struct base_builder b;
    base_builder_init(&b, BASE_MAX_FRAME_BYTES);
    put_identity(&b, topic, *record);
    struct mock_sends *sends = NULL;
    HASH_FIND(hh, fault->sends, b.data, (unsigned)b.len, sends);
    if (!sends) {
        sends = base_alloc_zero(sizeof(*sends));
        size_t len = b.len;
        uint8_t *identity = sends ? base_builder_take(&b, &len) : NULL;
        if (!identity) {
            base_free(sends);
            base_builder_clean_up(&b);
            return 0;
        }
        sends->identity = identity;
        HASH_ADD_KEYPTR(hh, fault->sends, sends->identity, (unsigned)len, sends);
        if (!base_hash_has(sends->hh)) {
            base_free(identity);
            base_free(sends);
            base_builder_clean_up(&b);
            return 0;
        }
    }
    base_builder_clean_up(&b);
    return ++sends->count;
}

void mock_sends_free(struct mock_fault *fault) {
    struct mock_sends *sends, *next;
    HASH_ITER(hh, fault->sends, sends, next) {
        HASH_DEL(fault->sends, sends);
        base_free(sends->identity);
        base_free(sends);
    }
}

/* Do any of the batch's records match? Every matching record's send is counted. base: the offset of
 * the first record, -1 when it has none yet. */
static bool batch_matches(struct mock_fault *fault, struct base_slice topic,
                          struct base_slice batch, int64_t base) {
    const struct mock_trigger *t = &fault->spec.trigger;
    struct mock_record_iterator it;
    struct mock_record record;
    bool found = false;
    if (mock_record_iterator_init(&it, batch) < 0) {
        return false;
    }
    while (mock_record_iterator_next(&it, &record) == 1) {
        if (!content_matches(t, record.key, record.value) ||
            (t->offset >= 0 && (base < 0 || base + record.offset_delta != t->offset))) {
            continue;
        }
        bool right_attempt =
            t->attempt <= 0 || count_send(fault, topic, &record) == (uint32_t)t->attempt;
        found = found || right_attempt;
    }
    mock_record_iterator_clean_up(&it);
    return found;
}

/* -- one API each -- */

static bool produce_matches(struct mock_fault *fault, struct mock_request *r) {
    const struct mock_trigger *t = &fault->spec.trigger;
    const struct mock_produce_request *q = &r->u.produce;
    bool found = false;
    for (size_t i = 0; i < q->topic_count; i++) {
        for (size_t j = 0; j < q->topics[i].partition_count; j++) {
            const struct mock_produce_partition *p = &q->topics[i].partitions[j];
            if (part_matches(t, q->topics[i].name, p->index)) {
                found = !asks_for_record(t) ||
                        batch_matches(fault, q->topics[i].name, p->records, -1) || found;
            }
        }
    }
    return found;
}

struct append_search {
    struct mock_fault *fault;
    bool found;
};

static bool served_matches(void *arg, const struct mock_topic *topic, int32_t partition,
                           struct mock_stored_batch *batch) {
    struct append_search *s = arg;
    struct base_slice name = base_slice_str(topic->name);
    const struct mock_trigger *t = &s->fault->spec.trigger;
    if (part_matches(t, name, partition)) {
        s->found =
            !asks_for_record(t) ||
            batch_matches(s->fault, name, mock_stored_batch_slice(batch), batch->base_offset) ||
            s->found;
    }
    return true;
}

static bool deliver_matches(struct mock_fault *fault, struct mock_request *r) {
    struct append_search search = {fault, false};
    mock_fetch_each_served(r, served_matches, &search);
    return search.found;
}

static bool append_matches(struct mock_fault *fault, struct mock_request *r) {
    struct append_search search = {fault, false};
    mock_produce_each_appended(r, served_matches, &search);
    return search.found;
}

static bool fetch_matches(const struct mock_trigger *t, const struct mock_request *r) {
    const struct mock_fetch_request *q = &r->u.fetch;
    bool any = t->topic_count == 0 && t->partition < 0 && t->offset < 0;
    for (size_t i = 0; i < q->topic_count && !any; i++) {
        for (size_t j = 0; j < q->topics[i].partition_count && !any; j++) {
            const struct mock_fetch_partition *p = &q->topics[i].partitions[j];
            any = part_matches(t, q->topics[i].name, p->index) &&
                  (t->offset < 0 || t->offset == p->fetch_offset);
        }
    }
    return any;
}

/* Does a commit of this partition newly cover the trigger's offset? */
static bool offset_matches(const struct mock_trigger *t, struct mock_request *r,
                           struct base_slice group, struct base_slice topic, int32_t partition,
                           int64_t offset) {
    if (!part_matches(t, topic, partition)) {
        return false;
    }
    const char *g = base_arena_strndup(&r->arena, (const char *)group.data, group.len);
    const char *name = base_arena_strndup(&r->arena, (const char *)topic.data, topic.len);
    int64_t before =
        g && name ? mock_group_committed(r->connection->broker, g, name, partition) : -1;
    return t->offset < 0 || (offset > t->offset && before <= t->offset);
}

static bool txn_commit_matches(const struct mock_trigger *t, struct mock_request *r) {
    const struct mock_txn_offset_commit_request *q = &r->u.txn_commit;
    for (size_t i = 0; i < q->topic_count; i++) {
        const struct mock_topic *by_id =
            mock_topic_find_id(r->connection->broker, &q->topics[i].id);
        struct base_slice topic = by_id ? base_slice_str(by_id->name) : q->topics[i].name;
        for (size_t j = 0; j < q->topics[i].partition_count; j++) {
            const struct mock_txn_offset_commit_partition *p = &q->topics[i].partitions[j];
            if (offset_matches(t, r, q->group_id, topic, p->index, p->offset)) {
                return true;
            }
        }
    }
    return false;
}

static bool commit_matches(const struct mock_trigger *t, struct mock_request *r) {
    const struct mock_offset_commit_request *q = &r->u.offset_commit;
    for (size_t i = 0; i < q->topic_count; i++) {
        for (size_t j = 0; j < q->topics[i].partition_count; j++) {
            const struct mock_offset_commit_partition *p = &q->topics[i].partitions[j];
            if (offset_matches(t, r, q->group_id, q->topics[i].name, p->index, p->offset)) {
                return true;
            }
        }
    }
    return false;
}

static bool metadata_matches(const struct mock_trigger *t, const struct mock_request *r) {
    const struct mock_metadata_request *q = &r->u.metadata;
    bool any = t->topic_count == 0 || q->all_topics;
    for (size_t i = 0; i < q->topic_count && !any; i++) {
        any = part_matches(t, q->topics[i].name, t->partition);
    }
    return any;
}

static bool list_matches(const struct mock_trigger *t, const struct mock_request *r) {
    const struct mock_list_offsets_request *q = &r->u.list_offsets;
    bool any = t->topic_count == 0 && t->partition < 0;
    for (size_t i = 0; i < q->topic_count && !any; i++) {
        for (size_t j = 0; j < q->topics[i].partition_count && !any; j++) {
            any = part_matches(t, q->topics[i].name, q->topics[i].partitions[j].index);
        }
    }
    return any;
}

static bool fetch_offsets_matches(const struct mock_trigger *t, const struct mock_request *r) {
    const struct mock_offset_fetch_request *q = &r->u.offset_fetch;
    bool any = t->topic_count == 0 && t->partition < 0;
    for (size_t g = 0; g < q->group_count; g++) {
        for (size_t i = 0; i < q->groups[g].topic_count && !any; i++) {
            const struct mock_offset_fetch_topic *topic = &q->groups[g].topics[i];
            for (size_t j = 0; j < topic->partition_count && !any; j++) {
                any = part_matches(t, topic->name, topic->partitions[j]);
            }
        }
    }
    return any;
}

static bool request_content_matches(struct mock_fault *fault, struct mock_request *r) {
    const struct mock_trigger *t = &fault->spec.trigger;
    switch (t->kind) {
    case MOCK_ON_PRODUCE:
        return produce_matches(fault, r);
    case MOCK_ON_APPEND:
        return append_matches(fault, r);
    case MOCK_ON_DELIVER:
        return deliver_matches(fault, r);
    case MOCK_ON_FETCH:
        return fetch_matches(t, r);
    case MOCK_ON_COMMIT:
        return r->header.api_key == MOCK_API_TXN_OFFSET_COMMIT ? txn_commit_matches(t, r)
                                                               : commit_matches(t, r);
    case MOCK_ON_METADATA:
        return metadata_matches(t, r);
    case MOCK_ON_LIST_OFFSETS:
        return list_matches(t, r);
    case MOCK_ON_FETCH_OFFSETS:
        return fetch_offsets_matches(t, r);
    default:
        return true; /* nothing but who and when can be asked of the others */
    }
}

/* nth counts what matches the rest; from the n-th on, the fault applies as often as it may. */
static bool nth_matches(struct mock_fault *fault) {
    fault->seen++;
    return fault->spec.trigger.nth <= 1 || fault->seen >= (uint32_t)fault->spec.trigger.nth;
}

bool mock_fault_matches_request(struct mock_fault *fault, struct mock_request *r,
                                enum mock_trigger_kind kind) {
    const struct mock_trigger *t = &fault->spec.trigger;
    const struct mock_connection *c = r->connection;
    return t->kind == kind && actor_matches(t, c->actor) && request_content_matches(fault, r) &&
           nth_matches(fault);
}

bool mock_fault_matches_connection(struct mock_fault *fault, const struct mock_connection *c) {
    const struct mock_trigger *t = &fault->spec.trigger;
    return t->kind == MOCK_ON_CONNECT && actor_matches(t, c->actor) && nth_matches(fault);
}

/* The offsets are ascending. */
static bool has_removed(const struct mock_clean_report *report, int64_t offset) {
    size_t low = 0;
    size_t high = report->removed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (report->removed[middle] < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < report->removed_count && report->removed[low] == offset;
}

bool mock_fault_matches_clean(struct mock_fault *fault, const struct mock_clean_report *report) {
    const struct mock_trigger *t = &fault->spec.trigger;
    return t->kind == MOCK_ON_CLEAN && !t->actor &&
           part_matches(t, base_slice_str(report->topic), report->partition) &&
           (t->offset < 0 || has_removed(report, t->offset)) && nth_matches(fault);
}

bool mock_fault_matches_point(struct mock_fault *fault, const struct mock_point *point) {
    const struct mock_trigger *t = &fault->spec.trigger;
    return t->kind == MOCK_ON_POINT && t->point && strcmp(t->point, point->name) == 0 &&
           actor_matches(t, point->actor) &&
           (t->topic_count == 0 ||
            (point->topic && part_matches(t, base_slice_str(point->topic), point->partition))) &&
           (t->partition < 0 || t->partition == point->partition) &&
           (t->offset < 0 || t->offset == point->offset) &&
           content_matches(t, point->key, point->value) && nth_matches(fault);
}
