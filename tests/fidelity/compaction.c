/*
 * compaction FILE: the same batches go to a real Apache Kafka and to a log of ours; after its
 * cleaner and ours have passed, both logs are compared batch header by batch header and record by
 * record. Needs KTRIAL_ORACLE=HOST:PORT, of a node with log.cleaner.backoff.ms=100 (77 without).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "fidelity.h"
#include "mock/log/cleaner.h"
#include "mock/wire/api.h"
#include "mock/wire/create_topics.h"
#include "mock/wire/fetch.h"
#include "mock/wire/header.h"
#include "mock/wire/produce.h"
#include "mock/wire/record.h"

#define PATIENCE_MS 120000
#define FETCH_VERSION 11
#define CREATE_VERSION 5
#define PRODUCE_VERSION 8

struct trial {
    struct fid_run run;
    struct fid_peer peer;
    struct mock_log *log;
    struct mock_producers *producers;
    struct mock_log_budget budget;
    struct base_builder before; /* Kafka's log as it is until its cleaner has passed again */
    const struct fid_step *step;
};

static bool fail(const struct trial *t, const char *what) {
    printf("%s\n  %s:%d: %s\n", t->run.c->claim, t->run.c->file, t->step ? t->step->line : 0, what);
    return false;
}

/* -- Kafka -- */

static struct base_builder *request(struct fid_peer *p, int16_t api, int16_t version) {
    base_builder_reset(&p->out);
    p->slot = base_put_slot_u32(&p->out);
    struct mock_request_header header = {api, version, ++p->last_correlation_id,
                                         base_slice_str("fidelity")};
    mock_request_header_encode(&p->out, &header);
    return &p->out;
}

static bool answer(struct fid_peer *p, int16_t api, int16_t version, struct base_reader *ret_body) {
    struct base_slice frame;
    int32_t id = 0;
    base_patch_length(&p->out, p->slot);
    fid_peer_send(p, base_builder_slice(&p->out));
    if (fid_peer_await(p, PATIENCE_MS, &frame) != FID_GOT_FRAME) {
        return false;
    }
    *ret_body = base_reader_of(frame);
    return mock_response_header_decode(ret_body, api, version, &id) == 0;
}

static bool kafka_create(struct trial *t) {
    struct mock_create_config configs[12] = {
        {base_slice_str("cleanup.policy"), base_slice_str("compact")},
        {base_slice_str("min.cleanable.dirty.ratio"), base_slice_str("0.0")},
        {base_slice_str("segment.ms"), base_slice_str("100")}};
    size_t count = 3;
    for (size_t i = 0; i < t->run.c->config_count; i++) {
        configs[count++] = (struct mock_create_config){
            base_slice_str(t->run.c->configs[i].name), base_slice_str(t->run.c->configs[i].value)};
    }
    struct mock_create_topic topic = {.name = base_slice_str(t->run.unique),
                                      .partition_count = 1,
                                      .replication_factor = 1,
                                      .configs = configs,
                                      .config_count = count};
    struct mock_create_topics_request q = {&topic, 1, 10000, false};
    struct mock_create_topics_response said = {0};
    struct base_reader body;
    mock_create_topics_request_encode(request(&t->peer, MOCK_API_CREATE_TOPICS, CREATE_VERSION),
                                      CREATE_VERSION, &q);
    return answer(&t->peer, MOCK_API_CREATE_TOPICS, CREATE_VERSION, &body) &&
           mock_create_topics_response_decode(&body, CREATE_VERSION, &t->run.arena, &said) == 0 &&
           said.topic_count == 1 && said.topics[0].error_code == 0;
}

/* The error; a topic that was just made has no leader for a moment. */
static int16_t kafka_produce(struct trial *t, struct base_slice batch) {
    struct mock_produce_partition part = {0, batch};
    struct mock_produce_topic topic = {
        .name = base_slice_str(t->run.unique), .partitions = &part, .partition_count = 1};
    struct mock_produce_request q = {BASE_SLICE_NULL, -1, 5000, &topic, 1};
    struct mock_produce_response said = {0};
    struct base_reader body;
    mock_produce_request_encode(request(&t->peer, MOCK_API_PRODUCE, PRODUCE_VERSION),
                                PRODUCE_VERSION, &q);
    if (!answer(&t->peer, MOCK_API_PRODUCE, PRODUCE_VERSION, &body) ||
        mock_produce_response_decode(&body, PRODUCE_VERSION, &t->run.arena, &said) != 0 ||
        said.topic_count != 1) {
        return -1;
    }
    return said.topics[0].partitions[0].error_code;
}

