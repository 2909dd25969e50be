/* Tests of ListOffsets, and of committed offsets without members. */
#include "ask.h"
#include "mock/wire/list_offsets.h"
#include "suites.h"

static struct peer p;

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
}

static void end(void) {
    peer_close(&p);
    ask_end();
}

static void earliest_and_latest_are_the_ends_of_the_log(void) {
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(list_offset(&p, topic, 0, MOCK_LIST_OFFSETS_EARLIEST).offset, 0);
    T_EQUAL_INT(list_offset(&p, topic, 0, MOCK_LIST_OFFSETS_LATEST).offset, 0);
    produce(&p, topic, 0, BATCH(.count = 5));
    T_EQUAL_INT(list_offset(&p, topic, 0, MOCK_LIST_OFFSETS_EARLIEST).offset, 0);
    T_EQUAL_INT(list_offset(&p, topic, 0, MOCK_LIST_OFFSETS_LATEST).offset, 5);
}

static void the_offset_of_a_time_is_the_first_record_not_before_it(void) {
    const char *topic = rig_topic(1, false);
    produce(&p, topic, 0, BATCH(.count = 3, .timestamp_ms = 1000)); /* 1000, 1001, 1002 */
    produce(&p, topic, 0, BATCH(.count = 3, .timestamp_ms = 2000));
    T_EQUAL_INT(list_offset(&p, topic, 0, 0).offset, 0);
    T_EQUAL_INT(list_offset(&p, topic, 0, 1002).offset, 2);
    T_EQUAL_INT(list_offset(&p, topic, 0, 1002).timestamp_ms, 1002);
    T_EQUAL_INT(list_offset(&p, topic, 0, 1003).offset, 3);
    T_EQUAL_INT(list_offset(&p, topic, 0, 2001).offset, 4);
    T_EQUAL_INT(list_offset(&p, topic, 0, 2003).offset, -1);
    T_EQUAL_INT(list_offset(&p, topic, 0, 2003).error, 0);
    struct listed most = list_offset(&p, topic, 0, MOCK_LIST_OFFSETS_MAX_TIMESTAMP);
    T_EQUAL_INT(most.offset, 5);
    T_EQUAL_INT(most.timestamp_ms, 2002);
}

static void wrong_partitions_and_brokers_are_refused(void) {
    const char *topic = rig_topic(1, false);
    T_EQUAL_INT(list_offset(&p, "nowhere", 0, -1).error, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    T_EQUAL_INT(list_offset(&p, topic, 9, -1).error, MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    mock_leader_move(rig.broker, topic, 0, 2, NULL);
    T_EQUAL_INT(list_offset(&p, topic, 0, -1).error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
}

static void a_commit_without_members_is_kept(void) {
    const char *topic = rig_topic(2, false);
    int16_t error;
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "simple", 1, NULL), 0);
    T_EQUAL_INT(committed(&p, "simple", topic, 0, &error), -1);
    T_EQUAL_INT(error, 0);
    T_EQUAL_INT(commit(&p, "simple", NULL, topic, 0, 42), 0);
    T_EQUAL_INT(committed(&p, "simple", topic, 0, &error), 42);
    T_EQUAL_INT(committed(&p, "simple", topic, 1, &error), -1);
    T_EQUAL_INT(mock_group_committed(rig.broker, "simple", topic, 0), 42);
    T_EQUAL_INT(commit(&p, "simple", NULL, topic, 0, 7), 0); /* also backwards */
    T_EQUAL_INT(mock_group_committed(rig.broker, "simple", topic, 0), 7);
    T_EQUAL_INT(commit(&p, "simple", NULL, "nowhere", 0, 7),
                MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
}

static void a_commit_is_told_before_and_after_it_is_applied(void) {
    const char *topic = rig_topic(1, false);
    mock_coordinator_move(rig.broker, "told", 1, NULL);
    T_EQUAL_INT(commit(&p, "told", NULL, topic, 0, 3), 0);
    const struct rig_event *before = rig_event(MOCK_EVENT_COMMIT, -1, 0);
    const struct rig_event *after = rig_event(MOCK_EVENT_COMMITTED, -1, 0);
    T_TRUE(before && after && before < after);
    T_EQUAL_INT(after->offset, 3);
    T_EQUAL_STR(after->group, "told");
    T_EQUAL_INT(after->error, 0);
}

static void a_broker_that_does_not_coordinate_refuses(void) {
    const char *topic = rig_topic(1, false);
    int16_t error;
    mock_coordinator_move(rig.broker, "elsewhere", 2, NULL);
    T_EQUAL_INT(commit(&p, "elsewhere", NULL, topic, 0, 3), MOCK_ERROR_NOT_COORDINATOR);
    T_EQUAL_INT(mock_group_committed(rig.broker, "elsewhere", topic, 0), -1);
    T_EQUAL_INT(committed(&p, "elsewhere", topic, 0, &error), -1);
    T_EQUAL_INT(error, MOCK_ERROR_NOT_COORDINATOR);
    struct coordinated c = find_coordinator(&p, "elsewhere");
    T_EQUAL_INT(c.node, 2);
    struct peer there;
    peer_open(&there, rig.listener, c.node);
    T_EQUAL_INT(commit(&there, "elsewhere", NULL, topic, 0, 3), 0);
    T_EQUAL_INT(committed(&there, "elsewhere", topic, 0, &error), 3);
    mock_coordinator_move(rig.broker, "elsewhere", 1, NULL); /* offsets are the cluster's */
    T_EQUAL_INT(committed(&p, "elsewhere", topic, 0, &error), 3);
    T_EQUAL_INT(commit(&there, "elsewhere", NULL, topic, 0, 4), MOCK_ERROR_NOT_COORDINATOR);
    peer_close(&there);
}

#define TEST(name) {#name, name}

CU_SuiteInfo *suite_mock_gateway_offsets(void) {
    static CU_TestInfo tests[] = {
        TEST(earliest_and_latest_are_the_ends_of_the_log),
        TEST(the_offset_of_a_time_is_the_first_record_not_before_it),
        TEST(wrong_partitions_and_brokers_are_refused),
        TEST(a_commit_without_members_is_kept),
        TEST(a_commit_is_told_before_and_after_it_is_applied),
        TEST(a_broker_that_does_not_coordinate_refuses),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway offsets", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
