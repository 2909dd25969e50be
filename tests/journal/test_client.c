/* Tests of clients and replayers against librdkafka's own broker. Most have no group, because that
 * broker lets every new one wait three seconds. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker.h"
#include "client/group.h"
#include "replay/replayer.h"
#include "samples.h"
#include "suites.h"
#include "t_run.h"
#include "writer/writer.h"

#define GIVE_UP_NS 60000000000ull

struct fixture {
    struct broker broker;
    char directory[64];
    char path[96];
    /* What the replay said. */
    char said[2048];
    unsigned fail_offset_times; /* so often the effect of offset 1 fails */
    int64_t stop_before_offset; /* -1: never */
    struct base_error err;
    uint64_t committed;
};

static void ignore(void *arg, const struct journal_outcome *outcome) {
    T_EQUAL_INT(outcome->status, JOURNAL_OK);
}

/* Writes to partition 0 of "rev": k0 = v0, … */
static void set_up(struct fixture *f, int count) {
    *f = (struct fixture){.stop_before_offset = -1};
    broker_start(&f->broker);
    (void)snprintf(f->directory, sizeof(f->directory), "/tmp/journal-client-XXXXXX");
    T_TRUE(mkdtemp(f->directory) != NULL);
    (void)snprintf(f->path, sizeof(f->path), "%s/db", f->directory);
    struct journal_writer_options options = {.brokers = f->broker.address, .outcome = ignore};
    struct journal_writer *writer = NULL;
    T_EQUAL_INT(journal_writer_new(&options, &writer, NULL), 0);
    for (int i = 0; i < count; i++) {
        char key[16];
        char value[16];
        (void)snprintf(key, sizeof(key), "k%d", i);
        (void)snprintf(value, sizeof(value), "v%d", i);
        struct journal_record record = {.topic = "rev", .partition = 0,
                                        .key = base_slice_str(key),
                                        .value = base_slice_str(value)};
        T_EQUAL_INT(journal_writer_write(writer, 0, &record, NULL), 0);
    }
    T_EQUAL_INT(journal_writer_flush(writer, NULL), 0);
    journal_writer_free(writer);
}

static void tear_down(struct fixture *f) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s%s", f->path, endings[i]);
        (void)unlink(path);
    }
    (void)rmdir(f->directory);
    broker_stop(&f->broker);
}

static enum journal_answer on_point(void *arg, enum journal_point point, const char *topic,
                                    int32_t partition, int64_t offset, char *ret_error) {
    struct fixture *f = arg;
    if (point != JOURNAL_POINT_BEFORE_EFFECT) {
        return JOURNAL_ANSWER_GO;
    }
    if (offset == f->stop_before_offset) {
        return JOURNAL_ANSWER_STOP;
    }
    if (offset == 1 && f->fail_offset_times > 0) {
        f->fail_offset_times--;
        (void)snprintf(ret_error, JOURNAL_ERROR_NAME_BYTES, "constraint");
        return JOURNAL_ANSWER_FAIL;
    }
    return JOURNAL_ANSWER_GO;
}

static void on_report(void *arg, const struct journal_report *report) {
    struct fixture *f = arg;
    size_t len = strlen(f->said);
    (void)snprintf(f->said + len, sizeof(f->said) - len, "%s%lld%s%s", len ? " " : "",
                   (long long)report->message->offset, report->reason ? ":" : "",
                   report->reason ? report->reason : "");
}