/* The whole log, as it is now. */
static bool kafka_log(struct trial *t, struct base_builder *out) {
    struct mock_fetch_partition part = {.index = 0,
                                        .current_leader_epoch = -1,
                                        .last_fetched_epoch = -1,
                                        .log_start_offset = -1,
                                        .max_bytes = 16 << 20};
    struct mock_fetch_topic topic = {
        .name = base_slice_str(t->run.unique), .partitions = &part, .partition_count = 1};
    struct mock_fetch_request q = {.replica_id = -1,
                                   .max_bytes = 16 << 20,
                                   .session_epoch = -1,
                                   .topics = &topic,
                                   .topic_count = 1};
    base_builder_reset(out);
    /* A read ends with its segment. */
    for (;;) {
        struct mock_fetch_response said = {0};
        struct base_reader body;
        mock_fetch_request_encode(request(&t->peer, MOCK_API_FETCH, FETCH_VERSION), FETCH_VERSION,
                                  &q);
        if (!answer(&t->peer, MOCK_API_FETCH, FETCH_VERSION, &body) ||
            mock_fetch_response_decode(&body, FETCH_VERSION, &t->run.arena, &said) != 0 ||
            said.topic_count != 1 || said.topics[0].partitions[0].error_code != 0) {
            return false;
        }
        const struct mock_fetch_partition_response *p = &said.topics[0].partitions[0];
        struct base_slice records = p->chunk_count ? p->chunks[0] : BASE_SLICE_NULL;
        if (records.len == 0) {
            return true;
        }
        struct base_slice batch;
        struct mock_batch_header h;
        while (mock_batch_next(&records, &batch, &h) == 1) {
            base_put_slice(out, batch);
            part.fetch_offset = mock_batch_last_offset(&h) + 1;
        }
    }
}

/* Until the cleaner has made something else of it, and two scans say the same: one that the cleaner
 * overtakes sees a part of each log. */
static bool kafka_cleaned(struct trial *t, struct base_builder *out) {
    uint64_t end_ns = base_clock_monotonic_ns() + PATIENCE_MS * UINT64_C(1000000);
    struct base_builder last;
    bool done = false;
    base_builder_init(&last, 64 * BASE_MIB);
    while (!done && base_clock_monotonic_ns() < end_ns && kafka_log(t, out)) {
        struct base_slice now = base_builder_slice(out);
        done = !base_slice_equal(now, base_builder_slice(&t->before)) &&
               base_slice_equal(now, base_builder_slice(&last));
        base_builder_reset(&last);
        base_put_slice(&last, now);
        base_arena_clean_up(&t->run.arena);
        base_arena_init(&t->run.arena, 64 * BASE_MIB);
    }
    base_builder_clean_up(&last);
    return done;
}

/* -- ours -- */

static bool our_append(struct trial *t, struct base_slice bytes) {
    struct mock_stored_batch *batch = mock_stored_batch_new(bytes);
    struct base_error err = BASE_ERROR_INIT;
    struct mock_batch_header h;
    if (!batch || mock_batch_header_decode(bytes, &h) != 0 ||
        mock_log_append(t->log, batch, 0, t->run.now_ms, &err) != 0) {
        return fail(t, err.text);
    }
    if (h.producer_id >= 0) {
        struct mock_sequence sequence = {
            .producer_id = h.producer_id,
            .epoch = h.producer_epoch,
            .first = h.base_sequence,
            .last = mock_sequence_last(h.base_sequence, h.record_count)};
        if (mock_producers_record(t->producers, &sequence, batch->base_offset, batch->last_offset,
                                  batch->max_timestamp, &err) != 0) {
            return fail(t, err.text);
        }
    }
    base_put_slice(&t->before, mock_stored_batch_slice(batch));
    mock_stored_batch_unref(batch);
    return true;
}

static bool our_pass(struct trial *t) {
    struct mock_clean_options options = MOCK_CLEAN_OPTIONS_INIT;
    struct mock_clean_pass *pass = NULL;
    struct base_error err = BASE_ERROR_INIT;
    options.now_ms = base_clock_wall_ms();
    options.producers = t->producers;
    if (mock_log_clean(t->log, &options, &pass, &err) != 0) {
        return fail(t, err.text);
    }
    mock_clean_pass_free(pass);
    return true;
}

