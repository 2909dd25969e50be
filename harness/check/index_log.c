/*
 * Part of the index: intents with their outcomes, and the log. Every batch is decompressed once; a
 * record is tied to its intent by the header `ktrial-intent`, else by (topic, key, value, order of
 * occurrence) among the intents.
 */
#include <string.h>

#include "base/memory.h"
#include "harness/check/index_txn.h"
#include "mock/wire/record.h"

#define INTENT_HEADER "ktrial-intent"

/* -- intents -- */

static int add_intent(struct trial_index *ix, const struct trial_event *event, uint32_t at) {
    uint32_t number;
    size_t before = ix->intent_numbers.count;
    int rc = trial_table_intern(&ix->intent_numbers, event->intent, BASE_SLICE_NULL, &number);
    if (rc || ix->intent_numbers.count == before) {
        return rc;
    }
    struct trial_index_intent intent = {
        .id = event->intent,
        .event = at,
        .actor = trial_index_find_actor(ix, event->actor),
        .topic = TRIAL_NONE,
        .privileged_topic = TRIAL_NONE,
        .outcome_event = TRIAL_NONE,
        .first_record = TRIAL_NONE,
        .last_record = TRIAL_NONE,
        .first_copy = {TRIAL_NONE, TRIAL_NONE},
    };
    if (event->topic) {
        rc = trial_index_intern_topic(ix, event->topic, &intent.topic);
    }
    if (rc == 0 && event->topic2) {
        rc = trial_index_intern_topic(ix, event->topic2, &intent.privileged_topic);
    }
    if (rc == 0) {
        rc = base_grow((void **)&ix->intents, &ix->intent_cap, before + 1, sizeof(*ix->intents));
    }
    if (rc == 0) {
        ix->intents[before] = intent;
    }
    return rc;
}

static void add_outcome(struct trial_index *ix, const struct trial_event *event, uint32_t at) {
    uint32_t number = trial_table_find(&ix->intent_numbers, event->intent, BASE_SLICE_NULL);
    if (number == TRIAL_TABLE_NONE || ix->intents[number].outcome || !event->text) {
        return;
    }
    struct trial_index_intent *intent = &ix->intents[number];
    intent->outcome = strcmp(event->text, "ok") == 0       ? TRIAL_OUTCOME_OK
                      : strcmp(event->text, "failed") == 0 ? TRIAL_OUTCOME_FAILED
                                                           : TRIAL_OUTCOME_UNKNOWN;
    intent->outcome_event = at;
}

int trial_index_add_intents(struct trial_index *ix, struct base_error *err) {
    size_t count = trial_history_count(ix->history);
    for (size_t i = 0; i < count; i++) {
        const struct trial_event *event = trial_history_at(ix->history, i);
        ix->step_count++;
        if (event->fact == TRIAL_FACT_INTENT) {
            int rc = add_intent(ix, event, (uint32_t)i);
            if (rc) {
                return base_fail(err, rc, "intents: %s", base_code_to_str(rc));
            }
        } else if (event->fact == TRIAL_FACT_OUTCOME) {
            add_outcome(ix, event, (uint32_t)i);
        }
    }
    return 0;
}

/* -- identity without a header -- */

/* Intents that may be what a record without the header is: lists in program order. */
struct candidates {
    struct trial_table by_value; /* tag topic, bytes (key length, key, value) */
    struct trial_table by_key;   /* tag topic, bytes key: objects, whose bytes may differ */
    uint32_t *next_by_value;     /* by entry: the intent that the next record is */
    uint32_t *next_by_key;
    size_t value_cap;
    size_t key_cap;
    uint32_t *link_by_value; /* by intent and copy: the next intent of the same entry */
    uint32_t *link_by_key;
    bool built;
};