/* Replays until the end of the source, a stop or an error; the error's code. */
static int replay(struct fixture *f, const struct journal_source *source, const char *group,
                  const struct journal_pair *more, size_t more_count, bool with_store) {
    struct journal_pair pairs[8] = {{"journal.on.eof", "stop"}, {"fetch.wait.max.ms", "10"}};
    for (size_t i = 0; i < more_count; i++) {
        pairs[2 + i] = more[i];
    }
    struct journal_replayer_options options = {
        .client = {.brokers = f->broker.address, .client_id = "c", .group = group,
                   .sources = source, .source_count = 1, .settings = {pairs, 2 + more_count}},
        .store_path = with_store ? f->path : NULL,
        .point = on_point,
        .report = on_report,
        .arg = f,
    };
    struct journal_replayer *replayer = NULL;
    f->said[0] = 0;
    f->err = (struct base_error)BASE_ERROR_INIT;
    int code = journal_replayer_new(&options, &replayer, &f->err);
    if (code) {
        return code;
    }
    struct journal_client *client = journal_replayer_client(replayer);
    int wake[2];
    T_EQUAL_INT(pipe(wake), 0);
    journal_client_wake(client, wake[1]);
    uint64_t give_up = base_clock_monotonic_ns() + GIVE_UP_NS;
    enum journal_step step = JOURNAL_STEP_IDLE;
    while (!code && step != JOURNAL_STEP_END && !journal_replayer_is_stopped(replayer) &&
           T_TRUE(base_clock_monotonic_ns() < give_up)) {
        code = journal_client_step(client, &step, &f->err);
        char byte;
        if (!code && step == JOURNAL_STEP_IDLE) {
            (void)!read(wake[0], &byte, 1); /* woken when there is something */
        }
    }
    T_EQUAL_INT(journal_client_close(client, NULL), 0);
    f->committed = journal_client_committed(client);
    journal_replayer_free(replayer);
    (void)close(wake[0]);
    (void)close(wake[1]);
    return code;
}

static const char *query(const struct fixture *f, const char *sql, char *ret_text, size_t size) {
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    ret_text[0] = 0;
    T_EQUAL_INT(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    T_EQUAL_INT(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0)) {
        (void)snprintf(ret_text, size, "%s", (const char *)sqlite3_column_text(s, 0));
    }
    (void)sqlite3_finalize(s);
    (void)sqlite3_close(db);
    return ret_text;
}

#define ALL_ROWS                                                                                  \
    "select group_concat(key || '=' || value, ' ') from (select * from journal_object order by key)"

static const struct journal_source rev = {.kind = JOURNAL_SOURCE_TOPIC, .topic = "rev"};
static const struct journal_source dlq = {.kind = JOURNAL_SOURCE_TOPIC, .topic = "dlq"};

static void a_second_replay_changes_nothing_and_one_that_resumes_reads_nothing(void) {
    struct fixture f;
    char text[256];
    set_up(&f, 4);
    struct journal_pair resume = {"journal.resume", "store"};
    T_EQUAL_INT(replay(&f, &rev, NULL, NULL, 0, true), 0);
    T_EQUAL_STR(f.said, "0 1 2 3");
    T_EQUAL_STR(query(&f, ALL_ROWS, text, sizeof(text)), "k0=v0 k1=v1 k2=v2 k3=v3");
    T_EQUAL_INT(replay(&f, &rev, NULL, NULL, 0, true), 0);
    T_EQUAL_STR(f.said, "0 1 2 3");
    T_EQUAL_STR(query(&f, ALL_ROWS, text, sizeof(text)), "k0=v0 k1=v1 k2=v2 k3=v3");
    T_EQUAL_INT(replay(&f, &rev, NULL, &resume, 1, true), 0);
    T_EQUAL_STR(f.said, "");
    tear_down(&f);
}

static void a_record_that_keeps_failing_is_buried_and_the_others_are_applied(void) {
    struct fixture f;
    char text[256];
    set_up(&f, 3);
    struct journal_pair letters = {"journal.dead.letter.topic", "dlq"};
    f.fail_offset_times = 3;
    T_EQUAL_INT(replay(&f, &rev, NULL, &letters, 1, true), 0);
    T_EQUAL_STR(f.said, "0 1:constraint 2");
    T_EQUAL_STR(query(&f, ALL_ROWS, text, sizeof(text)), "k0=v0 k2=v2");
    (void)unlink(f.path);
    T_EQUAL_INT(replay(&f, &dlq, NULL, NULL, 0, true), 0);
    T_EQUAL_STR(query(&f, ALL_ROWS, text, sizeof(text)), "k1=v1");
    tear_down(&f);
}

