/* Tests of the replicas of one partition: who is in sync, what all have, who may lead; at last a
 * long random life of one, with what always holds. */
#include "base/memory.h"
#include "mock/replica/replicas.h"
#include "t_run.h"

static struct mock_replicas r;
static int64_t live_before;

static void set_up(void) {
    static const int32_t brokers[] = {2, 3, 1};
    live_before = base_memory_live_count();
    T_EQUAL_INT(mock_replicas_init(&r, brokers, 3, NULL), 0);
}

static void tear_down(void) {
    mock_replicas_clean_up(&r);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static int64_t end_of(int32_t broker, int64_t log_end) {
    return mock_replica_end(&r, mock_replicas_find(&r, broker), log_end);
}

static void the_first_leads_and_all_are_in_sync(void) {
    T_EQUAL_INT(r.leader, 2);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 3);
    T_TRUE(mock_replicas_are_whole(&r, 3));
    T_TRUE(!mock_replicas_are_whole(&r, 4));
    T_EQUAL_INT(mock_replicas_watermark(&r, 0, 10, 1), 10);
    T_TRUE(mock_replicas_find(&r, 4) == NULL);
}

static void a_held_follower_stands_where_it_was_held(void) {
    mock_replicas_hold(&r, 3, true, 5);
    T_EQUAL_INT(end_of(3, 9), 5);
    T_EQUAL_INT(end_of(1, 9), 9);
    T_EQUAL_INT(mock_replicas_watermark(&r, 5, 9, 1), 5);
    T_TRUE(!mock_replicas_are_whole(&r, 1));
    mock_replicas_hold(&r, 3, true, 9); /* again: it has no more than before */
    T_EQUAL_INT(end_of(3, 9), 5);
    mock_replicas_hold(&r, 3, false, 9);
    T_EQUAL_INT(end_of(3, 9), 9);
    T_TRUE(mock_replicas_are_whole(&r, 1));
}

static void who_lags_can_be_dropped_and_comes_back_when_it_has_caught_up(void) {
    T_EQUAL_INT(mock_replicas_drop_lagging(&r, 9), 0);
    mock_replicas_hold(&r, MOCK_ALL_FOLLOWERS, true, 5);
    T_EQUAL_INT(mock_replicas_drop_lagging(&r, 5), 0); /* held, but nothing is lacking */
    T_EQUAL_INT(mock_replicas_drop_lagging(&r, 9), 2);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 1);
    T_EQUAL_INT(mock_replicas_watermark(&r, 5, 9, 1), 9);
    T_EQUAL_INT(mock_replicas_watermark(&r, 5, 9, 2), 5); /* too few */
    mock_replicas_hold(&r, MOCK_ALL_FOLLOWERS, false, 9);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 3);
}

static void an_in_sync_replica_follows_a_dead_leader_in_the_order_of_the_assignment(void) {
    mock_replicas_down(&r, 2, 7);
    T_EQUAL_INT(r.leader, MOCK_NO_LEADER);
    T_EQUAL_INT(mock_replicas_candidate(&r, false), 3);
    T_EQUAL_INT(mock_replicas_lead(&r, 3, 7), 7);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 2);
    mock_replicas_up(&r, 2, 8);
    T_EQUAL_INT(r.leader, 3);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 3);
}

static void a_new_leader_has_what_it_had(void) {
    mock_replicas_hold(&r, MOCK_ALL_FOLLOWERS, true, 5);
    mock_replicas_down(&r, 2, 9);
    T_EQUAL_INT(mock_replicas_lead(&r, 3, 9), 5);
    T_EQUAL_INT(end_of(1, 5), 5);
    mock_replicas_up(&r, 2, 6); /* the old leader gives up what the new one lacks */
    T_EQUAL_INT(end_of(2, 6), 5);
}

static void the_last_in_sync_replica_stays_so_when_it_dies(void) {
    mock_replicas_hold(&r, MOCK_ALL_FOLLOWERS, true, 5);
    T_EQUAL_INT(mock_replicas_drop_lagging(&r, 9), 2);
    mock_replicas_down(&r, 2, 9);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 1);
    T_EQUAL_INT(mock_replicas_candidate(&r, false), MOCK_NO_LEADER);
    T_EQUAL_INT(mock_replicas_candidate(&r, true), 3);
    T_EQUAL_INT(mock_replicas_watermark(&r, 5, 9, 1), 5);
    mock_replicas_up(&r, 2, 9);
    T_EQUAL_INT(mock_replicas_candidate(&r, false), 2);
    T_EQUAL_INT(mock_replicas_lead(&r, 2, 9), 9);
}