static struct base_slice identity_of(struct base_builder *room, struct base_slice key,
                                     struct base_slice value) {
    base_builder_reset(room);
    base_put_i64(room, key.data ? (int64_t)key.len : -1);
    base_put_slice(room, key);
    base_put_bool(room, value.data != NULL);
    base_put_slice(room, value);
    return base_builder_slice(room);
}

static int add_candidate(struct trial_index *ix, struct trial_table *table, uint32_t **next,
                         size_t *cap, uint32_t *link, uint32_t topic, struct base_slice bytes,
                         uint32_t link_at, bool copy) {
    uint32_t entry = trial_table_find(table, topic, bytes);
    if (entry == TRIAL_TABLE_NONE) {
        struct base_slice own = copy ? base_arena_slice(&ix->arena, bytes) : bytes;
        int rc = ix->arena.failed ? ix->arena.failed
                                  : trial_table_intern(table, topic, own, &entry);
        rc = rc ? rc : base_grow((void **)next, cap, table->count, sizeof(**next));
        if (rc) {
            return rc;
        }
        (*next)[entry] = link_at;
        return 0;
    }
    link[link_at] = (*next)[entry];
    (*next)[entry] = link_at;
    return 0;
}

/* Intents are added last first, so that each list begins with the first. */
static int build_candidates(struct trial_index *ix, struct candidates *c) {
    size_t count = ix->intent_numbers.count;
    c->built = true;
    c->link_by_value = base_alloc_array(2 * count + 1, sizeof(uint32_t));
    c->link_by_key = base_alloc_array(2 * count + 1, sizeof(uint32_t));
    int rc = c->link_by_value && c->link_by_key ? 0 : BASE_NO_MEMORY;
    struct base_builder room;
    base_builder_init(&room, SIZE_MAX / 4);
    for (size_t i = count; rc == 0 && i-- > 0;) {
        const struct trial_event *event = trial_index_event(ix, ix->intents[i].event);
        uint32_t topics[2] = {ix->intents[i].topic, ix->intents[i].privileged_topic};
        for (uint32_t copy = 0; rc == 0 && copy < 2; copy++) {
            uint32_t at = (uint32_t)i * 2 + copy;
            c->link_by_value[at] = c->link_by_key[at] = TRIAL_NONE;
            if (topics[copy] == TRIAL_NONE) {
                continue;
            }
            struct base_slice identity = identity_of(&room, event->key, event->value);
            rc = room.failed ? room.failed
                             : add_candidate(ix, &c->by_value, &c->next_by_value, &c->value_cap,
                                             c->link_by_value, topics[copy], identity, at, true);
            if (rc == 0 && event->type) {
                rc = add_candidate(ix, &c->by_key, &c->next_by_key, &c->key_cap, c->link_by_key,
                                   topics[copy], event->key, at, false);
            }
        }
    }
    base_builder_clean_up(&room);
    return rc;
}

/* Takes the next intent of an entry; the last one stays, for the duplicates. */
static uint32_t take_candidate(uint32_t *next, const uint32_t *link, uint32_t entry) {
    uint32_t at = next[entry];
    if (link[at] != TRIAL_NONE) {
        next[entry] = link[at];
    }
    return at / 2;
}

static int intent_by_content(struct trial_index *ix, struct candidates *c, uint32_t topic,
                             const struct mock_record *record, uint32_t *ret_intent) {
    *ret_intent = TRIAL_NONE;
    if (ix->intent_numbers.count == 0) {
        return 0;
    }
    int rc = c->built ? 0 : build_candidates(ix, c);
    if (rc) {
        return rc;
    }
    struct base_builder room;
    base_builder_init(&room, SIZE_MAX / 4);
    struct base_slice identity = identity_of(&room, record->key, record->value);
    uint32_t entry = trial_table_find(&c->by_value, topic, identity);
    rc = room.failed;
    base_builder_clean_up(&room);
    if (entry != TRIAL_TABLE_NONE) {
        *ret_intent = take_candidate(c->next_by_value, c->link_by_value, entry);
        return rc;
    }
    entry = trial_table_find(&c->by_key, topic, record->key);
    if (entry != TRIAL_TABLE_NONE) {
        *ret_intent = take_candidate(c->next_by_key, c->link_by_key, entry);
    }
    return rc;
}

