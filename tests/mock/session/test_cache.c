/* All fetch sessions of a broker: ids, and which one has to go. */
#include "base/memory.h"
#include "mock/session/session.h"
#include "suites.h"
#include "t_run.h"

#define LONG_MS (MOCK_SESSION_EVICTION_MS + 1)

static struct mock_session_cache *cache;

static void set_up(void) {
    cache = NULL;
    T_EQUAL_INT(mock_session_cache_new(2, 7, &cache, NULL), 0);
}

static void tear_down(void) {
    mock_session_cache_free(cache);
}

/* The id of a new session of so many partitions; 0: there was no place. */
static int32_t add(int32_t partitions, uint64_t now_ms) {
    struct mock_session *session = NULL;
    struct mock_fetch_partition parts[8] = {{.index = 0}};
    for (int32_t i = 0; i < partitions; i++) {
        parts[i].index = i;
    }
    struct mock_fetch_topic topic = {
        .name = base_slice_str("t"), .partitions = parts, .partition_count = (size_t)partitions};
    if (mock_session_new(false, &session) < 0 ||
        mock_session_update(session, &topic, 1, NULL, 0) < 0) {
        mock_session_unref(session);
        return -1;
    }
    int32_t id = mock_session_add(cache, session, now_ms) ? mock_session_id(session) : 0;
    mock_session_unref(session);
    return id;
}

static void ids_are_positive_different_and_found(void) {
    int32_t a = add(1, 0);
    int32_t b = add(1, 0);
    T_TRUE(a > 0 && b > 0 && a != b);
    T_EQUAL_INT(mock_session_id(mock_session_find(cache, a)), a);
    T_TRUE(mock_session_find(cache, 0) == NULL);
    T_TRUE(mock_session_remove(cache, a) && !mock_session_remove(cache, a));
    T_TRUE(mock_session_find(cache, a) == NULL && mock_session_find(cache, b) != NULL);
}

static void a_full_cache_of_young_sessions_takes_none(void) {
    (void)add(1, 0);
    (void)add(1, 0);
    T_EQUAL_INT(add(8, MOCK_SESSION_EVICTION_MS), 0);
    T_EQUAL_INT(mock_session_cache_count(cache), 2);
}

static void who_was_not_used_for_long_goes(void) {
    int32_t idle = add(8, 0);
    int32_t busy = add(1, 1);
    T_TRUE(add(1, LONG_MS) > 0);
    T_TRUE(mock_session_find(cache, idle) == NULL && mock_session_find(cache, busy) != NULL);
}

static void an_old_session_goes_for_one_of_more_partitions(void) {
    int32_t small = add(2, 0);
    int32_t large = add(5, 0);
    mock_session_touch(mock_session_find(cache, small), LONG_MS);
    mock_session_touch(mock_session_find(cache, large), LONG_MS);
    T_EQUAL_INT(add(2, LONG_MS), 0); /* not for one of as many */
    T_TRUE(add(3, LONG_MS) > 0);
    T_TRUE(mock_session_find(cache, small) == NULL && mock_session_find(cache, large) != NULL);
}

static void a_session_in_use_outlives_the_cache(void) {
    struct mock_session *kept = mock_session_ref(mock_session_find(cache, add(3, 0)));
    mock_session_cache_clear(cache);
    T_EQUAL_INT(mock_session_cache_count(cache), 0);
    T_EQUAL_INT(mock_session_partitions(kept), 3);
    mock_session_unref(kept);
}

static void a_cache_without_slots_takes_none(void) {
    mock_session_cache_free(cache);
    T_EQUAL_INT(mock_session_cache_new(0, 7, &cache, NULL), 0);
    T_EQUAL_INT(add(1, LONG_MS), 0);
}

static void failing_memory_leaves_the_session_out(void) {
    struct mock_session *session = NULL;
    T_EQUAL_INT(mock_session_new(false, &session), 0);
    base_memory_fail_after(0, 1);
    T_TRUE(!mock_session_add(cache, session, 0));
    base_memory_fail_never();
    T_EQUAL_INT(mock_session_id(session), MOCK_SESSION_NONE);
    T_TRUE(mock_session_add(cache, session, 0));
    mock_session_unref(session);
}

#define TEST(name)                                                                                 \
    { #name, name }
static CU_TestInfo tests[] = {
    TEST(ids_are_positive_different_and_found),
    TEST(a_full_cache_of_young_sessions_takes_none),
    TEST(who_was_not_used_for_long_goes),
    TEST(an_old_session_goes_for_one_of_more_partitions),
    TEST(a_session_in_use_outlives_the_cache),
    TEST(a_cache_without_slots_takes_none),
    TEST(failing_memory_leaves_the_session_out),
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_session_cache(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/session cache", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
