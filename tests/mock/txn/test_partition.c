/* What is in a transaction, and failing memory. */
#include "base/memory.h"
#include "stage.h"
#include "suites.h"
#include "t_run.h"

static int16_t verify(struct mock_txn_producer producer, const char *topic, int32_t partition) {
    return mock_txns_verify(stage_txns, ID, producer, stage_partition(topic, partition));
}

static void only_what_was_added_is_verified(void) {
    struct mock_txn_producer p = stage_init(0);
    T_EQUAL_INT(verify(p, "t", 0), MOCK_ERROR_TRANSACTION_ABORTABLE);
    (void)stage_add(p, "t", 0);
    T_EQUAL_INT(verify(p, "t", 0), 0);
    T_EQUAL_INT(verify(p, "t", 1), MOCK_ERROR_TRANSACTION_ABORTABLE);
    T_EQUAL_INT(verify(p, "u", 0), MOCK_ERROR_TRANSACTION_ABORTABLE);
    struct mock_txn_producer other = p;
    other.epoch++;
    T_EQUAL_INT(verify(other, "t", 0), MOCK_ERROR_PRODUCER_FENCED);
    other.id++;
    T_EQUAL_INT(verify(other, "t", 0), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    (void)stage_end(p, true, false, NULL);
    T_EQUAL_INT(verify(p, "t", 0), MOCK_ERROR_TRANSACTION_ABORTABLE);
}

static void while_it_ends_a_partition_waits(void) {
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 0);
    stage_marked = MOCK_TXN_MARK_LATER;
    (void)stage_end(p, true, false, NULL);
    T_EQUAL_INT(verify(p, "t", 0), MOCK_ERROR_CONCURRENT_TRANSACTIONS);
}