static void clean_up_candidates(struct candidates *c) {
    trial_table_clean_up(&c->by_value);
    trial_table_clean_up(&c->by_key);
    base_free(c->next_by_value);
    base_free(c->next_by_key);
    base_free(c->link_by_value);
    base_free(c->link_by_key);
}

/* -- records -- */

/* The id in the record's header; false if there is none that is a decimal number. */
static bool header_intent(const struct mock_record *record, uint64_t *ret_id) {
    struct mock_record copy = *record;
    struct mock_record_header header;
    while (mock_record_next_header(&copy, &header)) {
        if (!base_slice_equal_str(header.name, INTENT_HEADER)) {
            continue;
        }
        uint64_t id = 0;
        for (size_t i = 0; i < header.value.len; i++) {
            if (header.value.data[i] < '0' || header.value.data[i] > '9' || i >= 19) {
                return false;
            }
            id = id * 10 + (uint64_t)(header.value.data[i] - '0');
        }
        *ret_id = id;
        return header.value.len > 0;
    }
    return false;
}

static int find_intent(struct trial_index *ix, struct candidates *c, uint32_t topic,
                       const struct mock_record *record, uint32_t *ret_intent) {
    uint64_t id;
    if (!header_intent(record, &id)) {
        return intent_by_content(ix, c, topic, record, ret_intent);
    }
    uint32_t number = trial_table_find(&ix->intent_numbers, id, BASE_SLICE_NULL);
    bool its_topic = number != TRIAL_TABLE_NONE && (ix->intents[number].topic == topic ||
                                                    ix->intents[number].privileged_topic == topic);
    *ret_intent = its_topic ? number : TRIAL_NONE;
    return 0;
}

static void link_intent(struct trial_index *ix, uint32_t number) {
    struct trial_index_record *record = &ix->records[number];
    if (record->intent == TRIAL_NONE) {
        return;
    }
    struct trial_index_intent *intent = &ix->intents[record->intent];
    record->privileged = ix->parts[record->part].topic == intent->privileged_topic;
    if (intent->first_record == TRIAL_NONE) {
        intent->first_record = number;
    } else {
        ix->records[intent->last_record].next_copy = number;
    }
    intent->last_record = number;
    int copy = record->privileged ? 1 : 0;
    if (intent->copy_count[copy]++ == 0) {
        intent->first_copy[copy] = number;
    }
}

static int link_key(struct trial_index *ix, uint32_t number) {
    struct trial_index_record *record = &ix->records[number];
    uint32_t topic = ix->parts[record->part].topic;
    size_t before = ix->key_numbers.count;
    int rc = trial_table_intern(&ix->key_numbers, topic, record->key, &record->key_number);
    if (rc == 0 && ix->key_numbers.count > before) {
        rc = base_grow((void **)&ix->keys, &ix->key_cap, before + 1, sizeof(*ix->keys));
        if (rc == 0) {
            ix->keys[before] = (struct trial_index_key){.topic = topic, .bytes = record->key,
                                                        .first = number, .last = number,
                                                        .last_committed = TRIAL_NONE};
        }
    } else if (rc == 0) {
        ix->records[ix->keys[record->key_number].last].next_of_key = number;
    }
    if (rc) {
        return rc;
    }
    struct trial_index_key *key = &ix->keys[record->key_number];
    key->last = number;
    key->has_tombstone = key->has_tombstone || !record->value.data;
    before = ix->value_numbers.count;
    rc = trial_table_intern(&ix->value_numbers, record->key_number, record->value,
                            &record->value_number);
    if (rc == 0 && ix->value_numbers.count > before) {
        rc = base_grow((void **)&ix->value_first, &ix->value_first_cap, before + 1,
                       sizeof(uint32_t));
        rc = rc ? rc : base_grow((void **)&ix->value_last, &ix->value_last_cap, before + 1,
                                 sizeof(uint32_t));
        if (rc == 0) {
            ix->value_first[before] = number;
        }
    }
    if (rc == 0) {
        ix->value_last[record->value_number] = number;
    }
    return rc;
}

