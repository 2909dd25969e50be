/* Questions through a peer: batches, produce, fetch, metadata. See ask.h. */
#include "ask.h"

#include <stdio.h>
#include <string.h>

#include "mock/wire/api_versions.h"
#include "mock/wire/find_coordinator.h"
#include "mock/wire/init_producer_id.h"
#include "mock/wire/list_offsets.h"
#include "mock/wire/produce.h"
#include "mock/wire/record.h"

#define MANY_BYTES (50 * 1024 * 1024)

/* -- batches -- */

static struct base_builder batches[8];
static size_t next_batch;

void ask_begin(void) {
    rig_begin();
}

void ask_end(void) {
    for (size_t i = 0; i < 8; i++) {
        base_builder_clean_up(&batches[i]);
        batches[i] = (struct base_builder){0};
    }
    rig_end();
}

static struct base_slice text_of(struct base_arena *arena, const char *fixed, char letter, int n,
                                 size_t bytes) {
    char text[32];
    (void)snprintf(text, sizeof(text), "%c%d", letter, n);
    const char *from = fixed ? fixed : text;
    size_t len = strlen(from) > bytes ? strlen(from) : bytes;
    char *to = base_arena_alloc(arena, len + 1);
    if (to) {
        memset(to, '.', len);
        memcpy(to, from, strlen(from));
    }
    return base_slice_of(to, len);
}

struct base_slice ask_batch(const struct ask_batch *o) {
    struct base_builder *b = &batches[next_batch++ % 8];
    struct base_arena arena;
    int count = o->count ? o->count : 1;
    base_builder_clean_up(b);
    base_builder_init(b, BASE_MAX_FRAME_BYTES);
    base_arena_init(&arena, BASE_MAX_DECODE_BYTES);
    struct mock_build_record *records =
        base_arena_alloc_array(&arena, (size_t)count, sizeof(*records));
    struct mock_record_header header = {base_slice_str("ktrial-intent"), base_slice_str(o->intent)};
    for (int i = 0; records && i < count; i++) {
        records[i] = (struct mock_build_record){
            .timestamp_ms = o->timestamp_ms + i,
            .key = o->key && !o->key[0] ? BASE_SLICE_NULL : text_of(&arena, o->key, 'k', i, 0),
            .value = text_of(&arena, o->value, 'v', i, o->value_bytes),
            .headers = o->intent ? &header : NULL,
            .header_count = o->intent ? 1 : 0,
        };
    }
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.codec = o->codec;
    options.attributes = o->attributes;
    if (o->producer_id || (o->attributes & MOCK_BATCH_TRANSACTIONAL)) {
        options.producer_id = o->producer_id;
        options.producer_epoch = o->epoch;
        options.base_sequence = o->sequence;
    }
    mock_batch_build(b, &options, records, (size_t)count);
    base_arena_clean_up(&arena);
    T_TRUE(base_builder_ok(b));
    return base_builder_slice(b);
}

/* -- produce -- */

static void ask_produce_version(struct peer *p, int16_t version, int16_t acks, const char *topic,
                                int32_t partition, struct base_slice batch) {
    struct mock_produce_partition part = {partition, batch};
    struct mock_produce_topic t = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_produce_request request = {BASE_SLICE_NULL, acks, 30000, &t, 1};
    mock_produce_request_encode(peer_request(p, MOCK_API_PRODUCE, version), version, &request);
    peer_send(p);
}

void ask_produce(struct peer *p, int16_t acks, const char *topic, int32_t partition,
                 struct base_slice batch) {
    ask_produce_version(p, ASK_PRODUCE_VERSION, acks, topic, partition, batch);
}

struct produced take_produced_version(struct peer *p, int16_t version) {
    struct base_reader body;
    struct mock_produce_response said = {0};
    if (!peer_await(p, &body)) {
        return (struct produced){.closed = true};
    }
    T_EQUAL_INT(mock_produce_response_decode(&body, version, &p->arena, &said), 0);
    if (!T_TRUE(said.topic_count == 1 && said.topics[0].partition_count == 1)) {
        return (struct produced){.error = -1};
    }
    const struct mock_produce_partition_response *part = &said.topics[0].partitions[0];
    return (struct produced){
        .error = part->error_code,
        .base_offset = part->base_offset,
        .throttle_ms = said.throttle_time_ms,
        .bad_record = part->record_error_count ? part->record_errors[0].batch_index : -1,
    };
}

