/* The judges of writers, on good and on bad histories. */
#include "base/memory.h"
#include "suites.h"
#include "world.h"

#define PLAIN "topic rev partitions 1\nwriter w1 to rev\nrun {\n start w1\n}\n"

static void acked_and_appended_is_at_least_once(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_start(&w, "w1");
        world_write(&w, "w1", 1, "rev", 0, "k1", "v1");
        world_write(&w, "w1", 2, "rev", 1, "k2", "v2");
        world_exit(&w, "w1", 0);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "key-order", "w1"), "not exercised");
        T_EQUAL_STR(world_finding(&w, "latest-value", "w1"), "not exercised");
        T_EQUAL_STR(world_finding(&w, "honest-failure", "w1"), "not exercised");
        T_EQUAL_INT(w.report->verdict, TRIAL_PASS);
        T_EQUAL_INT(w.report->anomaly_count, 0);
    }
    world_close(&w);
}

static void taking_any_append_away_convicts(void) {
    for (size_t n = 0; n < 2; n++) {
        struct world w;
        if (world_open(&w, PLAIN)) {
            world_write(&w, "w1", 1, "rev", 0, "k1", "v1");
            world_write(&w, "w1", 2, "rev", 1, "k2", "v2");
            trial_history_remove(w.history, world_find(&w, TRIAL_FACT_APPEND, n));
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"),
                        "fail because acked-not-appended");
            T_EQUAL_INT(world_anomaly(&w, "acked-not-appended"), 1);
            T_EQUAL_INT(w.report->verdict, TRIAL_FAIL);
        }
        world_close(&w);
    }
}

static void an_append_after_the_ok_comes_too_late(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_intent(&w, "w1", 1, "rev", "k", "v");
        world_outcome(&w, "w1", 1, "ok");
        world_append(&w, "w1", 1, "rev", 0, 1, "k", "v");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "fail because acked-not-appended");
    }
    world_close(&w);
    if (world_open(&w, "topic rev partitions 1\nwriter w1 to rev { acks = 0 }\n")) {
        world_intent(&w, "w1", 1, "rev", "k", "v");
        world_outcome(&w, "w1", 1, "ok");
        world_append(&w, "w1", 1, "rev", 0, 1, "k", "v");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
    }
    world_close(&w);
}

static void a_record_that_the_log_lost_is_lost_unless_superseded(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "k", "v");
        world_append(&w, "other", 1, "rev", 0, 0, "elsewhere", "x");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "fail because lost");
        T_EQUAL_INT(world_anomaly(&w, "lost"), 1);
        world_append(&w, "other", 1, "rev", 1, 0, "k", "newer");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
    }
    world_close(&w);
}

static void an_intent_without_a_word_is_unreported_at_flush_and_at_exit(void) {
    for (int flushed = 0; flushed < 2; flushed++) {
        struct world w;
        if (world_open(&w, PLAIN)) {
            world_write(&w, "w1", 1, "rev", 0, "a", "v");
            world_intent(&w, "w1", 2, "rev", "b", "v");
            struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_FLUSHED);
            e.actor = "w1";
            if (flushed) {
                world_event(&w, e);
                world_outcome(&w, "w1", 2, "unknown"); /* after the claim: too late */
            } else {
                world_exit(&w, "w1", 0);
            }
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"),
                        "fail because unreported-intent");
            T_EQUAL_INT(world_anomaly(&w, "unreported-intent"), 1);
        }
        world_close(&w);
    }
}

static void a_flush_answers_for_what_it_was_asked_for(void) {
    for (uint64_t up_to = 0; up_to <= 2; up_to++) {
        struct world w;
        if (world_open(&w, PLAIN)) {
            world_write(&w, "w1", 1, "rev", 0, "a", "v");
            world_intent(&w, "w1", 2, "rev", "b", "v"); /* told while the flush was under way */
            struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_FLUSHED);
            e.actor = "w1";
            e.intent = up_to;
            world_event(&w, e);
            world_append(&w, "w1", 1, "rev", 1, 2, "b", "v");
            world_outcome(&w, "w1", 2, "ok");
            world_exit(&w, "w1", 0);
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"),
                        up_to == 1 ? "pass" : "fail because unreported-intent");
        }
        world_close(&w);
    }
}

static void an_unknown_outcome_by_itself_is_no_failure(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v");
        world_intent(&w, "w1", 2, "rev", "b", "v");
        world_outcome(&w, "w1", 2, "unknown");
        world_exit(&w, "w1", -1);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
    }
    world_close(&w);
}

