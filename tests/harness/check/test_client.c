/* The judges of clients, on good and on bad histories. */
#include "suites.h"
#include "world.h"

#define PLAIN                                                                                     \
    "topic rev partitions 1 compact\nstore db sqlite\nwriter w1 to rev\n" \
    "client c1 from rev group g into db\n"
#define CLAIMS "topic rev partitions 1\nwriter w1 to rev\nclient c1 from rev group g\n"

/* Two records, replayed in one batch and committed, and the store read at the end. */
static int open_good(struct world *w) {
    if (!world_open(w, PLAIN)) {
        return 0;
    }
    world_start(w, "c1");
    world_write(w, "w1", 1, "rev", 0, "a", "v1");
    world_write(w, "w1", 2, "rev", 1, "b", "v2");
    world_serve(w, "c1", 1, "rev", 0);
    world_serve(w, "c1", 1, "rev", 1);
    world_view(w, "db", 9, "rev", 0, "a", "v1");
    world_view(w, "db", 9, "rev", 1, "b", "v2");
    world_committed(w, "c1", "g", "rev", 2, 9);
    return 1;
}

static void end_good(struct world *w) {
    world_rest(w, "c1", true);
    world_row(w, "db", "rev", "a", "v1");
    world_row(w, "db", NULL, "b", "v2");
    world_read(w, "db");
}

static void a_replayed_log_passes(void) {
    struct world w;
    if (open_good(&w)) {
        end_good(&w);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "idempotent-replay", "c1"), "not exercised");
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"), "not exercised");
        T_EQUAL_INT(w.report->verdict, TRIAL_PASS);
    }
    world_close(&w);
}

static void taking_a_row_away_loses_its_record(void) {
    for (size_t n = 0; n < 2; n++) {
        struct world w;
        if (open_good(&w)) {
            end_good(&w);
            trial_history_remove(w.history, world_find(&w, TRIAL_FACT_STORE_ROW, n));
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "fail because lost");
            T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because missing");
            T_EQUAL_INT(world_anomaly(&w, "missing"), 1);
        }
        world_close(&w);
    }
}

static void a_reported_skip_needs_no_effect(void) {
    struct world w;
    if (open_good(&w)) {
        world_write(&w, "w1", 3, "rev", 2, "poison", "x");
        world_claim(&w, TRIAL_FACT_SKIPPED, "c1", "rev", 2);
        world_committed(&w, "c1", "g", "rev", 3, 10);
        end_good(&w);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_SKIPPED, 0));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "fail because lost");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"),
                    "unknown because no-store-view");
    }
    world_close(&w);
}

#define LETTERS                                                                                   \
    "topic rev partitions 1 compact\ntopic dlq named \"dead\"\nstore db sqlite\n"                \
    "writer w1 to rev\nclient c1 from rev group g into db { journal.dead.letter.topic = dlq }\n"

/* With a dead-letter topic a skip is believed when its letter is there, and was there before. */
static void a_skip_without_its_letter_is_no_skip(void) {
    for (int letter = 0; letter < 3; letter++) {
        struct world w;
        if (world_open(&w, LETTERS)) {
            world_start(&w, "c1");
            world_write(&w, "w1", 1, "rev", 0, "poison", "x");
            if (letter == 1) {
                world_append(&w, "c1", 1, "dead", 0, 0, "poison", "x");
            }
            world_claim(&w, TRIAL_FACT_SKIPPED, "c1", "rev", 0);
            if (letter == 2) {
                world_append(&w, "c1", 1, "dead", 0, 0, "poison", "x");
            }
            world_rest(&w, "c1", true);
            world_read(&w, "db");
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"),
                        letter == 1 ? "pass" : "fail because lost");
        }
        world_close(&w);
    }
}

static void taking_a_view_away_leaves_the_commit_unknown(void) {
    for (size_t n = 0; n < 2; n++) {
        struct world w;
        if (open_good(&w)) {
            end_good(&w);
            trial_history_remove(w.history, world_find(&w, TRIAL_FACT_STORE_VIEW, n));
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"),
                        "unknown because no-store-view");
            T_EQUAL_INT(w.report->verdict, TRIAL_UNKNOWN);
        }
        world_close(&w);
    }
}

static void a_commit_before_the_effect_is_ahead(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        world_view(&w, "db", 9, "rev", 0, "a", NULL);
        world_committed(&w, "c1", "g", "rev", 1, 9);
        end_good(&w);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "fail because commit-ahead");
        T_EQUAL_INT(world_anomaly(&w, "commit-ahead"), 1);
        T_EQUAL_INT(w.report->verdict, TRIAL_FAIL);
    }
    world_close(&w);
}