/* The log of the part ends at the offset from this event on. */
static void cut(struct trial_index *ix, struct trial_index_part *part, int64_t offset,
                uint32_t event) {
    while (part->count && ix->records[part->records[part->count - 1]].offset >= offset) {
        struct trial_index_record *record = &ix->records[part->records[--part->count]];
        record->gone = TRIAL_GONE_CUT;
        record->gone_event = event;
    }
}

/* A topic that is deleted takes all its records along: on command, as DeleteRecords does. */
static void delete_part(struct trial_index *ix, struct trial_index_part *part, uint32_t event) {
    part->is_deleted = true;
    for (size_t i = 0; i < part->count; i++) {
        struct trial_index_record *record = &ix->records[part->records[i]];
        if (record->gone == TRIAL_GONE_NOT) {
            record->gone = TRIAL_GONE_DELETED;
            record->gone_event = event;
        }
    }
}

/* One that is made again begins at offset 0: other partitions of the same name. */
static int add_topic_change(struct trial_index *ix, uint32_t at) {
    const struct trial_event *event = trial_index_event(ix, at);
    bool is_deletion = event->text && strcmp(event->text, "deleted") == 0;
    uint32_t topic = trial_index_find_topic(ix, event->topic);
    int rc = 0;
    for (int32_t i = 0; topic != TRIAL_NONE && i < event->partition && rc == 0; i++) {
        uint32_t part = trial_index_find_part(ix, topic, i);
        if (part != TRIAL_NONE && is_deletion) {
            delete_part(ix, &ix->parts[part], at);
        } else if (part != TRIAL_NONE && ix->parts[part].is_deleted) {
            rc = trial_index_succeed_part(ix, part, at);
        }
    }
    return rc;
}

static int add_truncation(struct trial_index *ix, uint32_t at) {
    const struct trial_event *event = trial_index_event(ix, at);
    uint32_t part;
    int rc = trial_index_intern_part(ix, event->topic, event->partition, &part);
    if (rc == 0) {
        cut(ix, &ix->parts[part], event->offset, at);
    }
    return rc;
}

static int add_record(struct trial_index *ix, struct candidates *c, uint32_t part, uint32_t event,
                      int64_t base_offset, const struct mock_record *record) {
    struct trial_index_part *p = &ix->parts[part];
    uint32_t number = (uint32_t)ix->record_count;
    int rc = base_grow((void **)&ix->records, &ix->record_cap, ix->record_count + 1,
                       sizeof(*ix->records));
    rc = rc ? rc : base_grow((void **)&p->records, &p->cap, p->count + 1, sizeof(*p->records));
    if (rc) {
        return rc;
    }
    struct trial_index_record *own = &ix->records[number];
    *own = (struct trial_index_record){
        .key = record->key,
        .value = record->value,
        .headers = base_slice_of(record->headers.at, record->headers.left),
        .header_count = (uint32_t)record->header_count,
        .offset = base_offset + record->offset_delta,
        .part = part,
        .event = event,
        .next_of_key = TRIAL_NONE,
        .next_copy = TRIAL_NONE,
        .gone_event = TRIAL_NONE,
        .transaction = TRIAL_NONE,
        .ended_event = TRIAL_NONE,
    };
    rc = find_intent(ix, c, p->topic, record, &own->intent);
    if (rc) {
        return rc;
    }
    /* An append below the end: the log had been cut there. */
    cut(ix, p, own->offset, event);
    p->records[p->count++] = number;
    ix->record_count++;
    link_intent(ix, number);
    return link_key(ix, number);
}

