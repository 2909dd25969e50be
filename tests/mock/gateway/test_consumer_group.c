/* Tests of the consumer protocol over sockets (KIP-848): faults on assignments and their end,
 * sessions of the dead, coordinators, and the retention of offsets by the log's clock. */
#include <string.h>

#include "ask.h"
#include "mock/wire/consumer_group_heartbeat.h"
#include "mock/wire/delete_groups.h"
#include "mock/wire/describe_groups.h"
#include "mock/wire/list_groups.h"
#include "suites.h"

static int groups_made;
static char group[32];
static const char *topic;
static struct peer a, b;

static void begin(void) {
    ask_begin();
    (void)snprintf(group, sizeof(group), "consumers-%d", ++groups_made);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, group, 1, NULL), 0);
    topic = rig_topic(4, false);
}

struct beat {
    bool closed;
    int16_t error;
    int32_t epoch;
    bool assigned;
    size_t partitions;
};

/* owned: all that was assigned last (keep of them), or nothing said at all (-1). */
static struct mock_uuid topic_id;

static void ask_beat(struct peer *p, const char *member, int32_t epoch, int keep) {
    struct base_slice name = base_slice_str(topic);
    int32_t partitions[] = {0, 1, 2, 3};
    struct mock_topic_id_partitions owned = {topic_id, partitions, (size_t)(keep > 0 ? keep : 0)};
    const struct mock_consumer_group_heartbeat_request request = {
        .group_id = base_slice_str(group),
        .member_id = base_slice_str(member),
        .member_epoch = epoch,
        .rebalance_timeout_ms = epoch == 0 ? 60000 : -1,
        .topic_names = &name,
        .topic_name_count = epoch == 0,
        .has_topic_names = epoch == 0,
        .owned = &owned,
        .owned_count = keep > 0,
        .has_owned = epoch == 0 || keep >= 0,
    };
    mock_consumer_group_heartbeat_request_encode(
        peer_request(p, MOCK_API_CONSUMER_GROUP_HEARTBEAT, 1), 1, &request);
    peer_send(p);
}

static struct beat take_beat(struct peer *p) {
    struct beat beat = {.closed = true};
    struct base_reader body;
    struct mock_consumer_group_heartbeat_response said = {0};
    if (!peer_await(p, &body)) {
        return beat;
    }
    T_EQUAL_INT(mock_consumer_group_heartbeat_response_decode(&body, 1, &p->arena, &said), 0);
    beat = (struct beat){false, said.error_code, said.member_epoch, said.has_assignment, 0};
    for (size_t i = 0; i < said.assignment_count; i++) {
        beat.partitions += said.assignment[i].partition_count;
        topic_id = said.assignment[i].topic_id;
    }
    return beat;
}

static struct beat beat(struct peer *p, const char *member, int32_t epoch, int keep) {
    ask_beat(p, member, epoch, keep);
    return take_beat(p);
}

static const char *state(void) {
    struct mock_group_view view;
    return mock_groups_view(mock_broker_groups(rig.broker), group, &view) ? view.state : "?";
}

static void assignments_and_their_end_are_triggers(void) {
    struct mock_fault *assign = RIG_ARM(rig_on(MOCK_ON_ASSIGN), 9, {.kind = MOCK_DO_THROTTLE});
    struct mock_fault *revoke = RIG_ARM(rig_on(MOCK_ON_REVOKE), 9, {.kind = MOCK_DO_THROTTLE});
    struct mock_fault *any = RIG_ARM(rig_on(MOCK_ON_HEARTBEAT), 1, {.kind = MOCK_DO_THROTTLE});
    peer_open(&a, rig.listener, 1);
    peer_open(&b, rig.listener, 1);
    T_EQUAL_INT(beat(&a, "a", 0, -1).partitions, 4);
    T_EQUAL_INT(mock_fault_fired(assign), 1);
    T_EQUAL_INT(mock_fault_fired(any), 1);
    T_EQUAL_INT(beat(&b, "b", 0, -1).partitions, 0);
    T_EQUAL_INT(mock_fault_fired(assign), 1);
    T_EQUAL_INT(beat(&a, "a", 2, -1).partitions, 2); /* two have to be given back */
    T_EQUAL_INT(mock_fault_fired(assign), 2);
    T_EQUAL_INT(mock_fault_fired(revoke), 0);
    T_EQUAL_INT(beat(&a, "a", 2, 2).epoch, 3);
    T_EQUAL_INT(mock_fault_fired(revoke), 1);
    T_EQUAL_INT(beat(&b, "b", 3, -1).partitions, 2);
    T_EQUAL_INT(mock_fault_fired(assign), 3);
    T_EQUAL_STR(state(), "Stable");
    T_EQUAL_INT(beat(&b, "b", -1, -1).epoch, -1);
    T_EQUAL_INT(mock_fault_fired(revoke), 2);
    peer_close(&a);
    peer_close(&b);
}

static void a_heartbeat_that_changes_nothing_is_idle(void) {
    peer_open(&a, rig.listener, 1);
    T_EQUAL_INT(beat(&a, "a", 0, -1).partitions, 4);
    rig_forget_events();
    T_TRUE(!beat(&a, "a", 2, -1).assigned);
    const struct rig_event *sent = rig_event(MOCK_EVENT_SEND, MOCK_API_CONSUMER_GROUP_HEARTBEAT, 0);
    T_TRUE(sent && sent->idle);
    peer_close(&a);
}

