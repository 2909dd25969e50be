/* Fields of the data messages: each has the value that the golden body gives it. Values differ
 * from field to field, so that two that are swapped do not pass. */
#include "mock/wire/fetch.h"
#include "mock/wire/init_producer_id.h"
#include "mock/wire/list_offsets.h"
#include "mock/wire/metadata.h"
#include "mock/wire/offset_for_leader_epoch.h"
#include "mock/wire/produce.h"
#include "t_run.h"
#include "t_wire.h"

CU_SuiteInfo *suite_wire_fields_data(void);

static void produce_request_v11_has_its_fields(void) {
    struct t_body body;
    struct mock_produce_request m;
    if (!t_body_open(&body, "Produce", "request", 11, "filled")) {
        return;
    }
    int code = mock_produce_request_decode(&body.reader, 11, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactional_id, "Transactiona1", 13);
        T_EQUAL_INT(m.acks, 514);
        T_EQUAL_INT(m.timeout_ms, 50727180);
        T_TEXT(m.topics[1].name, "Name9", 5);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 202908720);
        T_TEXT(m.topics[1].partitions[1].records, "Records13", 11);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void produce_response_v11_has_its_fields(void) {
    struct t_body body;
    struct mock_produce_response m;
    if (!t_body_open(&body, "Produce", "response", 11, "filled")) {
        return;
    }
    int code = mock_produce_response_decode(&body.reader, 11, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.topics[1].name, "Name22", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 557998980);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 8738);
        T_EQUAL_INT(m.topics[1].partitions[1].base_offset, -35);
        T_EQUAL_INT(m.topics[1].partitions[1].log_append_time_ms, 2614458952453782816LL);
        T_EQUAL_INT(m.topics[1].partitions[1].log_start_offset, 2687082812244165672LL);
        T_EQUAL_INT(m.topics[1].partitions[1].record_errors[1].batch_index, -40);
        T_TEXT(m.topics[1].partitions[1].record_errors[1].message, "BatchIndexEr41", 14);
        T_EQUAL_INT(m.topics[1].partitions[1].record_error_count, 2);
        T_TEXT(m.topics[1].partitions[1].error_message, "ErrorMessage42", 14);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.throttle_time_ms, 727089580);
    }
    t_body_close(&body);
}

static void fetch_request_v12_has_its_fields(void) {
    struct t_body body;
    struct mock_fetch_request m;
    if (!t_body_open(&body, "Fetch", "request", 12, "filled")) {
        return;
    }
    int code = mock_fetch_request_decode(&body.reader, 12, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.replica_id, 16909060);
        T_EQUAL_INT(m.max_wait_ms, 33818120);
        T_EQUAL_INT(m.min_bytes, 50727180);
        T_EQUAL_INT(m.max_bytes, 67636240);
        T_EQUAL_INT(m.isolation_level, -5);
        T_EQUAL_INT(m.session_id, 101454360);
        T_EQUAL_INT(m.session_epoch, 118363420);
        T_TEXT(m.topics[1].name, "Topic21", 7);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 473453680);
        T_EQUAL_INT(m.topics[1].partitions[1].current_leader_epoch, 490362740);
        T_EQUAL_INT(m.topics[1].partitions[1].fetch_offset, -30);
        T_EQUAL_INT(m.topics[1].partitions[1].last_fetched_epoch, 524180860);
        T_EQUAL_INT(m.topics[1].partitions[1].log_start_offset, 2323963513292251392LL);
        T_EQUAL_INT(m.topics[1].partitions[1].max_bytes, 557998980);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
        T_TEXT(m.forgotten[1].name, "Topic37", 7);
        T_EQUAL_INT(m.forgotten[1].partitions[1], 659453340);
        T_EQUAL_INT(m.forgotten[1].partition_count, 2);
        T_EQUAL_INT(m.forgotten_count, 2);
        T_TEXT(m.rack_id, "RackId40", 8);
    }
    t_body_close(&body);
}

