/* Actors that are not ours: whatever they say or do not say, ktrial goes on and judges. */
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "suites.h"
#include "t_run.h"

#define HEAD "scenario \"an actor\"\nbudget 20s\ntopic rev\n"
/* A writer in four lines of shell: %s is what it does with a write. */
#define SHELL_WRITER(on_write) \
    "writer w1 to rev exec \"printf '{\\\"event\\\":\\\"ready\\\",\\\"points\\\":[]}\\\\n'; " \
    "while read -r line; do case \\$line in " \
    "*stop*) exit 0;; *flush*) printf '{\\\"event\\\":\\\"flushed\\\"}\\\\n';; " \
    "*write*) " on_write ";; esac; done\"\n"
#define SAY(json) "printf '" json "\\\\n'"

static void lines_that_are_no_events_are_ignored(void) {
    t_expect_trial(HEAD
                   "writer w1 to rev exec \"echo garbage; echo '{'; echo '[1,2]'; echo; echo "
                   "'{\\\"event\\\":7}'; echo '{\\\"event\\\":\\\"outcome\\\"}'; head -c 3000 "
                   "/dev/urandom; echo; echo '{\\\"event\\\":\\\"ready\\\",\\\"points\\\":[]}'; "
                   "cat "
                   "> /dev/null\"\n"
                   "run {\n  start w1\n  stop w1\n}\ncheck {\n  exit w1 is 0\n}\n",
                   0, "1 passed");
}

static void a_huge_line_is_survived(void) {
    t_expect_trial(HEAD
                   "writer w1 to rev exec \"head -c 9000000 /dev/zero | tr '\\\\0' x; echo; echo "
                   "'{\\\"event\\\":\\\"ready\\\"}'; cat > /dev/null\"\n"
                   "run {\n  start w1\n}\n",
                   0, "1 passed");
}

static void one_that_exits_before_it_is_ready_breaks_the_trial(void) {
    t_expect_trial(HEAD "writer w1 to rev exec \"echo why >&2; exit 3\"\nrun {\n  start w1\n}\n",
        99,
                   "w1 exited with status 3 before it was ready: why");
}

static void one_that_is_never_ready_breaks_the_trial(void) {
    t_expect_trial("scenario \"x\"\nbudget 200ms\ntopic rev\nwriter w1 to rev exec \"cat\"\nrun {\n"
                   "  start w1\n}\n",
                   99, "w1 was not ready within 200 ms");
}

static void a_command_that_is_not_there_breaks_the_trial(void) {
    t_expect_trial(HEAD "writer w1 to rev exec \"no-such-program-here\"\nrun {\n  start w1\n}\n",
        99,
                   "status 127");
}

static void a_point_that_it_does_not_offer_skips_the_trial(void) {
    t_expect_trial(HEAD
                   "store db memory\n"
                   "client c1 from rev group g into db exec \"echo '{\\\"event\\\":\\\"ready\\\","
                   "\\\"points\\\":[\\\"other\\\"]}'; cat > /dev/null\"\n"
                   "fault f at effect from c1 : fail-effect constraint\nrun {\n  start c1\n}\n",
                   77, "does not offer the point 'before-effect'");
}

static void a_write_that_it_claims_and_never_made_convicts_it(void) {
    t_expect_trial(HEAD SHELL_WRITER(SAY("{\\\"event\\\":\\\"outcome\\\",\\\"id\\\":1,"
                                         "\\\"status\\\":\\\"ok\\\",\\\"topic\\\":\\\"rev\\\","
                                         "\\\"partition\\\":0,\\\"offset\\\":0}"))
                   "run {\n  start w1\n  write w1 rev \"k\" \"v\"\n  await flushed w1\n}\n"
                   "check {\n  guarantee at-least-once of w1 is fail because acked-not-appended\n"
                   "}\n",
                   0, "1 passed");
}

static void an_intent_that_a_flush_forgets_convicts_it(void) {
    t_expect_trial(HEAD SHELL_WRITER(":")
                   "run {\n  start w1\n  write w1 rev \"k\" \"v\"\n  await flushed w1\n}\n"
                   "check {\n  guarantee at-least-once of w1 is fail because unreported-intent\n"
                   "}\n",
                   0, "1 passed");
}

static void an_outcome_of_an_intent_that_it_has_not_is_noted(void) {
    const char *verbose[] = {"-v", NULL};
    int status = t_trial(
        HEAD SHELL_WRITER(SAY("{\\\"event\\\":\\\"outcome\\\",\\\"id\\\":77,\\\"status\\\":"
                              "\\\"ok\\\"}"))
        "run {\n  start w1\n  write w1 rev \"k\" \"v\"\n  await flushed w1\n}\n"
        "check {\n  guarantee at-least-once of w1 is fail because unreported-intent\n}\n",
        verbose);
    T_EQUAL_INT(status, 0);
    T_TRUE(strstr(t_output, "intent 77, which it did not have") != NULL);
}

