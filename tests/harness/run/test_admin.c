/* What is done to the cluster while actors work with it: topics that go and come, settings,
 * fencing, records without a key. */
#include "program.h"
#include "suites.h"
#include "t_run.h"

#define HEAD                                                                                       \
    "scenario \"admin\"\nbudget 20s\ntopic rev partitions 1\nstore db sqlite\n"                    \
    "writer w1 to rev\nclient c1 from rev group g into db\n"
#define TXN                                                                                        \
    "scenario \"admin\"\nbudget 20s\ntopic rev partitions 1\nstore db sqlite\n"                    \
    "writer w1 to rev {\n  transactional.id = t1\n  linger.ms = 0\n}\n"                            \
    "client c1 from rev group g into db\n"

static void a_topic_is_deleted_and_made_again_while_both_work(void) {
    t_expect_trial(HEAD "run {\n  start w1\n  start c1\n  write w1 rev \"a\" \"1\"\n"
                        "  await flushed w1\n  await drained c1\n  delete-topic rev\n"
                        "  create-topic rev\n  write w1 rev \"b\" \"2\"\n  await flushed w1\n"
                        "  await drained c1\n}\n"
                        "check {\n  log rev/0 is { 0: \"b\" = \"2\" }\n"
                        "  guarantee at-least-once of w1 is pass\n"
                        "  guarantee at-least-once of c1 is pass\n"
                        "  guarantee convergence of c1 is pass\n  store db count = 2\n}\n",
                   0, "1 passed");
}

static void a_topic_that_is_there_is_not_made_again(void) {
    t_expect_trial(HEAD "run {\n  create-topic rev\n}\ncheck { log rev/0 is { } }\n", 64, "line 8");
    t_expect_trial(HEAD "run {\n  delete-topic rev\n  delete-topic rev\n}\n", 64, "no topic rev");
}

/* What was deleted before anybody read it is owed by nobody; the rest is. */
static void records_are_deleted_before_an_offset(void) {
    t_expect_trial(HEAD "run {\n  start w1\n  repeat 4 { write w1 rev \"k$i\" \"v\" }\n"
                        "  await flushed w1\n  delete-records rev/0 before 2\n  start c1\n"
                        "  await drained c1\n}\n"
                        "check {\n  store db lacks \"k2\"\n  store db has \"k3\" = \"v\"\n"
                        "  store db count = 2\n  guarantee at-least-once of c1 is pass\n"
                        "  guarantee at-least-once of w1 is pass\n}\n",
                   0, "1 passed");
    t_expect_trial(HEAD "run {\n  delete-records rev/0 before 1\n}\n", 64, "line 8");
}

#define TIMED                                                                                      \
    "scenario \"admin\"\ntopic rev partitions 1 { message.timestamp.type = LogAppendTime }\n"      \
    "writer w1 to rev\n"

static void retention_is_changed_and_carried_out(void) {
    t_expect_trial(TIMED
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n"
                   "  roll rev\n  advance 2h\n  retain rev\n  write w1 rev \"b\" \"2\"\n"
                   "  await flushed w1\n  configure rev { retention.ms = 1h }\n  retain rev/0\n"
                   "}\ncheck {\n  log rev/0 is { 1: \"b\" = \"2\" }\n}\n",
                   0, "1 passed");
    t_expect_trial(TIMED "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n"
                         "  roll rev\n  advance 2h\n  configure rev { retention.ms = 1h }\n"
                         "  configure rev { retention.ms = default }\n  retain rev/0\n"
                         "}\ncheck {\n  log rev/0 is { 0: \"a\" = \"1\" }\n}\n",
                   0, NULL);
}

/* What a topic does not say is the cluster's. */
static void the_clusters_retention_is_that_of_topics_which_say_none(void) {
    static const char *const topics[] = {"", "    retention.ms = 7d\n"};
    for (size_t i = 0; i < 2; i++) {
        char text[1024];
        (void)snprintf(text, sizeof(text),
                       "scenario \"x\"\ncluster { log.retention.ms = 1h }\n"
                       "topic rev partitions 1 {\n    message.timestamp.type = LogAppendTime\n%s}\n"
                       "writer w1 to rev\nrun {\n  start w1\n  write w1 rev \"a\" \"1\"\n"
                       "  await flushed w1\n  roll rev\n  advance 2h\n  retain rev\n}\n"
                       "check {\n  log rev/0 is { %s }\n}\n",
                       topics[i], i == 0 ? "" : "0: \"a\" = \"1\"");
        t_expect_trial(text, 0, "1 passed");
    }
}

/* The lag that holds is the one that was set last: the cleaner may take v1, or may not. */
static void a_changed_lag_is_the_one_that_is_judged(void) {
    t_expect_trial(HEAD
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  write w1 rev \"a\" \"2\"\n"
                   "  await flushed w1\n  configure rev {\n    cleanup.policy = compact\n"
                   "    min.compaction.lag.ms = 1h\n  }\n  roll rev\n  compact rev\n"
                   "  configure rev { min.compaction.lag.ms = default }\n  compact rev\n}\n"
                   "check {\n  log rev/0 is { 1: \"a\" = \"2\" }\n"
                   "  guarantee compaction of rev is pass\n}\n",
                   0, "1 passed");
}

