/* Fields of the transaction messages: each has the value that the golden body gives it. Values
 * differ from field to field, so that two that are swapped do not pass. */
#include "mock/wire/add_offsets_to_txn.h"
#include "mock/wire/add_partitions_to_txn.h"
#include "mock/wire/describe_producers.h"
#include "mock/wire/describe_transactions.h"
#include "mock/wire/end_txn.h"
#include "mock/wire/list_transactions.h"
#include "mock/wire/txn_offset_commit.h"
#include "mock/wire/write_txn_markers.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_fields_txn(void);

static void add_partitions_to_txn_request_v3_has_its_fields(void) {
    struct t_body body;
    struct mock_add_partitions_to_txn_request m;
    if (!t_body_open(&body, "AddPartitionsToTxn", "request", 3, "filled")) {
        return;
    }
    int code = mock_add_partitions_to_txn_request_decode(&body.reader, 3, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactions[0].transactional_id, "V3AndBelowTr1", 13);
        T_EQUAL_INT(m.transactions[0].producer_id, 145247719580765712LL);
        T_EQUAL_INT(m.transactions[0].producer_epoch, 771);
        T_TEXT(m.transactions[0].topics[1].name, "Name7", 5);
        T_EQUAL_INT(m.transactions[0].topics[1].partitions[1], 152181540);
        T_EQUAL_INT(m.transactions[0].topics[1].partition_count, 2);
        T_EQUAL_INT(m.transactions[0].topic_count, 2);
    }
    t_body_close(&body);
}

static void add_partitions_to_txn_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_add_partitions_to_txn_request m;
    if (!t_body_open(&body, "AddPartitionsToTxn", "request", 5, "filled")) {
        return;
    }
    int code = mock_add_partitions_to_txn_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactions[1].transactional_id, "Transactiona11", 14);
        T_EQUAL_INT(m.transactions[1].producer_id, 871486317484594272LL);
        T_EQUAL_INT(m.transactions[1].producer_epoch, 3341);
        T_EQUAL_INT(m.transactions[1].verify_only, 0);
        T_TEXT(m.transactions[1].topics[1].name, "Name18", 6);
        T_EQUAL_INT(m.transactions[1].topics[1].partitions[1], -20);
        T_EQUAL_INT(m.transactions[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.transactions[1].topic_count, 2);
        T_EQUAL_INT(m.transaction_count, 2);
    }
    t_body_close(&body);
}

static void add_partitions_to_txn_response_v3_has_its_fields(void) {
    struct t_body body;
    struct mock_add_partitions_to_txn_response m;
    if (!t_body_open(&body, "AddPartitionsToTxn", "response", 3, "filled")) {
        return;
    }
    int code = mock_add_partitions_to_txn_response_decode(&body.reader, 3, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.results[0].topics[1].name, "Name7", 5);
        T_EQUAL_INT(m.results[0].topics[1].partitions[1].index, -10);
        T_EQUAL_INT(m.results[0].topics[1].partitions[1].error_code, 2827);
        T_EQUAL_INT(m.results[0].topics[1].partition_count, 2);
        T_EQUAL_INT(m.results[0].topic_count, 2);
    }
    t_body_close(&body);
}

static void add_partitions_to_txn_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_add_partitions_to_txn_response m;
    if (!t_body_open(&body, "AddPartitionsToTxn", "response", 5, "filled")) {
        return;
    }
    int code = mock_add_partitions_to_txn_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.results[1].transactional_id, "Transactiona14", 14);
        T_TEXT(m.results[1].topics[1].name, "Name20", 6);
        T_EQUAL_INT(m.results[1].topics[1].partitions[1].index, 388908380);
        T_EQUAL_INT(m.results[1].topics[1].partitions[1].error_code, 6168);
        T_EQUAL_INT(m.results[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.results[1].topic_count, 2);
        T_EQUAL_INT(m.result_count, 2);
    }
    t_body_close(&body);
}

static void add_offsets_to_txn_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_add_offsets_to_txn_request m;
    if (!t_body_open(&body, "AddOffsetsToTxn", "request", 4, "filled")) {
        return;
    }
    int code = mock_add_offsets_to_txn_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactional_id, "Transactiona1", 13);
        T_EQUAL_INT(m.producer_id, 145247719580765712LL);
        T_EQUAL_INT(m.producer_epoch, 771);
        T_TEXT(m.group_id, "GroupId4", 8);
    }
    t_body_close(&body);
}

