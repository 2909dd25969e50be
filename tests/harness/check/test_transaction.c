/* The judges on transactions: what is committed counts, what is aborted does not. */
#include "suites.h"
#include "world.h"

#define COMMITTED                                                                                  \
    "topic rev partitions 1\ntopic two partitions 1\nstore db sqlite\n"                            \
    "writer w1 to rev, two { transactional.id = t }\nclient c1 from rev, two group g into db\n"
#define UNCOMMITTED                                                                                \
    "topic rev partitions 1\ntopic two partitions 1\nstore db sqlite\n"                            \
    "writer w1 to rev, two { transactional.id = t }\n"                                             \
    "client c1 from rev, two group g into db { isolation.level = read_uncommitted }\n"

/* A transaction with a record in each topic, as it ends. */
enum ending { COMMITS, ABORTS, STAYS_OPEN };

static void transaction(struct world *w, enum ending ending, const char *status) {
    world_start(w, "c1");
    world_intent(w, "w1", 1, "rev", "a", "v1");
    world_intent(w, "w1", 2, "two", "b", "v2");
    world_append_within(w, "w1", 7, "rev", 0, 1, "a", "v1");
    world_append_within(w, "w1", 7, "two", 0, 2, "b", "v2");
    if (ending != STAYS_OPEN) {
        world_marker(w, 7, "rev", 1, ending == COMMITS);
        world_marker(w, 7, "two", 1, ending == COMMITS);
    }
    world_outcome(w, "w1", 1, status);
    world_outcome(w, "w1", 2, status);
    world_serve(w, "c1", 1, "rev", 0);
    world_serve(w, "c1", 1, "two", 0);
}

static void ends(struct world *w, const char *a, const char *b) {
    world_rest(w, "c1", true);
    if (a) {
        world_row(w, "db", "rev", "a", a);
    }
    if (b) {
        world_row(w, "db", "two", "b", b);
    }
    world_read(w, "db");
    world_judge(w);
}

static void a_committed_transaction_is_owed_whole(void) {
    struct world w;
    if (world_open(&w, COMMITTED)) {
        transaction(&w, COMMITS, "ok");
        ends(&w, "v1", "v2");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
    }
    world_close(&w);
}

static void a_part_that_the_store_lacks_is_torn(void) {
    struct world w;
    if (world_open(&w, COMMITTED)) {
        transaction(&w, COMMITS, "ok");
        ends(&w, "v1", NULL);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because torn-transaction");
        T_EQUAL_INT(world_anomaly(&w, "torn-transaction"), 1);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "fail because lost");
    }
    world_close(&w);
}

static void without_any_of_it_it_is_missing(void) {
    struct world w;
    if (world_open(&w, COMMITTED)) {
        transaction(&w, COMMITS, "ok");
        ends(&w, NULL, NULL);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because missing");
        T_EQUAL_INT(world_anomaly(&w, "torn-transaction"), 0);
    }
    world_close(&w);
}

/* Neither lost nor phantom, and nobody's duty. */
static void an_aborted_transaction_is_owed_by_nobody(void) {
    for (enum ending ending = ABORTS; ending <= STAYS_OPEN; ending++) {
        struct world w;
        if (world_open(&w, COMMITTED)) {
            transaction(&w, ending, "failed");
            ends(&w, NULL, NULL);
            T_EQUAL_STR(world_finding(&w, "honest-failure", "w1"), "pass");
            T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "not exercised");
            T_EQUAL_INT(world_anomaly(&w, "missing"), 0);
        }
        world_close(&w);
    }
}

static void a_store_that_shows_it_is_convicted(void) {
    for (enum ending ending = ABORTS; ending <= STAYS_OPEN; ending++) {
        struct world w;
        if (world_open(&w, COMMITTED)) {
            transaction(&w, ending, "failed");
            ends(&w, "v1", NULL);
            T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because aborted-visible");
            T_EQUAL_INT(world_anomaly(&w, "aborted-visible"), 1);
        }
        world_close(&w);
    }
}

