/* The verbs of data: produce, list-offsets, init, epoch-end. */
#include <string.h>

#include "base/limits.h"
#include "fidelity.h"
#include "mock/wire/api.h"
#include "mock/wire/init_producer_id.h"
#include "mock/wire/list_offsets.h"
#include "mock/wire/offset_for_leader_epoch.h"
#include "mock/wire/produce.h"

static void ask_produce(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                        int16_t version) {
    size_t count = 0;
    size_t good_count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", &count);
    int32_t *good = fid_numbers(run, step, "also", NULL, &good_count);
    struct mock_produce_partition *parts =
        base_arena_alloc_array(&run->arena, count + good_count, sizeof(*parts));
    struct base_slice batch = fid_batch(run, step);
    for (size_t i = 0; parts && i < count; i++) {
        parts[i] = (struct mock_produce_partition){indexes[i], batch};
    }
    if (parts && good_count) {
        /* One record that nothing is wrong with, for the partitions that are told last. */
        struct fid_step plain = *step;
        plain.pair_count = 0;
        batch = fid_batch(run, &plain);
        for (size_t i = 0; i < good_count; i++) {
            parts[count++] = (struct mock_produce_partition){good[i], batch};
        }
    }
    struct mock_produce_topic topic = {.name = fid_slice(run, step, "topic", "$t"),
                                       .partitions = parts,
                                       .partition_count = count,
                                       .id = fid_step_id(run, step)};
    struct mock_produce_request request = {
        .transactional_id = fid_slice(run, step, "txid", "null"),
        .acks = (int16_t)fid_num(run, step, "acks", -1),
        .timeout_ms = (int32_t)fid_num(run, step, "timeout", 5000),
        .topics = &topic,
        .topic_count = 1,
    };
    mock_produce_request_encode(b, version, &request);
}

/* "0:" when several are told. */
static void say_index(struct fid_run *run, bool several, int32_t index) {
    if (several) {
        base_put_format(&run->said, "%d:", index);
    }
}

static void say_produced(struct fid_run *run, const struct mock_produce_partition_response *part,
                         bool several) {
    say_index(run, several, part->index);
    fid_say_error(run, "", part->error_code);
    say_index(run, several, part->index);
    base_put_format(&run->said, "base=%lld start=%lld ", (long long)part->base_offset,
                    (long long)part->log_start_offset);
    fid_say_time(run, "append_time", part->log_append_time_ms);
    for (size_t i = 0; i < part->record_error_count; i++) {
        base_put_format(&run->said, "record=%d ", part->record_errors[i].batch_index);
        fid_say_text(run, "record_message", part->record_errors[i].message);
    }
    base_put_format(&run->said, "records=%zu ", part->record_error_count);
    fid_say_text(run, "message", part->error_message);
}

static void say_produce(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                        int16_t version) {
    (void)step;
    struct mock_produce_response said = {0};
    if (mock_produce_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "topics=%zu throttle=%d ", said.topic_count, said.throttle_time_ms);
    for (size_t t = 0; t < said.topic_count; t++) {
        fid_say_id(run, &said.topics[t].id);
        for (size_t i = 0; i < said.topics[t].partition_count; i++) {
            say_produced(run, &said.topics[t].partitions[i], said.topics[t].partition_count > 1);
        }
    }
}

/* -- list-offsets -- */

static int64_t time_of(struct fid_run *run, const struct fid_step *step) {
    static const struct {
        const char *word;
        int64_t value;
    } words[] = {{"latest", -1}, {"earliest", -2}, {"max", -3},
                 {"local", -4},  {"tiered", -5},   {"pending", -6}};
    const char *text = fid_str(run, step, "time", "latest");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(text, words[i].word) == 0) {
            return words[i].value;
        }
    }
    return fid_num(run, step, "time", 0);
}

static void ask_list_offsets(struct fid_run *run, const struct fid_step *step,
                             struct base_builder *b, int16_t version) {
    struct mock_list_offsets_partition part = {(int32_t)fid_num(run, step, "partition", 0),
                                               (int32_t)fid_num(run, step, "leader_epoch", -1),
                                               time_of(run, step)};
    struct mock_list_offsets_topic topic = {fid_slice(run, step, "topic", "$t"), &part, 1};
    struct mock_list_offsets_request request = {
        .replica_id = -1,
        .isolation_level = (int8_t)fid_num(run, step, "isolation", 0),
        .topics = &topic,
        .topic_count = 1,
    };
    mock_list_offsets_request_encode(b, version, &request);
}

