/* Tests of administration, over sockets: several brokers, faults, and librdkafka's admin client. */
#include <librdkafka/rdkafka.h>
#include <string.h>

#include "ask.h"
#include "mock/wire/alter_partition_reassignments.h"
#include "mock/wire/create_topics.h"
#include "mock/wire/describe_cluster.h"
#include "mock/wire/elect_leaders.h"
#include "suites.h"

static struct peer p;
static const char *topic;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    topic = rig_topic(1, false);
}

static void end(void) {
    peer_close(&p);
    ask_end();
}

/* -- over the wire -- */

struct created {
    int16_t error;
    int32_t partitions;
    int16_t replicas;
};

static struct created create(const char *name, int32_t partitions, int16_t replicas,
                             const struct mock_create_assignment *assignments, size_t count) {
    struct mock_create_assignment copies[4];
    for (size_t i = 0; i < count; i++) {
        copies[i] = assignments[i];
    }
    struct mock_create_topic one = {.name = base_slice_str(name),
                                    .partition_count = partitions,
                                    .replication_factor = replicas,
                                    .assignments = copies,
                                    .assignment_count = count};
    struct mock_create_topics_request request = {&one, 1, 1000, false};
    struct base_reader body;
    struct mock_create_topics_response said = {0};
    mock_create_topics_request_encode(peer_request(&p, MOCK_API_CREATE_TOPICS, 7), 7, &request);
    peer_send(&p);
    if (!T_TRUE(peer_await(&p, &body)) ||
        !T_EQUAL_INT(mock_create_topics_response_decode(&body, 7, &p.arena, &said), 0)) {
        return (struct created){.error = CLOSED_INSTEAD};
    }
    return (struct created){said.topics[0].error_code, said.topics[0].partition_count,
                            said.topics[0].replication_factor};
}

static void as_many_replicas_as_brokers_can_be_had(void) {
    struct created made = create("three", 2, 3, NULL, 0);
    T_EQUAL_INT(made.error, 0);
    T_EQUAL_INT(made.replicas, 3);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, "three", 1), 3);
    T_EQUAL_INT(create("four", 1, 4, NULL, 0).error, MOCK_ERROR_INVALID_REPLICATION_FACTOR);
    T_EQUAL_INT(create("one", 1, 1, NULL, 0).replicas, 1);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, "one", 0), 1);
}

static void a_manual_assignment_says_who_leads(void) {
    int32_t first[] = {3, 1};
    int32_t second[] = {2, 3};
    const struct mock_create_assignment assignments[] = {{1, second, 2}, {0, first, 2}};
    struct created made = create("assigned", -1, -1, assignments, 2);
    T_EQUAL_INT(made.error, 0);
    T_EQUAL_INT(made.partitions, 2);
    T_EQUAL_INT(made.replicas, 2);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "assigned", 0), 3);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "assigned", 1), 2);
}

static int16_t elect(int8_t type, const char *name) {
    int32_t index = 0;
    struct mock_elect_leaders_topic one = {base_slice_str(name), &index, 1};
    struct mock_elect_leaders_request request = {type, &one, 1, false, 1000};
    struct base_reader body;
    struct mock_elect_leaders_response said = {0};
    mock_elect_leaders_request_encode(peer_request(&p, MOCK_API_ELECT_LEADERS, 2), 2, &request);
    peer_send(&p);
    return T_TRUE(peer_await(&p, &body)) &&
                   T_EQUAL_INT(mock_elect_leaders_response_decode(&body, 2, &p.arena, &said), 0)
               ? said.topics[0].partitions[0].error_code
               : CLOSED_INSTEAD;
}

static void the_preferred_leader_gets_its_partition_back(void) {
    int32_t brokers[] = {3, 1, 2};
    const struct mock_create_assignment assignment = {0, brokers, 3};
    T_EQUAL_INT(create("preferred", -1, -1, &assignment, 1).error, 0);
    T_EQUAL_INT(elect(0, "preferred"), MOCK_ERROR_ELECTION_NOT_NEEDED);
    T_EQUAL_INT(mock_node_down(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "preferred", 0), 1);
    T_EQUAL_INT(elect(0, "preferred"), MOCK_ERROR_PREFERRED_LEADER_NOT_AVAILABLE);
    T_EQUAL_INT(mock_node_up(rig.broker, 3, NULL), 0);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "preferred", 0), 1);
    T_EQUAL_INT(elect(0, "preferred"), 0);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "preferred", 0), 3);
}