struct produced take_produced(struct peer *p) {
    return take_produced_version(p, ASK_PRODUCE_VERSION);
}

struct produced produce(struct peer *p, const char *topic, int32_t partition,
                        struct base_slice batch) {
    ask_produce(p, -1, topic, partition, batch);
    return take_produced(p);
}

struct produced produce_version(struct peer *p, int16_t version, const char *topic,
                                struct base_slice batch) {
    ask_produce_version(p, version, -1, topic, 0, batch);
    return take_produced_version(p, version);
}

/* -- fetch -- */

void ask_fetch(struct peer *p, const char *topic, int32_t partition, int64_t offset,
               const struct fetch_options *o) {
    struct mock_fetch_partition part = {
        .index = partition,
        .current_leader_epoch = o->epoch ? o->epoch : -1,
        .fetch_offset = offset,
        .last_fetched_epoch = -1,
        .log_start_offset = -1,
        .max_bytes = o->partition_max_bytes ? o->partition_max_bytes : MANY_BYTES,
    };
    struct mock_fetch_topic t = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_fetch_request request = {
        .replica_id = -1,
        .max_wait_ms = o->max_wait_ms,
        .min_bytes = o->min_bytes,
        .max_bytes = o->max_bytes ? o->max_bytes : MANY_BYTES,
        .session_id = o->session_id,
        .session_epoch = o->session_id ? 1 : -1,
        .topics = &t,
        .topic_count = 1,
        .rack_id = base_slice_str(""),
    };
    mock_fetch_request_encode(peer_request(p, MOCK_API_FETCH, ASK_FETCH_VERSION), ASK_FETCH_VERSION,
                              &request);
    peer_send(p);
}

static void count_batches(struct fetched *f) {
    struct base_slice left = f->records;
    struct base_slice batch;
    struct mock_batch_header header;
    f->first_offset = f->next_offset = -1;
    while (left.len > 0 && mock_batch_next(&left, &batch, &header) == 1) {
        f->first_offset = f->batches++ == 0 ? header.base_offset : f->first_offset;
        f->next_offset = mock_batch_last_offset(&header) + 1;
        f->records_count += header.record_count;
    }
}

struct fetched take_fetched(struct peer *p) {
    struct base_reader body;
    struct mock_fetch_response said = {0};
    if (!peer_await(p, &body)) {
        return (struct fetched){.closed = true};
    }
    T_EQUAL_INT(mock_fetch_response_decode(&body, ASK_FETCH_VERSION, &p->arena, &said), 0);
    if (said.error_code) {
        return (struct fetched){.error = said.error_code};
    }
    if (!T_TRUE(said.topic_count == 1 && said.topics[0].partition_count == 1)) {
        return (struct fetched){.error = -1};
    }
    const struct mock_fetch_partition_response *part = &said.topics[0].partitions[0];
    struct fetched f = {
        .error = part->error_code,
        .partition = part->index,
        .high_watermark = part->high_watermark,
        .log_start = part->log_start_offset,
        .records = part->chunk_count ? part->chunks[0] : BASE_SLICE_NULL,
        .throttle_ms = said.throttle_time_ms,
    };
    count_batches(&f);
    return f;
}

struct fetched fetch(struct peer *p, const char *topic, int32_t partition, int64_t offset) {
    ask_fetch(p, topic, partition, offset, &(const struct fetch_options){0});
    return take_fetched(p);
}

/* -- offsets, metadata, coordinators, producer ids -- */

struct listed list_offset(struct peer *p, const char *topic, int32_t partition,
                          int64_t timestamp_ms) {
    const int16_t version = 7;
    struct mock_list_offsets_partition part = {partition, -1, timestamp_ms};
    struct mock_list_offsets_topic t = {base_slice_str(topic), &part, 1};
    struct mock_list_offsets_request request = {.replica_id = -1, .topics = &t, .topic_count = 1};
    struct mock_list_offsets_response said = {0};
    struct base_reader body;
    mock_list_offsets_request_encode(peer_request(p, MOCK_API_LIST_OFFSETS, version), version,
                                     &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return (struct listed){.closed = true};
    }
    T_EQUAL_INT(mock_list_offsets_response_decode(&body, version, &p->arena, &said), 0);
    if (!T_TRUE(said.topic_count == 1 && said.topics[0].partition_count == 1)) {
        return (struct listed){.error = -1};
    }
    const struct mock_list_offsets_partition_response *out = &said.topics[0].partitions[0];
    return (struct listed){
        .error = out->error_code, .offset = out->offset, .timestamp_ms = out->timestamp_ms};
}