static void an_unknown_id_adds_nothing(void) {
    struct mock_txn_producer p = {1, 0};
    T_EQUAL_INT(stage_add(p, "t", 0), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    T_EQUAL_INT(verify(p, "t", 0), MOCK_ERROR_INVALID_PRODUCER_ID_MAPPING);
    struct mock_txn_partition part = stage_partition("t", 0);
    T_EQUAL_INT(mock_txns_add(stage_txns, base_slice_str(""), p, &part, 1, false, stage_time),
                MOCK_ERROR_INVALID_REQUEST);
    T_EQUAL_INT(mock_txns_verify(stage_txns, BASE_SLICE_NULL, p, part), MOCK_ERROR_INVALID_REQUEST);
}

static void the_partitions_can_be_seen(void) {
    struct mock_txn_producer p = stage_init(0);
    (void)stage_add(p, "t", 3);
    (void)stage_add(p, "u", 0);
    T_EQUAL_INT(stage_view().partition_count, 2);
    T_EQUAL_INT(stage_view().start_log_ms, stage_time.log_ms);
    T_EQUAL_INT(mock_txns_partition(stage_txns, ID, 0).partition, 3);
    T_TRUE(base_slice_equal_str(mock_txns_partition(stage_txns, ID, 1).topic, "u"));
}

static void a_group_has_the_partition_that_kafka_gives_it(void) {
    /* The name's hashCode in Java, without its sign, modulo 50. */
    T_EQUAL_INT(mock_txn_offsets_partition(base_slice_str("")).partition, 0);
    T_EQUAL_INT(mock_txn_offsets_partition(base_slice_str("g")).partition, 103 % 50);
    T_EQUAL_INT(mock_txn_offsets_partition(base_slice_str("my-group")).partition, 36);
}

static void states_have_kafkas_names(void) {
    for (int i = 0; i < MOCK_TXN_STATE_COUNT; i++) {
        enum mock_txn_state found;
        const char *name = mock_txn_state_to_str((enum mock_txn_state)i);
        T_TRUE(mock_txn_state_find(base_slice_str(name), &found));
        T_EQUAL_INT(found, i);
    }
    enum mock_txn_state found;
    T_TRUE(mock_txn_state_find(base_slice_str("Dead"), &found));
    T_EQUAL_INT(found, MOCK_TXN_STATE_COUNT);
    T_TRUE(!mock_txn_state_find(base_slice_str("ongoing"), &found));
}

/* Whatever fails, a transaction is whole or not there, and another attempt succeeds. */
static void every_failing_allocation_is_survived(void) {
    for (uint64_t after = 0; after < 30; after++) {
        struct mock_txn_producer p;
        base_memory_fail_after(after, 0);
        int16_t error = mock_txns_init(stage_txns, ID, TIMEOUT_MS, NOBODY, stage_time, &p);
        if (error) {
            T_EQUAL_INT(error, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
            base_memory_fail_never();
            p = stage_init(0);
        }
        const struct mock_txn_partition two[] = {stage_partition("t", 0), stage_partition("t", 1)};
        error = mock_txns_add(stage_txns, ID, p, two, 2, false, stage_time);
        base_memory_fail_never();
        if (error) {
            T_EQUAL_INT(error, MOCK_ERROR_UNKNOWN_SERVER_ERROR);
            T_EQUAL_INT(stage_view().partition_count, 0);
            T_EQUAL_INT(mock_txns_add(stage_txns, ID, p, two, 2, false, stage_time), 0);
        }
        T_EQUAL_INT(stage_view().partition_count, 2);
        T_EQUAL_INT(stage_end(p, true, false, NULL), 0);
        stage_tear_down();
        stage_set_up();
    }
    mock_txns_free(NULL);
}

/* Asks again, once, what was refused for want of memory. */
static int refusals;
#define INSIST(call)                                                                               \
    do {                                                                                           \
        int insist_rc = (call);                                                                    \
        if (insist_rc != 0) {                                                                      \
            T_TRUE(insist_rc == MOCK_ERROR_UNKNOWN_SERVER_ERROR || insist_rc == BASE_NO_MEMORY);   \
            refusals++;                                                                            \
            T_EQUAL_INT((call), 0);                                                                \
        }                                                                                          \
    } while (0)

static enum mock_txn_marked mark_all(void *arg, struct mock_txn_marker *marker) {
    (*(int *)arg)++;
    return MOCK_TXN_MARKED;
}

static void use_everything(struct mock_txns *t, struct mock_txn_time time) {
    struct base_slice other = base_slice_str("other");
    struct mock_txn_producer a;
    struct mock_txn_producer b;
    const struct mock_txn_partition three[] = {stage_partition("t", 0), stage_partition("u", 1),
                                               stage_partition("v", 2)};
    INSIST(mock_txns_init(t, ID, TIMEOUT_MS, NOBODY, time, &a));
    INSIST(mock_txns_init(t, other, TIMEOUT_MS, NOBODY, time, &b));
    INSIST(mock_txns_add(t, ID, a, three, 3, true, time));
    INSIST(mock_txns_end(t, ID, a, true, true, time, &a));
    INSIST(mock_txns_add(t, ID, a, three, 1, true, time));
    INSIST(mock_txns_add(t, ID, a, &three[1], 1, true, time));
    INSIST(mock_txns_add(t, other, b, three, 2, false, time));
    INSIST(mock_txns_end(t, other, b, false, false, time, &b));
    T_EQUAL_INT(mock_txns_verify(t, ID, a, three[1]), 0);
    time.now_ms += TIMEOUT_MS;
    mock_txns_tick(t, time);
}

/* All ends as if nothing had failed: three markers, two, and two by the timeout. */
static void every_failing_allocation_is_made_up_for(void) {
    int64_t live = base_memory_live_count();
    uint64_t after = 0;
    do {
        struct mock_txns_options options = MOCK_TXNS_OPTIONS_INIT;
        struct mock_txns *t = NULL;
        struct mock_txn_view view = {0};
        int marked = 0;
        struct mock_txns_host host = {&marked, mark_all, NULL};
        refusals = 0;
        base_memory_fail_after(after++, 0);
        INSIST(mock_txns_new(&options, &host, &t, NULL));
        use_everything(t, stage_time);
        base_memory_fail_never();
        T_EQUAL_INT(marked, 7);
        T_TRUE(mock_txns_view(t, ID, &view));
        T_EQUAL_INT(view.state, MOCK_TXN_COMPLETE_ABORT);
        T_EQUAL_INT(view.producer.epoch, 2);
        mock_txns_free(t);
        T_EQUAL_INT(base_memory_live_count(), live);
    } while (refusals > 0 && after < 200);
    T_TRUE(after > 10 && after < 200);
}

CU_SuiteInfo *suite_mock_txn_partition(void) {
    static CU_TestInfo tests[] = {
        {"only_what_was_added_is_verified", only_what_was_added_is_verified},
        {"while_it_ends_a_partition_waits", while_it_ends_a_partition_waits},
        {"an_unknown_id_adds_nothing", an_unknown_id_adds_nothing},
        {"the_partitions_can_be_seen", the_partitions_can_be_seen},
        {"a_group_has_the_partition_that_kafka_gives_it",
         a_group_has_the_partition_that_kafka_gives_it},
        {"states_have_kafkas_names", states_have_kafkas_names},
        {"every_failing_allocation_is_survived", every_failing_allocation_is_survived},
        {"every_failing_allocation_is_made_up_for", every_failing_allocation_is_made_up_for},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/txn/partition", NULL, NULL, stage_set_up, stage_tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
