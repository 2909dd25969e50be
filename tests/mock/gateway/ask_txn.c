/* See ask_txn.h. */
#include "ask_txn.h"

#include "mock/wire/add_offsets_to_txn.h"
#include "mock/wire/add_partitions_to_txn.h"
#include "mock/wire/end_txn.h"
#include "mock/wire/init_producer_id.h"
#include "mock/wire/produce.h"
#include "mock/wire/record.h"
#include "mock/wire/txn_offset_commit.h"

#define INIT_VERSION 4
#define ADDING_PRODUCE_VERSION 12
#define ADD_VERSION 3
#define OFFSETS_VERSION 3
#define COMMIT_VERSION 3
#define END_VERSION 3
#define FETCH_BYTES (1024 * 1024)

struct txn txn_init(struct peer *p, const char *id, int32_t timeout_ms) {
    struct mock_init_producer_id_request request = {base_slice_str(id), timeout_ms, -1, -1};
    struct mock_init_producer_id_response said = {0};
    struct base_reader body;
    do {
        mock_init_producer_id_request_encode(
            peer_request(p, MOCK_API_INIT_PRODUCER_ID, INIT_VERSION), INIT_VERSION, &request);
        peer_send(p);
        if (!peer_await(p, &body)) {
            return (struct txn){id, -1, -1, CLOSED_INSTEAD};
        }
        T_EQUAL_INT(mock_init_producer_id_response_decode(&body, INIT_VERSION, &p->arena, &said),
                    0);
    } while (said.error_code == MOCK_ERROR_CONCURRENT_TRANSACTIONS);
    return (struct txn){id, said.producer_id, said.producer_epoch, said.error_code};
}

int16_t txn_begin(struct peer *p, const struct txn *txn, const char *topic, int32_t partition) {
    struct mock_txn_partitions part = {base_slice_str(topic), &partition, 1};
    struct mock_txn_addition addition = {
        base_slice_str(txn->id), txn->producer_id, txn->epoch, false, &part, 1};
    struct mock_add_partitions_to_txn_request request = {&addition, 1};
    struct mock_add_partitions_to_txn_response said = {0};
    struct base_reader body;
    mock_add_partitions_to_txn_request_encode(
        peer_request(p, MOCK_API_ADD_PARTITIONS_TO_TXN, ADD_VERSION), ADD_VERSION, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return CLOSED_INSTEAD;
    }
    T_EQUAL_INT(mock_add_partitions_to_txn_response_decode(&body, ADD_VERSION, &p->arena, &said),
                0);
    return said.results[0].topics[0].partitions[0].error_code;
}

int16_t txn_add_offsets(struct peer *p, const struct txn *txn, const char *group) {
    struct mock_add_offsets_to_txn_request request = {base_slice_str(txn->id), txn->producer_id,
                                                      txn->epoch, base_slice_str(group)};
    struct mock_add_offsets_to_txn_response said = {0};
    struct base_reader body;
    mock_add_offsets_to_txn_request_encode(
        peer_request(p, MOCK_API_ADD_OFFSETS_TO_TXN, OFFSETS_VERSION), OFFSETS_VERSION, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return CLOSED_INSTEAD;
    }
    T_EQUAL_INT(mock_add_offsets_to_txn_response_decode(&body, OFFSETS_VERSION, &p->arena, &said),
                0);
    return said.error_code;
}

int16_t txn_commit_offset(struct peer *p, const struct txn *txn, const char *group,
                          const char *topic, int32_t partition, int64_t offset) {
    struct mock_txn_offset_commit_partition part = {partition, offset, -1, base_slice_str("m")};
    struct mock_txn_offset_commit_topic one = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_txn_offset_commit_request request = {
        .transactional_id = base_slice_str(txn->id),
        .group_id = base_slice_str(group),
        .producer_id = txn->producer_id,
        .producer_epoch = txn->epoch,
        .generation_id = -1,
        .member_id = base_slice_str(""),
        .topics = &one,
        .topic_count = 1,
    };
    struct mock_txn_offset_commit_response said = {0};
    struct base_reader body;
    mock_txn_offset_commit_request_encode(
        peer_request(p, MOCK_API_TXN_OFFSET_COMMIT, COMMIT_VERSION), COMMIT_VERSION, &request);
    peer_send(p);
    if (!peer_await(p, &body)) {
        return CLOSED_INSTEAD;
    }
    T_EQUAL_INT(mock_txn_offset_commit_response_decode(&body, COMMIT_VERSION, &p->arena, &said), 0);
    return said.topics[0].partitions[0].error_code;
}

