/* Tests of the clocks. */
#include <time.h>

#include "base/clock.h"
#include "suites.h"
#include "t_run.h"

static void the_monotonic_clock_never_goes_back(void) {
    uint64_t last = base_clock_monotonic_ns();
    for (int i = 0; i < 1000; i++) {
        uint64_t now = base_clock_monotonic_ns();
        if (!T_TRUE(now >= last)) {
            return;
        }
        last = now;
    }
}

static void the_monotonic_clock_counts_nanoseconds(void) {
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    uint64_t now = base_clock_monotonic_ns();
    clock_gettime(CLOCK_MONOTONIC, &after);
    T_TRUE(now >= (uint64_t)before.tv_sec * 1000000000u + (uint64_t)before.tv_nsec);
    T_TRUE(now <= (uint64_t)after.tv_sec * 1000000000u + (uint64_t)after.tv_nsec);
}

static void the_wall_clock_counts_milliseconds_since_1970(void) {
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_REALTIME, &before);
    int64_t now = base_clock_wall_ms();
    clock_gettime(CLOCK_REALTIME, &after);
    T_TRUE(now >= (int64_t)before.tv_sec * 1000 + before.tv_nsec / 1000000);
    T_TRUE(now <= (int64_t)after.tv_sec * 1000 + after.tv_nsec / 1000000);
}

CU_SuiteInfo *suite_base_clock(void) {
    static CU_TestInfo tests[] = {
        {"the_monotonic_clock_never_goes_back", the_monotonic_clock_never_goes_back},
        {"the_monotonic_clock_counts_nanoseconds", the_monotonic_clock_counts_nanoseconds},
        {"the_wall_clock_counts_milliseconds_since_1970",
         the_wall_clock_counts_milliseconds_since_1970},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/clock", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