/* The budget bounds the way to readiness, too, which takes a busy machine a while; only what takes
 * for ever is to meet its end. */
static void one_that_does_not_stop_is_killed(void) {
    t_expect_trial("scenario \"x\"\nbudget 5s\ntopic rev\n"
                   "writer w1 to rev exec \"trap '' TERM; echo '{\\\"event\\\":\\\"ready\\\"}'; "
                   "while "
                   ":; do read line; tail -f /dev/null; done\"\n"
                   "run {\n  start w1\n  stop w1\n}\ncheck {\n  exit w1 is signal SIGKILL\n}\n",
                   0, "1 passed");
}

static void one_that_never_speaks_is_ready_when_it_connects(void) {
    t_expect_trial(HEAD
                   "writer w1 to rev exec \"echo k:v | kcat -P -b \\$KTRIAL_BOOTSTRAP -t rev -K: "
                   "-X "
                   "socket.nagle.disable=true\"\n"
                   "run {\n  start w1\n  await end rev/0 >= 1 and exited w1\n}\n"
                   "check {\n  log rev/0 is {\n    0: \"k\" = \"v\"\n  }\n  exit w1 is 0\n}\n",
                   0, "1 passed");
}

static void the_environment_and_the_folder_are_those_of_the_scenario(void) {
    t_expect_trial(HEAD
                   "writer w1 to rev exec \"test -f trial.scn && test -f \\$KTRIAL_CONFIG && test "
                   "\\\"\\$WORD\\\" = 'a b' && echo '{\\\"event\\\":\\\"ready\\\"}' && cat > "
                   "/dev/null\" {\n  env WORD = \"a b\"\n}\n"
                   "run {\n  start w1\n}\n",
                   0, "1 passed");
}

/* It knows nothing of ktrial: no JSON, no points, no help with its own crash. */
#define KCAT_CLIENT \
    "client c1 from rev group g exec \"exec kcat -b \\$KTRIAL_BOOTSTRAP -G g -u -X " \
    "auto.commit.interval.ms=20 -X auto.offset.reset=earliest -X heartbeat.interval.ms=100 rev\"\n"

/* kcat commits every five seconds, whatever it is told. */
static void a_foreign_client_is_crashed_at_its_commit_without_its_help(void) {
    t_expect_trial("scenario \"x\"\ntopic rev\nwriter w1 to rev\n" KCAT_CLIENT
                   "fault boom at commit from c1 nth 1 : drop-request then crash c1\n"
                   "run {\n  start w1\n  load w1 rev 5 records\n  await flushed w1\n  start c1\n"
                   "  await fired boom and exited c1 and committed g rev/0 < 0\n"
                   "  restart c1\n  await committed g rev/0 = 5\n}\n"
                   "check {\n  fired boom = 1\n  committed g rev/0 = 5\n"
                   "  anomaly redelivery count >= 5\n"
                   "  guarantee at-least-once of c1 is unknown\n"
                   "  guarantee commit-after-effect of c1 is unknown\n}\n",
                   0, "1 passed");
}

CU_SuiteInfo *suite_run_actor(void) {
    static CU_TestInfo tests[] = {
        {"lines_that_are_no_events_are_ignored", lines_that_are_no_events_are_ignored},
        {"a_huge_line_is_survived", a_huge_line_is_survived},
        {"one_that_exits_before_it_is_ready_breaks_the_trial",
         one_that_exits_before_it_is_ready_breaks_the_trial},
        {"one_that_is_never_ready_breaks_the_trial", one_that_is_never_ready_breaks_the_trial},
        {"a_command_that_is_not_there_breaks_the_trial",
         a_command_that_is_not_there_breaks_the_trial},
        {"a_point_that_it_does_not_offer_skips_the_trial",
         a_point_that_it_does_not_offer_skips_the_trial},
        {"a_write_that_it_claims_and_never_made_convicts_it",
         a_write_that_it_claims_and_never_made_convicts_it},
        {"an_intent_that_a_flush_forgets_convicts_it",
         an_intent_that_a_flush_forgets_convicts_it},
        {"an_outcome_of_an_intent_that_it_has_not_is_noted",
         an_outcome_of_an_intent_that_it_has_not_is_noted},
        {"one_that_does_not_stop_is_killed", one_that_does_not_stop_is_killed},
        {"one_that_never_speaks_is_ready_when_it_connects",
         one_that_never_speaks_is_ready_when_it_connects},
        {"the_environment_and_the_folder_are_those_of_the_scenario",
         the_environment_and_the_folder_are_those_of_the_scenario},
        {"a_foreign_client_is_crashed_at_its_commit_without_its_help",
         a_foreign_client_is_crashed_at_its_commit_without_its_help},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run actor", NULL, NULL, t_folder_make, t_folder_remove, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