static void an_older_value_is_no_effect_and_a_newer_one_is(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        world_write(&w, "w1", 2, "rev", 1, "a", "v2");
        world_view(&w, "db", 9, "rev", 0, "a", "v2");
        world_view(&w, "db", 9, "rev", 1, "a", "v2");
        world_committed(&w, "c1", "g", "rev", 2, 9);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        world_write(&w, "w1", 3, "rev", 2, "a", NULL);
        world_view(&w, "db", 10, "rev", 2, "a", "v2");
        world_committed(&w, "c1", "g", "rev", 3, 10);
        /* That v2 is written again afterwards excuses nothing. */
        world_write(&w, "w1", 4, "rev", 3, "a", "v2");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "fail because commit-ahead");
    }
    world_close(&w);
}

static void a_refused_commit_covers_nothing(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_COMMITTED);
        e.actor = "c1";
        e.group = "g";
        e.topic = "rev";
        e.partition = 0;
        e.offset = 1;
        e.error = 22;
        world_event(&w, e);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "not exercised");
    }
    world_close(&w);
}

static void without_a_store_claims_are_judged(void) {
    struct world w;
    if (world_open(&w, CLAIMS)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        world_claim(&w, TRIAL_FACT_PROCESSED, "c1", "rev", 0);
        world_committed(&w, "c1", "g", "rev", 1, 9);
        world_rest(&w, "c1", true);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "none");
        world_write(&w, "w1", 2, "rev", 1, "b", "v2");
        world_committed(&w, "c1", "g", "rev", 2, 10);
        world_claim(&w, TRIAL_FACT_PROCESSED, "c1", "rev", 1);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "fail because commit-ahead");
    }
    world_close(&w);
}

static void who_never_says_a_word_is_unknown(void) {
    struct world w;
    if (world_open(&w, CLAIMS)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        world_committed(&w, "c1", "g", "rev", 1, 9);
        world_rest(&w, "c1", true);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "unknown because no-word");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "unknown because no-word");
    }
    world_close(&w);
}

static void no_rest_no_verdict(void) {
    struct world w;
    if (open_good(&w)) {
        world_row(&w, "db", "rev", "a", "v1");
        world_read(&w, "db");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "unknown because not-quiescent");
        world_rest(&w, "c1", false);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "unknown because not-quiescent");
        struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_BUDGET);
        e.text = "drained c1";
        world_event(&w, e);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "unknown because budget");
    }
    world_close(&w);
}

static void an_unreadable_store_leaves_it_unknown(void) {
    struct world w;
    if (open_good(&w)) {
        world_rest(&w, "c1", true);
        struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_READ);
        e.text = "db";
        e.text2 = "no such table";
        world_event(&w, e);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "unknown because store-unreadable");
    }
    world_close(&w);
}

/* After a second delivery of the first record. */
static int open_again(struct world *w) {
    if (!open_good(w)) {
        return 0;
    }
    world_serve(w, "c1", 2, "rev", 0);
    return 1;
}

static void a_second_pass_that_changes_nothing_is_idempotent(void) {
    struct world w;
    if (open_again(&w)) {
        end_good(&w);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "idempotent-replay", "c1"), "pass");
        T_EQUAL_INT(world_anomaly(&w, "redelivery"), 1);
        world_row(&w, "db", "rev", "a", "v1");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "idempotent-replay", "c1"), "fail because double-effect");
    }
    world_close(&w);
    if (open_again(&w)) {
        world_rest(&w, "c1", true);
        world_row(&w, "db", "rev", "a", "v1v1");
        world_row(&w, "db", "rev", "b", "v2");
        world_read(&w, "db");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "idempotent-replay", "c1"), "fail because double-effect");
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"),
                    "fail because effect-without-source");
    }
    world_close(&w);
}

static void an_older_value_than_before_is_a_regress(void) {
    struct world w;
    if (open_again(&w)) {
        world_write(&w, "w1", 3, "rev", 2, "a", "v3");
        world_view(&w, "db", 10, "rev", 2, "a", "v3");
        world_committed(&w, "c1", "g", "rev", 3, 10);
        world_view(&w, "db", 11, "rev", 0, "a", "v1");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "idempotent-replay", "c1"), "fail because regress");
        T_EQUAL_INT(world_anomaly(&w, "regress"), 1);
    }
    world_close(&w);
}

static void deletes_are_applied_or_missed(void) {
    struct world w;
    if (open_good(&w)) {
        world_write(&w, "w1", 3, "rev", 2, "a", NULL);
        world_rest(&w, "c1", true);
        world_row(&w, "db", "rev", "b", "v2");
        world_read(&w, "db");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        world_row(&w, "db", "rev", "a", "v1");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because missed-delete");
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"), "fail because resurrection");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "fail because lost");
    }
    world_close(&w);
}