static void add_offsets_to_txn_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_add_offsets_to_txn_response m;
    if (!t_body_open(&body, "AddOffsetsToTxn", "response", 4, "filled")) {
        return;
    }
    int code = mock_add_offsets_to_txn_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
    }
    t_body_close(&body);
}

static void end_txn_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_end_txn_request m;
    if (!t_body_open(&body, "EndTxn", "request", 5, "filled")) {
        return;
    }
    int code = mock_end_txn_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactional_id, "Transactiona1", 13);
        T_EQUAL_INT(m.producer_id, 145247719580765712LL);
        T_EQUAL_INT(m.producer_epoch, 771);
        T_EQUAL_INT(m.committed, 0);
    }
    t_body_close(&body);
}

static void end_txn_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_end_txn_response m;
    if (!t_body_open(&body, "EndTxn", "response", 5, "filled")) {
        return;
    }
    int code = mock_end_txn_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_EQUAL_INT(m.producer_id, 217871579371148568LL);
        T_EQUAL_INT(m.producer_epoch, 1028);
    }
    t_body_close(&body);
}

static void write_txn_markers_request_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_write_txn_markers_request m;
    if (!t_body_open(&body, "WriteTxnMarkers", "request", 2, "filled")) {
        return;
    }
    int code = mock_write_txn_markers_request_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.markers[1].producer_id, 871486317484594272LL);
        T_EQUAL_INT(m.markers[1].producer_epoch, 3341);
        T_EQUAL_INT(m.markers[1].committed, 0);
        T_TEXT(m.markers[1].topics[1].name, "Name18", 6);
        T_EQUAL_INT(m.markers[1].topics[1].partitions[1], -20);
        T_EQUAL_INT(m.markers[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.markers[1].topic_count, 2);
        T_EQUAL_INT(m.markers[1].coordinator_epoch, 355090260);
        T_EQUAL_INT(m.markers[1].transaction_version, 22);
        T_EQUAL_INT(m.marker_count, 2);
    }
    t_body_close(&body);
}

static void write_txn_markers_response_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_write_txn_markers_response m;
    if (!t_body_open(&body, "WriteTxnMarkers", "response", 2, "filled")) {
        return;
    }
    int code = mock_write_txn_markers_response_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.markers[1].producer_id, 871486317484594272LL);
        T_TEXT(m.markers[1].topics[1].name, "Name18", 6);
        T_EQUAL_INT(m.markers[1].topics[1].partitions[1].index, 355090260);
        T_EQUAL_INT(m.markers[1].topics[1].partitions[1].error_code, 5654);
        T_EQUAL_INT(m.markers[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.markers[1].topic_count, 2);
        T_EQUAL_INT(m.marker_count, 2);
    }
    t_body_close(&body);
}

