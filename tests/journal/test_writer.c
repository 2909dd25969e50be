/* Tests of the writer against librdkafka's own broker: one outcome for every intent. */
#include "writer/writer.h"

#include <stdio.h>

#include "base/memory.h"
#include "broker.h"
#include "samples.h"
#include "suites.h"
#include "t_run.h"

/* Nobody listens there. */
#define NOWHERE "127.0.0.1:1"

struct heard {
    struct journal_outcome outcomes[64];
    char topics[64][64];
    size_t count;
};

static void hear(void *arg, const struct journal_outcome *outcome) {
    struct heard *heard = arg;
    if (T_TRUE(heard->count < 64)) {
        heard->outcomes[heard->count] = *outcome;
        (void)snprintf(heard->topics[heard->count++], 64, "%s", outcome->topic);
    }
}

static struct journal_writer *writer_of(const char *brokers, struct journal_pair *pairs,
                                        size_t count, struct heard *heard) {
    struct journal_writer_options options = {
        .brokers = brokers, .client_id = "w", .settings = {pairs, count}, .outcome = hear,
        .outcome_arg = heard};
    struct journal_writer *writer = NULL;
    struct base_error err = BASE_ERROR_INIT;
    int code = journal_writer_new(&options, &writer, &err);
    T_EQUAL_STR(code ? err.text : "", "");
    return writer;
}

static void put(struct journal_writer *writer, uint64_t id, const char *key, const char *value) {
    struct journal_header header = {"h", BASE_SLICE_NULL};
    struct journal_record record = {.topic = "rev", .partition = 0, .key = base_slice_str(key),
                                    .value = base_slice_str(value), .headers = &header,
                                    .header_count = 1};
    T_EQUAL_INT(journal_writer_write(writer, id, &record, NULL), 0);
}

static void every_write_of_one_key_has_its_outcome_and_offset(void) {
    struct broker broker;
    struct heard heard = {.count = 0};
    broker_start(&broker);
    struct journal_writer *writer = writer_of(broker.address, NULL, 0, &heard);
    const char *topic = "rev";
    T_EQUAL_INT(journal_writer_prepare(writer, &topic, 1, NULL), 0);
    for (uint64_t i = 0; i < 10; i++) {
        put(writer, 100 + i, "k", i % 2 ? NULL : "v");
    }
    T_EQUAL_INT(journal_writer_flush(writer, NULL), 0);
    T_EQUAL_INT(heard.count, 10);
    for (size_t i = 0; i < heard.count; i++) {
        T_EQUAL_INT(heard.outcomes[i].id, 100 + i);
        T_EQUAL_INT(heard.outcomes[i].status, JOURNAL_OK);
        T_EQUAL_INT(heard.outcomes[i].offset, i);
        T_EQUAL_STR(heard.topics[i], "rev");
    }
    journal_writer_free(writer);
    broker_stop(&broker);
}

static void an_anonymized_object_is_one_intent_and_a_spoilt_one_fails_alone(void) {
    struct broker broker;
    struct heard heard = {.count = 0};
    broker_start(&broker);
    struct journal_writer *writer = writer_of(broker.address, NULL, 0, &heard);
    struct journal_route route = {"p", true};
    struct sample s = sample_of(JOURNAL_REVISION);
    struct base_slice good = base_builder_slice(&s.encoded);
    struct base_slice spoilt = base_slice_str("\x0a\xff");
    T_EQUAL_INT(journal_writer_write_object(writer, 1, &route, s.type, good, NULL, 0, NULL), 0);
    T_EQUAL_INT(journal_writer_write_object(writer, 2, &route, s.type, spoilt, NULL, 0, NULL), 0);
    T_EQUAL_INT(journal_writer_delete_object(writer, 3, &route, s.type,
                                             base_slice_of(s.id, sizeof(s.id)), NULL, 0, NULL), 0);
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(journal_writer_flush(writer, &err), BASE_IO);
    T_EQUAL_INT(heard.count, 3);
    for (size_t i = 0; i < heard.count; i++) {
        const struct journal_outcome *o = &heard.outcomes[i];
        T_EQUAL_INT(o->status, o->id == 2 ? JOURNAL_FAILED : JOURNAL_OK);
        T_EQUAL_STR(o->error, o->id == 2 ? "MALFORMED_OBJECT" : NULL);
        T_EQUAL_STR(heard.topics[i], "p.revision");
    }
    T_EQUAL_INT(journal_writer_flush(writer, &err), 0); /* the failure was told, and is over */
    base_builder_clean_up(&s.encoded);
    journal_writer_free(writer);
    broker_stop(&broker);
}

static void what_never_left_has_failed_when_it_times_out(void) {
    struct heard heard = {.count = 0};
    struct journal_pair pairs[] = {{"message.timeout.ms", "200"}};
    struct journal_writer *writer = writer_of(NOWHERE, pairs, 1, &heard);
    put(writer, 1, "k", "v");
    T_EQUAL_INT(journal_writer_flush(writer, NULL), BASE_IO);
    T_EQUAL_INT(heard.count, 1);
    T_EQUAL_INT(heard.outcomes[0].status, JOURNAL_FAILED);
    T_EQUAL_STR(heard.outcomes[0].error, "_MSG_TIMED_OUT");
    journal_writer_free(writer);
}