/* The value before the transaction was overwritten by what was never committed. */
static void a_row_that_an_aborted_record_overwrote_is_convicted(void) {
    struct world w;
    if (world_open(&w, COMMITTED)) {
        world_write(&w, "w1", 5, "rev", 0, "a", "v0");
        world_intent(&w, "w1", 1, "rev", "a", "v1");
        world_append_within(&w, "w1", 7, "rev", 1, 1, "a", "v1");
        world_marker(&w, 7, "rev", 2, false);
        world_outcome(&w, "w1", 1, "failed");
        world_serve(&w, "c1", 1, "rev", 0);
        ends(&w, "v0", NULL);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_STORE_ROW, 0));
        world_row(&w, "db", "rev", "a", "v1");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because aborted-visible");
    }
    world_close(&w);
}

static void who_reads_uncommitted_records_must_show_them(void) {
    for (int shows = 0; shows < 2; shows++) {
        struct world w;
        if (world_open(&w, UNCOMMITTED)) {
            transaction(&w, ABORTS, "failed");
            ends(&w, shows ? "v1" : NULL, shows ? "v2" : NULL);
            T_EQUAL_STR(world_finding(&w, "convergence", "c1"),
                        shows ? "pass" : "fail because missing");
        }
        world_close(&w);
    }
}

static void a_writer_that_calls_an_aborted_write_ok_is_convicted(void) {
    for (enum ending ending = ABORTS; ending <= STAYS_OPEN; ending++) {
        struct world w;
        if (world_open(&w, COMMITTED)) {
            transaction(&w, ending, "ok");
            ends(&w, NULL, NULL);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "fail because lost");
            T_EQUAL_INT(world_anomaly(&w, "lost"), 2);
        }
        world_close(&w);
    }
}

static void a_writer_that_calls_a_committed_write_failed_is_convicted(void) {
    struct world w;
    if (world_open(&w, COMMITTED)) {
        transaction(&w, COMMITS, "failed");
        ends(&w, "v1", "v2");
        T_EQUAL_STR(world_finding(&w, "honest-failure", "w1"), "fail because phantom");
        T_EQUAL_INT(world_anomaly(&w, "phantom"), 2);
    }
    world_close(&w);
}

/* An aborted copy and a committed one are no duplicate; nor does order count the aborted one. */
static void only_committed_copies_are_counted(void) {
    for (int second = 0; second < 2; second++) {
        struct world w;
        if (world_open(&w, COMMITTED)) {
            world_intent(&w, "w1", 1, "rev", "a", "v1");
            world_intent(&w, "w1", 2, "rev", "a", "v2");
            world_append_within(&w, "w1", 7, "rev", 0, 2, "a", "v2");
            world_marker(&w, 7, "rev", 1, second == 1);
            world_append_within(&w, "w1", 7, "rev", 2, 1, "a", "v1");
            world_append_within(&w, "w1", 7, "rev", 3, 2, "a", "v2");
            world_marker(&w, 7, "rev", 4, true);
            world_outcome(&w, "w1", 1, "ok");
            world_outcome(&w, "w1", 2, "ok");
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"),
                        second ? "fail because duplicate" : "pass");
            T_EQUAL_STR(world_finding(&w, "key-order", "w1"),
                        second ? "fail because key-order-inversion" : "pass");
            T_EQUAL_STR(world_finding(&w, "latest-value", "w1"), "pass");
        }
        world_close(&w);
    }
}

/* A copy that was cut from the log and its second one are no duplicate. */
static void what_was_cut_is_no_copy(void) {
    struct world w;
    if (world_open(&w, COMMITTED)) {
        world_intent(&w, "w1", 1, "rev", "a", "v1");
        world_append(&w, "w1", 1, "rev", 0, 1, "a", "v1");
        struct trial_event cut = TRIAL_EVENT_INIT(TRIAL_FACT_TRUNCATE);
        cut.topic = "rev";
        cut.partition = 0;
        cut.offset = 0;
        world_event(&w, cut);
        world_append(&w, "w1", 1, "rev", 0, 1, "a", "v1");
        world_outcome(&w, "w1", 1, "ok");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_TRUNCATE, 0));
        world_append(&w, "w1", 1, "rev", 1, 1, "a", "v1");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"), "fail because duplicate");
    }
    world_close(&w);
}