static void duplicates_are_told_by_incarnation(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "k", "v");
        world_append(&w, "w1", 2, "rev", 1, 1, "k", "v");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"), "pass");
        T_EQUAL_INT(world_anomaly(&w, "duplicate"), 1);
        world_append(&w, "w1", 1, "rev", 2, 1, "k", "v");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"), "fail because duplicate");
        T_EQUAL_INT(world_anomaly(&w, "duplicate"), 2);
    }
    world_close(&w);
}

static void records_without_the_header_are_told_by_order_of_occurrence(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_intent(&w, "w1", 1, "rev", "k", "same");
        world_intent(&w, "w1", 2, "rev", "k", "same");
        world_append(&w, "w1", 1, "rev", 0, 0, "k", "same");
        world_append(&w, "w1", 1, "rev", 1, 0, "k", "same");
        world_outcome(&w, "w1", 1, "ok");
        world_outcome(&w, "w1", 2, "ok");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"), "pass");
        world_append(&w, "w1", 1, "rev", 2, 0, "k", "same");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "no-duplicate", "w1"), "fail because duplicate");
    }
    world_close(&w);
}

static void order_and_latest_value_of_a_key(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        for (uint64_t id = 1; id <= 3; id++) {
            world_intent(&w, "w1", id, "rev", "k", id == 1 ? "v1" : id == 2 ? "v2" : "v3");
        }
        world_append(&w, "w1", 1, "rev", 0, 1, "k", "v1");
        world_append(&w, "w1", 1, "rev", 1, 2, "k", "v2");
        world_append(&w, "w1", 1, "rev", 2, 3, "k", "v3");
        for (uint64_t id = 1; id <= 3; id++) {
            world_outcome(&w, "w1", id, "ok");
        }
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "key-order", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "latest-value", "w1"), "pass");
        /* A late copy of the first is no inversion of first copies, but the last value is stale. */
        world_append(&w, "w1", 1, "rev", 3, 1, "k", "v1");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "key-order", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "latest-value", "w1"), "fail because stale-latest");
    }
    world_close(&w);
}

static void one_record_behind_its_successors_is_one_inversion(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        static const char *const values[] = {"v1", "v2", "v3", "v4"};
        for (uint64_t id = 1; id <= 4; id++) {
            world_intent(&w, "w1", id, "rev", "k", values[id - 1]);
        }
        for (uint64_t id = 2; id <= 4; id++) {
            world_append(&w, "w1", 1, "rev", (int64_t)id - 2, id, "k", values[id - 1]);
        }
        world_append(&w, "w1", 1, "rev", 3, 1, "k", "v1");
        for (uint64_t id = 1; id <= 4; id++) {
            world_outcome(&w, "w1", id, "ok");
        }
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "key-order", "w1"), "fail because key-order-inversion");
        T_EQUAL_INT(world_anomaly(&w, "key-order-inversion"), 1);
        T_EQUAL_STR(world_finding(&w, "latest-value", "w1"), "fail because stale-latest");
    }
    world_close(&w);
}

static void a_failed_write_in_the_log_is_a_phantom(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_intent(&w, "w1", 1, "rev", "k", "v");
        world_outcome(&w, "w1", 1, "failed");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "honest-failure", "w1"), "pass");
        world_append(&w, "w1", 1, "rev", 0, 1, "k", "v");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "honest-failure", "w1"), "fail because phantom");
        T_EQUAL_INT(world_anomaly(&w, "phantom"), 1);
    }
    world_close(&w);
}

#define JOURNAL                                                                                   \
    "journal swh prefix \"j\" {\n types revision content\n anonymize\n}\nwriter w1 to swh\n"

/* A revision in both topics, as it should be; the parts of it can be left out. */
static void write_pair(struct world *w, const struct fixture_object *object, uint64_t id,
                       bool is_public, bool is_private) {
    struct base_builder key;
    struct base_builder hidden;
    base_builder_init(&key, 4096);
    base_builder_init(&hidden, 1 << 20);
    T_EQUAL_INT(fixture_key(object, &key, &w->err), 0);
    T_EQUAL_INT(fixture_anonymize(object, &hidden, &w->err), 0);
    struct base_slice k = base_builder_slice(&key);
    world_object(w, "w1", id, "revision", "j.revision", "j_privileged.revision", k,
                 object->encoded);
    if (is_public) {
        world_append_bytes(w, "w1", 1, "j.revision", (int64_t)id, id, k,
                           base_builder_slice(&hidden), 1);
    }
    if (is_private) {
        world_append_bytes(w, "w1", 1, "j_privileged.revision", (int64_t)id, id, k,
                           object->encoded, 4);
    }
    world_outcome(w, "w1", id, "ok");
    base_builder_clean_up(&key);
    base_builder_clean_up(&hidden);
}