static int16_t reassign(const char *name, int32_t *to, size_t count) {
    struct mock_reassign_partition one = {0, to, count, false};
    struct mock_reassign_topic all = {base_slice_str(name), &one, 1};
    struct mock_alter_partition_reassignments_request request = {1000, true, &all, 1};
    struct base_reader body;
    struct mock_alter_partition_reassignments_response said = {0};
    mock_alter_partition_reassignments_request_encode(
        peer_request(&p, MOCK_API_ALTER_PARTITION_REASSIGNMENTS, 1), 1, &request);
    peer_send(&p);
    return T_TRUE(peer_await(&p, &body)) &&
                   T_EQUAL_INT(mock_alter_partition_reassignments_response_decode(&body, 1,
                                                                                  &p.arena, &said),
                               0)
               ? said.topics[0].partitions[0].error_code
               : CLOSED_INSTEAD;
}

static void a_partition_moves_with_its_records(void) {
    int32_t here[] = {1};
    int32_t there[] = {2, 3};
    const struct mock_create_assignment assignment = {0, here, 1};
    T_EQUAL_INT(create("moves", -1, -1, &assignment, 1).error, 0);
    T_EQUAL_INT(produce(&p, "moves", 0, BATCH(.count = 3)).error, 0);
    T_EQUAL_INT(reassign("moves", there, 2), 0);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "moves", 0), 2);
    T_EQUAL_INT(mock_partition_in_sync(rig.broker, "moves", 0), 2);
    T_EQUAL_INT(mock_partition_end(rig.broker, "moves", 0), 3);
    T_EQUAL_INT(produce(&p, "moves", 0, BATCH(.count = 1)).error,
                MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(fetch(&p, "moves", 0, 0).error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    int32_t dead[] = {1, 2};
    T_EQUAL_INT(mock_node_down(rig.broker, 3, NULL), 0);
    int32_t to_dead[] = {3};
    T_EQUAL_INT(reassign("moves", dead, 2), 0);
    T_EQUAL_INT(reassign("moves", to_dead, 1), MOCK_ERROR_INVALID_REPLICA_ASSIGNMENT);
}

static void a_dead_broker_is_fenced(void) {
    T_EQUAL_INT(mock_node_down(rig.broker, 2, NULL), 0);
    for (int fenced = 0; fenced < 2; fenced++) {
        struct mock_describe_cluster_request request = {false, 1, fenced == 1};
        struct mock_describe_cluster_response said = {0};
        struct base_reader body;
        mock_describe_cluster_request_encode(peer_request(&p, MOCK_API_DESCRIBE_CLUSTER, 2), 2,
                                             &request);
        peer_send(&p);
        if (T_TRUE(peer_await(&p, &body)) &&
            T_EQUAL_INT(mock_describe_cluster_response_decode(&body, 2, &p.arena, &said), 0)) {
            T_EQUAL_INT(said.broker_count, fenced ? 3 : 2);
            T_EQUAL_INT(said.brokers[1].node_id, fenced ? 2 : 3);
            T_EQUAL_INT(said.brokers[1].is_fenced, fenced);
        }
    }
}

static void a_fault_may_refuse_an_administrator(void) {
    struct mock_trigger t = rig_on(MOCK_ON_ADMIN);
    RIG_ARM(t, 1, {.kind = MOCK_DO_ERROR, .error = MOCK_ERROR_REQUEST_TIMED_OUT});
    T_EQUAL_INT(create("refused", 1, 1, NULL, 0).error, MOCK_ERROR_REQUEST_TIMED_OUT);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "refused"), -1);
    T_EQUAL_INT(create("refused", 1, 1, NULL, 0).error, 0);
}

/* -- librdkafka's admin client -- */

struct admin {
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    char said[256]; /* the first thing that went wrong */
};

static void note(struct admin *a, const char *what, rd_kafka_resp_err_t err) {
    if (err && !a->said[0]) {
        (void)snprintf(a->said, sizeof(a->said), "%s: %s", what, rd_kafka_err2str(err));
    }
}

#define PATIENCE_MS 60000

/* The next event; its error, and that of its one topic, are noted. */
static rd_kafka_event_t *next_event(struct admin *a, const char *what) {
    rd_kafka_event_t *event = rd_kafka_queue_poll(a->queue, PATIENCE_MS);
    note(a, what, event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT);
    return event;
}