static void a_truncated_record_is_lost(void) {
    struct world w;
    if (world_open(&w, COMMITTED)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        world_write(&w, "w1", 2, "rev", 1, "b", "v2");
        struct trial_event cut = TRIAL_EVENT_INIT(TRIAL_FACT_TRUNCATE);
        cut.topic = "rev";
        cut.partition = 0;
        cut.offset = 1;
        world_event(&w, cut);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "fail because lost");
        T_EQUAL_INT(world_anomaly(&w, "lost"), 1);
    }
    world_close(&w);
}

/* A client that says nothing of its isolation is judged by what it asked for: only one that reads
 * what is not committed may show it. */
static void isolation_is_taken_from_the_fetches_of_who_does_not_say(void) {
    static const struct {
        const char *settings;
        int32_t level; /* as MOCK_EVENT_SERVE has it */
        const char *verdict;
    } cases[] = {
        {"", 2, "fail because aborted-visible"},
        {"", 1, "pass"},
        {" { isolation.level = read_committed }", 1, "fail because aborted-visible"},
        {" { isolation.level = read_uncommitted }", 2, "pass"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[512];
        struct world w;
        (void)snprintf(text, sizeof(text),
                       "topic rev partitions 1\nstore db sqlite\nwriter w1 to rev\n"
                       "client c1 from rev group g into db exec \"prog\"%s\n",
                       cases[i].settings);
        if (world_open(&w, text)) {
            world_start(&w, "c1");
            world_intent(&w, "w1", 1, "rev", "a", "v1");
            world_append_within(&w, "w1", 7, "rev", 0, 1, "a", "v1");
            world_marker(&w, 7, "rev", 1, false);
            world_outcome(&w, "w1", 1, "failed");
            struct trial_event serve = TRIAL_EVENT_INIT(TRIAL_FACT_SERVE);
            serve.actor = "c1";
            serve.incarnation = 1;
            serve.topic = "rev";
            serve.offset = 0;
            serve.generation = cases[i].level;
            serve.batch = trial_history_at(w.history, world_find(&w, TRIAL_FACT_APPEND, 0))->batch;
            world_event(&w, serve);
            world_row(&w, "db", "rev", "a", "v1");
            world_rest(&w, "c1", true);
            world_read(&w, "db");
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "convergence", "c1"), cases[i].verdict);
        }
        world_close(&w);
    }
}

CU_SuiteInfo *suite_check_transaction(void) {
    static CU_TestInfo tests[] = {
        {"a_committed_transaction_is_owed_whole", a_committed_transaction_is_owed_whole},
        {"a_part_that_the_store_lacks_is_torn", a_part_that_the_store_lacks_is_torn},
        {"without_any_of_it_it_is_missing", without_any_of_it_it_is_missing},
        {"an_aborted_transaction_is_owed_by_nobody", an_aborted_transaction_is_owed_by_nobody},
        {"a_store_that_shows_it_is_convicted", a_store_that_shows_it_is_convicted},
        {"a_row_that_an_aborted_record_overwrote_is_convicted",
         a_row_that_an_aborted_record_overwrote_is_convicted},
        {"who_reads_uncommitted_records_must_show_them",
         who_reads_uncommitted_records_must_show_them},
        {"a_writer_that_calls_an_aborted_write_ok_is_convicted",
         a_writer_that_calls_an_aborted_write_ok_is_convicted},
        {"a_writer_that_calls_a_committed_write_failed_is_convicted",
         a_writer_that_calls_a_committed_write_failed_is_convicted},
        {"only_committed_copies_are_counted", only_committed_copies_are_counted},
        {"what_was_cut_is_no_copy", what_was_cut_is_no_copy},
        {"isolation_is_taken_from_the_fetches_of_who_does_not_say",
         isolation_is_taken_from_the_fetches_of_who_does_not_say},
        {"a_truncated_record_is_lost", a_truncated_record_is_lost},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check transactions", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