static void fetch_response_v12_has_its_fields(void) {
    struct t_body body;
    struct mock_fetch_response m;
    if (!t_body_open(&body, "Fetch", "response", 12, "filled")) {
        return;
    }
    int code = mock_fetch_response_decode(&body.reader, 12, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_EQUAL_INT(m.session_id, 50727180);
        T_TEXT(m.topics[1].name, "Topic27", 7);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 659453340);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, -40);
        T_EQUAL_INT(m.topics[1].partitions[1].high_watermark, 2977578251405697096LL);
        T_EQUAL_INT(m.topics[1].partitions[1].last_stable_offset, 3050202111196079952LL);
        T_EQUAL_INT(m.topics[1].partitions[1].log_start_offset, 3122825970986462808LL);
        T_EQUAL_INT(m.topics[1].partitions[1].aborted[1].producer_id, 3340697550357611376LL);
        T_EQUAL_INT(m.topics[1].partitions[1].aborted[1].first_offset, 3413321410147994232LL);
        T_EQUAL_INT(m.topics[1].partitions[1].aborted_count, 2);
        T_EQUAL_INT(m.topics[1].partitions[1].preferred_read_replica, 811634880);
        T_TEXT(m.topics[1].partitions[1].chunks[0], "Records49", 11);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void list_offsets_request_v8_has_its_fields(void) {
    struct t_body body;
    struct mock_list_offsets_request m;
    if (!t_body_open(&body, "ListOffsets", "request", 8, "filled")) {
        return;
    }
    int code = mock_list_offsets_request_decode(&body.reader, 8, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.replica_id, 16909060);
        T_EQUAL_INT(m.isolation_level, 2);
        T_TEXT(m.topics[1].name, "Name10", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 236726840);
        T_EQUAL_INT(m.topics[1].partitions[1].current_leader_epoch, -15);
        T_EQUAL_INT(m.topics[1].partitions[1].timestamp_ms, 1161981756646125696LL);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void list_offsets_response_v8_has_its_fields(void) {
    struct t_body body;
    struct mock_list_offsets_response m;
    if (!t_body_open(&body, "ListOffsets", "response", 8, "filled")) {
        return;
    }
    int code = mock_list_offsets_response_decode(&body.reader, 8, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Name13", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 321272140);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, -20);
        T_EQUAL_INT(m.topics[1].partitions[1].timestamp_ms, 1525101055598039976LL);
        T_EQUAL_INT(m.topics[1].partitions[1].offset, 1597724915388422832LL);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, 388908380);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void metadata_request_v10_has_its_fields(void) {
    struct t_body body;
    struct mock_metadata_request m;
    if (!t_body_open(&body, "Metadata", "request", 10, "filled")) {
        return;
    }
    int code = mock_metadata_request_decode(&body.reader, 10, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.topics[1].id.bytes[15], 18);
        T_TEXT(m.topics[1].name, "Name4", 5);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.allow_auto_topic_creation, 1);
        T_EQUAL_INT(m.include_cluster_operations, 0);
        T_EQUAL_INT(m.include_topic_operations, 1);
    }
    t_body_close(&body);
}

static void metadata_request_v12_has_its_fields(void) {
    struct t_body body;
    struct mock_metadata_request m;
    if (!t_body_open(&body, "Metadata", "request", 12, "filled")) {
        return;
    }
    int code = mock_metadata_request_decode(&body.reader, 12, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.topics[1].id.bytes[15], 18);
        T_TEXT(m.topics[1].name, "Name4", 5);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.allow_auto_topic_creation, 1);
        T_EQUAL_INT(m.include_topic_operations, 0);
    }
    t_body_close(&body);
}

static void metadata_response_v10_has_its_fields(void) {
    struct t_body body;
    struct mock_metadata_response m;
    if (!t_body_open(&body, "Metadata", "response", 10, "filled")) {
        return;
    }
    int code = mock_metadata_response_decode(&body.reader, 10, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.brokers[1].node_id, 101454360);
        T_TEXT(m.brokers[1].host, "Host7", 5);
        T_EQUAL_INT(m.brokers[1].port, 135272480);
        T_TEXT(m.brokers[1].rack, "Rack9", 5);
        T_EQUAL_INT(m.broker_count, 2);
        T_TEXT(m.cluster_id, "ClusterId10", 11);
        T_EQUAL_INT(m.controller_id, 185999660);
        T_EQUAL_INT(m.topics[1].error_code, 9509);
        T_TEXT(m.topics[1].name, "Name38", 6);
        T_EQUAL_INT(m.topics[1].id.bytes[15], 54);
        T_EQUAL_INT(m.topics[1].is_internal, 0);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 13107);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 879271120);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_id, 896180180);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, 913089240);
        T_EQUAL_INT(m.topics[1].partitions[1].replicas[1], 946907360);
        T_EQUAL_INT(m.topics[1].partitions[1].replica_count, 2);
        T_EQUAL_INT(m.topics[1].partitions[1].isr[1], 980725480);
        T_EQUAL_INT(m.topics[1].partitions[1].isr_count, 2);
        T_EQUAL_INT(m.topics[1].partitions[1].offline[1], -60);
        T_EQUAL_INT(m.topics[1].partitions[1].offline_count, 2);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topics[1].authorized_operations, 1031452660);
        T_EQUAL_INT(m.topic_count, 2);
        T_EQUAL_INT(m.authorized_operations, 1048361720);
    }
    t_body_close(&body);
}