/* -- comparison -- */

static bool same_records(const struct trial *t, struct base_slice kafka, struct base_slice ours) {
    struct mock_record_iterator a;
    struct mock_record_iterator b;
    struct mock_record x;
    struct mock_record y;
    if (mock_record_iterator_init(&a, kafka) != 0) {
        return fail(t, "Kafka's batch cannot be read");
    }
    if (mock_record_iterator_init(&b, ours) != 0) {
        mock_record_iterator_clean_up(&a);
        return fail(t, "our batch cannot be read");
    }
    bool same = true;
    int more = 1;
    while (same && more == 1) {
        more = mock_record_iterator_next(&a, &x);
        same = mock_record_iterator_next(&b, &y) == more;
        if (same && more == 1) {
            same = x.offset == y.offset && x.timestamp_ms == y.timestamp_ms &&
                   base_slice_equal(x.key, y.key) && base_slice_equal(x.value, y.value) &&
                   x.header_count == y.header_count;
        }
    }
    mock_record_iterator_clean_up(&a);
    mock_record_iterator_clean_up(&b);
    return same || fail(t, "the records differ");
}

static void print_header(const char *whose, const struct mock_batch_header *h) {
    printf("  %s: base %lld last delta %d epoch %d attributes %#x base time %lld max time %lld pid "
           "%lld/%d seq %d count %d\n",
           whose, (long long)h->base_offset, h->last_offset_delta, h->partition_leader_epoch,
           (unsigned)h->attributes, (long long)h->base_timestamp, (long long)h->max_timestamp,
           (long long)h->producer_id, h->producer_epoch, h->base_sequence, h->record_count);
}

static bool same_header(const struct trial *t, const struct mock_batch_header *k,
                        const struct mock_batch_header *o) {
    /* A delete horizon is the time of the pass, and the passes were not at one time. */
    bool horizon = (k->attributes & MOCK_BATCH_DELETE_HORIZON) != 0;
    bool same = k->base_offset == o->base_offset && k->last_offset_delta == o->last_offset_delta &&
                k->partition_leader_epoch == o->partition_leader_epoch &&
                k->attributes == o->attributes &&
                (horizon || k->base_timestamp == o->base_timestamp) &&
                k->max_timestamp == o->max_timestamp && k->producer_id == o->producer_id &&
                k->producer_epoch == o->producer_epoch && k->base_sequence == o->base_sequence &&
                k->record_count == o->record_count;
    if (!same) {
        print_header("Kafka", k);
        print_header("ours ", o);
    }
    return same || fail(t, "the batch headers differ");
}

static bool compare(const struct trial *t, struct base_slice kafka) {
    struct base_slice batch;
    struct mock_batch_header k;
    struct mock_batch_header o;
    size_t i = 0;
    for (; mock_batch_next(&kafka, &batch, &k) == 1; i++) {
        if (i == mock_log_batch_count(t->log)) {
            print_header("Kafka", &k);
            return fail(t, "Kafka has more batches");
        }
        struct base_slice ours = mock_stored_batch_slice(mock_log_batch(t->log, i));
        if (mock_batch_header_decode(ours, &o) != 0 || !same_header(t, &k, &o) ||
            !same_records(t, batch, ours)) {
            return false;
        }
        /* What needs no compressor of another make and no clock is the same to the byte. */
        bool plain = mock_batch_codec(&k) == MOCK_CODEC_NONE &&
                     !(k.attributes & MOCK_BATCH_DELETE_HORIZON);
        if (plain && !base_slice_equal(batch, ours)) {
            return fail(t, "the batches differ in a byte");
        }
    }
    return i == mock_log_batch_count(t->log) || fail(t, "we have more batches");
}

/* -- one case -- */

static bool produce(struct trial *t, const struct fid_step *step) {
    struct base_slice batch = fid_batch(&t->run, step);
    uint64_t end_ns = base_clock_monotonic_ns() + PATIENCE_MS * UINT64_C(1000000);
    int16_t error;
    do {
        error = kafka_produce(t, batch);
    } while ((error == 3 || error == 5 || error == 6) && base_clock_monotonic_ns() < end_ns);
    return (error == 0 || fail(t, "Kafka did not take the batch")) && our_append(t, batch);
}