static void an_unclean_leader_is_alone_in_sync(void) {
    mock_replicas_hold(&r, MOCK_ALL_FOLLOWERS, true, 5);
    T_EQUAL_INT(mock_replicas_drop_lagging(&r, 9), 2);
    mock_replicas_down(&r, 2, 9);
    T_EQUAL_INT(mock_replicas_lead(&r, 3, 9), 5);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 1);
    T_TRUE(!mock_replicas_find(&r, 2)->in_sync);
}

static void a_reassigned_replica_takes_the_place_of_a_follower(void) {
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(mock_replicas_reassign(&r, 7, &err), 0);
    T_TRUE(mock_replicas_find(&r, 7) != NULL);
    T_TRUE(mock_replicas_find(&r, 2) != NULL);
    T_EQUAL_INT(r.count, 3);
    T_EQUAL_INT(mock_replicas_in_sync(&r), 3);
    mock_replicas_hold(&r, 7, true, 5);
    T_EQUAL_INT(mock_replicas_reassign(&r, 8, &err), BASE_STATE);
}

static void out_of_memory_makes_none(void) {
    static const int32_t brokers[] = {1};
    struct mock_replicas none = {0};
    base_memory_fail_after(0, 0);
    T_EQUAL_INT(mock_replicas_init(&none, brokers, 1, NULL), BASE_NO_MEMORY);
    base_memory_fail_never();
    T_TRUE(none.all == NULL);
}

/* -- a random life -- */

static uint32_t chance;
static uint32_t draw(uint32_t below) {
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 8) % below;
}

/* What always holds, clean elections only: the high watermark never goes back, whoever may lead has
 * all up to it, and someone is in sync. */
static void live(uint32_t seed) {
    int64_t end = 0;
    int64_t watermark = 0;
    chance = seed;
    for (int step = 0; step < 400; step++) {
        int32_t broker = (int32_t)draw(3) + 1;
        switch (draw(6)) {
        case 0:
            mock_replicas_hold(&r, draw(2) ? broker : MOCK_ALL_FOLLOWERS, draw(2) != 0, end);
            break;
        case 1:
            (void)mock_replicas_drop_lagging(&r, end);
            break;
        case 2:
            mock_replicas_down(&r, broker, end);
            break;
        case 3:
            mock_replicas_up(&r, broker, end);
            break;
        default:
            end += r.leader == MOCK_NO_LEADER ? 0 : (int64_t)draw(4);
            break;
        }
        int32_t next = mock_replicas_candidate(&r, false);
        if (r.leader == MOCK_NO_LEADER && next != MOCK_NO_LEADER) {
            end = mock_replicas_lead(&r, next, end);
        }
        int64_t now = mock_replicas_watermark(&r, watermark, end, 1 + (int32_t)(seed % 3));
        T_TRUE(now >= watermark && now <= end);
        watermark = now;
        T_TRUE(mock_replicas_in_sync(&r) >= 1);
        for (int32_t i = 0; i < r.count; i++) {
            T_TRUE(!r.all[i].in_sync || mock_replica_end(&r, &r.all[i], end) >= watermark);
        }
    }
}

static void nothing_below_the_high_watermark_is_ever_lost(void) {
    for (uint32_t seed = 1; seed <= 300; seed++) {
        tear_down();
        set_up();
        live(seed);
    }
}

#define NAMED(test)                                                                                \
    { #test, test }

CU_SuiteInfo *suite_mock_replica_replicas(void);
CU_SuiteInfo *suite_mock_replica_replicas(void) {
    static CU_TestInfo tests[] = {
        NAMED(the_first_leads_and_all_are_in_sync),
        NAMED(a_held_follower_stands_where_it_was_held),
        NAMED(who_lags_can_be_dropped_and_comes_back_when_it_has_caught_up),
        NAMED(an_in_sync_replica_follows_a_dead_leader_in_the_order_of_the_assignment),
        NAMED(a_new_leader_has_what_it_had),
        NAMED(the_last_in_sync_replica_stays_so_when_it_dies),
        NAMED(an_unclean_leader_is_alone_in_sync),
        NAMED(a_reassigned_replica_takes_the_place_of_a_follower),
        NAMED(out_of_memory_makes_none),
        NAMED(nothing_below_the_high_watermark_is_ever_lost),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/replica replicas", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