static void txn_offset_commit_request_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_txn_offset_commit_request m;
    if (!t_body_open(&body, "TxnOffsetCommit", "request", 5, "filled")) {
        return;
    }
    int code = mock_txn_offset_commit_request_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactional_id, "Transactiona1", 13);
        T_TEXT(m.group_id, "GroupId2", 8);
        T_EQUAL_INT(m.producer_id, 217871579371148568LL);
        T_EQUAL_INT(m.producer_epoch, 1028);
        T_EQUAL_INT(m.generation_id, -5);
        T_TEXT(m.member_id, "MemberId6", 9);
        T_TEXT(m.group_instance_id, "GroupInstanc7", 13);
        T_TEXT(m.topics[1].name, "Name17", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 371999320);
        T_EQUAL_INT(m.topics[1].partitions[1].offset, 1670348775178805688LL);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, 405817440);
        T_TEXT(m.topics[1].partitions[1].metadata, "CommittedMet25", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void txn_offset_commit_request_v6_has_its_fields(void) {
    struct t_body body;
    struct mock_txn_offset_commit_request m;
    if (!t_body_open(&body, "TxnOffsetCommit", "request", 6, "filled")) {
        return;
    }
    int code = mock_txn_offset_commit_request_decode(&body.reader, 6, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactional_id, "Transactiona1", 13);
        T_TEXT(m.group_id, "GroupId2", 8);
        T_EQUAL_INT(m.producer_id, 217871579371148568LL);
        T_EQUAL_INT(m.producer_epoch, 1028);
        T_EQUAL_INT(m.generation_id, -5);
        T_TEXT(m.member_id, "MemberId6", 9);
        T_TEXT(m.group_instance_id, "GroupInstanc7", 13);
        T_EQUAL_INT(m.topics[1].id.bytes[15], 32);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 371999320);
        T_EQUAL_INT(m.topics[1].partitions[1].offset, 1670348775178805688LL);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, 405817440);
        T_TEXT(m.topics[1].partitions[1].metadata, "CommittedMet25", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void txn_offset_commit_response_v5_has_its_fields(void) {
    struct t_body body;
    struct mock_txn_offset_commit_response m;
    if (!t_body_open(&body, "TxnOffsetCommit", "response", 5, "filled")) {
        return;
    }
    int code = mock_txn_offset_commit_response_decode(&body.reader, 5, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name7", 5);
        T_EQUAL_INT(m.topics[1].partitions[1].index, -10);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 2827);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void txn_offset_commit_response_v6_has_its_fields(void) {
    struct t_body body;
    struct mock_txn_offset_commit_response m;
    if (!t_body_open(&body, "TxnOffsetCommit", "response", 6, "filled")) {
        return;
    }
    int code = mock_txn_offset_commit_response_decode(&body.reader, 6, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.topics[1].id.bytes[15], 22);
        T_EQUAL_INT(m.topics[1].partitions[1].index, -10);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 2827);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void describe_producers_request_v0_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_producers_request m;
    if (!t_body_open(&body, "DescribeProducers", "request", 0, "filled")) {
        return;
    }
    int code = mock_describe_producers_request_decode(&body.reader, 0, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "Name4", 5);
        T_EQUAL_INT(m.topics[1].partitions[1], 101454360);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void describe_producers_response_v0_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_producers_response m;
    if (!t_body_open(&body, "DescribeProducers", "response", 0, "filled")) {
        return;
    }
    int code = mock_describe_producers_response_decode(&body.reader, 0, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name33", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 828543940);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, -50);
        T_TEXT(m.topics[1].partitions[1].error_message, "ErrorMessage51", 14);
        T_EQUAL_INT(m.topics[1].partitions[1].producers[1].producer_id, 4212183867842205648LL);
        T_EQUAL_INT(m.topics[1].partitions[1].producers[1].producer_epoch, 997634540);
        T_EQUAL_INT(m.topics[1].partitions[1].producers[1].last_sequence, -60);
        T_EQUAL_INT(m.topics[1].partitions[1].producers[1].last_timestamp_ms,
                    4430055447213354216LL);
        T_EQUAL_INT(m.topics[1].partitions[1].producers[1].coordinator_epoch, 1048361720);
        T_EQUAL_INT(m.topics[1].partitions[1].producers[1].txn_start_offset, 4575303166794119928LL);
        T_EQUAL_INT(m.topics[1].partitions[1].producer_count, 2);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void describe_transactions_request_v0_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_transactions_request m;
    if (!t_body_open(&body, "DescribeTransactions", "request", 0, "filled")) {
        return;
    }
    int code = mock_describe_transactions_request_decode(&body.reader, 0, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactional_ids[1], "Transactiona2", 13);
        T_EQUAL_INT(m.transactional_id_count, 2);
    }
    t_body_close(&body);
}

static void describe_transactions_response_v0_has_its_fields(void) {
    struct t_body body;
    struct mock_describe_transactions_response m;
    if (!t_body_open(&body, "DescribeTransactions", "response", 0, "filled")) {
        return;
    }
    int code = mock_describe_transactions_response_decode(&body.reader, 0, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.transactions[1].error_code, -15);
        T_TEXT(m.transactions[1].transactional_id, "Transactiona16", 14);
        T_TEXT(m.transactions[1].state, "TransactionS17", 14);
        T_EQUAL_INT(m.transactions[1].timeout_ms, 304363080);
        T_EQUAL_INT(m.transactions[1].start_time_ms, 1379853336017274264LL);
        T_EQUAL_INT(m.transactions[1].producer_id, -20);
        T_EQUAL_INT(m.transactions[1].producer_epoch, 5397);
        T_TEXT(m.transactions[1].topics[1].name, "Topic25", 7);
        T_EQUAL_INT(m.transactions[1].topics[1].partitions[1], 456544620);
        T_EQUAL_INT(m.transactions[1].topics[1].partition_count, 2);
        T_EQUAL_INT(m.transactions[1].topic_count, 2);
        T_EQUAL_INT(m.transaction_count, 2);
    }
    t_body_close(&body);
}

