/* Tests of a broker that runs out: of file descriptors, of memory for a connection. What a request
 * does while memory is out is swept in tests/fidelity (memory.c). */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ask.h"
#include "base/memory.h"
#include "suites.h"

#define MORE_DESCRIPTORS 24
#define MAX_PEERS 64

static struct rlimit allowed;

/* The process may open so many more, whatever numbers are taken now. */
static void allow_more(rlim_t more) {
    int lowest = fcntl(0, F_DUPFD_CLOEXEC, 0);
    T_EQUAL_INT(getrlimit(RLIMIT_NOFILE, &allowed), 0);
    struct rlimit few = {(rlim_t)lowest + more, allowed.rlim_max};
    close(lowest);
    T_EQUAL_INT(setrlimit(RLIMIT_NOFILE, &few), 0);
}

static void without_descriptors_who_comes_is_told_off_and_others_are_served(void) {
    static struct peer peers[MAX_PEERS];
    struct peer early;
    peer_open(&early, rig.listener, 1);
    T_TRUE(is_alive(&early));
    rig_forget_events();
    allow_more(MORE_DESCRIPTORS);
    size_t count = 0;
    bool refused = false;
    while (!refused && count < MAX_PEERS) {
        peer_open(&peers[count], rig.listener, 1); /* takes two: one is the broker's */
        RIG_UNTIL(rig_count(MOCK_EVENT_CONNECT, -1) + rig_count(MOCK_EVENT_DENY, -1) > count);
        refused = rig_count(MOCK_EVENT_DENY, -1) > 0;
        count++;
    }
    T_TRUE(refused && count > 1);
    T_EQUAL_STR(rig_event(MOCK_EVENT_DENY, -1, 0)->text, "no file descriptors are left");
    T_TRUE(peer_await_close(&peers[count - 1]));
    T_TRUE(is_alive(&early));
    T_TRUE(is_alive(&peers[0]));
    T_EQUAL_INT(produce(&early, rig_topic(1, false), 0, BATCH(.count = 1)).error, 0);
    for (size_t i = 0; i < count; i++) {
        peer_close(&peers[i]);
    }
    setrlimit(RLIMIT_NOFILE, &allowed);
    peer_open(&peers[0], rig.listener, 1);
    T_TRUE(is_alive(&peers[0])); /* as ever */
    peer_close(&peers[0]);
    peer_close(&early);
}

static void who_comes_while_memory_is_out_is_accepted_later(void) {
    struct peer early, late;
    rig.counts_only = true;
    peer_open(&early, rig.listener, 1);
    T_TRUE(is_alive(&early));
    peer_open(&late, rig.listener, 1);
    base_memory_fail_after(0, 1);
    RIG_UNTIL(base_memory_has_failed());
    base_memory_fail_never();
    T_TRUE(is_alive(&late));
    T_TRUE(is_alive(&early));
    peer_close(&late);
    peer_close(&early);
    rig.counts_only = false;
}

static void a_broker_without_memory_for_topics_makes_none_and_later_one(void) {
    struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
    struct base_error err = BASE_ERROR_INIT;
    int rc = -1;
    options.partitions = 2;
    rig.counts_only = true;
    for (uint64_t n = 0; rc != 0; n++) {
        base_memory_fail_after(n, 0);
        rc = mock_topic_create(rig.broker, "scarce", &options, &err);
        bool failed = base_memory_has_failed();
        base_memory_fail_never();
        T_EQUAL_INT(rc, failed ? BASE_NO_MEMORY : 0);
        T_EQUAL_INT(mock_topic_partitions(rig.broker, "scarce"), failed ? -1 : 2);
    }
    for (uint64_t n = 0; mock_topic_partitions(rig.broker, "scarce") == 2; n++) {
        base_memory_fail_after(n, 0);
        rc = mock_topic_add_partitions(rig.broker, "scarce", 5, &err);
        T_EQUAL_INT(rc, base_memory_has_failed() ? BASE_NO_MEMORY : 0);
        base_memory_fail_never();
    }
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "scarce"), 5);
    T_EQUAL_INT(mock_partition_leader(rig.broker, "scarce", 4) > 0, 1);
    base_memory_fail_after(0, 1); /* needs none */
    rc = mock_topic_delete(rig.broker, "scarce", &err);
    base_memory_fail_never();
    T_EQUAL_INT(rc, 0);
    T_EQUAL_INT(mock_topic_partitions(rig.broker, "scarce"), -1);
    rig.counts_only = false;
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_shortage(void) {
    static CU_TestInfo tests[] = {
        TEST(without_descriptors_who_comes_is_told_off_and_others_are_served),
        TEST(who_comes_while_memory_is_out_is_accepted_later),
        TEST(a_broker_without_memory_for_topics_makes_none_and_later_one),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway shortage", rig_set_up, rig_tear_down, ask_begin, ask_end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
