/* The verb fetch: partitions of one topic, within sessions and by ids. */
#include <string.h>

#include "base/crc32c.h"
#include "base/limits.h"
#include "fidelity.h"
#include "mock/wire/api.h"
#include "mock/wire/fetch.h"
#include "mock/wire/record.h"

/* "0:" when several are told. */
static void say_index(struct fid_run *run, bool several, int32_t index) {
    if (several) {
        base_put_format(&run->said, "%d:", index);
    }
}

/* The n-th of a list, or its last. */
static int64_t nth(const int32_t *numbers, size_t count, size_t n) {
    return count ? numbers[n < count ? n : count - 1] : 0;
}

static struct mock_fetch_partition *
list_partitions(struct fid_run *run, const struct fid_step *step, size_t *ret_count) {
    size_t offset_count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", ret_count);
    int32_t *offsets = fid_numbers(run, step, "offset", "0", &offset_count);
    struct mock_fetch_partition *parts =
        base_arena_alloc_array(&run->arena, *ret_count, sizeof(*parts));
    *ret_count = parts && indexes && offsets ? *ret_count : 0;
    for (size_t i = 0; i < *ret_count; i++) {
        parts[i] = (struct mock_fetch_partition){
            .index = indexes[i],
            .current_leader_epoch = (int32_t)fid_num(run, step, "leader_epoch", -1),
            .fetch_offset = nth(offsets, offset_count, i),
            .last_fetched_epoch = (int32_t)fid_num(run, step, "last_epoch", -1),
            .log_start_offset = -1,
            .max_bytes = (int32_t)fid_num(run, step, "pmax", 1048576),
        };
    }
    return parts;
}

/* session=same: the one that was told last. none=yes: no partition at all. */
void fid_ask_fetch(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                   int16_t version) {
    size_t count = 0;
    struct mock_fetch_topic topic = {.name = fid_slice(run, step, "topic", "$t"),
                                     .id = fid_step_id(run, step),
                                     .partitions = list_partitions(run, step, &count)};
    struct mock_fetch_forgotten_topic forgotten = {.name = topic.name, .id = topic.id};
    forgotten.partitions = fid_numbers(run, step, "forget", NULL, &forgotten.partition_count);
    topic.partition_count = count;
    forgotten.partition_count = forgotten.partitions ? forgotten.partition_count : 0;
    bool same = strcmp(fid_str(run, step, "session", "0"), "same") == 0;
    struct mock_fetch_request request = {
        .replica_id = -1,
        .max_wait_ms = (int32_t)fid_num(run, step, "wait", 0),
        .min_bytes = (int32_t)fid_num(run, step, "min", 0),
        .max_bytes = (int32_t)fid_num(run, step, "max", 52428800),
        .isolation_level = (int8_t)fid_num(run, step, "isolation", 0),
        .session_id = same ? run->fetch_session : (int32_t)fid_num(run, step, "session", 0),
        .session_epoch = (int32_t)fid_num(run, step, "session_epoch", -1),
        .topics = &topic,
        .topic_count = count > 0 && !fid_has(step, "none") ? 1 : 0,
        .forgotten = &forgotten,
        .forgotten_count = forgotten.partition_count > 0 ? 1 : 0,
        .rack_id = fid_slice(run, step, "rack", ""),
        .cluster_id = fid_slice(run, step, "cluster", "null"),
    };
    mock_fetch_request_encode(b, version, &request);
}

static void say_record(struct base_builder *keys, struct base_builder *offsets,
                       const struct mock_record *record) {
    base_put_format(offsets, "%s%lld", offsets->len ? "," : "", (long long)record->offset);
    base_put_str(keys, keys->len ? "," : "");
    if (base_slice_is_null(record->key)) {
        base_put_str(keys, "null");
    }
    base_put_slice(keys, record->key);
}

/* The key of a control record is its version and what it says: 0 abort, 1 commit. */
static const char *marker_of(const struct mock_record *record) {
    static const uint8_t abort_key[] = {0, 0, 0, 0}, commit_key[] = {0, 0, 0, 1};
    bool is_abort = base_slice_equal(record->key, base_slice_of(abort_key, sizeof(abort_key)));
    bool is_commit = base_slice_equal(record->key, base_slice_of(commit_key, sizeof(commit_key)));
    return is_abort ? "abort" : is_commit ? "commit" : "unknown";
}

static bool has_right_crc(struct base_slice batch, const struct mock_batch_header *h) {
    return base_crc32c(batch.data + MOCK_BATCH_CRC_FROM, batch.len - MOCK_BATCH_CRC_FROM) == h->crc;
}

