/* Tests of the copier against librdkafka's own broker. What a crash leaves behind is tried by
 * scenarios/transactions/copy-*.scn. */
#include <string.h>

#include "base/clock.h"
#include "broker.h"
#include "copy/copier.h"
#include "suites.h"
#include "t_run.h"
#include "writer/writer.h"

#define GIVE_UP_NS 60000000000ull
#define RECORDS 3

static void is_ok(void *arg, const struct journal_outcome *outcome) {
    T_EQUAL_INT(outcome->status, JOURNAL_OK);
}

static void fill(const struct broker *broker) {
    struct journal_writer_options options = {.brokers = broker->address, .outcome = is_ok};
    struct journal_writer *writer = NULL;
    T_EQUAL_INT(journal_writer_new(&options, &writer, NULL), 0);
    for (uint64_t i = 0; i < RECORDS; i++) {
        struct journal_record record = {.topic = "rev",
                                        .partition = 0,
                                        .key = base_slice_str("k"),
                                        .value = i == 1 ? BASE_SLICE_NULL : base_slice_str("v")};
        T_EQUAL_INT(journal_writer_write(writer, i, &record, NULL), 0);
    }
    T_EQUAL_INT(journal_writer_flush(writer, NULL), 0);
    journal_writer_free(writer);
}

static void count_copied(void *arg, const struct journal_message *messages, size_t count) {
    size_t *sum = arg;
    *sum += count;
}

static int open_copier(const struct broker *broker, const char *group, const char *id,
                       size_t *copied, struct journal_copier **ret_copier, struct base_error *err) {
    static const struct journal_source source = {.kind = JOURNAL_SOURCE_TOPIC, .topic = "rev"};
    const struct journal_pair pairs[] = {{"journal.transactional.id", id}};
    struct journal_copier_options options = {
        .client = {.brokers = broker->address,
                   .client_id = "c",
                   .group = group,
                   .sources = &source,
                   .source_count = 1,
                   .settings = {pairs, 1}},
        .topic = "out",
        .copied = count_copied,
        .arg = copied,
    };
    return journal_copier_new(&options, ret_copier, err);
}

static void copies_all(const char *group, const char *id) {
    struct broker broker;
    struct journal_copier *copier = NULL;
    struct base_error err = BASE_ERROR_INIT;
    size_t copied = 0;
    broker_start(&broker);
    fill(&broker);
    if (T_EQUAL_STR(open_copier(&broker, group, id, &copied, &copier, &err) ? err.text : "", "")) {
        struct journal_client *client = journal_copier_client(copier);
        uint64_t until = base_clock_monotonic_ns() + GIVE_UP_NS;
        enum journal_step step;
        int code = 0;
        while (!code && copied < RECORDS && base_clock_monotonic_ns() < until) {
            code = journal_client_step(client, &step, &err);
        }
        T_EQUAL_STR(code ? err.text : "", "");
        T_EQUAL_INT(copied, RECORDS);
        T_EQUAL_INT(journal_copier_count(copier), RECORDS);
        T_EQUAL_INT(journal_client_committed(client), RECORDS);
        T_EQUAL_INT(journal_client_close(client, &err), 0);
    }
    journal_copier_free(copier);
    broker_stop(&broker);
}

static void copies_and_offsets_are_one_transaction(void) {
    copies_all("g", "t");
}

static void without_an_id_copies_are_acknowledged_first(void) {
    copies_all(NULL, "");
}

/* Without one there are no offsets to commit with the copies. */
static void a_transactional_id_wants_a_group(void) {
    struct broker broker;
    struct journal_copier *copier = NULL;
    struct base_error err = BASE_ERROR_INIT;
    size_t copied = 0;
    broker_start(&broker);
    T_EQUAL_INT(open_copier(&broker, NULL, "t", &copied, &copier, &err), BASE_USAGE);
    T_TRUE(strstr(err.text, "wants a group") != NULL && !copier);
    broker_stop(&broker);
}

CU_SuiteInfo *suite_journal_copier(void) {
    static CU_TestInfo tests[] = {
        {"copies_and_offsets_are_one_transaction", copies_and_offsets_are_one_transaction},
        {"without_an_id_copies_are_acknowledged_first",
         without_an_id_copies_are_acknowledged_first},
        {"a_transactional_id_wants_a_group", a_transactional_id_wants_a_group},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal copier", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
