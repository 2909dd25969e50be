/* Judging is linear: twice the history, at most twice the steps and a little. Counted, not timed.
 * */
#include <stdio.h>

#include "suites.h"
#include "world.h"

/* count records over so many keys, written, served, viewed and committed in batches of 100. */
static uint64_t steps_for(int64_t count, int64_t keys, const char *stale) {
    struct world w;
    uint64_t steps = 0;
    if (world_open(&w, "topic rev partitions 1\nstore db sqlite\nwriter w1 to rev\n"
                       "client c1 from rev group g into db\n")) {
        char key[32];
        char value[32];
        for (int64_t i = 0; i < count; i++) {
            (void)snprintf(key, sizeof(key), "k%lld", (long long)(i % keys));
            (void)snprintf(value, sizeof(value), "v%lld", (long long)i);
            world_write(&w, "w1", (uint64_t)i + 1, "rev", i, key, value);
            world_serve(&w, "c1", 1, "rev", i);
            world_view(&w, "db", (uint64_t)(i / 100) + 1, "rev", i, key, stale ? stale : value);
            if (i % 100 == 99) {
                world_committed(&w, "c1", "g", "rev", i + 1, (uint64_t)(i / 100) + 1);
            }
        }
        world_rest(&w, "c1", true);
        world_read(&w, "db");
        if (world_judge(&w)) {
            steps = w.report->step_count;
        }
    }
    world_close(&w);
    return steps;
}

static void check_linear(int64_t keys, const char *stale) {
    uint64_t one = steps_for(1000, keys, stale);
    uint64_t two = steps_for(2000, keys, stale);
    T_TRUE(one > 1000);
    T_TRUE(two <= 2 * one + one / 5);
}

static void many_keys_are_judged_in_linear_time(void) {
    check_linear(INT64_MAX, NULL);
}

static void one_key_is_judged_in_linear_time(void) {
    check_linear(1, NULL);
}

static void a_store_that_never_follows_is_judged_in_linear_time(void) {
    check_linear(1, "v0");
    check_linear(1, "never written");
}

CU_SuiteInfo *suite_check_linear(void) {
    static CU_TestInfo tests[] = {
        {"many_keys_are_judged_in_linear_time", many_keys_are_judged_in_linear_time},
        {"one_key_is_judged_in_linear_time", one_key_is_judged_in_linear_time},
        {"a_store_that_never_follows_is_judged_in_linear_time",
         a_store_that_never_follows_is_judged_in_linear_time},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/linear", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
