/* Tests of intents: from the fates of records to the outcome that is told. */
#include "writer/intent.h"

#include "base/memory.h"
#include "suites.h"
#include "t_run.h"

struct heard {
    struct journal_outcome outcomes[8];
    size_t count;
};

static void hear(void *arg, const struct journal_outcome *outcome) {
    struct heard *heard = arg;
    if (heard->count < 8) {
        heard->outcomes[heard->count++] = *outcome;
    }
}

#define P JOURNAL_FATE_PERSISTED
#define N JOURNAL_FATE_NOT_PERSISTED
#define M JOURNAL_FATE_POSSIBLY_PERSISTED

static void a_pair_is_ok_only_when_both_are_and_failed_only_when_neither_can_be(void) {
    static const struct {
        enum journal_fate privileged, public;
        enum journal_status status;
    } cases[] = {
        {P, P, JOURNAL_OK},      {N, N, JOURNAL_FAILED},  {P, N, JOURNAL_UNKNOWN},
        {N, P, JOURNAL_UNKNOWN}, {M, P, JOURNAL_UNKNOWN}, {P, M, JOURNAL_UNKNOWN},
        {M, N, JOURNAL_UNKNOWN}, {N, M, JOURNAL_UNKNOWN}, {M, M, JOURNAL_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct journal_intents intents = {.first = NULL};
        struct heard heard = {.count = 0};
        struct journal_intent *intent = journal_intent_new(&intents, 7, 2);
        journal_part_settle(&intents, &intent->parts[1], cases[i].public, "_E");
        T_EQUAL_INT(journal_intents_tell(&intents, hear, &heard), 0);
        journal_part_settle(&intents, &intent->parts[0], cases[i].privileged, "_E");
        T_EQUAL_INT(heard.count, 0); /* never from within */
        T_EQUAL_INT(journal_intents_tell(&intents, hear, &heard), 1);
        T_EQUAL_INT(heard.outcomes[0].id, 7);
        T_EQUAL_INT(heard.outcomes[0].status, cases[i].status);
        T_TRUE((heard.outcomes[0].error == NULL) == (cases[i].status == JOURNAL_OK));
        T_TRUE(journal_intents_are_told(&intents, 1));
    }
}

static void two_writes_of_one_key_have_an_outcome_each(void) {
    struct journal_intents intents = {.first = NULL};
    struct heard heard = {.count = 0};
    struct journal_intent *first = journal_intent_new(&intents, 1, 1);
    struct journal_intent *second = journal_intent_new(&intents, 2, 1);
    journal_part_settle(&intents, &second->parts[0], N, "_MSG_TIMED_OUT");
    (void)journal_intents_tell(&intents, hear, &heard);
    T_TRUE(!journal_intents_are_told(&intents, 2));
    T_TRUE(!journal_intents_are_told(&intents, 1));
    journal_part_settle(&intents, &first->parts[0], P, NULL);
    (void)journal_intents_tell(&intents, hear, &heard);
    T_EQUAL_INT(heard.count, 2);
    T_EQUAL_INT(heard.outcomes[0].id, 2);
    T_EQUAL_STR(heard.outcomes[0].error, "_MSG_TIMED_OUT");
    T_EQUAL_INT(heard.outcomes[1].status, JOURNAL_OK);
    T_EQUAL_INT(intents.bad_count, 1);
}

static void what_is_given_up_is_unknown_once_and_its_late_report_is_nobodys(void) {
    int64_t live = base_memory_live_count();
    struct journal_intents intents = {.first = NULL};
    struct heard heard = {.count = 0};
    struct journal_intent *old = journal_intent_new(&intents, 1, 2);
    struct journal_intent *later = journal_intent_new(&intents, 2, 1);
    journal_part_settle(&intents, &old->parts[0], P, NULL);
    T_EQUAL_INT(journal_intents_give_up(&intents, 1, "FLUSH_TIMEOUT", hear, &heard), 1);
    T_EQUAL_INT(heard.outcomes[0].status, JOURNAL_UNKNOWN);
    T_EQUAL_STR(heard.outcomes[0].error, "FLUSH_TIMEOUT");
    T_TRUE(journal_intents_are_told(&intents, 1));
    journal_part_settle(&intents, &old->parts[1], N, "_MSG_TIMED_OUT");
    T_EQUAL_INT(journal_intents_tell(&intents, hear, &heard), 0);
    journal_part_settle(&intents, &later->parts[0], P, NULL);
    T_EQUAL_INT(journal_intents_tell(&intents, hear, &heard), 1);
    T_EQUAL_INT(heard.outcomes[1].id, 2);
    T_EQUAL_INT(base_memory_live_count(), live);
}

CU_SuiteInfo *suite_journal_intent(void) {
    static CU_TestInfo tests[] = {
        {"a_pair_is_ok_only_when_both_are_and_failed_only_when_neither_can_be",
         a_pair_is_ok_only_when_both_are_and_failed_only_when_neither_can_be},
        {"two_writes_of_one_key_have_an_outcome_each",
         two_writes_of_one_key_have_an_outcome_each},
        {"what_is_given_up_is_unknown_once_and_its_late_report_is_nobodys",
         what_is_given_up_is_unknown_once_and_its_late_report_is_nobodys},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal intents", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
