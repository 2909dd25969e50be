/* Faults of the language become the broker's. */
#include <string.h>

#include "base/memory.h"
#include "harness/lang/lang.h"
#include "harness/run/plan.h"
#include "mock/wire/error_names.h"
#include "suites.h"
#include "t_run.h"

#define DECLARATIONS \
    "scenario \"plans\"\n" \
    "journal swh prefix \"p\" {\n  types content revision\n  anonymize\n}\n" \
    "topic rev named \"real.rev\" partitions 2\n" \
    "writer w1 to rev, swh\nclient c1 from rev, swh group g\n"

static struct trial_scenario *scenario;
static struct base_arena arena;

static void set_up(void) {
    scenario = NULL;
    base_arena_init(&arena, 1u << 20);
}

static void tear_down(void) {
    if (scenario) {
        trial_scenario_free(scenario);
    }
    base_arena_clean_up(&arena);
}

static int plan(const char *fault, struct mock_fault_spec *spec, struct base_error *err) {
    char text[2048];
    (void)snprintf(text, sizeof(text), DECLARATIONS "fault f at %s\nrun {\n  start w1\n}\n", fault);
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    tear_down(); /* of the one before, where a test plans several */
    set_up();
    int result = trial_parse("test.scn", base_slice_str(text), &scenario, &d);
    t_check(result == 0, __LINE__, __FILE__, "%s: %s", fault, d.count ? d.items[0].text : "");
    trial_diagnostics_clean_up(&d);
    return result == 0
               ? trial_plan_fault(scenario, trial_find_fault(scenario, "f"), &arena, spec, err)
               : result;
}

static void a_trigger_keeps_all_that_it_says(void) {
    struct mock_fault_spec spec;
    if (!T_EQUAL_INT(plan("produce from w1 on rev/1 key \"k\" value \"\" attempt 2 nth 3 : "
                          "drop-response then reset times 4",
                          &spec, NULL),
                     0)) {
        return;
    }
    T_EQUAL_INT(spec.trigger.kind, MOCK_ON_PRODUCE);
    T_EQUAL_STR(spec.trigger.actor, "w1");
    T_EQUAL_INT(spec.trigger.topic_count, 1);
    T_EQUAL_STR(spec.trigger.topics[0], "real.rev");
    T_EQUAL_INT(spec.trigger.partition, 1);
    T_TRUE(base_slice_equal_str(spec.trigger.key, "k"));
    T_TRUE(base_slice_equal_str(spec.trigger.value, ""));
    T_EQUAL_INT(spec.trigger.attempt, 2);
    T_EQUAL_INT(spec.trigger.nth, 3);
    T_EQUAL_INT(spec.times, 4);
    T_EQUAL_INT(spec.action_count, 2);
    T_EQUAL_INT(spec.actions[0].kind, MOCK_DO_DROP_RESPONSE);
    T_EQUAL_INT(spec.actions[1].kind, MOCK_DO_RESET);
}

static void what_is_not_said_is_anything(void) {
    struct mock_fault_spec spec;
    if (!T_EQUAL_INT(plan("metadata : reset", &spec, NULL), 0)) {
        return;
    }
    T_TRUE(!spec.trigger.actor && spec.trigger.topic_count == 0);
    T_TRUE(base_slice_is_null(spec.trigger.key) && base_slice_is_null(spec.trigger.value));
    T_EQUAL_INT(spec.trigger.partition, -1);
    T_EQUAL_INT(spec.trigger.offset, -1);
    T_EQUAL_INT(spec.times, 1);
}

static void an_effect_is_the_point_before_it(void) {
    struct mock_fault_spec spec;
    if (!T_EQUAL_INT(plan("effect from c1 on swh.revision : fail-effect constraint always", &spec,
                          NULL),
                     0)) {
        return;
    }
    T_EQUAL_INT(spec.trigger.kind, MOCK_ON_POINT);
    T_EQUAL_STR(spec.trigger.point, "before-effect");
    T_EQUAL_INT(spec.trigger.topic_count, 2);
    T_EQUAL_STR(spec.trigger.topics[0], "p.revision");
    T_EQUAL_STR(spec.trigger.topics[1], "p_privileged.revision");
    T_EQUAL_INT(spec.times, MOCK_TIMES_ALWAYS);
    T_EQUAL_STR(spec.actions[0].name, "constraint");
}

static void errors_durations_and_groups_become_numbers_and_names(void) {
    struct mock_fault_spec spec;
    if (!T_EQUAL_INT(plan("produce : error NOT_ENOUGH_REPLICAS then advance 2h then coordinator c1 "
                          "to 2 then delay 5ms",
                          &spec, NULL),
                     0)) {
        return;
    }
    T_EQUAL_INT(spec.actions[0].error, MOCK_ERROR_NOT_ENOUGH_REPLICAS);
    T_EQUAL_INT(spec.actions[1].number, 7200000);
    T_EQUAL_STR(spec.actions[2].name, "g");
    T_EQUAL_INT(spec.actions[2].number, 2);
    T_EQUAL_INT(spec.actions[3].number, 5);
}

