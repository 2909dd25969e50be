/* Topics that are deleted, and made again under the same name: what is owed of each. */
#include "suites.h"
#include "world.h"

#define PLAIN                                                                                      \
    "topic rev partitions 1\nstore db sqlite\nwriter w1 to rev\n"                                  \
    "client c1 from rev group g into db\n"

static void topic_event(struct world *w, const char *text) {
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_TOPIC);
    event.topic = "rev";
    event.partition = 1;
    event.text = text;
    world_event(w, event);
}

/* A record that the client takes in, and commits. */
static void take(struct world *w, uint64_t request, int64_t offset, const char *key,
                 const char *value) {
    world_serve(w, "c1", 1, "rev", offset);
    world_view(w, "db", request, "rev", offset, key, value);
    world_committed(w, "c1", "g", "rev", offset + 1, request);
}

static void end(struct world *w) {
    world_rest(w, "c1", true);
    world_read(w, "db");
    world_judge(w);
}

/* An administrator's deletion is no loss of the writer's; nor can what is gone be asked of a client
 * that never saw it. Other events of a topic take nothing away. */
static void what_was_deleted_with_its_topic_is_owed_by_nobody(void) {
    static const char *const told[] = {NULL, "partitions", "configured", "deleted"};
    for (size_t i = 0; i < 4; i++) {
        struct world w;
        if (world_open(&w, PLAIN)) {
            world_start(&w, "c1");
            world_write(&w, "w1", 1, "rev", 0, "a", "v1");
            topic_event(&w, told[i]);
            end(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
            T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"),
                        i == 3 ? "pass" : "fail because lost");
        }
        world_close(&w);
    }
}

/* Offset 0 is there twice, and each is a record of its own. */
static void the_next_incarnation_has_records_of_its_own(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_start(&w, "c1");
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        take(&w, 1, 0, "a", "v1");
        topic_event(&w, "deleted");
        topic_event(&w, NULL);
        world_write(&w, "w1", 2, "rev", 0, "b", "v2");
        take(&w, 2, 0, "b", "v2");
        world_row(&w, "db", "rev", "a", "v1");
        world_row(&w, "db", "rev", "b", "v2");
        end(&w);
        T_EQUAL_INT(world_anomaly(&w, "redelivery"), 0);
        T_EQUAL_INT(world_anomaly(&w, "commit-regress"), 0);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        /* Without the deletion the log went back to offset 0 by itself: "a" is lost. */
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_TOPIC, 0));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "fail because lost");
    }
    world_close(&w);
}

/* It goes on at offset 1, where it was: the first record of the new topic is lost to it. */
static void a_client_that_goes_on_at_the_old_offset_is_convicted(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_start(&w, "c1");
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        take(&w, 1, 0, "a", "v1");
        topic_event(&w, "deleted");
        topic_event(&w, NULL);
        world_write(&w, "w1", 2, "rev", 0, "b", "v2");
        world_write(&w, "w1", 3, "rev", 1, "c", "v3");
        world_view(&w, "db", 2, "rev", 0, "b", NULL);
        take(&w, 2, 1, "c", "v3");
        world_row(&w, "db", "rev", "a", "v1");
        world_row(&w, "db", "rev", "c", "v3");
        end(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "fail because lost");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "fail because commit-ahead");
    }
    world_close(&w);
}

/* What "a" was in the first topic says nothing of "a" in the second. */
static void an_older_value_may_not_come_back_from_the_deleted_topic(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_start(&w, "c1");
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        take(&w, 1, 0, "a", "v1");
        topic_event(&w, "deleted");
        topic_event(&w, NULL);
        world_write(&w, "w1", 2, "rev", 0, "a", "v2");
        take(&w, 2, 0, "a", "v2");
        world_row(&w, "db", "rev", "a", "v1");
        end(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because missing");
    }
    world_close(&w);
}

static void partition_drift_is_between_partitions(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "a", "v1");
        topic_event(&w, "deleted");
        topic_event(&w, NULL);
        world_write(&w, "w1", 2, "rev", 0, "a", "v2");
        world_judge(&w);
        T_EQUAL_INT(world_anomaly(&w, "partition-drift"), 0);
    }
    world_close(&w);
}

/* A key that is not there is another one than "null", in logs and outcomes. */
static void the_null_key_is_a_key_of_its_own(void) {
    struct world w;
    if (world_open(&w, PLAIN "check {\n log rev/0 is { 0: null = \"v1\" }\n"
                             " outcome w1 null is ok\n}\n")) {
        world_write(&w, "w1", 1, "rev", 0, NULL, "v1");
        world_judge(&w);
        T_EQUAL_INT(w.report->verdict, TRIAL_PASS);
    }
    world_close(&w);
    if (world_open(&w, PLAIN "check { log rev/0 is { 0: \"null\" = \"v1\" } }\n")) {
        world_write(&w, "w1", 1, "rev", 0, NULL, "v1");
        world_judge(&w);
        T_EQUAL_INT(w.report->verdict, TRIAL_FAIL);
    }
    world_close(&w);
    if (world_open(&w, PLAIN "check { outcome w1 null is ok }\n")) {
        world_write(&w, "w1", 1, "rev", 0, "null", "v1");
        world_judge(&w);
        T_EQUAL_INT(w.report->verdict, TRIAL_ERROR);
    }
    world_close(&w);
}

CU_SuiteInfo *suite_check_incarnation(void) {
    static CU_TestInfo tests[] = {
        {"what_was_deleted_with_its_topic_is_owed_by_nobody",
         what_was_deleted_with_its_topic_is_owed_by_nobody},
        {"the_next_incarnation_has_records_of_its_own",
         the_next_incarnation_has_records_of_its_own},
        {"a_client_that_goes_on_at_the_old_offset_is_convicted",
         a_client_that_goes_on_at_the_old_offset_is_convicted},
        {"an_older_value_may_not_come_back_from_the_deleted_topic",
         an_older_value_may_not_come_back_from_the_deleted_topic},
        {"partition_drift_is_between_partitions", partition_drift_is_between_partitions},
        {"the_null_key_is_a_key_of_its_own", the_null_key_is_a_key_of_its_own},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check incarnation", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
