/* Clients that copy: which copy is whose, and what is convicted. */
#include "suites.h"
#include "world.h"

#define COPIER                                                                                     \
    "topic in partitions 1\ntopic out partitions 1\nwriter w1 to in\n"                             \
    "client c1 from in group g exec \"prog\" {\n journal.copy.topic = out\n}\n"

/* Told to w1, and served to the client. */
static void give(struct world *w, uint64_t id, const char *key, const char *value) {
    world_write(w, "w1", id, "in", (int64_t)id - 1, key, value);
    world_serve(w, "c1", 1, "in", (int64_t)id - 1);
}

/* A copy in a transaction of its own, which ends. */
static void copy(struct world *w, int64_t offset, const char *key, const char *value, bool commit) {
    world_append_within(w, "c1", 7, "out", offset, 0, key, value);
    world_marker(w, 7, "out", offset + 1, commit);
}

/* An OffsetCommit on its own, or of the transaction. */
static void commit_offset(struct world *w, int64_t offset, int16_t api) {
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_COMMITTED);
    event.actor = "c1";
    event.incarnation = 1;
    event.group = "g";
    event.topic = "in";
    event.partition = 0;
    event.offset = offset;
    event.api = api;
    world_event(w, event);
}

#define OFFSET_COMMIT 8
#define END_TXN 26

static void end(struct world *w) {
    world_rest(w, "c1", true);
    world_judge(w);
}

static void each_record_has_one_copy(void) {
    struct world w;
    if (world_open(&w, COPIER)) {
        world_start(&w, "c1");
        give(&w, 1, "a", "v1");
        give(&w, 2, "a", "v1"); /* the same again is another record */
        copy(&w, 0, "a", "v1", true);
        copy(&w, 2, "a", "v1", true);
        commit_offset(&w, 2, END_TXN);
        end(&w);
        T_EQUAL_STR(world_finding(&w, "exactly-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        /* Without the second source there is one copy too many; without its copy, one too few. */
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_MARKER, 1));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "exactly-once", "c1"), "fail because lost");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "fail because lost");
        T_EQUAL_INT(world_anomaly(&w, "lost"), 1);
    }
    world_close(&w);
}

static void a_copy_more_is_a_duplicate(void) {
    struct world w;
    if (world_open(&w, COPIER)) {
        world_start(&w, "c1");
        give(&w, 1, "a", "v1");
        copy(&w, 0, "a", "v1", true);
        copy(&w, 2, "a", "v1", true);
        end(&w);
        T_EQUAL_STR(world_finding(&w, "exactly-once", "c1"), "fail because duplicate");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_INT(world_anomaly(&w, "duplicate"), 1);
    }
    world_close(&w);
}

/* Nobody who reads what is committed sees it. */
static void an_aborted_copy_is_none(void) {
    struct world w;
    if (world_open(&w, COPIER)) {
        world_start(&w, "c1");
        give(&w, 1, "a", "v1");
        copy(&w, 0, "a", "v1", false);
        copy(&w, 2, "a", "v1", true);
        end(&w);
        T_EQUAL_STR(world_finding(&w, "exactly-once", "c1"), "pass");
    }
    world_close(&w);
}

static void a_copy_of_nothing_is_convicted_and_a_writers_record_is_none(void) {
    struct world w;
    if (world_open(&w, COPIER "writer w2 to out\n")) {
        world_start(&w, "c1");
        give(&w, 1, "a", "v1");
        copy(&w, 0, "a", "v1", true);
        world_write(&w, "w2", 2, "out", 2, "z", "z");
        end(&w);
        T_EQUAL_STR(world_finding(&w, "exactly-once", "c1"), "pass");
        copy(&w, 3, "b", "v9", true);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "exactly-once", "c1"), "fail because effect-without-source");
    }
    world_close(&w);
}

/* A commit on its own must come after the end of the transaction; one within it comes with it. */
static void offsets_may_not_run_ahead_of_the_transaction(void) {
    static const struct {
        int16_t api;
        const char *verdict;
    } cases[] = {{OFFSET_COMMIT, "fail because commit-ahead"}, {END_TXN, "pass"}};
    for (size_t i = 0; i < 2; i++) {
        struct world w;
        if (world_open(&w, COPIER)) {
            world_start(&w, "c1");
            give(&w, 1, "a", "v1");
            world_append_within(&w, "c1", 7, "out", 0, 0, "a", "v1");
            commit_offset(&w, 1, cases[i].api);
            world_marker(&w, 7, "out", 1, true);
            end(&w);
            T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), cases[i].verdict);
            T_EQUAL_STR(world_finding(&w, "exactly-once", "c1"), "pass");
        }
        world_close(&w);
    }
}

CU_SuiteInfo *suite_check_copies(void) {
    static CU_TestInfo tests[] = {
        {"each_record_has_one_copy", each_record_has_one_copy},
        {"a_copy_more_is_a_duplicate", a_copy_more_is_a_duplicate},
        {"an_aborted_copy_is_none", an_aborted_copy_is_none},
        {"a_copy_of_nothing_is_convicted_and_a_writers_record_is_none",
         a_copy_of_nothing_is_convicted_and_a_writers_record_is_none},
        {"offsets_may_not_run_ahead_of_the_transaction",
         offsets_may_not_run_ahead_of_the_transaction},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check copies", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