static void a_record_that_fails_less_often_is_applied(void) {
    struct fixture f;
    char text[256];
    set_up(&f, 2);
    f.fail_offset_times = 2;
    T_EQUAL_INT(replay(&f, &rev, NULL, NULL, 0, true), 0);
    T_EQUAL_STR(f.said, "0 1");
    T_EQUAL_STR(query(&f, ALL_ROWS, text, sizeof(text)), "k0=v0 k1=v1");
    tear_down(&f);
}

static void without_a_dead_letter_topic_the_replay_stops_there(void) {
    struct fixture f;
    char text[256];
    set_up(&f, 3);
    f.fail_offset_times = 3;
    T_EQUAL_INT(replay(&f, &rev, NULL, NULL, 0, true), BASE_STATE);
    T_TRUE(strstr(f.err.text, "rev/0 offset 1") != NULL);
    T_TRUE(strstr(f.err.text, "constraint") != NULL);
    T_EQUAL_STR(f.said, "0");
    T_EQUAL_STR(query(&f, ALL_ROWS, text, sizeof(text)), "k0=v0");
    T_EQUAL_STR(query(&f, "select \"offset\" from journal_offset", text, sizeof(text)), "1");
    tear_down(&f);
}

static void a_group_commits_what_was_processed_and_not_what_was_fetched(void) {
    struct fixture f;
    set_up(&f, 5);
    f.stop_before_offset = 3;
    T_EQUAL_INT(replay(&f, &rev, "g", NULL, 0, true), 0);
    T_EQUAL_STR(f.said, "0 1 2");
    T_EQUAL_INT(f.committed, 3);
    T_EQUAL_INT(broker_committed(&f.broker, "g", "rev", 0), 3);
    tear_down(&f);
}

static void objects_arrive_anonymized_or_not_as_the_reader_may(void) {
    struct fixture f;
    char text[256];
    set_up(&f, 0);
    struct sample s = sample_of(JOURNAL_REVISION);
    struct journal_route route = {"p", true};
    struct journal_writer_options options = {.brokers = f.broker.address, .outcome = ignore};
    struct journal_writer *writer = NULL;
    T_EQUAL_INT(journal_writer_new(&options, &writer, NULL), 0);
    T_EQUAL_INT(journal_writer_write_object(writer, 1, &route, s.type,
                                            base_builder_slice(&s.encoded), NULL, 0, NULL), 0);
    T_EQUAL_INT(journal_writer_flush(writer, NULL), 0);
    journal_writer_free(writer);
    base_builder_clean_up(&s.encoded);
    struct journal_source source = {.kind = JOURNAL_SOURCE_JOURNAL, .prefix = "p",
                                    .types = 1u << JOURNAL_REVISION};
    T_EQUAL_INT(replay(&f, &source, NULL, NULL, 0, true), 0);
    T_EQUAL_STR(f.said, "0");
    T_EQUAL_STR(query(&f, "select topic || ' ' || type || ' ' ||"
                          " (instr(value, cast('Ada' as blob)) > 0) from journal_object",
                      text, sizeof(text)), "p.revision revision 0");
    source.types = 1u << JOURNAL_RELEASE;
    T_EQUAL_INT(replay(&f, &source, NULL, NULL, 0, true), BASE_NOT_FOUND);
    T_TRUE(strstr(f.err.text, "release") != NULL);
    source.prefix = "nothing";
    T_EQUAL_INT(replay(&f, &source, NULL, NULL, 0, true), BASE_NOT_FOUND);
    T_TRUE(strstr(f.err.text, "nothing") != NULL);
    tear_down(&f);
}

