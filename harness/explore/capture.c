/* Reading the log of a client's sources: see capture.h. */
#include "harness/explore/capture.h"

#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "harness/explore/sources.h"
#include "mock/wire/record.h"

/* Keys of all records, once. */
#define CAPTURE_BYTES (512u * BASE_MIB)

/* -- topics and partitions -- */

static struct trial_captured_topic *find_topic(const struct trial_capture *capture,
                                               const char *name) {
    for (size_t i = 0; i < capture->topic_count; i++) {
        if (strcmp(capture->topics[i].name, name) == 0) {
            return &capture->topics[i];
        }
    }
    return NULL;
}

static struct trial_captured_part *find_part(const struct trial_capture *capture,
                                             const char *topic, int32_t partition) {
    for (size_t i = 0; i < capture->part_count; i++) {
        struct trial_captured_part *part = &capture->parts[i];
        if (part->partition == partition && strcmp(part->topic, topic) == 0) {
            return part;
        }
    }
    return NULL;
}

static int add_topic(struct trial_capture *capture, const struct trial_event *event) {
    size_t cap = capture->topic_count;
    int rc = base_grow((void **)&capture->topics, &cap, capture->topic_count + 1,
                       sizeof(*capture->topics));
    const char *name = base_arena_strdup(&capture->arena, event->topic);
    if (rc == 0 && name) {
        capture->topics[capture->topic_count++] =
            (struct trial_captured_topic){name, event->partition};
    }
    return rc ? rc : capture->arena.failed;
}

static int add_part(struct trial_capture *capture, const struct trial_event *event, bool varies) {
    size_t cap = capture->part_count;
    int rc = base_grow((void **)&capture->parts, &cap, capture->part_count + 1,
                       sizeof(*capture->parts));
    const char *name = base_arena_strdup(&capture->arena, event->topic);
    if (rc == 0 && name) {
        capture->parts[capture->part_count++] = (struct trial_captured_part){
            .topic = name, .partition = event->partition, .varies = varies};
        capture->varying_count += varies;
    }
    return rc ? rc : capture->arena.failed;
}

/* -- batches and records -- */

static int add_record(struct trial_captured_part *part, const struct mock_record *record) {
    if (part->record_count >= TRIAL_MAX_CAPTURED_RECORDS) {
        return BASE_LIMIT;
    }
    size_t cap = part->record_cap;
    int rc = base_grow((void **)&part->records, &cap, part->record_count + 1,
                       sizeof(*part->records));
    part->record_cap = (uint32_t)cap;
    if (rc == 0) {
        part->records[part->record_count++] = (struct trial_captured_record){
            .offset = record->offset,
            .batch = part->batch_count,
            .is_tombstone = !record->value.data,
            .is_keyless = !record->key.data,
        };
    }
    return rc;
}

static int add_records(struct trial_captured_part *part, struct mock_stored_batch *stored,
                       struct base_error *err) {
    struct mock_record_iterator it;
    struct mock_record record;
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(stored));
    if (rc != 0) {
        return base_fail(err, rc, "a batch of %s/%d cannot be read", part->topic,
                         (int)part->partition);
    }
    int more = 0;
    while (rc == 0 && (more = mock_record_iterator_next(&it, &record)) > 0) {
        rc = add_record(part, &record);
    }
    mock_record_iterator_clean_up(&it);
    rc = rc ? rc : more;
    return rc == BASE_LIMIT
               ? base_fail(err, rc, "%s/%d has more than %u records: too many to explore",
                           part->topic, (int)part->partition, TRIAL_MAX_CAPTURED_RECORDS)
           : rc ? base_fail(err, rc, "the records of %s/%d: %s", part->topic,
                            (int)part->partition, base_code_to_str(rc))
                : 0;
}

static int add_batch(struct trial_captured_part *part, struct mock_stored_batch *stored,
                     struct base_error *err) {
    struct mock_batch_header header;
    int rc = mock_batch_header_decode(mock_stored_batch_slice(stored), &header);
    if (rc != 0) {
        return base_fail(err, rc, "a batch of %s/%d has no header", part->topic,
                         (int)part->partition);
    }
    if (mock_batch_is_control(&header) || mock_batch_is_transactional(&header)) {
        return base_fail(err, BASE_UNSUPPORTED,
                         "%s/%d holds transactions: their views are not supported yet",
                         part->topic, (int)part->partition);
    }
    if (part->batch_count > 0 &&
        stored->base_offset <= part->batches[part->batch_count - 1].stored->last_offset) {
        return base_fail(err, BASE_UNSUPPORTED, "%s/%d began anew: its views are not supported yet",
                         part->topic, (int)part->partition);
    }
    uint32_t first = part->record_count;
    rc = add_records(part, stored, err);
    size_t cap = part->batch_cap;
    if (rc == 0 && base_grow((void **)&part->batches, &cap, part->batch_count + 1,
                             sizeof(*part->batches)) != 0) {
        rc = base_fail(err, BASE_NO_MEMORY, "no memory for the captured log");
    }
    part->batch_cap = (uint32_t)cap;
    if (rc == 0) {
        part->batches[part->batch_count++] = (struct trial_captured_batch){
            .stored = stored, .first_record = first, .record_count = part->record_count - first};
    }
    return rc;
}

/* -- who follows whom -- */

struct seen_key {
    struct base_slice key;
    uint32_t last; /* record */
    UT_hash_handle hh;
};