struct described describe_version(struct peer *p, int16_t version, const char *topic) {
    struct mock_metadata_request_topic t = {.name = base_slice_str(topic)};
    struct mock_metadata_request request = {.all_topics = !topic,
                                            .topics = &t,
                                            .topic_count = topic ? 1 : 0,
                                            .allow_auto_topic_creation = true};
    struct mock_metadata_response said = {0};
    struct base_reader body;
    mock_metadata_request_encode(peer_request(p, MOCK_API_METADATA, version), version, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return (struct described){.closed = true};
    }
    T_EQUAL_INT(mock_metadata_response_decode(&body, version, &p->arena, &said), 0);
    struct described d = {.broker_count = (int32_t)said.broker_count,
                          .topic_count = (int32_t)said.topic_count,
                          .leader = -1};
    for (size_t i = 0; i < said.broker_count; i++) {
        if (said.brokers[i].node_id >= 0 && said.brokers[i].node_id < 8) {
            d.ports[said.brokers[i].node_id] = said.brokers[i].port;
        }
    }
    if (said.topic_count == 1) {
        const struct mock_metadata_topic *out = &said.topics[0];
        d.error = out->error_code;
        d.partition_count = (int32_t)out->partition_count;
        d.leader = out->partition_count ? out->partitions[0].leader_id : -1;
        d.leader_epoch = out->partition_count ? out->partitions[0].leader_epoch : -1;
        d.partition_error = out->partition_count ? out->partitions[0].error_code : 0;
    }
    return d;
}

struct described describe(struct peer *p, const char *topic) {
    return describe_version(p, 9, topic);
}

struct coordinated find_coordinator(struct peer *p, const char *group) {
    const int16_t version = 2;
    struct base_slice key = base_slice_str(group);
    struct mock_find_coordinator_request request = {MOCK_COORDINATOR_GROUP, &key, 1};
    struct mock_find_coordinator_response said = {0};
    struct base_reader body;
    mock_find_coordinator_request_encode(peer_request(p, MOCK_API_FIND_COORDINATOR, version),
                                         version, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return (struct coordinated){.closed = true};
    }
    T_EQUAL_INT(mock_find_coordinator_response_decode(&body, version, &p->arena, &said), 0);
    if (!T_TRUE(said.coordinator_count == 1)) {
        return (struct coordinated){.error = -1};
    }
    return (struct coordinated){.error = said.coordinators[0].error_code,
                                .node = said.coordinators[0].node_id,
                                .port = said.coordinators[0].port};
}

struct initialized init_producer(struct peer *p, const char *transactional_id) {
    const int16_t version = 4;
    struct mock_init_producer_id_request request = {base_slice_str(transactional_id), 60000, -1,
                                                    -1};
    struct mock_init_producer_id_response said = {0};
    struct base_reader body;
    mock_init_producer_id_request_encode(peer_request(p, MOCK_API_INIT_PRODUCER_ID, version),
                                         version, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return (struct initialized){.closed = true};
    }
    T_EQUAL_INT(mock_init_producer_id_response_decode(&body, version, &p->arena, &said), 0);
    return (struct initialized){
        .error = said.error_code, .producer_id = said.producer_id, .epoch = said.producer_epoch};
}

bool is_alive(struct peer *p) {
    struct mock_api_versions_request request = {.node_id = -1};
    struct mock_api_versions_response said = {0};
    struct base_reader body;
    mock_api_versions_request_encode(peer_request(p, MOCK_API_API_VERSIONS, 0), 0, &request);
    peer_send(p);
    return peer_await(p, &body) &&
           mock_api_versions_response_decode(&body, 0, &p->arena, &said) == 0 &&
           said.error_code == 0;
}