/* What is in the records; cut: an unfinished batch follows. */
static void say_records(struct fid_run *run, struct base_slice records) {
    struct base_builder keys, offsets, lasts;
    base_builder_init(&keys, BASE_MIB);
    base_builder_init(&offsets, BASE_MIB);
    base_builder_init(&lasts, BASE_MIB);
    struct base_slice batch;
    struct mock_batch_header h;
    int batches = 0;
    base_put_format(&run->said, "%s ", records.len ? "data" : "nothing");
    while (mock_batch_next(&records, &batch, &h) == 1) {
        struct mock_record_iterator it;
        struct mock_record record;
        batches++;
        base_put_format(&lasts, "%s%lld", lasts.len ? "," : "",
                        (long long)mock_batch_last_offset(&h));
        base_put_format(&run->said, "codec=%s leader=%d pid=%lld epoch=%d seq=%d attributes=%#x ",
                        mock_codec_to_str(mock_batch_codec(&h)), h.partition_leader_epoch,
                        (long long)h.producer_id, h.producer_epoch, h.base_sequence,
                        (unsigned)h.attributes);
        base_put_format(&run->said, "crc=%s ", has_right_crc(batch, &h) ? "right" : "wrong");
        if (mock_record_iterator_init(&it, batch) != 0) {
            base_put_str(&run->said, "undecodable ");
            continue;
        }
        while (mock_record_iterator_next(&it, &record) == 1) {
            say_record(&keys, &offsets, &record);
            if (mock_batch_is_control(&h)) {
                base_put_format(&run->said, "marker=%s ", marker_of(&record));
            }
        }
        mock_record_iterator_clean_up(&it);
    }
    base_put_format(&run->said, "batches=%d offsets=%.*s lasts=%.*s keys=%.*s cut=%s ", batches,
                    (int)offsets.len, offsets.data ? (char *)offsets.data : "", (int)lasts.len,
                    lasts.data ? (char *)lasts.data : "", (int)keys.len,
                    keys.data ? (char *)keys.data : "", records.len ? "yes" : "no");
    base_builder_clean_up(&keys);
    base_builder_clean_up(&offsets);
    base_builder_clean_up(&lasts);
}

/* The first offsets of the aborted transactions, in the order told. */
static void say_aborted(struct fid_run *run, const struct mock_fetch_partition_response *part) {
    base_put_str(&run->said, "aborted_from=");
    for (size_t i = 0; i < part->aborted_count; i++) {
        base_put_format(&run->said, "%s%lld", i ? "," : "",
                        (long long)part->aborted[i].first_offset);
    }
    base_put_str(&run->said, " ");
}

void fid_say_fetch(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                   int16_t version) {
    (void)step;
    struct mock_fetch_response said = {0};
    if (mock_fetch_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "all:", said.error_code);
    base_put_format(&run->said, "session=%s topics=%zu endpoints=%zu ",
                    said.session_id ? "some" : "0", said.topic_count, said.endpoint_count);
    if (said.session_id && said.session_id == run->fetch_session) {
        base_put_str(&run->said, "session=same ");
    }
    run->fetch_session = said.session_id ? said.session_id : run->fetch_session;
    for (size_t t = 0; t < said.topic_count; t++) {
        fid_say_id(run, &said.topics[t].id);
        bool several = said.topics[t].partition_count > 1;
        for (size_t i = 0; i < said.topics[t].partition_count; i++) {
            const struct mock_fetch_partition_response *part = &said.topics[t].partitions[i];
            say_index(run, several, part->index);
            fid_say_error(run, "", part->error_code);
            say_index(run, several, part->index);
            base_put_format(&run->said, "part=%d ", part->index);
            say_index(run, several, part->index);
            base_put_format(&run->said, "hw=%lld lso=%lld start=%lld aborted=%s replica=%d ",
                            (long long)part->high_watermark, (long long)part->last_stable_offset,
                            (long long)part->log_start_offset, part->has_aborted ? "list" : "null",
                            part->preferred_read_replica);
            if (part->has_diverging_epoch) {
                base_put_format(&run->said, "diverging=%d/%lld ", part->diverging_epoch.epoch,
                                (long long)part->diverging_epoch.end_offset);
            }
            if (part->has_current_leader) {
                base_put_format(&run->said, "leader_hint=%d ", part->current_leader.leader_epoch);
            }
            say_aborted(run, part);
            say_index(run, several, part->index);
            say_records(run, part->chunk_count ? part->chunks[0] : BASE_SLICE_NULL);
        }
    }
}