static void say_list_offsets(struct fid_run *run, const struct fid_step *step,
                             struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_list_offsets_response said = {0};
    if (mock_list_offsets_response_decode(body, version, &run->arena, &said) != 0 ||
        said.topic_count != 1 || said.topics[0].partition_count != 1) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    const struct mock_list_offsets_partition_response *part = &said.topics[0].partitions[0];
    fid_say_error(run, "", part->error_code);
    base_put_format(&run->said, "offset=%lld epoch=%d ", (long long)part->offset,
                    part->leader_epoch);
    fid_say_time(run, "time", part->timestamp_ms);
}

/* -- init -- */

static void ask_init(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                     int16_t version) {
    const struct fid_member *m = fid_member(run, step, "as");
    bool again = fid_has(step, "again");
    struct mock_init_producer_id_request request = {
        fid_slice(run, step, "txid", "null"), (int32_t)fid_num(run, step, "timeout", 60000),
        fid_num(run, step, "pid", again ? m->producer_id : -1),
        (int16_t)fid_num(run, step, "epoch", again ? m->epoch : -1)};
    mock_init_producer_id_request_encode(b, version, &request);
}

static void say_init(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                     int16_t version) {
    struct mock_init_producer_id_response said = {0};
    if (mock_init_producer_id_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    struct fid_member *m = fid_member(run, step, "as");
    fid_say_error(run, "", said.error_code);
    base_put_format(&run->said, "pid=%s epoch=%d ",
                    said.producer_id < 0                 ? "-1"
                    : said.producer_id == m->producer_id ? "same"
                                                         : "new",
                    said.producer_epoch);
    if (said.error_code == 0) {
        m->producer_id = said.producer_id;
        m->epoch = said.producer_epoch;
    }
}

/* -- epoch-end -- */

static void ask_epoch_end(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                          int16_t version) {
    size_t count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", &count);
    struct mock_epoch_partition *parts = base_arena_alloc_array(&run->arena, count, sizeof(*parts));
    for (size_t i = 0; parts && i < count; i++) {
        parts[i] =
            (struct mock_epoch_partition){indexes[i], (int32_t)fid_num(run, step, "current", -1),
                                          (int32_t)fid_num(run, step, "epoch", 0)};
    }
    struct mock_epoch_topic topic = {fid_slice(run, step, "topic", "$t"), parts, count};
    struct mock_offset_for_leader_epoch_request request = {-1, &topic, 1};
    mock_offset_for_leader_epoch_request_encode(b, version, &request);
}

static void say_epoch_end(struct fid_run *run, const struct fid_step *step,
                          struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_offset_for_leader_epoch_response said = {0};
    if (mock_offset_for_leader_epoch_response_decode(body, version, &run->arena, &said) != 0 ||
        said.topic_count != 1) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    const struct mock_epoch_topic_response *topic = &said.topics[0];
    for (size_t i = 0; i < topic->partition_count; i++) {
        const struct mock_epoch_end *part = &topic->partitions[i];
        say_index(run, topic->partition_count > 1, part->index);
        fid_say_error(run, "", part->error_code);
        base_put_format(&run->said, "epoch=%d end=%lld ", part->leader_epoch,
                        (long long)part->end_offset);
    }
}

const struct fid_verb fid_verbs_data[] = {
    {"produce", MOCK_API_PRODUCE, 8, 7, ask_produce, say_produce},
    {"fetch", MOCK_API_FETCH, 11, 11, fid_ask_fetch, fid_say_fetch},
    {"list-offsets", MOCK_API_LIST_OFFSETS, 7, 2, ask_list_offsets, say_list_offsets},
    {"init", MOCK_API_INIT_PRODUCER_ID, 4, 4, ask_init, say_init},
    {"epoch-end", MOCK_API_OFFSET_FOR_LEADER_EPOCH, 3, 3, ask_epoch_end, say_epoch_end},
    {NULL, 0, 0, 0, NULL, NULL},
};