static void metadata_response_v12_has_its_fields(void) {
    struct t_body body;
    struct mock_metadata_response m;
    if (!t_body_open(&body, "Metadata", "response", 12, "filled")) {
        return;
    }
    int code = mock_metadata_response_decode(&body.reader, 12, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.brokers[1].node_id, 101454360);
        T_TEXT(m.brokers[1].host, "Host7", 5);
        T_EQUAL_INT(m.brokers[1].port, 135272480);
        T_TEXT(m.brokers[1].rack, "Rack9", 5);
        T_EQUAL_INT(m.broker_count, 2);
        T_TEXT(m.cluster_id, "ClusterId10", 11);
        T_EQUAL_INT(m.controller_id, 185999660);
        T_EQUAL_INT(m.topics[1].error_code, 9509);
        T_TEXT(m.topics[1].name, "Name38", 6);
        T_EQUAL_INT(m.topics[1].id.bytes[15], 54);
        T_EQUAL_INT(m.topics[1].is_internal, 0);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 13107);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 879271120);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_id, 896180180);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, 913089240);
        T_EQUAL_INT(m.topics[1].partitions[1].replicas[1], 946907360);
        T_EQUAL_INT(m.topics[1].partitions[1].replica_count, 2);
        T_EQUAL_INT(m.topics[1].partitions[1].isr[1], 980725480);
        T_EQUAL_INT(m.topics[1].partitions[1].isr_count, 2);
        T_EQUAL_INT(m.topics[1].partitions[1].offline[1], -60);
        T_EQUAL_INT(m.topics[1].partitions[1].offline_count, 2);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topics[1].authorized_operations, 1031452660);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void init_producer_id_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_init_producer_id_request m;
    if (!t_body_open(&body, "InitProducerId", "request", 4, "filled")) {
        return;
    }
    int code = mock_init_producer_id_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.transactional_id, "Transactiona1", 13);
        T_EQUAL_INT(m.transaction_timeout_ms, 33818120);
        T_EQUAL_INT(m.producer_id, 217871579371148568LL);
        T_EQUAL_INT(m.producer_epoch, 1028);
    }
    t_body_close(&body);
}

static void init_producer_id_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_init_producer_id_response m;
    if (!t_body_open(&body, "InitProducerId", "response", 4, "filled")) {
        return;
    }
    int code = mock_init_producer_id_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_EQUAL_INT(m.error_code, 514);
        T_EQUAL_INT(m.producer_id, 217871579371148568LL);
        T_EQUAL_INT(m.producer_epoch, 1028);
    }
    t_body_close(&body);
}

static void offset_for_leader_epoch_request_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_for_leader_epoch_request m;
    if (!t_body_open(&body, "OffsetForLeaderEpoch", "request", 4, "filled")) {
        return;
    }
    int code = mock_offset_for_leader_epoch_request_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.replica_id, 16909060);
        T_TEXT(m.topics[1].name, "Topic9", 6);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 219817780);
        T_EQUAL_INT(m.topics[1].partitions[1].current_leader_epoch, 236726840);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, -15);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

static void offset_for_leader_epoch_response_v4_has_its_fields(void) {
    struct t_body body;
    struct mock_offset_for_leader_epoch_response m;
    if (!t_body_open(&body, "OffsetForLeaderEpoch", "response", 4, "filled")) {
        return;
    }
    int code = mock_offset_for_leader_epoch_response_decode(&body.reader, 4, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_EQUAL_INT(m.throttle_time_ms, 16909060);
        T_TEXT(m.topics[1].name, "Topic11", 7);
        T_EQUAL_INT(m.topics[1].partitions[1].error_code, 4112);
        T_EQUAL_INT(m.topics[1].partitions[1].index, 287454020);
        T_EQUAL_INT(m.topics[1].partitions[1].leader_epoch, 304363080);
        T_EQUAL_INT(m.topics[1].partitions[1].end_offset, 1379853336017274264LL);
        T_EQUAL_INT(m.topics[1].partition_count, 2);
        T_EQUAL_INT(m.topic_count, 2);
    }
    t_body_close(&body);
}

/* The ids of the golden bodies are ascending bytes. */
static bool is_id(const struct mock_uuid *id, uint8_t first) {
    return id->bytes[0] == first && id->bytes[15] == (uint8_t)(first + 15);
}

static void produce_response_v13_has_ids_and_hints(void) {
    struct t_body body;
    struct mock_produce_response m;
    if (!t_body_open(&body, "Produce", "response", 13, "known")) {
        return;
    }
    int code = mock_produce_response_decode(&body.reader, 13, &body.arena, &m);
    if (T_EQUAL_INT(code, 0) && T_EQUAL_INT(m.endpoint_count, 2)) {
        T_TRUE(is_id(&m.topics[0].id, 0x07) && base_slice_is_null(m.topics[0].name));
        T_TRUE(m.topics[0].partitions[1].has_current_leader);
        T_EQUAL_INT(m.topics[0].partitions[1].current_leader.leader_id, 405817440);
        T_EQUAL_INT(m.topics[0].partitions[1].current_leader.leader_epoch, -25);
        T_EQUAL_INT(m.endpoints[1].node_id, 946874464);
        T_TEXT(m.endpoints[1].host, "Host57", 6);
        T_EQUAL_INT(m.endpoints[1].port, 980692584);
        T_TEXT(m.endpoints[1].rack, "Rack59", 6);
    }
    t_body_close(&body);
}

