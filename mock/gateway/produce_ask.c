/*
 * Produce: the mock cluster's word. It needs to see no records: it gets a header that stands for
 * one record. Its base offset does not count; whether it accepts does (leaders, errors pushed into
 * it, brokers that are down). Once it has accepted, it is not asked again until it was given a
 * command: it would say the same, and a round trip less is a client's round trip halved.
 */
#include <string.h>

#include "mock/gateway/produce.h"
#include "mock/wire/build.h"

/* Spoken with the mock; every version of librdkafka's mock since 2.0.2 has it. */
#define UPSTREAM_VERSION 7

/* -- there and back -- */

/* A batch header that the mock takes for one record, whatever it stands for. */
static int stand_in(uint8_t header[MOCK_BATCH_HEADER_BYTES]) {
    struct base_builder b;
    base_builder_init(&b, 512);
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    mock_batch_build(&b, &options, &(struct mock_build_record){.value = base_slice_str("")}, 1);
    if (b.failed) {
        base_builder_clean_up(&b);
        return BASE_NO_MEMORY;
    }
    memcpy(header, b.data, MOCK_BATCH_HEADER_BYTES);
    /* The batch ends with its header. */
    static const uint8_t length[4] = {0, 0, 0, MOCK_BATCH_HEADER_BYTES - MOCK_BATCH_LENGTH_FROM};
    memcpy(header + MOCK_BATCH_LENGTH_AT, length, sizeof(length));
    base_builder_clean_up(&b);
    return 0;
}

static void put_upstream(struct base_builder *b, const struct mock_produce_work *work) {
    static uint8_t header[MOCK_BATCH_HEADER_BYTES];
    if (!header[MOCK_BATCH_MAGIC_AT] && stand_in(header) < 0) {
        b->failed = BASE_NO_MEMORY;
        return;
    }
    size_t valid = 0;
    for (size_t i = 0; i < work->count; i++) {
        valid += work->parts[i].error == 0;
    }
    base_put_i16(b, -1); /* transactional id: null */
    base_put_i16(b, -1); /* acks: all */
    base_put_i32(b, 30000);
    base_put_i32(b, (int32_t)valid);
    for (size_t i = 0; i < work->count; i++) {
        const struct mock_produced *p = &work->parts[i];
        if (p->error) {
            continue;
        }
        base_put_i16(b, (int16_t)strlen(p->topic->mock_name));
        base_put_str(b, p->topic->mock_name);
        base_put_i32(b, 1);
        base_put_i32(b, p->index);
        base_put_i32(b, MOCK_BATCH_HEADER_BYTES);
        base_put_bytes(b, header, sizeof(header));
    }
}

/* The answers are in the order asked, one topic a partition. */
static void read_upstream(struct mock_produce_work *work, struct base_reader *answer) {
    struct base_arena arena;
    struct mock_produce_response response = {0};
    base_arena_init(&arena, BASE_MIB);
    bool good = mock_produce_response_decode(answer, UPSTREAM_VERSION, &arena, &response) == 0;
    size_t t = 0;
    for (size_t i = 0; i < work->count; i++) {
        struct mock_produced *p = &work->parts[i];
        if (p->error) {
            continue;
        }
        if (good && t < response.topic_count && response.topics[t].partition_count == 1) {
            p->error = response.topics[t].partitions[0].error_code;
        } else {
            p->error = MOCK_ERROR_UNKNOWN_SERVER_ERROR;
        }
        t++;
    }
    base_arena_clean_up(&arena);
}

/* -- what it has said before -- */

/* -- what it has said before -- */

static void remember_accepted(const struct mock_request *r) {
    const struct mock_produce_work *work = r->produce_work;
    for (size_t i = 0; i < work->count; i++) {
        const struct mock_produced *p = &work->parts[i];
        if (p->error == 0) {
            struct mock_partition *partition = &p->topic->partitions[p->index];
            partition->accepted_generation = work->asked_generation;
            partition->accepted_node = r->connection->node;
        }
    }
}

bool mock_produce_would_accept(const struct mock_request *r) {
    const struct mock_produce_work *work = r->produce_work;
    uint64_t now = mock_cluster_generation(r->connection->broker->cluster);
    for (size_t i = 0; i < work->count; i++) {
        const struct mock_produced *p = &work->parts[i];
        if (p->error == 0) {
            const struct mock_partition *partition = &p->topic->partitions[p->index];
            if (partition->accepted_generation != now ||
                partition->accepted_node != r->connection->node) {
                return false;
            }
        }
    }
    return true; /* also where nothing is left to be asked */
}

static void upstream_answered(void *arg, struct base_reader *answer, bool failed) {
    struct mock_request *r = arg;
    r->upstream_calls--;
    if (failed) {
        /* The broker is down: nothing was appended, and nobody hears of it. */
        if (!mock_request_abandoned(r)) {
            mock_request_fail(r, "broker down");
        }
        return;
    }
    read_upstream(r->produce_work, answer);
    remember_accepted(r);
    mock_request_finish(r);
}

void mock_produce_ask(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    r->produce_work->asked_generation = mock_cluster_generation(broker->cluster);
    struct base_builder body;
    base_builder_init(&body, BASE_MAX_FRAME_BYTES);
    put_upstream(&body, r->produce_work);
    struct mock_node *node = mock_node_get(broker, r->connection->node);
    int rc =
        mock_upstream_send(node, MOCK_API_PRODUCE, UPSTREAM_VERSION, &body, upstream_answered, r);
    base_builder_clean_up(&body);
    if (rc < 0) {
        mock_request_fail(r, rc == BASE_IO ? "broker down" : "no memory");
        return;
    }
    r->upstream_calls++;
}