static bool clean(struct trial *t) {
    struct base_builder now;
    base_builder_init(&now, 64 * BASE_MIB);
    bool good = (kafka_cleaned(t, &now) || fail(t, "Kafka's cleaner did nothing")) &&
                our_pass(t) && compare(t, base_builder_slice(&now));
    base_builder_reset(&t->before);
    base_put_slice(&t->before, base_builder_slice(&now));
    base_builder_clean_up(&now);
    return good;
}

static bool run_steps(struct trial *t) {
    struct base_error err = BASE_ERROR_INIT;
    for (size_t i = 0; i < t->run.c->step_count; i++) {
        bool rolled;
        bool good = true;
        t->step = &t->run.c->steps[i];
        if (strcmp(t->step->verb, "produce") == 0) {
            good = produce(t, t->step);
        } else if (strcmp(t->step->verb, "roll") == 0) {
            good = mock_log_roll(t->log, t->run.now_ms, &rolled, &err) == 0;
        } else if (strcmp(t->step->verb, "clean") == 0) {
            good = clean(t);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

static bool configure(struct trial *t) {
    struct base_error err = BASE_ERROR_INIT;
    struct mock_log_config config = MOCK_LOG_CONFIG_INIT;
    bool good = mock_log_config_set(&config, "cleanup.policy", "compact", &err) == 0;
    for (size_t i = 0; i < t->run.c->config_count && good; i++) {
        good = mock_log_config_set(&config, t->run.c->configs[i].name, t->run.c->configs[i].value,
                                   &err) == 0;
    }
    mock_log_configure(t->log, &config);
    return good || fail(t, err.text);
}

static bool run_case(const struct fid_case *c, const char *oracle, size_t number) {
    static struct trial t;
    char unique[64];
    struct base_error err = BASE_ERROR_INIT;
    t = (struct trial){.run = {.c = c, .unique = unique, .now_ms = base_clock_wall_ms()},
                       .budget = {0, BASE_MAX_LOG_BYTES}};
    (void)snprintf(unique, sizeof(unique), "compaction-%lld-%zu", (long long)t.run.now_ms, number);
    base_arena_init(&t.run.arena, 64 * BASE_MIB);
    base_builder_init(&t.before, 64 * BASE_MIB);
    bool good = fid_server_start(&t.run.server, FID_ORACLE, oracle, c, unique, NULL) == 0 &&
                fid_peer_open(&t.peer, &t.run.server, false) &&
                mock_log_new(&t.budget, &t.log, &err) == 0 &&
                mock_producers_new(&t.producers, &err) == 0;
    good = good ? configure(&t) && (kafka_create(&t) || fail(&t, "Kafka made no topic")) &&
                      run_steps(&t)
                : fail(&t, "it cannot begin");
    mock_producers_free(t.producers);
    mock_log_free(t.log);
    fid_peer_close(&t.peer);
    base_builder_clean_up(&t.before);
    base_arena_clean_up(&t.run.arena);
    return good;
}

static const char help[] =
    "usage: compaction FILE\n"
    "Compacts the logs of the file's cases by Apache Kafka's cleaner and by ours, and compares.\n"
    "KTRIAL_ORACLE=HOST:PORT is the Apache Kafka.\n"
    "Exit status: 0 all the same, 1 not, 64 a mistake in the call or the file, 77 no Kafka.\n";

int main(int argc, char **argv) {
    const char *oracle = getenv("KTRIAL_ORACLE");
    struct fid_cases cases = {0};
    bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    if (is_help || argc != 2) {
        fputs(help, is_help ? stdout : stderr);
        return is_help ? 0 : 64;
    }
    if (!oracle) {
        fprintf(stderr, "compaction: KTRIAL_ORACLE is not set: there is no Apache Kafka to ask\n");
        return 77;
    }
    base_arena_init(&cases.arena, 16 * BASE_MIB);
    if (fid_cases_read(&cases, argv[1]) != 0) {
        return 64;
    }
    size_t same = 0;
    for (size_t i = 0; i < cases.count; i++) {
        same += run_case(&cases.items[i], oracle, i);
    }
    printf("compaction: %zu logs, %zu the same as Apache Kafka's\n", cases.count, same);
    int status = cases.count > 0 && same == cases.count ? 0 : 1;
    fid_cases_clean_up(&cases);
    return status;
}