void ask_txn_end(struct peer *p, const struct txn *txn, bool commit, int16_t version) {
    struct mock_end_txn_request request = {base_slice_str(txn->id), txn->producer_id, txn->epoch,
                                           commit};
    mock_end_txn_request_encode(peer_request(p, MOCK_API_END_TXN, version), version, &request);
    peer_send(p);
}

int16_t take_txn_ended(struct peer *p, struct txn *txn, int16_t version) {
    struct mock_end_txn_response said = {0};
    struct base_reader body;
    if (!peer_await(p, &body)) {
        return CLOSED_INSTEAD;
    }
    T_EQUAL_INT(mock_end_txn_response_decode(&body, version, &p->arena, &said), 0);
    if (version >= 5 && said.error_code == 0) {
        txn->producer_id = said.producer_id;
        txn->epoch = said.producer_epoch;
    }
    return said.error_code;
}

int16_t txn_end(struct peer *p, struct txn *txn, bool commit) {
    ask_txn_end(p, txn, commit, END_VERSION);
    return take_txn_ended(p, txn, END_VERSION);
}

static struct produced produce_in(struct peer *p, const struct txn *txn, const char *topic,
                                  int32_t partition, int32_t sequence, int16_t version) {
    struct mock_produce_partition part = {
        partition, BATCH(.producer_id = txn->producer_id, .epoch = txn->epoch, .sequence = sequence,
                         .attributes = MOCK_BATCH_TRANSACTIONAL)};
    struct mock_produce_topic one = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_produce_request request = {.transactional_id = base_slice_str(txn->id),
                                           .acks = -1,
                                           .timeout_ms = 30000,
                                           .topics = &one,
                                           .topic_count = 1};
    mock_produce_request_encode(peer_request(p, MOCK_API_PRODUCE, version), version, &request);
    peer_send(p);
    return take_produced_version(p, version);
}

struct produced txn_produce(struct peer *p, const struct txn *txn, const char *topic,
                            int32_t partition, int32_t sequence) {
    return produce_in(p, txn, topic, partition, sequence, ASK_PRODUCE_VERSION);
}

struct produced txn_begin_by_produce(struct peer *p, const struct txn *txn, const char *topic,
                                     int32_t partition, int32_t sequence) {
    return produce_in(p, txn, topic, partition, sequence, ADDING_PRODUCE_VERSION);
}

/* Counts records and markers of the batches. */
static void count(struct base_slice records, struct isolated *to) {
    struct base_slice batch;
    struct mock_batch_header h;
    while (mock_batch_next(&records, &batch, &h) == 1) {
        if (h.attributes & MOCK_BATCH_CONTROL) {
            to->markers++;
        } else {
            to->records += h.record_count;
        }
    }
}

struct isolated txn_fetch(struct peer *p, const char *topic, int64_t offset, bool committed) {
    struct mock_fetch_partition part = {.index = 0,
                                        .current_leader_epoch = -1,
                                        .fetch_offset = offset,
                                        .last_fetched_epoch = -1,
                                        .log_start_offset = -1,
                                        .max_bytes = FETCH_BYTES};
    struct mock_fetch_topic one = {
        .name = base_slice_str(topic), .partitions = &part, .partition_count = 1};
    struct mock_fetch_request request = {.replica_id = -1,
                                         .max_bytes = FETCH_BYTES,
                                         .isolation_level = committed,
                                         .session_epoch = -1,
                                         .topics = &one,
                                         .topic_count = 1};
    struct mock_fetch_response said = {0};
    struct base_reader body;
    struct isolated got = {.error = CLOSED_INSTEAD, .aborted_first = -1};
    mock_fetch_request_encode(peer_request(p, MOCK_API_FETCH, ASK_FETCH_VERSION), ASK_FETCH_VERSION,
                              &request);
    peer_send(p);
    if (!peer_await(p, &body) ||
        !T_EQUAL_INT(mock_fetch_response_decode(&body, ASK_FETCH_VERSION, &p->arena, &said), 0)) {
        return got;
    }
    const struct mock_fetch_partition_response *from = &said.topics[0].partitions[0];
    got.error = from->error_code;
    got.high_watermark = from->high_watermark;
    got.stable_offset = from->last_stable_offset;
    got.aborted_count = from->aborted_count;
    got.aborted_first = from->aborted_count ? from->aborted[0].first_offset : -1;
    if (from->chunk_count) {
        count(from->chunks[0], &got);
    }
    return got;
}
