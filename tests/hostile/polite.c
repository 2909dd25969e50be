/* A client that does everything right, and must not notice the crowd. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/limits.h"
#include "hostile.h"
#include "mock/wire/api.h"
#include "mock/wire/build.h"
#include "mock/wire/error_names.h"
#include "mock/wire/fetch.h"
#include "mock/wire/frame.h"
#include "mock/wire/header.h"
#include "mock/wire/produce.h"

#define PRODUCE_VERSION 8
#define FETCH_VERSION 11
#define TOPIC "polite"
/* A watchdog, not a pace: no answer within it is a failure. */
#define PATIENCE_S 60
#define FILL_BATCH_BYTES ((size_t)512 * BASE_KIB)

int hostile_polite_open(struct hostile_polite *polite, const struct hostile_server *server) {
    *polite = (struct hostile_polite){.fd = hostile_connect(server)};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    setsockopt(polite->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(polite->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    return polite->fd < 0 ? -1 : 0;
}

void hostile_polite_close(struct hostile_polite *polite) {
    if (polite->fd >= 0) {
        close(polite->fd);
    }
    polite->fd = -1;
}

/* -- one question, one answer -- */

struct dialogue {
    struct base_builder request;
    size_t slot;
    struct mock_frame_splitter splitter;
    struct base_arena arena;
    struct base_reader body;
};

static struct base_builder *begin(struct hostile_polite *polite, struct dialogue *d, int16_t api,
                                  int16_t version) {
    base_builder_init(&d->request, 2 * BASE_MIB);
    mock_frame_splitter_init(&d->splitter, BASE_MAX_FRAME_BYTES);
    base_arena_init(&d->arena, BASE_MIB);
    d->slot = base_put_slot_u32(&d->request);
    struct mock_request_header header = {api, version, ++polite->correlation_id,
                                         base_slice_str("polite")};
    mock_request_header_encode(&d->request, &header);
    return &d->request;
}

static void end(struct dialogue *d) {
    base_builder_clean_up(&d->request);
    mock_frame_splitter_clean_up(&d->splitter);
    base_arena_clean_up(&d->arena);
}

static bool send_all(int fd, struct base_slice bytes) {
    const uint8_t *at = bytes.data;
    for (size_t left = bytes.len; left > 0;) {
        ssize_t n = send(fd, at, left, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        at += n;
        left -= (size_t)n;
    }
    return true;
}

static bool receive(int fd, struct mock_frame_splitter *splitter, struct base_slice *ret_frame) {
    int rc;
    while ((rc = mock_frame_splitter_next(splitter, ret_frame)) == 0) {
        size_t room = 0;
        uint8_t *at = mock_frame_splitter_room(splitter, 64 * BASE_KIB, &room);
        ssize_t n = at ? recv(fd, at, room, 0) : -1;
        if (n <= 0) {
            return false;
        }
        mock_frame_splitter_commit(splitter, (size_t)n);
    }
    return rc == 1;
}

static bool ask(struct hostile_polite *polite, struct dialogue *d, int16_t api, int16_t version) {
    struct base_slice frame;
    int32_t correlation_id = -1;
    base_patch_length(&d->request, d->slot);
    if (!base_builder_ok(&d->request) || !send_all(polite->fd, base_builder_slice(&d->request)) ||
        !receive(polite->fd, &d->splitter, &frame)) {
        fprintf(stderr, "the polite client gets no answer after %llu round trips\n",
                (unsigned long long)polite->trips);
        return false;
    }
    d->body = base_reader_of(frame);
    return mock_response_header_decode(&d->body, api, version, &correlation_id) == 0 &&
           correlation_id == polite->correlation_id;
}

/* -- produce and fetch -- */

static void put_produce(struct base_builder *b, struct base_slice batch) {
    struct mock_produce_partition partition = {.index = 0, .records = batch};
    struct mock_produce_topic topic = {
        .name = base_slice_str(TOPIC), .partitions = &partition, .partition_count = 1};
    struct mock_produce_request request = {
        .acks = -1, .timeout_ms = 30000, .topics = &topic, .topic_count = 1};
    mock_produce_request_encode(b, PRODUCE_VERSION, &request);
}

/* The base offset; -1: refused, or no answer. */
static int64_t produce(struct hostile_polite *polite, struct base_slice batch) {
    struct dialogue d;
    struct mock_produce_response said = {0};
    int64_t offset = -1;
    put_produce(begin(polite, &d, MOCK_API_PRODUCE, PRODUCE_VERSION), batch);
    if (ask(polite, &d, MOCK_API_PRODUCE, PRODUCE_VERSION) &&
        mock_produce_response_decode(&d.body, PRODUCE_VERSION, &d.arena, &said) == 0 &&
        said.topic_count == 1 && said.topics[0].partition_count == 1) {
        const struct mock_produce_partition_response *p = &said.topics[0].partitions[0];
        offset = p->error_code ? -1 : p->base_offset;
        if (p->error_code) {
            fprintf(stderr, "the polite client's Produce is refused: %s\n",
                    mock_error_to_str(p->error_code));
        }
    }
    end(&d);
    return offset;
}

static void put_fetch(struct base_builder *b, int64_t offset) {
    struct mock_fetch_partition partition = {.index = 0,
                                             .current_leader_epoch = -1,
                                             .fetch_offset = offset,
                                             .last_fetched_epoch = -1,
                                             .log_start_offset = -1,
                                             .max_bytes = (int32_t)BASE_MIB};
    struct mock_fetch_topic topic = {
        .name = base_slice_str(TOPIC), .partitions = &partition, .partition_count = 1};
    struct mock_fetch_request request = {.replica_id = -1,
                                         .max_wait_ms = 1000,
                                         .min_bytes = 1,
                                         .max_bytes = (int32_t)BASE_MIB,
                                         .session_epoch = -1,
                                         .topics = &topic,
                                         .topic_count = 1,
                                         .rack_id = base_slice_str("")};
    mock_fetch_request_encode(b, FETCH_VERSION, &request);
}

/* Is the batch there, but for the two fields that the broker sets (base offset, leader epoch)? */
static bool reads_back(struct hostile_polite *polite, int64_t offset, struct base_slice batch) {
    struct dialogue d;
    struct mock_fetch_response said = {0};
    bool same = false;
    put_fetch(begin(polite, &d, MOCK_API_FETCH, FETCH_VERSION), offset);
    if (ask(polite, &d, MOCK_API_FETCH, FETCH_VERSION) &&
        mock_fetch_response_decode(&d.body, FETCH_VERSION, &d.arena, &said) == 0 &&
        said.topic_count == 1 && said.topics[0].partition_count == 1 &&
        said.topics[0].partitions[0].chunk_count == 1) {
        struct base_slice got = said.topics[0].partitions[0].chunks[0];
        same = got.len >= batch.len &&
               memcmp(got.data + MOCK_BATCH_MAGIC_AT, batch.data + MOCK_BATCH_MAGIC_AT,
                      batch.len - MOCK_BATCH_MAGIC_AT) == 0;
    }
    end(&d);
    if (!same) {
        fprintf(stderr, "the polite client does not read back what it wrote at %lld\n",
                (long long)offset);
    }
    return same;
}

static void build(struct base_builder *b, struct base_slice value) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    struct mock_build_record record = {
        .timestamp_ms = 1, .key = base_slice_str("k"), .value = value};
    base_builder_init(b, 2 * BASE_MIB);
    mock_batch_build(b, &options, &record, 1);
}

int hostile_polite_trip(struct hostile_polite *polite) {
    char value[64];
    struct base_builder batch;
    (void)snprintf(value, sizeof(value), "polite %llu", (unsigned long long)polite->trips);
    build(&batch, base_slice_str(value));
    int64_t offset = produce(polite, base_builder_slice(&batch));
    bool good = offset >= 0 && reads_back(polite, offset, base_builder_slice(&batch));
    base_builder_clean_up(&batch);
    polite->trips++;
    return good ? 0 : -1;
}

int hostile_polite_fill(struct hostile_polite *polite, size_t bytes) {
    static const uint8_t filler[FILL_BATCH_BYTES];
    struct base_builder batch;
    int rc = 0;
    build(&batch, base_slice_of(filler, sizeof(filler)));
    for (size_t done = 0; done < bytes && rc == 0; done += batch.len) {
        rc = produce(polite, base_builder_slice(&batch)) < 0 ? -1 : 0;
    }
    base_builder_clean_up(&batch);
    return rc;
}