static void a_flush_that_takes_too_long_reports_every_open_intent_as_unknown(void) {
    struct heard heard = {.count = 0};
    struct journal_pair pairs[] = {{"journal.flush.timeout.ms", "50"}};
    struct journal_writer *writer = writer_of(NOWHERE, pairs, 1, &heard);
    put(writer, 1, "k", "v1");
    put(writer, 2, "k", "v2");
    T_EQUAL_INT(journal_writer_flush(writer, NULL), BASE_IO);
    T_EQUAL_INT(heard.count, 2);
    for (size_t i = 0; i < heard.count; i++) {
        T_EQUAL_INT(heard.outcomes[i].status, JOURNAL_UNKNOWN);
        T_EQUAL_STR(heard.outcomes[i].error, "FLUSH_TIMEOUT");
    }
    T_TRUE(journal_writer_is_told(writer, journal_writer_count(writer)));
    journal_writer_free(writer);
}

static void without_acknowledgement_nobody_knows(void) {
    struct broker broker;
    struct heard heard = {.count = 0};
    struct journal_pair pairs[] = {{"acks", "0"}};
    broker_start(&broker);
    struct journal_writer *writer = writer_of(broker.address, pairs, 1, &heard);
    put(writer, 1, "k", "v");
    T_EQUAL_INT(journal_writer_flush(writer, NULL), BASE_IO);
    T_EQUAL_INT(heard.count, 1);
    T_EQUAL_INT(heard.outcomes[0].status, JOURNAL_UNKNOWN);
    journal_writer_free(writer);
    broker_stop(&broker);
}

static void a_full_queue_waits_for_delivery_reports(void) {
    struct broker broker;
    struct heard heard = {.count = 0};
    struct journal_pair pairs[] = {{"queue.buffering.max.messages", "2"}, {"linger.ms", "0"}};
    broker_start(&broker);
    struct journal_writer *writer = writer_of(broker.address, pairs, 2, &heard);
    for (uint64_t i = 0; i < 40; i++) {
        put(writer, i, "k", "v");
    }
    T_EQUAL_INT(journal_writer_flush(writer, NULL), 0);
    T_EQUAL_INT(heard.count, 40);
    journal_writer_free(writer);
    broker_stop(&broker);
}

static void open_intents_are_freed_with_the_writer(void) {
    struct heard heard = {.count = 0};
    int64_t live = base_memory_live_count();
    struct journal_writer *writer = writer_of(NOWHERE, NULL, 0, &heard);
    put(writer, 1, "k", "v");
    T_TRUE(base_memory_live_count() > live);
    journal_writer_free(writer);
    T_EQUAL_INT(base_memory_live_count(), live);
    T_EQUAL_INT(heard.count, 0);
}

static void unknown_and_impossible_settings_are_refused(void) {
    struct journal_pair pairs[][2] = {
        {{"no.such.setting", "1"}, {"linger.ms", "0"}},
        {{"transactional.id", "t"}, {"journal.ready.timeout.ms", "50"}}, /* nobody is there */
        {{"enable.idempotence", "true"}, {"acks", "1"}},
    };
    for (size_t i = 0; i < 3; i++) {
        struct heard heard = {.count = 0};
        struct journal_writer_options options = {
            .brokers = NOWHERE, .settings = {pairs[i], 2}, .outcome = hear, .outcome_arg = &heard};
        struct journal_writer *writer = NULL;
        struct base_error err = BASE_ERROR_INIT;
        T_TRUE(journal_writer_new(&options, &writer, &err) < 0);
        T_TRUE(err.text[0] != 0 && writer == NULL);
    }
}

CU_SuiteInfo *suite_journal_writer(void) {
    static CU_TestInfo tests[] = {
        {"every_write_of_one_key_has_its_outcome_and_offset",
         every_write_of_one_key_has_its_outcome_and_offset},
        {"an_anonymized_object_is_one_intent_and_a_spoilt_one_fails_alone",
         an_anonymized_object_is_one_intent_and_a_spoilt_one_fails_alone},
        {"what_never_left_has_failed_when_it_times_out",
         what_never_left_has_failed_when_it_times_out},
        {"a_flush_that_takes_too_long_reports_every_open_intent_as_unknown",
         a_flush_that_takes_too_long_reports_every_open_intent_as_unknown},
        {"without_acknowledgement_nobody_knows", without_acknowledgement_nobody_knows},
        {"a_full_queue_waits_for_delivery_reports", a_full_queue_waits_for_delivery_reports},
        {"open_intents_are_freed_with_the_writer", open_intents_are_freed_with_the_writer},
        {"unknown_and_impossible_settings_are_refused",
         unknown_and_impossible_settings_are_refused},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal writer", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