static void the_session_of_a_killed_member_ends_at_once(void) {
    struct mock_listener *mine = rig_listen("r1", 1);
    peer_open(&a, mine, 1);
    peer_open(&b, rig.listener, 1);
    T_EQUAL_INT(beat(&a, "a", 0, -1).partitions, 4);
    T_EQUAL_INT(beat(&b, "b", 0, -1).partitions, 0);
    mock_actor_died(rig.broker, "r1", 1);
    T_EQUAL_INT(rig_count(MOCK_EVENT_GROUP, -1) > 0, 1);
    T_EQUAL_INT(beat(&b, "b", 3, -1).partitions, 4);
    peer_close(&a);
    peer_close(&b);
    mock_listener_close(mine);
}

static void a_forced_rebalance_moves_the_epoch(void) {
    peer_open(&a, rig.listener, 1);
    T_EQUAL_INT(beat(&a, "a", 0, -1).epoch, 2);
    T_EQUAL_INT(mock_group_rebalance(rig.broker, group, NULL), 0);
    T_EQUAL_STR(state(), "Assigning");
    T_EQUAL_INT(beat(&a, "a", 2, -1).epoch, 3);
    peer_close(&a);
}

static void another_broker_says_that_it_does_not_coordinate(void) {
    peer_open(&a, rig.listener, 2);
    T_EQUAL_INT(beat(&a, "a", 0, -1).error, MOCK_ERROR_NOT_COORDINATOR);
    peer_close(&a);
}

/* -- administration -- */

static int16_t describe_group(struct peer *p, const char *other, int16_t *ret_other) {
    struct base_slice ids[] = {base_slice_str(group), base_slice_str(other)};
    struct mock_describe_groups_request request = {.groups = ids, .group_count = 2};
    struct mock_describe_groups_response said = {0};
    struct base_reader body;
    mock_describe_groups_request_encode(peer_request(p, MOCK_API_DESCRIBE_GROUPS, 5), 5, &request);
    peer_send(p);
    if (!peer_await(p, &body) ||
        !T_EQUAL_INT(mock_describe_groups_response_decode(&body, 5, &p->arena, &said), 0) ||
        !T_EQUAL_INT(said.group_count, 2)) {
        return CLOSED_INSTEAD;
    }
    *ret_other = said.groups[1].error_code;
    return said.groups[0].error_code;
}

static size_t list_groups(struct peer *p) {
    struct mock_list_groups_request request = {0};
    struct mock_list_groups_response said = {0};
    struct base_reader body;
    size_t found = 0;
    mock_list_groups_request_encode(peer_request(p, MOCK_API_LIST_GROUPS, 5), 5, &request);
    peer_send(p);
    if (peer_await(p, &body) &&
        T_EQUAL_INT(mock_list_groups_response_decode(&body, 5, &p->arena, &said), 0)) {
        for (size_t i = 0; i < said.group_count; i++) {
            found += base_slice_equal_str(said.groups[i].group_id, group);
        }
    }
    return found;
}

static void each_broker_speaks_for_the_groups_that_it_coordinates(void) {
    int16_t other = 0;
    peer_open(&a, rig.listener, 1);
    peer_open(&b, rig.listener, 2);
    T_EQUAL_INT(mock_coordinator_move(rig.broker, "elsewhere", 2, NULL), 0);
    T_EQUAL_INT(commit(&a, group, NULL, topic, 0, 5), 0);
    T_EQUAL_INT(describe_group(&a, "elsewhere", &other), 0);
    T_EQUAL_INT(other, MOCK_ERROR_NOT_COORDINATOR);
    T_EQUAL_INT(describe_group(&b, "elsewhere", &other), MOCK_ERROR_NOT_COORDINATOR);
    T_EQUAL_INT(other, 0);
    T_EQUAL_INT(list_groups(&a), 1);
    T_EQUAL_INT(list_groups(&b), 0);
    peer_close(&a);
    peer_close(&b);
}

static void offsets_expire_when_the_clock_of_the_log_moves(void) {
    int16_t error = -1;
    peer_open(&a, rig.listener, 1);
    T_EQUAL_INT(commit(&a, group, NULL, topic, 0, 5), 0);
    mock_clock_advance(rig.broker, INT64_C(6) * 24 * 3600 * 1000);
    T_EQUAL_INT(committed(&a, group, topic, 0, &error), 5);
    mock_clock_advance(rig.broker, INT64_C(1) * 24 * 3600 * 1000);
    T_EQUAL_INT(committed(&a, group, topic, 0, &error), -1);
    T_TRUE(!mock_groups_exists(mock_broker_groups(rig.broker), group));
    peer_close(&a);
}

CU_SuiteInfo *suite_mock_gateway_consumer_group(void) {
    static CU_TestInfo tests[] = {
        {"assignments_and_their_end_are_triggers", assignments_and_their_end_are_triggers},
        {"a_heartbeat_that_changes_nothing_is_idle", a_heartbeat_that_changes_nothing_is_idle},
        {"the_session_of_a_killed_member_ends_at_once",
         the_session_of_a_killed_member_ends_at_once},
        {"a_forced_rebalance_moves_the_epoch", a_forced_rebalance_moves_the_epoch},
        {"another_broker_says_that_it_does_not_coordinate",
         another_broker_says_that_it_does_not_coordinate},
        {"each_broker_speaks_for_the_groups_that_it_coordinates",
         each_broker_speaks_for_the_groups_that_it_coordinates},
        {"offsets_expire_when_the_clock_of_the_log_moves",
         offsets_expire_when_the_clock_of_the_log_moves},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway/consumer_group", rig_set_up, rig_tear_down, begin, rig_end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