static void a_null_key_is_written_and_is_refused_where_keys_are_needed(void) {
    t_expect_trial(HEAD
                   "run {\n  start w1\n  write w1 rev null \"1\"\n  write w1 rev \"null\" \"2\"\n"
                   "  await flushed w1\n}\n"
                   "check {\n  log rev/0 is {\n    0: null = \"1\"\n    1: \"null\" = \"2\"\n  }\n"
                   "  outcome w1 null is ok\n  guarantee at-least-once of w1 is pass\n}\n",
                   0, "1 passed");
    t_expect_trial("scenario \"x\"\ntopic rev partitions 1 compact\nwriter w1 to rev\n"
                   "run {\n  start w1\n  write w1 rev null \"1\"\n  await flushed w1\n}\n"
                   "check {\n  log rev/0 is { }\n"
                   "  outcome w1 null is failed because INVALID_RECORD\n}\n",
                   0, "1 passed");
}

static void a_group_rebalances_on_command(void) {
    t_expect_trial(HEAD "fault again at join from c1 nth 2 : delay 1ms\n"
                        "run {\n  start w1\n  start c1\n  await drained c1\n  rebalance g\n"
                        "  await fired again\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n"
                        "  await drained c1\n}\n"
                        "check {\n  fired again = 1\n  store db count = 1\n}\n",
                   0, "1 passed");
}

static void a_writer_is_fenced_or_its_transaction_expires(void) {
    static const char *const steps[] = {"fence w1", "expire w1", "fence \"t1\""};
    for (size_t i = 0; i < 3; i++) {
        char text[1024];
        (void)snprintf(text, sizeof(text),
                       TXN "run {\n  start w1\n  start c1\n  begin w1\n"
                           "  write w1 rev \"a\" \"1\"\n  await end rev/0 >= 1\n  %s\n"
                           "  commit w1\n  await flushed w1\n  await drained c1\n}\n"
                           "check {\n  store db count = 0\n"
                           "  outcome w1 \"a\" is unknown because _FENCED\n}\n",
                       steps[i]);
        t_expect_trial(text, 0, "1 passed");
    }
    t_expect_trial(TXN "run {\n  start w1\n  expire w1\n}\n", 64, "no transaction of t1 is open");
    t_expect_trial(TXN "run {\n  fence \"nobody\"\n}\n", 64, "nobody has used");
}

/* The request is held while its topic is replaced: it finds another one of the same name. */
static void a_fault_does_it_at_a_record(void) {
    t_expect_trial(HEAD "fault swap at produce from w1 value \"2\" attempt 1 : delete-topic rev "
                        "then create-topic rev then roll rev then retain rev then "
                        "delete-records rev/0 before 0\n"
                        "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n"
                        "  write w1 rev \"b\" \"2\"\n  await flushed w1\n}\n"
                        "check {\n  fired swap = 1\n  log rev/0 is { 0: \"b\" = \"2\" }\n"
                        "  guarantee at-least-once of w1 is pass\n}\n",
                   0, "1 passed");
    t_expect_trial(
        TXN "fault cut at end-txn from w1 nth 1 : expire w1 then add-partitions rev to 2\n"
            "run {\n  start w1\n  begin w1\n  write w1 rev \"a\" \"1\"\n  commit w1\n"
            "  await flushed w1\n}\n"
            "check {\n  fired cut = 1\n  log rev/1 is { }\n  log rev/0 is { 0: \"a\" = \"1\" }\n"
            "  outcome w1 \"a\" is unknown because _FENCED\n}\n",
        0, "1 passed");
    /* What cannot be done is not done: the fault has not fired. */
    t_expect_trial(HEAD "fault twice at produce from w1 attempt 1 : create-topic rev\n"
                        "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n}\n",
                   64, "twice");
}

CU_SuiteInfo *suite_run_admin(void) {
    static CU_TestInfo tests[] = {
        {"a_topic_is_deleted_and_made_again_while_both_work",
         a_topic_is_deleted_and_made_again_while_both_work},
        {"a_topic_that_is_there_is_not_made_again", a_topic_that_is_there_is_not_made_again},
        {"records_are_deleted_before_an_offset", records_are_deleted_before_an_offset},
        {"retention_is_changed_and_carried_out", retention_is_changed_and_carried_out},
        {"the_clusters_retention_is_that_of_topics_which_say_none",
         the_clusters_retention_is_that_of_topics_which_say_none},
        {"a_changed_lag_is_the_one_that_is_judged", a_changed_lag_is_the_one_that_is_judged},
        {"a_null_key_is_written_and_is_refused_where_keys_are_needed",
         a_null_key_is_written_and_is_refused_where_keys_are_needed},
        {"a_group_rebalances_on_command", a_group_rebalances_on_command},
        {"a_writer_is_fenced_or_its_transaction_expires",
         a_writer_is_fenced_or_its_transaction_expires},
        {"a_fault_does_it_at_a_record", a_fault_does_it_at_a_record},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run admin", NULL, NULL, t_folder_make, t_folder_remove, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