static void list_transactions_request_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_list_transactions_request m;
    if (!t_body_open(&body, "ListTransactions", "request", 2, "filled")) {
        return;
    }
    int code = mock_list_transactions_request_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.states[1], "StateFilters2", 13);
        T_EQUAL_INT(m.state_count, 2);
        T_EQUAL_INT(m.producer_ids[1], 290495439161531424LL);
        T_EQUAL_INT(m.producer_id_count, 2);
        T_EQUAL_INT(m.duration_ms, -5);
        T_TEXT(m.transactional_id_pattern, "Transactiona6", 13);
    }
    t_body_close(&body);
}

static void list_transactions_response_v2_has_its_fields(void) {
    struct t_body body;
    struct mock_list_transactions_response m;
    if (!t_body_open(&body, "ListTransactions", "response", 2, "filled")) {
        return;
    }
    int code = mock_list_transactions_response_decode(&body.reader, 2, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_TEXT(m.unknown_states[1], "UnknownState4", 13);
        T_EQUAL_INT(m.unknown_state_count, 2);
        T_TEXT(m.transactions[1].transactional_id, "Transactiona8", 13);
        T_EQUAL_INT(m.transactions[1].producer_id, 653614738113445704LL);
        T_TEXT(m.transactions[1].state, "TransactionS10", 14);
        T_EQUAL_INT(m.transaction_count, 2);
    }
    t_body_close(&body);
}

static CU_TestInfo tests[] = {
    {"add_partitions_to_txn_request_v3_has_its_fields",
     add_partitions_to_txn_request_v3_has_its_fields},
    {"add_partitions_to_txn_request_v5_has_its_fields",
     add_partitions_to_txn_request_v5_has_its_fields},
    {"add_partitions_to_txn_response_v3_has_its_fields",
     add_partitions_to_txn_response_v3_has_its_fields},
    {"add_partitions_to_txn_response_v5_has_its_fields",
     add_partitions_to_txn_response_v5_has_its_fields},
    {"add_offsets_to_txn_request_v4_has_its_fields", add_offsets_to_txn_request_v4_has_its_fields},
    {"add_offsets_to_txn_response_v4_has_its_fields",
     add_offsets_to_txn_response_v4_has_its_fields},
    {"end_txn_request_v5_has_its_fields", end_txn_request_v5_has_its_fields},
    {"end_txn_response_v5_has_its_fields", end_txn_response_v5_has_its_fields},
    {"write_txn_markers_request_v2_has_its_fields", write_txn_markers_request_v2_has_its_fields},
    {"write_txn_markers_response_v2_has_its_fields", write_txn_markers_response_v2_has_its_fields},
    {"txn_offset_commit_request_v5_has_its_fields", txn_offset_commit_request_v5_has_its_fields},
    {"txn_offset_commit_request_v6_has_its_fields", txn_offset_commit_request_v6_has_its_fields},
    {"txn_offset_commit_response_v5_has_its_fields", txn_offset_commit_response_v5_has_its_fields},
    {"txn_offset_commit_response_v6_has_its_fields", txn_offset_commit_response_v6_has_its_fields},
    {"describe_producers_request_v0_has_its_fields", describe_producers_request_v0_has_its_fields},
    {"describe_producers_response_v0_has_its_fields",
     describe_producers_response_v0_has_its_fields},
    {"describe_transactions_request_v0_has_its_fields",
     describe_transactions_request_v0_has_its_fields},
    {"describe_transactions_response_v0_has_its_fields",
     describe_transactions_response_v0_has_its_fields},
    {"list_transactions_request_v2_has_its_fields", list_transactions_request_v2_has_its_fields},
    {"list_transactions_response_v2_has_its_fields", list_transactions_response_v2_has_its_fields},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_fields_txn(void) {
    static CU_SuiteInfo suites[] = {
        {"wire fields txn", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
