/* Tests of the writer's transactions: outcomes are told at the end, and say what is known. */
#include <stdio.h>

#include "base/memory.h"
#include "broker.h"
#include "suites.h"
#include "t_run.h"
#include "writer/intent.h"

struct heard {
    struct journal_outcome outcomes[16];
    size_t count;
};

static void hear(void *arg, const struct journal_outcome *outcome) {
    struct heard *heard = arg;
    if (T_TRUE(heard->count < 16)) {
        heard->outcomes[heard->count++] = *outcome;
    }
}

static struct journal_writer *writer_of(const struct broker *broker, struct heard *heard) {
    static const struct journal_pair pairs[] = {{"transactional.id", "t"}};
    struct journal_writer_options options = {.brokers = broker->address,
                                             .client_id = "w",
                                             .settings = {pairs, 1},
                                             .outcome = hear,
                                             .outcome_arg = heard};
    struct journal_writer *writer = NULL;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_STR(journal_writer_new(&options, &writer, &err) ? err.text : "", "");
    return writer;
}

static void put(struct journal_writer *writer, uint64_t id) {
    struct journal_record record = {
        .topic = "rev", .partition = 0, .key = base_slice_str("k"), .value = base_slice_str("v")};
    T_EQUAL_INT(journal_writer_write(writer, id, &record, NULL), 0);
}

static void outcomes_are(const struct heard *heard, size_t from, size_t count,
                         enum journal_status status, const char *error) {
    if (T_EQUAL_INT(heard->count, from + count)) {
        for (size_t i = from; i < heard->count; i++) {
            T_EQUAL_INT(heard->outcomes[i].status, status);
            T_EQUAL_STR(heard->outcomes[i].error, error);
        }
    }
}

static void outcomes_come_with_the_end_of_the_transaction(void) {
    struct broker broker;
    struct heard heard = {.count = 0};
    broker_start(&broker);
    struct journal_writer *writer = writer_of(&broker, &heard);
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(journal_writer_begin(writer, NULL), 0);
    T_TRUE(journal_writer_in_transaction(writer));
    put(writer, 1);
    put(writer, 2);
    journal_writer_push(writer, 5000); /* delivered, and still nothing is known */
    T_EQUAL_INT(journal_writer_poll(writer, 0), 0);
    T_EQUAL_INT(journal_writer_flush(writer, &err), BASE_STATE);
    T_EQUAL_INT(heard.count, 0);
    T_EQUAL_INT(journal_writer_commit(writer, NULL), 0);
    outcomes_are(&heard, 0, 2, JOURNAL_OK, NULL);
    T_EQUAL_INT(journal_writer_begin(writer, NULL), 0);
    put(writer, 3);
    journal_writer_push(writer, 5000);
    put(writer, 4);
    T_EQUAL_INT(journal_writer_abort(writer, NULL), 0);
    outcomes_are(&heard, 2, 2, JOURNAL_FAILED, "aborted");
    T_TRUE(!journal_writer_in_transaction(writer));
    journal_writer_free(writer);
    broker_stop(&broker);
}

static void calls_out_of_turn_are_refused(void) {
    struct broker broker;
    struct heard heard = {.count = 0};
    broker_start(&broker);
    struct journal_writer *writer = writer_of(&broker, &heard);
    T_EQUAL_INT(journal_writer_commit(writer, NULL), BASE_STATE);
    T_EQUAL_INT(journal_writer_abort(writer, NULL), BASE_STATE);
    put(writer, 1); /* of no transaction: never sent */
    (void)journal_writer_poll(writer, 0);
    outcomes_are(&heard, 0, 1, JOURNAL_FAILED, "_STATE");
    T_EQUAL_INT(journal_writer_begin(writer, NULL), 0);
    T_EQUAL_INT(journal_writer_begin(writer, NULL), BASE_STATE);
    T_EQUAL_INT(journal_writer_commit(writer, NULL), 0);
    journal_writer_free(writer);
    broker_stop(&broker);
}

/* -- what an end means for each record -- */

static struct journal_part *part_of(struct journal_intents *intents, uint64_t id) {
    return &journal_intent_new(intents, id, 1)->parts[0];
}

static void an_aborted_record_failed_whatever_was_acknowledged(void) {
    int64_t live = base_memory_live_count();
    struct heard heard = {.count = 0};
    struct journal_intents intents = {.is_held = true};
    struct journal_part *late = part_of(&intents, 1);
    journal_part_settle(&intents, part_of(&intents, 2), JOURNAL_FATE_PERSISTED, NULL);
    journal_part_settle(&intents, part_of(&intents, 3), JOURNAL_FATE_POSSIBLY_PERSISTED, "_X");
    journal_part_settle(&intents, part_of(&intents, 4), JOURNAL_FATE_NOT_PERSISTED,
                        "_MSG_TIMED_OUT");
    T_EQUAL_INT(journal_intents_tell(&intents, hear, &heard), 0);
    T_EQUAL_INT(journal_intents_end(&intents, JOURNAL_ENDING_ABORTED, NULL, hear, &heard), 4);
    for (size_t i = 0; i < 4; i++) {
        T_EQUAL_INT(heard.outcomes[i].status, JOURNAL_FAILED);
        T_EQUAL_STR(heard.outcomes[i].error, i == 3 ? "_MSG_TIMED_OUT" : "aborted");
    }
    journal_part_settle(&intents, late, JOURNAL_FATE_PERSISTED, NULL);
    T_EQUAL_INT(journal_intents_tell(&intents, hear, &heard), 0);
    T_EQUAL_INT(base_memory_live_count(), live);
}

static void of_a_commit_without_an_answer_nobody_knows(void) {
    struct heard heard = {.count = 0};
    struct journal_intents intents = {.is_held = true};
    journal_part_settle(&intents, part_of(&intents, 1), JOURNAL_FATE_PERSISTED, NULL);
    journal_part_settle(&intents, part_of(&intents, 2), JOURNAL_FATE_NOT_PERSISTED, "_X");
    T_EQUAL_INT(journal_intents_end(&intents, JOURNAL_ENDING_UNKNOWN, "_TIMED_OUT", hear, &heard),
                2);
    T_EQUAL_INT(heard.outcomes[0].status, JOURNAL_UNKNOWN);
    T_EQUAL_STR(heard.outcomes[0].error, "_TIMED_OUT");
    T_EQUAL_INT(heard.outcomes[1].status, JOURNAL_FAILED);
    T_EQUAL_STR(heard.outcomes[1].error, "_X");
}

CU_SuiteInfo *suite_journal_transaction(void) {
    static CU_TestInfo tests[] = {
        {"outcomes_come_with_the_end_of_the_transaction",
         outcomes_come_with_the_end_of_the_transaction},
        {"calls_out_of_turn_are_refused", calls_out_of_turn_are_refused},
        {"an_aborted_record_failed_whatever_was_acknowledged",
         an_aborted_record_failed_whatever_was_acknowledged},
        {"of_a_commit_without_an_answer_nobody_knows", of_a_commit_without_an_answer_nobody_knows},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal transactions", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
