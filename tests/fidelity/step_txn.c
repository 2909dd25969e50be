/* The verbs of transactions: begin, add-offsets, end-txn, txn-commit, markers,
 * producers, transactions, list-transactions. */
#include <string.h>

#include "fidelity.h"
#include "mock/wire/add_offsets_to_txn.h"
#include "mock/wire/add_partitions_to_txn.h"
#include "mock/wire/api.h"
#include "mock/wire/describe_producers.h"
#include "mock/wire/describe_transactions.h"
#include "mock/wire/end_txn.h"
#include "mock/wire/list_transactions.h"
#include "mock/wire/txn_offset_commit.h"
#include "mock/wire/write_txn_markers.h"

/* What the step says, or what the producer has. */
static int64_t producer_id(struct fid_run *run, const struct fid_step *step) {
    return fid_num(run, step, "pid", fid_member(run, step, "as")->producer_id);
}

/* "+1" counts from what the producer has. */
static int16_t epoch(struct fid_run *run, const struct fid_step *step) {
    int16_t own = fid_member(run, step, "as")->epoch;
    return (int16_t)(fid_num(run, step, "epoch", own) + fid_num(run, step, "bump", 0));
}

static struct base_slice txid(struct fid_run *run, const struct fid_step *step) {
    return fid_slice(run, step, "txid", "$t");
}

/* -- begin: AddPartitionsToTxn -- */

static void ask_begin(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                      int16_t version) {
    size_t count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", &count);
    struct mock_txn_partitions topics[2] = {
        {fid_slice(run, step, "topic", "$t"), indexes, count},
        {fid_slice(run, step, "also", "null"), indexes, count},
    };
    struct mock_txn_addition addition = {txid(run, step),  producer_id(run, step),
                                         epoch(run, step), fid_has(step, "verify"),
                                         topics,           fid_has(step, "also") ? 2 : 1};
    struct mock_add_partitions_to_txn_request request = {&addition, 1};
    mock_add_partitions_to_txn_request_encode(b, version, &request);
}

static void say_begin(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                      int16_t version) {
    (void)step;
    struct mock_add_partitions_to_txn_response said = {0};
    if (mock_add_partitions_to_txn_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "all:", said.error_code);
    base_put_format(&run->said, "transactions=%zu ", said.result_count);
    for (size_t i = 0; i < said.result_count; i++) {
        for (size_t t = 0; t < said.results[i].topic_count; t++) {
            const struct mock_txn_topic_errors *topic = &said.results[i].topics[t];
            for (size_t p = 0; p < topic->partition_count; p++) {
                base_put_format(&run->said, "%d:", topic->partitions[p].index);
                fid_say_error(run, "", topic->partitions[p].error_code);
                fid_say_error(run, "", topic->partitions[p].error_code);
            }
        }
    }
}

/* -- add-offsets: AddOffsetsToTxn -- */

static void ask_offsets(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                        int16_t version) {
    struct mock_add_offsets_to_txn_request request = {txid(run, step), producer_id(run, step),
                                                      epoch(run, step),
                                                      fid_slice(run, step, "group", "$g")};
    mock_add_offsets_to_txn_request_encode(b, version, &request);
}

static void say_offsets(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                        int16_t version) {
    (void)step;
    struct mock_add_offsets_to_txn_response said = {0};
    if (mock_add_offsets_to_txn_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "", said.error_code);
}

/* -- end-txn: EndTxn -- */

static void ask_end(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                    int16_t version) {
    bool commit = strcmp(fid_str(run, step, "how", "commit"), "commit") == 0;
    struct mock_end_txn_request request = {txid(run, step), producer_id(run, step),
                                           epoch(run, step), commit};
    mock_end_txn_request_encode(b, version, &request);
}