static void a_deleted_key_that_comes_back_is_resurrected(void) {
    struct world w;
    if (open_good(&w)) {
        world_write(&w, "w1", 3, "rev", 2, "a", NULL);
        world_view(&w, "db", 10, "rev", 2, "a", NULL);
        world_committed(&w, "c1", "g", "rev", 3, 10);
        world_view(&w, "db", 11, "rev", 0, "a", "v1");
        world_rest(&w, "c1", true);
        world_row(&w, "db", "rev", "b", "v2");
        world_read(&w, "db");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"), "fail because resurrection");
        T_EQUAL_INT(world_anomaly(&w, "resurrection"), 1);
    }
    world_close(&w);
}

static void a_row_that_no_record_justifies_is_found(void) {
    struct world w;
    if (open_good(&w)) {
        end_good(&w);
        world_row(&w, "db", "rev", "invented", "v");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"),
                    "fail because effect-without-source");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
    }
    world_close(&w);
}

static void a_group_shares_its_store(void) {
    struct world w;
    if (world_open(&w, PLAIN "client c2 from rev group g into db\n")) {
        world_start(&w, "c1");
        world_start(&w, "c2");
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        world_write(&w, "w1", 2, "rev", 1, "b", "v2");
        world_serve(&w, "c1", 1, "rev", 0);
        world_serve(&w, "c2", 1, "rev", 0);
        world_rest(&w, "c2", true);
        end_good(&w);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c2"), "pass");
        T_EQUAL_INT(world_anomaly(&w, "redelivery"), 1);
    }
    world_close(&w);
}

static void a_survivor_comes_to_rest_for_its_dead_fellow(void) {
    for (int dead = 0; dead < 2; dead++) {
        struct world w;
        if (world_open(&w, PLAIN "client c2 from rev group g into db\n")) {
            world_start(&w, "c1");
            world_start(&w, "c2");
            world_write(&w, "w1", 1, "rev", 0, "a", "v1");
            world_write(&w, "w1", 2, "rev", 1, "b", "v2");
            if (dead) {
                world_exit(&w, "c2", -1);
            }
            world_rest(&w, "c2", false);
            end_good(&w);
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"),
                        dead ? "pass" : "unknown because not-quiescent");
        }
        world_close(&w);
    }
}

static void regressing_commits_and_drifting_keys_are_recorded(void) {
    struct world w;
    if (open_good(&w)) {
        world_committed(&w, "c1", "g", "rev", 1, 10);
        struct trial_event e = *trial_history_at(w.history, world_find(&w, TRIAL_FACT_APPEND, 0));
        e.partition = 1;
        world_event(&w, e);
        end_good(&w);
        world_judge(&w);
        T_EQUAL_INT(world_anomaly(&w, "commit-regress"), 1);
        T_EQUAL_INT(world_anomaly(&w, "partition-drift"), 1);
    }
    world_close(&w);
}

CU_SuiteInfo *suite_check_client(void) {
    static CU_TestInfo tests[] = {
        {"a_replayed_log_passes", a_replayed_log_passes},
        {"taking_a_row_away_loses_its_record", taking_a_row_away_loses_its_record},
        {"a_reported_skip_needs_no_effect", a_reported_skip_needs_no_effect},
        {"a_skip_without_its_letter_is_no_skip", a_skip_without_its_letter_is_no_skip},
        {"taking_a_view_away_leaves_the_commit_unknown",
         taking_a_view_away_leaves_the_commit_unknown},
        {"a_commit_before_the_effect_is_ahead", a_commit_before_the_effect_is_ahead},
        {"an_older_value_is_no_effect_and_a_newer_one_is",
         an_older_value_is_no_effect_and_a_newer_one_is},
        {"a_refused_commit_covers_nothing", a_refused_commit_covers_nothing},
        {"without_a_store_claims_are_judged", without_a_store_claims_are_judged},
        {"who_never_says_a_word_is_unknown", who_never_says_a_word_is_unknown},
        {"no_rest_no_verdict", no_rest_no_verdict},
        {"an_unreadable_store_leaves_it_unknown", an_unreadable_store_leaves_it_unknown},
        {"a_second_pass_that_changes_nothing_is_idempotent",
         a_second_pass_that_changes_nothing_is_idempotent},
        {"an_older_value_than_before_is_a_regress", an_older_value_than_before_is_a_regress},
        {"deletes_are_applied_or_missed", deletes_are_applied_or_missed},
        {"a_deleted_key_that_comes_back_is_resurrected",
         a_deleted_key_that_comes_back_is_resurrected},
        {"a_row_that_no_record_justifies_is_found", a_row_that_no_record_justifies_is_found},
        {"a_group_shares_its_store", a_group_shares_its_store},
        {"a_survivor_comes_to_rest_for_its_dead_fellow",
         a_survivor_comes_to_rest_for_its_dead_fellow},
        {"regressing_commits_and_drifting_keys_are_recorded",
         regressing_commits_and_drifting_keys_are_recorded},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/client", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