static void consuming_needs_no_store_and_stops_after_so_many(void) {
    struct fixture f;
    set_up(&f, 5);
    struct journal_pair few[] = {{"journal.stop.after.objects", "3"}, {"journal.batch.size", "2"}};
    T_EQUAL_INT(replay(&f, &rev, NULL, few, 2, false), 0);
    T_EQUAL_STR(f.said, "0 1 2");
    struct journal_pair resume = {"journal.resume", "store"};
    T_EQUAL_INT(replay(&f, &rev, NULL, &resume, 1, false), BASE_USAGE);
    tear_down(&f);
}

static int take_none(void *arg, const struct journal_message *messages, size_t count,
                     size_t *ret_done, struct base_error *err) {
    *ret_done = count;
    return 0;
}

/* What came before the wake-up was asked for would else not be told before something else comes. */
static void whoever_asks_to_be_woken_is_woken_at_once(void) {
    struct fixture f;
    set_up(&f, 1);
    struct journal_client_options options = {
        .brokers = f.broker.address, .client_id = "c", .sources = &rev, .source_count = 1,
        .worker = take_none};
    struct journal_client *client = NULL;
    int wake[2];
    char byte = 0;
    T_EQUAL_INT(pipe2(wake, O_NONBLOCK), 0);
    if (T_EQUAL_INT(journal_client_new(&options, &client, NULL), 0)) {
        journal_client_wake(client, wake[1]);
        T_EQUAL_INT(read(wake[0], &byte, 1), 1);
        T_EQUAL_INT(journal_client_close(client, NULL), 0);
    }
    journal_client_free(client);
    (void)close(wake[0]);
    (void)close(wake[1]);
    tear_down(&f);
}

/* librdkafka has no protocol to name then, and the offsets that are kept are not asked for. */
static void a_client_that_left_its_group_takes_no_partition_over(void) {
    struct fixture f;
    set_up(&f, 1);
    struct journal_client_options options = {.brokers = f.broker.address, .client_id = "c",
                                             .group = "g", .sources = &rev, .source_count = 1,
                                             .worker = take_none};
    struct journal_client *client = NULL;
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(partitions, "rev", 0);
    if (T_EQUAL_INT(journal_client_new(&options, &client, NULL), 0)) {
        T_EQUAL_INT(journal_client_close(client, NULL), 0);
        T_TRUE(rd_kafka_rebalance_protocol(client->rk) == NULL);
        journal_client_on_rebalance(client->rk, RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, partitions,
                                    client);
        T_EQUAL_INT(client->assigned->cnt, 0);
        rd_kafka_topic_partition_list_add(client->assigned, "rev", 0);
        journal_client_on_rebalance(client->rk, RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, partitions,
                                    client);
        T_EQUAL_INT(client->assigned->cnt, 0);
    }
    rd_kafka_topic_partition_list_destroy(partitions);
    journal_client_free(client);
    tear_down(&f);
}

CU_SuiteInfo *suite_journal_client(void) {
    static CU_TestInfo tests[] = {
        {"a_second_replay_changes_nothing_and_one_that_resumes_reads_nothing",
         a_second_replay_changes_nothing_and_one_that_resumes_reads_nothing},
        {"a_record_that_keeps_failing_is_buried_and_the_others_are_applied",
         a_record_that_keeps_failing_is_buried_and_the_others_are_applied},
        {"a_record_that_fails_less_often_is_applied", a_record_that_fails_less_often_is_applied},
        {"without_a_dead_letter_topic_the_replay_stops_there",
         without_a_dead_letter_topic_the_replay_stops_there},
        {"a_group_commits_what_was_processed_and_not_what_was_fetched",
         a_group_commits_what_was_processed_and_not_what_was_fetched},
        {"objects_arrive_anonymized_or_not_as_the_reader_may",
         objects_arrive_anonymized_or_not_as_the_reader_may},
        {"consuming_needs_no_store_and_stops_after_so_many",
         consuming_needs_no_store_and_stops_after_so_many},
        {"whoever_asks_to_be_woken_is_woken_at_once", whoever_asks_to_be_woken_is_woken_at_once},
        {"a_client_that_left_its_group_takes_no_partition_over",
         a_client_that_left_its_group_takes_no_partition_over},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal clients", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