static void note_topics(struct admin *a, const char *what, const rd_kafka_topic_result_t **results,
                        size_t count) {
    for (size_t i = 0; i < count; i++) {
        note(a, what, rd_kafka_topic_result_error(results[i]));
    }
}

static void create_one(struct admin *a, const char *name) {
    char text[256];
    size_t count = 0;
    rd_kafka_NewTopic_t *made = rd_kafka_NewTopic_new(name, 2, 3, text, sizeof(text));
    note(a, "config", rd_kafka_NewTopic_set_config(made, "retention.ms", "5000"));
    rd_kafka_CreateTopics(a->rk, &made, 1, NULL, a->queue);
    rd_kafka_event_t *event = next_event(a, "CreateTopics");
    const rd_kafka_CreateTopics_result_t *result =
        event ? rd_kafka_event_CreateTopics_result(event) : NULL;
    if (result) {
        const rd_kafka_topic_result_t **topics =
            rd_kafka_CreateTopics_result_topics(result, &count);
        note_topics(a, "CreateTopics", topics, count);
    }
    if (event) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_NewTopic_destroy(made);
}

static void add_partitions(struct admin *a, const char *name) {
    char text[256];
    size_t count = 0;
    rd_kafka_NewPartitions_t *more = rd_kafka_NewPartitions_new(name, 5, text, sizeof(text));
    rd_kafka_CreatePartitions(a->rk, &more, 1, NULL, a->queue);
    rd_kafka_event_t *event = next_event(a, "CreatePartitions");
    const rd_kafka_CreatePartitions_result_t *result =
        event ? rd_kafka_event_CreatePartitions_result(event) : NULL;
    if (result) {
        const rd_kafka_topic_result_t **topics =
            rd_kafka_CreatePartitions_result_topics(result, &count);
        note_topics(a, "CreatePartitions", topics, count);
    }
    if (event) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_NewPartitions_destroy(more);
}

/* Alters retention.ms; returns its value after. */
static void alter(struct admin *a, const char *name) {
    rd_kafka_ConfigResource_t *topic_config =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
    note(a, "set", rd_kafka_ConfigResource_set_config(topic_config, "retention.ms", "7000"));
    rd_kafka_AlterConfigs(a->rk, &topic_config, 1, NULL, a->queue);
    rd_kafka_event_t *event = next_event(a, "AlterConfigs");
    size_t count = 0;
    const rd_kafka_AlterConfigs_result_t *result =
        event ? rd_kafka_event_AlterConfigs_result(event) : NULL;
    if (result) {
        const rd_kafka_ConfigResource_t **all =
            rd_kafka_AlterConfigs_result_resources(result, &count);
        note(a, "AlterConfigs", count ? rd_kafka_ConfigResource_error(all[0]) : -1);
    }
    if (event) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_ConfigResource_destroy(topic_config);
}

static void describe_config(struct admin *a, const char *name, char *ret_value, size_t size) {
    rd_kafka_ConfigResource_t *which = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
    rd_kafka_DescribeConfigs(a->rk, &which, 1, NULL, a->queue);
    rd_kafka_event_t *event = next_event(a, "DescribeConfigs");
    size_t count = 0;
    size_t entries = 0;
    const rd_kafka_DescribeConfigs_result_t *result =
        event ? rd_kafka_event_DescribeConfigs_result(event) : NULL;
    const rd_kafka_ConfigResource_t **all =
        result ? rd_kafka_DescribeConfigs_result_resources(result, &count) : NULL;
    const rd_kafka_ConfigEntry_t **entry =
        count ? rd_kafka_ConfigResource_configs(all[0], &entries) : NULL;
    for (size_t i = 0; i < entries; i++) {
        if (strcmp(rd_kafka_ConfigEntry_name(entry[i]), "retention.ms") == 0) {
            (void)snprintf(ret_value, size, "%s", rd_kafka_ConfigEntry_value(entry[i]));
        }
    }
    if (event) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_ConfigResource_destroy(which);
}