/* Keeps what a batch was inflated to for as long as the index lives. */
static int keep_inflated(struct trial_index *ix, struct mock_record_iterator *it) {
    if (it->inflated.len == 0) {
        return 0;
    }
    int rc = base_grow((void **)&ix->inflated, &ix->inflated_cap, ix->inflated_count + 1,
                       sizeof(*ix->inflated));
    if (rc) {
        return rc;
    }
    size_t len;
    uint8_t *bytes = base_builder_take(&it->inflated, &len);
    if (!bytes) {
        return BASE_NO_MEMORY;
    }
    ix->inflated[ix->inflated_count++] = bytes;
    return 0;
}

static int add_batch(struct trial_index *ix, struct candidates *c, struct trial_index_txns *txns,
                     const struct trial_event *event, uint32_t at) {
    uint32_t from = (uint32_t)ix->record_count;
    uint32_t part;
    int rc = trial_index_intern_part(ix, event->topic, event->partition, &part);
    struct mock_record_iterator it;
    rc = rc ? rc : mock_record_iterator_init(&it, mock_stored_batch_slice(event->batch));
    if (rc) {
        return rc;
    }
    if (mock_batch_is_control(&it.batch)) {
        mock_record_iterator_clean_up(&it);
        return 0;
    }
    struct mock_record record;
    int more;
    while (rc == 0 && (more = mock_record_iterator_next(&it, &record)) != 0) {
        ix->step_count++;
        rc = more < 0 ? more : add_record(ix, c, part, at, event->offset, &record);
    }
    rc = rc ? rc : keep_inflated(ix, &it);
    if (rc == 0 && mock_batch_is_transactional(&it.batch)) {
        rc = trial_index_txns_append(ix, txns, part, it.batch.producer_id, from);
    }
    mock_record_iterator_clean_up(&it);
    return rc;
}

/* Which record of each key is the last that is committed. */
static void find_committed(struct trial_index *ix) {
    for (size_t i = 0; i < ix->record_count; i++) {
        const struct trial_index_record *record = &ix->records[i];
        if (trial_index_is_committed(record)) {
            ix->keys[record->key_number].last_committed = (uint32_t)i;
        }
    }
}

static int add_log_event(struct trial_index *ix, struct candidates *c,
                         struct trial_index_txns *txns, uint32_t at) {
    const struct trial_event *event = trial_index_event(ix, at);
    if (!event->topic) {
        return 0;
    }
    switch (event->fact) {
    case TRIAL_FACT_APPEND:
        return event->batch ? add_batch(ix, c, txns, event, at) : 0;
    case TRIAL_FACT_MARKER:
        return trial_index_txns_end(ix, txns, at);
    case TRIAL_FACT_TRUNCATE:
        return add_truncation(ix, at);
    case TRIAL_FACT_TOPIC:
        return add_topic_change(ix, at);
    case TRIAL_FACT_CLEAN:
        return event->clean ? trial_index_add_clean(ix, at) : 0;
    default:
        return 0;
    }
}

int trial_index_add_log(struct trial_index *ix, struct base_error *err) {
    struct candidates candidates;
    struct trial_index_txns txns;
    memset(&candidates, 0, sizeof(candidates));
    trial_index_txns_init(&txns);
    size_t count = trial_history_count(ix->history);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = add_log_event(ix, &candidates, &txns, (uint32_t)i);
        if (rc) {
            base_fail(err, rc, "the %s of event %zu: %s",
                      trial_fact_to_str(trial_history_at(ix->history, i)->fact), i,
                      base_code_to_str(rc));
        }
    }
    if (rc == 0) {
        find_committed(ix);
    }
    trial_index_txns_clean_up(&txns);
    clean_up_candidates(&candidates);
    return rc;
}