static int see_record(struct trial_capture *capture, struct trial_captured_part *part,
                      struct seen_key **seen, uint32_t number, struct base_slice key) {
    part->records[number].next_of_key = part->record_count;
    if (!key.data) {
        return 0;
    }
    struct seen_key *entry = NULL;
    HASH_FIND(hh, *seen, key.data, (unsigned)key.len, entry);
    if (entry) {
        part->records[entry->last].next_of_key = number;
        entry->last = number;
        return 0;
    }
    entry = base_arena_alloc(&capture->arena, sizeof(*entry));
    struct base_slice own = base_arena_slice(&capture->arena, key);
    if (!entry || !own.data) {
        return capture->arena.failed;
    }
    *entry = (struct seen_key){.key = own, .last = number};
    HASH_ADD_KEYPTR(hh, *seen, entry->key.data, (unsigned)entry->key.len, entry);
    return base_hash_has(entry->hh) ? 0 : BASE_NO_MEMORY;
}

static int see_batch(struct trial_capture *capture, struct trial_captured_part *part,
                     struct seen_key **seen, const struct trial_captured_batch *batch) {
    struct mock_record_iterator it;
    struct mock_record record;
    int rc = mock_record_iterator_init(&it, mock_stored_batch_slice(batch->stored));
    if (rc != 0) {
        return rc;
    }
    uint32_t number = batch->first_record;
    while (rc == 0 && mock_record_iterator_next(&it, &record) > 0) {
        rc = see_record(capture, part, seen, number++, record.key);
    }
    mock_record_iterator_clean_up(&it);
    return rc;
}

static void mark_last_of_producers(struct trial_captured_part *part) {
    for (uint32_t i = part->batch_count; i-- > 0;) {
        int64_t producer = part->batches[i].stored->producer_id;
        bool is_last = producer >= 0;
        for (uint32_t j = i + 1; is_last && j < part->batch_count; j++) {
            is_last = part->batches[j].stored->producer_id != producer;
        }
        part->batches[i].is_last_of_producer = is_last;
    }
}

static int link_keys(struct trial_capture *capture, struct base_error *err) {
    int rc = 0;
    for (size_t p = 0; rc == 0 && p < capture->part_count; p++) {
        struct trial_captured_part *part = &capture->parts[p];
        struct seen_key *seen = NULL;
        for (uint32_t i = 0; rc == 0 && i < part->batch_count; i++) {
            rc = see_batch(capture, part, &seen, &part->batches[i]);
        }
        HASH_CLEAR(hh, seen);
        mark_last_of_producers(part);
    }
    return rc ? base_fail(err, rc, "the keys of the captured log: %s", base_code_to_str(rc)) : 0;
}

/* -- the whole -- */

static int take_event(const struct trial_scenario *bound, const struct trial_actor *client,
                      const struct trial_event *event, struct trial_capture *capture,
                      struct base_error *err) {
    bool is_read = false;
    bool is_compacted = false;
    bool is_topic = event->fact == TRIAL_FACT_TOPIC && event->topic && event->partition > 0;
    if (!is_topic && (event->fact != TRIAL_FACT_APPEND || !event->batch)) {
        return 0;
    }
    int rc = trial_source_find(bound, client, event->topic, &is_read, &is_compacted, err);
    if (rc != 0 || !is_read) {
        return rc;
    }
    if (is_topic) {
        struct trial_captured_topic *topic = find_topic(capture, event->topic);
        rc = topic ? 0 : add_topic(capture, event);
        if (topic && topic->partitions < event->partition) {
            topic->partitions = event->partition; /* it got more */
        }
    } else if (!find_part(capture, event->topic, event->partition)) {
        rc = add_part(capture, event, is_compacted);
    }
    if (rc != 0) {
        return base_fail(err, rc, "the captured log: %s", base_code_to_str(rc));
    }
    return is_topic ? 0
                    : add_batch(find_part(capture, event->topic, event->partition), event->batch,
                                err);
}

/* In the order of their topics, not of the first appends, which may differ from run to run. */
static void sort_parts(struct trial_capture *capture) {
    size_t sorted = 0;
    for (size_t t = 0; t < capture->topic_count; t++) {
        for (int32_t i = 0; i < capture->topics[t].partitions; i++) {
            struct trial_captured_part *part = find_part(capture, capture->topics[t].name, i);
            if (part) {
                struct trial_captured_part moved = *part;
                *part = capture->parts[sorted];
                capture->parts[sorted++] = moved;
            }
        }
    }
}

int trial_capture_read(const struct trial_scenario *bound, const struct trial_actor *client,
                       const struct trial_history *history, struct trial_capture *ret_capture,
                       struct base_error *err) {
    struct trial_capture capture = {0};
    base_arena_init(&capture.arena, CAPTURE_BYTES);
    int rc = 0;
    size_t count = trial_history_count(history);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = take_event(bound, client, trial_history_at(history, i), &capture, err);
    }
    rc = rc ? rc : link_keys(&capture, err);
    sort_parts(&capture);
    if (rc == 0 && capture.varying_count == 0) {
        rc = base_fail(err, BASE_USAGE,
                       "nothing was written to a compacted topic that %s reads: there are no views",
                       client->name.text);
    }
    if (rc != 0) {
        trial_capture_clean_up(&capture);
        return rc;
    }
    *ret_capture = capture;
    return 0;
}

void trial_capture_clean_up(struct trial_capture *capture) {
    for (size_t i = 0; i < capture->part_count; i++) {
        base_free(capture->parts[i].batches);
        base_free(capture->parts[i].records);
    }
    base_free(capture->parts);
    base_free(capture->topics);
    base_arena_clean_up(&capture->arena);
    *capture = (struct trial_capture){0};
}
