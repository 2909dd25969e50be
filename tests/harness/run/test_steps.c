/* Steps and conditions, with the built-in actors. */
#include <string.h>

#include "program.h"
#include "suites.h"
#include "t_run.h"

#define HEAD "scenario \"steps\"\nbudget 20s\ntopic rev partitions 2\nstore db sqlite\n" \
             "writer w1 to rev\nclient c1 from rev group g into db\n"

static void every_condition_holds_when_it_is_so(void) {
    t_expect_trial(HEAD
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\" partition 0\n"
                   "  write w1 rev \"b\" \"2\" partition 1\n  await flushed w1\n"
                   "  await inflight w1 = 0 and end rev/0 = 1 and end rev = 2\n  start c1\n"
                   "  await assigned c1 = 2\n  await position c1 rev/1 >= 1\n"
                   "  await committed c1 rev/0 = 1\n  await drained c1\n  stop c1\n"
                   "  await exited c1\n  await quiet\n}\n"
                   "check {\n  store db count = 2\n  guarantee at-least-once of c1 is pass\n"
                   "  guarantee convergence of c1 is pass\n}\n",
                   0, "1 passed");
}

static void an_await_that_cannot_hold_ends_with_what_it_waited_for(void) {
    t_expect_trial("scenario \"x\"\nbudget 200ms\ntopic rev\nrun {\n  await end rev/0 >= 1\n}\n"
                   "check {\n  log rev/0 is {\n  }\n}\n",
                   2, "await end rev/0 >= 1: the end is 0");
}

static void steps_in_parallel_do_not_wait_for_each_other(void) {
    /* The first branch waits for what only the second brings about. */
    t_expect_trial(HEAD
                   "run {\n  start w1\n  parallel {\n    await end rev/0 >= 1\n"
                   "    write w1 rev \"a\" \"1\" partition 0\n  }\n  await flushed w1\n}\n"
                   "check {\n  guarantee at-least-once of w1 is pass\n}\n",
                   0, "1 passed");
}

static void a_paused_client_takes_nothing_until_it_is_resumed(void) {
    t_expect_trial(HEAD
                   "run {\n  start w1\n  start c1\n  await drained c1\n  pause c1\n"
                   "  write w1 rev \"a\" \"1\" partition 0\n  await flushed w1\n"
                   "  await quiet and committed c1 rev/0 < 0\n  resume c1\n  await drained c1\n}\n"
                   "check {\n  committed g rev/0 = 1\n  store db has \"a\" = \"1\"\n}\n",
                   0, "1 passed");
}

static void a_killed_writers_open_intents_are_unknown(void) {
    t_expect_trial(HEAD
                   "fault stuck at produce from w1 : hold until exited w1\n"
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\" partition 0\n"
                   "  await inflight w1 >= 1\n  kill w1\n  await flushed w1\n}\n"
                   "check {\n  outcome w1 \"a\" is unknown\n  exit w1 is signal SIGKILL\n"
                   "  guarantee at-least-once of w1 is pass\n}\n",
                   64, "vacuous");
}

static void a_restarted_client_goes_on_where_it_had_committed(void) {
    t_expect_trial(HEAD
                   "run {\n  start w1\n  repeat 3 { write w1 rev \"k$i\" \"v$i\" partition 0 }\n"
                   "  await flushed w1\n  start c1\n  await drained c1\n  restart c1\n"
                   "  write w1 rev \"k4\" \"v4\" partition 0\n  await flushed w1\n"
                   "  await drained c1\n}\n"
                   "check {\n  committed g rev/0 = 4\n  store db count = 4\n"
                   "  no anomaly redelivery\n  guarantee convergence of c1 is pass\n}\n",
                   0, "1 passed");
}

static void the_cluster_is_moved_stopped_and_started(void) {
    t_expect_trial(HEAD
                   "run {\n  start w1\n  leader rev/0 to 2\n  coordinator g to 3\n  advance 25h\n"
                   "  write w1 rev \"a\" \"1\" partition 0\n  await flushed w1\n  down 1\n"
                   "  write w1 rev \"b\" \"2\" partition 0\n  await flushed w1\n  up 1\n"
                   "  start c1\n  await drained c1\n  heal\n  note \"done\"\n}\n"
                   "check {\n  store db count = 2\n  guarantee at-least-once of w1 is pass\n}\n",
                   0, "1 passed");
}

static void a_tombstone_takes_the_row_away(void) {
    t_expect_trial(HEAD
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\" partition 0\n"
                   "  write w1 rev \"b\" \"\" partition 0 headers { \"h\" = null }\n"
                   "  write w1 rev \"a\" tombstone partition 0\n  await flushed w1\n  start c1\n "
                   " await drained c1\n}\n"
                   "check {\n  store db has \"b\" = \"\"\n  store db lacks \"a\"\n}\n",
                   0, "1 passed");
}

static void a_fault_that_never_fires_is_a_mistake_of_the_scenario(void) {
    t_expect_trial(HEAD
                   "fault never at produce from w1 key \"zzz\" : reset\n"
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n}\n",
                   64, "never");
}

static void writing_to_one_that_was_stopped_is_a_mistake_of_the_scenario(void) {
    t_expect_trial(HEAD "run {\n  start w1\n  stop w1\n  write w1 rev \"a\" \"1\"\n}\n", 64,
                   "w1 has been stopped");
}

#define ALONE "topic rev partitions 1\nstore db sqlite\nwriter w1 to rev\n" \
              "client c1 from rev groupless into db"