static void a_hold_keeps_its_condition(void) {
    struct mock_fault_spec spec;
    if (!T_EQUAL_INT(plan("produce : hold until inflight w1 >= 5 then error NOT_ENOUGH_REPLICAS",
                          &spec, NULL),
                     0)) {
        return;
    }
    const struct trial_cond *cond = spec.actions[0].until;
    T_TRUE(cond && cond->count == 1 && cond->terms[0].kind == TRIAL_TERM_INFLIGHT);
}

static void what_is_no_error_is_refused_by_name(void) {
    struct mock_fault_spec spec;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(plan("end-txn : error NOT_THERE", &spec, &err), BASE_NOT_FOUND);
    T_TRUE(strstr(err.text, "fault f") && strstr(err.text, "NOT_THERE"));
}

static void events_of_transactions_are_the_brokers(void) {
    static const struct {
        const char *text;
        enum mock_trigger_kind kind;
    } cases[] = {
        {"end-txn : reset", MOCK_ON_END_TXN},
        {"add-partitions : reset", MOCK_ON_ADD_PARTITIONS},
        {"add-offsets : reset", MOCK_ON_ADD_OFFSETS},
        {"authenticate : reset", MOCK_ON_AUTHENTICATE},
        {"admin : reset", MOCK_ON_ADMIN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct mock_fault_spec spec;
        if (T_EQUAL_INT(plan(cases[i].text, &spec, NULL), 0)) {
            T_EQUAL_INT(spec.trigger.kind, cases[i].kind);
        }
    }
}

static void a_pass_is_a_trigger_and_an_action(void) {
    struct mock_fault_spec spec;
    if (T_EQUAL_INT(plan("clean on rev/1 offset 7 : compact rev then compact rev/0", &spec, NULL),
                    0)) {
        T_EQUAL_INT(spec.trigger.kind, MOCK_ON_CLEAN);
        T_EQUAL_INT(spec.trigger.partition, 1);
        T_EQUAL_INT(spec.trigger.offset, 7);
        T_EQUAL_INT(spec.actions[0].kind, MOCK_DO_COMPACT);
        T_EQUAL_INT(spec.actions[0].partition, -1);
        T_EQUAL_INT(spec.actions[1].partition, 0);
    }
}

/* The host does them itself, when the broker asks. */
static void what_the_host_does_is_a_step(void) {
    struct mock_fault_spec spec;
    if (!T_EQUAL_INT(plan("produce : delete-topic swh then delete-records rev/1 before 3 then "
                          "expire \"t\" then roll rev",
                          &spec, NULL),
                     0)) {
        return;
    }
    const struct trial_step *steps[4];
    for (size_t i = 0; i < 4; i++) {
        T_EQUAL_INT(spec.actions[i].kind, MOCK_DO_STEP);
        steps[i] = spec.actions[i].until;
    }
    T_EQUAL_INT(steps[0]->kind, TRIAL_STEP_DELETE_TOPIC);
    T_EQUAL_STR(steps[0]->part.name.text, "swh");
    T_EQUAL_INT(steps[1]->kind, TRIAL_STEP_DELETE_RECORDS);
    T_EQUAL_INT(steps[1]->part.partition.number, 1);
    T_EQUAL_INT(steps[1]->number.number, 3);
    T_EQUAL_STR(steps[2]->actor.text, "t");
    T_EQUAL_INT(steps[3]->kind, TRIAL_STEP_ROLL);
}

static void a_leader_moves_in_one_topic_only(void) {
    struct mock_fault_spec spec;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(plan("produce : leader swh/0 to 2", &spec, &err), BASE_USAGE);
    T_TRUE(strstr(err.text, "stands for 3 topics") != NULL);
}

CU_SuiteInfo *suite_run_plan(void) {
    static CU_TestInfo tests[] = {
        {"a_trigger_keeps_all_that_it_says", a_trigger_keeps_all_that_it_says},
        {"what_is_not_said_is_anything", what_is_not_said_is_anything},
        {"an_effect_is_the_point_before_it", an_effect_is_the_point_before_it},
        {"errors_durations_and_groups_become_numbers_and_names",
         errors_durations_and_groups_become_numbers_and_names},
        {"a_hold_keeps_its_condition", a_hold_keeps_its_condition},
        {"a_pass_is_a_trigger_and_an_action", a_pass_is_a_trigger_and_an_action},
        {"what_is_no_error_is_refused_by_name", what_is_no_error_is_refused_by_name},
        {"events_of_transactions_are_the_brokers", events_of_transactions_are_the_brokers},
        {"what_the_host_does_is_a_step", what_the_host_does_is_a_step},
        {"a_leader_moves_in_one_topic_only", a_leader_moves_in_one_topic_only},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"run plan", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