struct pairs {
    struct world *w;
    uint64_t id;
    int leave_out; /* 0: nothing; 1: the last public copy; 2: the last privileged one */
};

static int visit_pair(void *arg, const struct fixture_object *object, struct base_error *err) {
    struct pairs *p = arg;
    p->id++;
    write_pair(p->w, object, p->id, p->leave_out != 1 || p->id < 3,
               p->leave_out != 2 || p->id < 3);
    return 0;
}

static void pairs_are_whole_or_half(void) {
    for (int leave_out = 0; leave_out < 3; leave_out++) {
        struct world w;
        if (world_open(&w, JOURNAL)) {
            struct pairs p = {&w, 0, leave_out};
            struct fixture_generate_options o = {7, 3, 1u << FIXTURE_REVISION};
            T_EQUAL_INT(fixture_generate(&o, visit_pair, &p, &w.err), 0);
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "pairing", "w1"),
                        leave_out ? "fail because half-pair" : "pass");
            T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"),
                        leave_out ? "fail because acked-not-appended" : "pass");
            T_EQUAL_STR(world_finding(&w, "contract", "w1"), "pass");
            T_EQUAL_INT(world_anomaly(&w, "half-pair"), leave_out ? 1 : 0);
        }
        world_close(&w);
    }
}

static void bytes_that_are_no_object_break_the_contract(void) {
    struct world w;
    if (world_open(&w, JOURNAL)) {
        world_append(&w, "w1", 1, "j.content", 0, 0, "k", "\xff\xff\xff");
        world_append(&w, "w1", 1, "j.content", 1, 0, "k", NULL);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "contract", "w1"), "fail because contract-breach");
        T_EQUAL_INT(world_anomaly(&w, "contract-breach"), 1);
    }
    world_close(&w);
}

static void a_spent_budget_leaves_open_intents_unknown(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v");
        world_intent(&w, "w1", 2, "rev", "b", "v");
        struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_BUDGET);
        e.text = "flushed w1";
        world_event(&w, e);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "unknown because budget");
        T_EQUAL_INT(w.report->verdict, TRIAL_UNKNOWN);
    }
    world_close(&w);
}

CU_SuiteInfo *suite_check_writer(void) {
    static CU_TestInfo tests[] = {
        {"acked_and_appended_is_at_least_once", acked_and_appended_is_at_least_once},
        {"taking_any_append_away_convicts", taking_any_append_away_convicts},
        {"an_append_after_the_ok_comes_too_late", an_append_after_the_ok_comes_too_late},
        {"a_record_that_the_log_lost_is_lost_unless_superseded",
         a_record_that_the_log_lost_is_lost_unless_superseded},
        {"an_intent_without_a_word_is_unreported_at_flush_and_at_exit",
         an_intent_without_a_word_is_unreported_at_flush_and_at_exit},
        {"a_flush_answers_for_what_it_was_asked_for", a_flush_answers_for_what_it_was_asked_for},
        {"an_unknown_outcome_by_itself_is_no_failure", an_unknown_outcome_by_itself_is_no_failure},
        {"duplicates_are_told_by_incarnation", duplicates_are_told_by_incarnation},
        {"records_without_the_header_are_told_by_order_of_occurrence",
         records_without_the_header_are_told_by_order_of_occurrence},
        {"order_and_latest_value_of_a_key", order_and_latest_value_of_a_key},
        {"one_record_behind_its_successors_is_one_inversion",
         one_record_behind_its_successors_is_one_inversion},
        {"a_failed_write_in_the_log_is_a_phantom", a_failed_write_in_the_log_is_a_phantom},
        {"pairs_are_whole_or_half", pairs_are_whole_or_half},
        {"bytes_that_are_no_object_break_the_contract",
         bytes_that_are_no_object_break_the_contract},
        {"a_spent_budget_leaves_open_intents_unknown", a_spent_budget_leaves_open_intents_unknown},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/writer", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