static void a_client_without_a_group_is_drained_when_it_has_said_so(void) {
    t_expect_trial("scenario \"x\"\n" ALONE "\n"
                   "run {\n  start w1\n  load w1 rev 50 records over 8 keys\n  await flushed w1\n"
                   "  start c1\n  await drained c1\n  kill c1\n  await exited c1\n  start c1\n"
                   "  await drained c1\n}\n"
                   "check {\n  guarantee convergence of c1 is pass\n  store db matches rev\n}\n",
                   0, "1 passed");
    /* All is fetched; the effect of the only record has to wait. The budget is for all that comes
     * before, on a busy machine. */
    t_expect_trial("scenario \"x\"\nbudget 5s\n" ALONE "\n"
                   "fault late at effect from c1 : hold until end rev/0 >= 2 optional\n"
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n  start c1\n"
                   "  await position c1 rev/0 >= 1\n  await drained c1\n}\n"
                   "check {\n  guarantee at-least-once of w1 is pass\n}\n",
                   2, "at-least-once of c1 is unknown because budget");
}

static void a_client_without_a_group_owes_nothing_that_it_was_not_served(void) {
    t_expect_trial("scenario \"x\"\n" ALONE " { journal.start = latest }\n"
                   "run {\n  start w1\n  write w1 rev \"a\" \"1\"\n  await flushed w1\n  start c1\n"
                   "  await drained c1\n  write w1 rev \"b\" \"2\"\n  await flushed w1\n"
                   "  await drained c1\n}\n"
                   "check {\n  store db has \"b\" = \"2\"\n  store db count = 1\n}\n",
                   0, "1 passed");
}

/* It comes, asks for the brokers and goes, again and again: that is no progress. (That it came at
 * all, which makes it ready, has to be within the budget.) */
static void a_client_that_keeps_connecting_does_not_restart_the_budget(void) {
    t_expect_trial("scenario \"x\"\nbudget 5s\ntopic rev\n"
                   "client c1 from rev groupless exec \"while :; do kcat -L -b \\$KTRIAL_BOOTSTRAP "
                   ">/dev/null; done\"\n"
                   "run {\n  start c1\n  await position c1 rev/0 >= 1\n}\n"
                   "check {\n  log rev/0 is {\n  }\n}\n",
                   2, "await position c1 rev/0 >= 1: the position is -1");
}

static void a_writer_may_leave_the_intent_header_out(void) {
    t_expect_trial("scenario \"x\"\ntopic rev\nwriter w1 to rev { intent.header = false }\n"
                   "run {\n  start w1\n  load w1 rev 50 records over 5 keys seed 7\n"
                   "  await flushed w1\n}\n"
                   "check {\n  guarantee at-least-once of w1 is pass\n"
                   "  guarantee latest-value of w1 is pass\n}\n",
                   0, "1 passed");
}

static void many_objects_arrive_within_bounds(void) {
    t_expect_trial("scenario \"x\"\nbudget 60s\n"
                   "journal swh prefix \"p\" {\n  types content directory revision release\n}\n"
                   "store db sqlite\nwriter w1 to swh\nclient c1 from swh group g into db\n"
                   "run {\n  start w1\n  load w1 swh 3000 objects\n  await flushed w1\n  start c1\n"
                   "  await drained c1\n}\n"
                   "check {\n  store db matches swh\n  guarantee at-least-once of c1 is pass\n}\n",
                   0, "1 passed");
}

static void a_git_repository_that_is_not_there_is_a_mistake_of_the_scenario(void) {
    t_expect_trial("scenario \"x\"\njournal swh prefix \"p\" {\n  types content\n}\nwriter w1 to "
                   "swh\n"
                   "run {\n  start w1\n  load w1 swh git \"/nowhere/at/all\"\n}\n",
                   64, "load");
}

CU_SuiteInfo *suite_run_steps(void) {
    static CU_TestInfo tests[] = {
        {"every_condition_holds_when_it_is_so", every_condition_holds_when_it_is_so},
        {"an_await_that_cannot_hold_ends_with_what_it_waited_for",
         an_await_that_cannot_hold_ends_with_what_it_waited_for},
        {"steps_in_parallel_do_not_wait_for_each_other",
         steps_in_parallel_do_not_wait_for_each_other},
        {"a_paused_client_takes_nothing_until_it_is_resumed",
         a_paused_client_takes_nothing_until_it_is_resumed},
        {"a_killed_writers_open_intents_are_unknown", a_killed_writers_open_intents_are_unknown},
        {"a_restarted_client_goes_on_where_it_had_committed",
         a_restarted_client_goes_on_where_it_had_committed},
        {"the_cluster_is_moved_stopped_and_started", the_cluster_is_moved_stopped_and_started},
        {"a_tombstone_takes_the_row_away", a_tombstone_takes_the_row_away},
        {"a_fault_that_never_fires_is_a_mistake_of_the_scenario",
         a_fault_that_never_fires_is_a_mistake_of_the_scenario},
        {"writing_to_one_that_was_stopped_is_a_mistake_of_the_scenario",
         writing_to_one_that_was_stopped_is_a_mistake_of_the_scenario},
        {"a_client_without_a_group_is_drained_when_it_has_said_so",
         a_client_without_a_group_is_drained_when_it_has_said_so},
        {"a_client_without_a_group_owes_nothing_that_it_was_not_served",
         a_client_without_a_group_owes_nothing_that_it_was_not_served},
        {"a_client_that_keeps_connecting_does_not_restart_the_budget",
         a_client_that_keeps_connecting_does_not_restart_the_budget},
        {"a_writer_may_leave_the_intent_header_out", a_writer_may_leave_the_intent_header_out},
        {"many_objects_arrive_within_bounds", many_objects_arrive_within_bounds},
        {"a_git_repository_that_is_not_there_is_a_mistake_of_the_scenario",
         a_git_repository_that_is_not_there_is_a_mistake_of_the_scenario},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run steps", NULL, NULL, t_folder_make, t_folder_remove, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