static void say_end(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                    int16_t version) {
    struct mock_end_txn_response said = {0};
    if (mock_end_txn_response_decode(body, version, &run->arena, &said) != 0) {
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
    /* "keep": the answer was lost, and the producer goes on with what it had. */
    if (said.error_code == 0 && version >= 5 && !fid_has(step, "keep")) {
        m->producer_id = said.producer_id;
        m->epoch = said.producer_epoch;
    }
}

/* -- txn-commit: TxnOffsetCommit -- */

static void ask_txn_commit(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                           int16_t version) {
    const struct fid_member *m = fid_member(run, step, "member_of");
    bool member = fid_has(step, "member_of");
    struct base_slice metadata = fid_slice(run, step, "metadata", "m");
    size_t size = (size_t)fid_num(run, step, "size", 0);
    if (size) {
        char *text = base_arena_alloc(&run->arena, size);
        if (text) {
            memset(text, 'm', size);
            metadata = base_slice_of(text, size);
        }
    }
    size_t count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", &count);
    struct mock_txn_offset_commit_partition *parts =
        base_arena_alloc_array(&run->arena, count, sizeof(*parts));
    for (size_t i = 0; parts && i < count; i++) {
        parts[i] = (struct mock_txn_offset_commit_partition){
            indexes[i], fid_num(run, step, "offset", 0),
            (int32_t)fid_num(run, step, "leader_epoch", -1), metadata};
    }
    struct mock_txn_offset_commit_topic topic = {
        .name = fid_slice(run, step, "topic", "$t"), .partitions = parts, .partition_count = count};
    struct mock_txn_offset_commit_request request = {
        .transactional_id = txid(run, step),
        .group_id = fid_slice(run, step, "group", "$g"),
        .producer_id = producer_id(run, step),
        .producer_epoch = epoch(run, step),
        .generation_id = (int32_t)fid_num(run, step, "generation", member ? m->generation : -1),
        .member_id = fid_slice(run, step, "member", member ? m->id : ""),
        .group_instance_id = fid_slice(run, step, "instance", "null"),
        .topics = &topic,
        .topic_count = 1,
    };
    mock_txn_offset_commit_request_encode(b, version, &request);
}

static void say_txn_commit(struct fid_run *run, const struct fid_step *step,
                           struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_txn_offset_commit_response said = {0};
    if (mock_txn_offset_commit_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
    for (size_t i = 0; i < said.topic_count; i++) {
        for (size_t k = 0; k < said.topics[i].partition_count; k++) {
            if (said.topics[i].partition_count > 1) {
                base_put_format(&run->said, "%d:", said.topics[i].partitions[k].index);
            }
            fid_say_error(run, "", said.topics[i].partitions[k].error_code);
        }
    }
}

/* -- markers: WriteTxnMarkers -- */

static void ask_markers(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                        int16_t version) {
    size_t count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", &count);
    struct mock_write_txn_markers_topic topic = {fid_slice(run, step, "topic", "$t"), indexes,
                                                 count};
    struct mock_write_txn_marker marker = {
        .producer_id = producer_id(run, step),
        .producer_epoch = epoch(run, step),
        .committed = strcmp(fid_str(run, step, "how", "commit"), "commit") == 0,
        .topics = &topic,
        .topic_count = 1,
        .coordinator_epoch = (int32_t)fid_num(run, step, "coordinator", 0),
        .transaction_version = (int8_t)fid_num(run, step, "tv", 0),
    };
    struct mock_write_txn_markers_request request = {&marker, 1};
    mock_write_txn_markers_request_encode(b, version, &request);
}

static void say_markers(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                        int16_t version) {
    (void)step;
    struct mock_write_txn_markers_response said = {0};
    if (mock_write_txn_markers_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "markers=%zu ", said.marker_count);
    for (size_t i = 0; i < said.marker_count; i++) {
        for (size_t t = 0; t < said.markers[i].topic_count; t++) {
            for (size_t p = 0; p < said.markers[i].topics[t].partition_count; p++) {
                fid_say_error(run, "", said.markers[i].topics[t].partitions[p].error_code);
            }
        }
    }
}

/* -- producers: DescribeProducers -- */

static void ask_producers(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                          int16_t version) {
    size_t count = 0;
    int32_t *indexes = fid_numbers(run, step, "partition", "0", &count);
    struct mock_describe_producers_topic topic = {fid_slice(run, step, "topic", "$t"), indexes,
                                                  count};
    struct mock_describe_producers_request request = {&topic, 1};
    mock_describe_producers_request_encode(b, version, &request);
}

static void say_producers(struct fid_run *run, const struct fid_step *step,
                          struct base_reader *body, int16_t version) {
    struct mock_describe_producers_response said = {0};
    if (mock_describe_producers_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    const struct fid_member *m = fid_member(run, step, "as");
    for (size_t t = 0; t < said.topic_count; t++) {
        for (size_t i = 0; i < said.topics[t].partition_count; i++) {
            const struct mock_describe_producers_partition_response *part =
                &said.topics[t].partitions[i];
            fid_say_error(run, "", part->error_code);
            base_put_format(&run->said, "producers=%zu ", part->producer_count);
            for (size_t p = 0; p < part->producer_count; p++) {
                const struct mock_described_producer *one = &part->producers[p];
                base_put_format(&run->said, "pid=%s epoch=%d seq=%d coordinator=%d start=%lld ",
                                one->producer_id == m->producer_id ? "same" : "other",
                                one->producer_epoch, one->last_sequence, one->coordinator_epoch,
                                (long long)one->txn_start_offset);
            }
        }
    }
}

/* -- transactions: DescribeTransactions; list-transactions: ListTransactions -- */

static void ask_transactions(struct fid_run *run, const struct fid_step *step,
                             struct base_builder *b, int16_t version) {
    struct mock_describe_transactions_request request = {0};
    request.transactional_ids = fid_list(run, step, "txid", "$t", &request.transactional_id_count);
    mock_describe_transactions_request_encode(b, version, &request);
}

static void say_transactions(struct fid_run *run, const struct fid_step *step,
                             struct base_reader *body, int16_t version) {
    struct mock_describe_transactions_response said = {0};
    if (mock_describe_transactions_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    const struct fid_member *m = fid_member(run, step, "as");
    base_put_format(&run->said, "transactions=%zu ", said.transaction_count);
    for (size_t i = 0; i < said.transaction_count; i++) {
        const struct mock_described_transaction *t = &said.transactions[i];
        fid_say_error(run, "", t->error_code);
        fid_say_text(run, "state", t->state);
        base_put_format(&run->said, "timeout=%d pid=%s epoch=%d started=%s topics=%zu ",
                        t->timeout_ms, t->producer_id == m->producer_id ? "same" : "other",
                        t->producer_epoch,
                        t->start_time_ms > 0   ? "yes"
                        : t->start_time_ms < 0 ? "never"
                                               : "0",
                        t->topic_count);
        for (size_t k = 0; k < t->topic_count; k++) {
            bool own = base_slice_equal_str(t->topics[k].name, run->unique);
            fid_say_text(run, "topic", own ? base_slice_str("own") : t->topics[k].name);
            base_put_format(&run->said, "partitions=%zu ", t->topics[k].partition_count);
        }
    }
}

static void ask_list(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                     int16_t version) {
    struct mock_list_transactions_request request = {0};
    int64_t own = producer_id(run, step);
    request.states = fid_list(run, step, "states", NULL, &request.state_count);
    request.producer_ids = &own;
    request.producer_id_count = fid_has(step, "own") ? 1 : 0;
    request.duration_ms = fid_num(run, step, "duration", -1);
    request.transactional_id_pattern = fid_slice(run, step, "pattern", "null");
    mock_list_transactions_request_encode(b, version, &request);
}

static void say_list(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                     int16_t version) {
    (void)step;
    struct mock_list_transactions_response said = {0};
    if (mock_list_transactions_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "", said.error_code);
    for (size_t i = 0; i < said.unknown_state_count; i++) {
        fid_say_text(run, "unknown", said.unknown_states[i]);
    }
    for (size_t i = 0; i < said.transaction_count; i++) {
        /* Other cases have ids of their own at the real Kafka. */
        if (base_slice_equal_str(said.transactions[i].transactional_id, run->unique)) {
            fid_say_text(run, "own", said.transactions[i].state);
        }
    }
}

const struct fid_verb fid_verbs_txn[] = {
    {"begin", MOCK_API_ADD_PARTITIONS_TO_TXN, 3, 1, ask_begin, say_begin},
    {"add-offsets", MOCK_API_ADD_OFFSETS_TO_TXN, 3, 1, ask_offsets, say_offsets},
    {"end-txn", MOCK_API_END_TXN, 4, 1, ask_end, say_end},
    {"txn-commit", MOCK_API_TXN_OFFSET_COMMIT, 4, 2, ask_txn_commit, say_txn_commit},
    {"markers", MOCK_API_WRITE_TXN_MARKERS, 1, 1, ask_markers, say_markers},
    {"producers", MOCK_API_DESCRIBE_PRODUCERS, 0, 0, ask_producers, say_producers},
    {"transactions", MOCK_API_DESCRIBE_TRANSACTIONS, 0, 0, ask_transactions, say_transactions},
    {"list-transactions", MOCK_API_LIST_TRANSACTIONS, 2, 0, ask_list, say_list},
    {NULL, 0, 0, 0, NULL, NULL},
};