static int64_t delete_records(struct admin *a, const char *name, int64_t before) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, name, 0)->offset = before;
    rd_kafka_DeleteRecords_t *records = rd_kafka_DeleteRecords_new(list);
    rd_kafka_DeleteRecords(a->rk, &records, 1, NULL, a->queue);
    rd_kafka_event_t *event = next_event(a, "DeleteRecords");
    const rd_kafka_DeleteRecords_result_t *result =
        event ? rd_kafka_event_DeleteRecords_result(event) : NULL;
    int64_t low = -1;
    if (result) {
        const rd_kafka_topic_partition_list_t *said = rd_kafka_DeleteRecords_result_offsets(result);
        note(a, "DeleteRecords", said->elems[0].err);
        low = said->elems[0].offset;
    }
    if (event) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_DeleteRecords_destroy(records);
    rd_kafka_topic_partition_list_destroy(list);
    return low;
}

static void delete_one(struct admin *a, const char *name) {
    rd_kafka_DeleteTopic_t *gone = rd_kafka_DeleteTopic_new(name);
    rd_kafka_DeleteTopics(a->rk, &gone, 1, NULL, a->queue);
    rd_kafka_event_t *event = next_event(a, "DeleteTopics");
    size_t count = 0;
    const rd_kafka_DeleteTopics_result_t *result =
        event ? rd_kafka_event_DeleteTopics_result(event) : NULL;
    if (result) {
        const rd_kafka_topic_result_t **topics =
            rd_kafka_DeleteTopics_result_topics(result, &count);
        note_topics(a, "DeleteTopics", topics, count);
    }
    if (event) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_DeleteTopic_destroy(gone);
}

struct job {
    char bootstrap[512];
    struct admin admin;
    char created_with[32], altered_to[32];
    int64_t low;
};

static void produce_some(struct admin *a, const char *name) {
    for (int i = 0; i < 3; i++) {
        note(a, "produce",
             rd_kafka_producev(a->rk, RD_KAFKA_V_TOPIC(name), RD_KAFKA_V_PARTITION(0),
                               RD_KAFKA_V_VALUE((void *)"v", 1), RD_KAFKA_V_END));
    }
    note(a, "flush", rd_kafka_flush(a->rk, PATIENCE_MS));
}

static int administer(void *arg) {
    struct job *job = arg;
    struct admin *a = &job->admin;
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", job->bootstrap, NULL, 0);
    rd_kafka_conf_set(conf, "log_level", "0", NULL, 0);
    rd_kafka_conf_set(conf, "linger.ms", "0", NULL, 0);
    a->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (!a->rk) {
        rd_kafka_conf_destroy(conf);
        return -1;
    }
    a->queue = rd_kafka_queue_new(a->rk);
    create_one(a, "administered");
    describe_config(a, "administered", job->created_with, sizeof(job->created_with));
    alter(a, "administered");
    describe_config(a, "administered", job->altered_to, sizeof(job->altered_to));
    add_partitions(a, "administered");
    produce_some(a, "administered");
    job->low = delete_records(a, "administered", 2);
    delete_one(a, "administered");
    rd_kafka_queue_destroy(a->queue);
    rd_kafka_destroy(a->rk);
    return a->said[0] ? -1 : 0;
}

static void librdkafka_administers_a_topic_from_its_beginning_to_its_end(void) {
    struct job job = {.low = -1};
    (void)snprintf(job.bootstrap, sizeof(job.bootstrap), "%s",
                   mock_listener_bootstrap(rig.listener));
    T_EQUAL_INT(rig_beside(administer, &job), 0);
    T_EQUAL_STR(job.admin.said, "");
    T_EQUAL_STR(job.created_with, "5000");
    T_EQUAL_STR(job.altered_to, "7000");
    T_EQUAL_INT(job.low, 2);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "administered"), -1);
    static const char *const told[] = {"", "configured", "partitions", "deleted"};
    for (size_t i = 0; i < 4; i++) {
        const struct rig_event *e = rig_event(MOCK_EVENT_TOPIC, -1, i);
        T_TRUE(e != NULL);
        T_EQUAL_STR(e ? e->text : NULL, told[i]);
    }
}

#define NAMED(test)                                                                                \
    { #test, test }

CU_SuiteInfo *suite_mock_gateway_admin(void) {
    static CU_TestInfo tests[] = {
        NAMED(as_many_replicas_as_brokers_can_be_had),
        NAMED(a_manual_assignment_says_who_leads),
        NAMED(the_preferred_leader_gets_its_partition_back),
        NAMED(a_partition_moves_with_its_records),
        NAMED(a_dead_broker_is_fenced),
        NAMED(a_fault_may_refuse_an_administrator),
        NAMED(librdkafka_administers_a_topic_from_its_beginning_to_its_end),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"administration", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