static void fetch_request_v18_has_ids_and_tagged_fields(void) {
    struct t_body body;
    struct mock_fetch_request m;
    if (!t_body_open(&body, "Fetch", "request", 18, "known")) {
        return;
    }
    int code = mock_fetch_request_decode(&body.reader, 18, &body.arena, &m);
    if (T_EQUAL_INT(code, 0)) {
        T_TEXT(m.cluster_id, "ClusterId1", 10);
        T_EQUAL_INT(m.replica_id, 33818120);
        T_EQUAL_INT(m.replica_epoch, 217871579371148568);
        T_TRUE(is_id(&m.topics[1].id, 0xbd));
        T_TRUE(m.topics[1].partitions[0].has_high_watermark);
        T_EQUAL_INT(m.topics[1].partitions[0].high_watermark, -35);
        T_TRUE(is_id(&m.topics[1].partitions[0].replica_directory_id, 0xee));
        T_TRUE(is_id(&m.forgotten[1].id, 0x49));
    }
    t_body_close(&body);
}

static void fetch_response_v18_has_ids_and_tagged_fields(void) {
    struct t_body body;
    struct mock_fetch_response m;
    if (!t_body_open(&body, "Fetch", "response", 18, "known")) {
        return;
    }
    int code = mock_fetch_response_decode(&body.reader, 18, &body.arena, &m);
    if (T_EQUAL_INT(code, 0) && T_EQUAL_INT(m.endpoint_count, 2)) {
        const struct mock_fetch_partition_response *p = &m.topics[0].partitions[1];
        T_TRUE(is_id(&m.topics[0].id, 0x1c));
        T_TRUE(p->has_diverging_epoch && p->has_current_leader && p->has_snapshot_id);
        T_EQUAL_INT(p->diverging_epoch.epoch, 456544620);
        T_EQUAL_INT(p->diverging_epoch.end_offset, 2033468071974814816);
        T_EQUAL_INT(p->current_leader.leader_id, 490362740);
        T_EQUAL_INT(p->current_leader.leader_epoch, -30);
        T_EQUAL_INT(p->snapshot_id.end_offset, 2251339651345963384);
        T_EQUAL_INT(p->snapshot_id.epoch, 541089792);
        T_EQUAL_INT(m.endpoints[1].node_id, 1310485048);
    }
    t_body_close(&body);
}

static CU_TestInfo tests[] = {
    {"produce_request_v11_has_its_fields", produce_request_v11_has_its_fields},
    {"produce_response_v11_has_its_fields", produce_response_v11_has_its_fields},
    {"fetch_request_v12_has_its_fields", fetch_request_v12_has_its_fields},
    {"fetch_response_v12_has_its_fields", fetch_response_v12_has_its_fields},
    {"list_offsets_request_v8_has_its_fields", list_offsets_request_v8_has_its_fields},
    {"list_offsets_response_v8_has_its_fields", list_offsets_response_v8_has_its_fields},
    {"metadata_request_v10_has_its_fields", metadata_request_v10_has_its_fields},
    {"metadata_request_v12_has_its_fields", metadata_request_v12_has_its_fields},
    {"metadata_response_v10_has_its_fields", metadata_response_v10_has_its_fields},
    {"metadata_response_v12_has_its_fields", metadata_response_v12_has_its_fields},
    {"init_producer_id_request_v4_has_its_fields", init_producer_id_request_v4_has_its_fields},
    {"init_producer_id_response_v4_has_its_fields", init_producer_id_response_v4_has_its_fields},
    {"offset_for_leader_epoch_request_v4_has_its_fields",
     offset_for_leader_epoch_request_v4_has_its_fields},
    {"offset_for_leader_epoch_response_v4_has_its_fields",
     offset_for_leader_epoch_response_v4_has_its_fields},
    {"produce_response_v13_has_ids_and_hints", produce_response_v13_has_ids_and_hints},
    {"fetch_request_v18_has_ids_and_tagged_fields", fetch_request_v18_has_ids_and_tagged_fields},
    {"fetch_response_v18_has_ids_and_tagged_fields",
     fetch_response_v18_has_ids_and_tagged_fields},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_fields_data(void) {
    static CU_SuiteInfo suites[] = {
        {"wire fields data", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
