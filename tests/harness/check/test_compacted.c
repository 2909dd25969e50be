/* The judges of writers and clients, when the cleaner has been over the log. */
#include <stdio.h>

#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/build.h"
#include "suites.h"
#include "world.h"

#define PLAIN                                                                                      \
    "topic rev partitions 1 compact\nstore db sqlite\nwriter w1 to rev\n"                          \
    "client c1 from rev group g into db\n"

/* A pass that takes records away whose batches hold nothing else. */
static void sweep(struct world *w, const char *kind, int64_t start, const int64_t *offsets,
                  size_t count) {
    struct trial_offsets removed[8];
    struct trial_clean_change changes[8];
    for (size_t i = 0; i < count; i++) {
        removed[i] = (struct trial_offsets){offsets[i], offsets[i]};
        changes[i] = (struct trial_clean_change){offsets[i], offsets[i], NULL};
    }
    struct trial_clean clean = {.start = start, .removed = removed, .removed_count = count,
                                .changes = changes, .change_count = count};
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_CLEAN);
    e.topic = "rev";
    e.partition = 0;
    e.text = kind;
    e.clean = &clean;
    world_event(w, e);
}
#define SWEEP(w, kind, start, ...)                                                                 \
    sweep(w, kind, start, (const int64_t[]){__VA_ARGS__},                                          \
          sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* gone=v1 was replayed; then it is deleted and another key written. */
static int open_deleted(struct world *w) {
    if (!world_open(w, PLAIN)) {
        return 0;
    }
    world_start(w, "c1");
    world_write(w, "w1", 1, "rev", 0, "gone", "v1");
    world_serve(w, "c1", 1, "rev", 0);
    world_view(w, "db", 9, "rev", 0, "gone", "v1");
    world_committed(w, "c1", "g", "rev", 1, 9);
    world_write(w, "w1", 2, "rev", 1, "gone", NULL);
    world_write(w, "w1", 3, "rev", 2, "kept", "v1");
    return 1;
}

static void end_deleted(struct world *w, bool gone_is_there) {
    world_serve(w, "c1", 1, "rev", 2);
    world_view(w, "db", 10, "rev", 2, "kept", "v1");
    world_committed(w, "c1", "g", "rev", 3, 10);
    world_rest(w, "c1", true);
    world_row(w, "db", "rev", "kept", "v1");
    if (gone_is_there) {
        world_row(w, "db", "rev", "gone", "v1");
    }
    world_read(w, "db");
    world_judge(w);
}

static void a_delete_that_was_removed_unseen_is_unlearnable(void) {
    struct world w;
    if (open_deleted(&w)) {
        SWEEP(&w, "compact", 0, 0, 1);
        end_deleted(&w, true);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "unknown because unlearnable-delete");
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"),
                    "unknown because unlearnable-delete");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
        T_EQUAL_INT(world_anomaly(&w, "unlearnable-delete"), 1);
        T_EQUAL_INT(world_anomaly(&w, "missed-delete"), 0);
    }
    world_close(&w);
    if (open_deleted(&w)) { /* a store without the key is what the log says */
        SWEEP(&w, "compact", 0, 0, 1);
        end_deleted(&w, false);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
    }
    world_close(&w);
}

static void a_delete_that_was_served_is_missed_whatever_the_cleaner_does(void) {
    struct world w;
    if (open_deleted(&w)) {
        world_serve(&w, "c1", 1, "rev", 1);
        SWEEP(&w, "compact", 0, 0, 1);
        end_deleted(&w, true);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because missed-delete");
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"), "fail because resurrection");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "fail because lost");
    }
    world_close(&w);
    if (open_deleted(&w)) {
        world_serve(&w, "c1", 1, "rev", 1);
        SWEEP(&w, "compact", 0, 0, 1);
        end_deleted(&w, false);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"), "pass");
    }
    world_close(&w);
    if (open_deleted(&w)) { /* still in the log: it was there to be fetched */
        SWEEP(&w, "compact", 0, 0);
        end_deleted(&w, true);
        T_EQUAL_STR(world_finding(&w, "no-resurrection", "c1"), "fail because resurrection");
    }
    world_close(&w);
}

static void another_old_value_than_the_one_seen_is_no_excuse(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_start(&w, "c1");
        world_write(&w, "w1", 1, "rev", 0, "gone", "v1");
        world_write(&w, "w1", 2, "rev", 1, "gone", "v2");
        world_serve(&w, "c1", 1, "rev", 0);
        world_serve(&w, "c1", 1, "rev", 1);
        world_write(&w, "w1", 3, "rev", 2, "gone", NULL);
        SWEEP(&w, "compact", 0, 0, 1, 2);
        world_rest(&w, "c1", true);
        world_row(&w, "db", "rev", "gone", "v1");
        world_read(&w, "db");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "fail because missed-delete");
    }
    world_close(&w);
}

static void a_new_group_cannot_learn_what_a_full_store_should_forget(void) {
    struct world w;
    if (world_open(&w, PLAIN "client c2 from rev group late into db\n")) {
        world_start(&w, "c2");
        world_write(&w, "w1", 1, "rev", 0, "gone", "v1");
        world_write(&w, "w1", 2, "rev", 1, "gone", NULL);
        world_write(&w, "w1", 3, "rev", 2, "kept", "v1");
        SWEEP(&w, "compact", 0, 0, 1);
        world_serve(&w, "c2", 1, "rev", 2);
        world_rest(&w, "c2", true);
        world_row(&w, "db", "rev", "kept", "v1");
        world_row(&w, "db", "rev", "gone", "v1");
        world_read(&w, "db");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "convergence", "c2"), "unknown because unlearnable-delete");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c2"), "pass");
    }
    world_close(&w);
}

static void a_superseded_record_that_was_removed_is_owed_by_nobody(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_start(&w, "c1");
        world_write(&w, "w1", 1, "rev", 0, "k", "v1");
        world_write(&w, "w1", 2, "rev", 1, "k", "v2");
        SWEEP(&w, "compact", 0, 0);
        world_serve(&w, "c1", 1, "rev", 1);
        world_view(&w, "db", 9, "rev", 1, "k", "v2");
        world_committed(&w, "c1", "g", "rev", 2, 9);
        world_rest(&w, "c1", true);
        world_row(&w, "db", "rev", "k", "v2");
        world_read(&w, "db");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "latest-value", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "commit-after-effect", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "convergence", "c1"), "pass");
    }
    world_close(&w);
}

static void a_newest_value_that_the_cleaner_took_is_lost(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "k", "v1");
        world_write(&w, "w1", 2, "rev", 1, "k", "v2");
        SWEEP(&w, "compact", 0, 1);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "fail because lost");
    }
    world_close(&w);
    if (world_open(&w, PLAIN)) { /* retention may: the topic says so */
        world_write(&w, "w1", 1, "rev", 0, "k", "v1");
        world_write(&w, "w1", 2, "rev", 1, "k", "v2");
        SWEEP(&w, "retain", 2, 0, 1);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "at-least-once", "w1"), "pass");
    }
    world_close(&w);
}

static void what_retention_took_unseen_is_not_owed(void) {
    for (int served = 0; served < 2; served++) {
        struct world w;
        if (world_open(&w, PLAIN)) {
            world_start(&w, "c1");
            world_write(&w, "w1", 1, "rev", 0, "old", "v1");
            world_write(&w, "w1", 2, "rev", 1, "new", "v1");
            if (served) {
                world_serve(&w, "c1", 1, "rev", 0);
            }
            SWEEP(&w, "retain", 1, 0);
            world_serve(&w, "c1", 1, "rev", 1);
            world_rest(&w, "c1", true);
            world_row(&w, "db", "rev", "new", "v1");
            world_read(&w, "db");
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "at-least-once", "c1"),
                        served ? "fail because lost" : "pass");
            T_EQUAL_STR(world_finding(&w, "convergence", "c1"),
                        served ? "fail because missing" : "pass");
        }
        world_close(&w);
    }
}

/* One check against the history. */
static int holds(struct world *w, const char *check) {
    struct base_builder text;
    base_builder_init(&text, BASE_MIB);
    base_put_format(&text, "scenario \"x\"\ntopic rev partitions 1 compact\ncheck {\n%s\n}\n",
                    check);
    struct trial_scenario *parsed = NULL;
    struct trial_scenario *bound = NULL;
    struct trial_report *report = NULL;
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    int rc = trial_parse("x.scn", base_builder_slice(&text), &parsed, &d);
    rc = rc ? rc : trial_bind(parsed, 0, &bound, &w->err);
    rc = rc ? rc : trial_judge(bound, w->history, &report, &w->err);
    int result = T_EQUAL_INT(rc, 0) && T_EQUAL_INT(report->expectation_count, 1)
                     ? report->expectations[0].verdict == TRIAL_PASS : -1;
    trial_report_free(report);
    trial_scenario_free(bound);
    trial_scenario_free(parsed);
    trial_diagnostics_clean_up(&d);
    base_builder_clean_up(&text);
    return result;
}

static void a_log_is_what_the_cleaner_left(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_write(&w, "w1", 1, "rev", 0, "k", "v1");
        world_write(&w, "w1", 2, "rev", 1, "k", "v2");
        T_EQUAL_INT(holds(&w, "log rev/0 has { 0: \"k\" = \"v1\" }"), 1);
        SWEEP(&w, "compact", 0, 0);
        T_EQUAL_INT(holds(&w, "log rev/0 is { 1: \"k\" = \"v2\" }"), 1);
        T_EQUAL_INT(holds(&w, "log rev/0 has { 0: \"k\" = \"v1\" }"), 0);
    }
    world_close(&w);
}

/* A batch of offsets 0 to 2 of which only 0 and 2 are left. */
static struct mock_stored_batch *sparse(void) {
    struct mock_build_record records[2] = {
        {.offset_delta = 0, .key = base_slice_str("a"), .value = base_slice_str("1")},
        {.offset_delta = 2, .key = base_slice_str("b"), .value = base_slice_str("2")}};
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.last_offset_delta = 2;
    struct base_builder bytes;
    base_builder_init(&bytes, BASE_MIB);
    mock_batch_build(&bytes, &options, records, 2);
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(&bytes));
    batch->base_offset = 0;
    batch->last_offset = 2;
    batch->record_count = 2;
    base_builder_clean_up(&bytes);
    return batch;
}

static void only_the_records_of_a_sparse_batch_are_served(void) {
    struct world w;
    if (world_open(&w, PLAIN)) {
        world_start(&w, "c1");
        world_write(&w, "w1", 1, "rev", 0, "a", "1");
        world_write(&w, "w1", 2, "rev", 1, "b", "1");
        world_write(&w, "w1", 3, "rev", 2, "b", "2");
        world_serve(&w, "c1", 1, "rev", 1);
        SWEEP(&w, "compact", 0, 1);
        struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_SERVE);
        e.actor = "c1";
        e.incarnation = 1;
        e.topic = "rev";
        e.partition = 0;
        e.offset = 0;
        e.batch = sparse();
        world_event(&w, e);
        world_judge(&w);
        T_EQUAL_INT(world_anomaly(&w, "redelivery"), 0);
        world_event(&w, e);
        mock_stored_batch_unref(e.batch);
        world_judge(&w);
        T_EQUAL_INT(world_anomaly(&w, "redelivery"), 2);
    }
    world_close(&w);
}

static void a_pass_comes_back_from_a_file(void) {
    struct world w;
    struct trial_history *loaded = NULL;
    char *path = NULL;
    size_t instance;
    FILE *file = tmpfile();
    struct mock_stored_batch *after = sparse();
    if (world_open(&w, PLAIN) && T_TRUE(file != NULL)) {
        const int64_t removed[] = {1, 2, 3, 7};
        const int64_t emptied[] = {8};
        const struct mock_clean_horizon horizons[] = {{0, 77}};
        const struct mock_clean_change changes[] = {{after, after}, {after, NULL}};
        struct mock_clean_report report = {
            .now_ms = 1, .delete_retention_ms = 2, .rolled = true, .partial = true,
            .start_before = 3, .start = 4, .log_end = 5, .first_dirty = 6,
            .first_uncleanable = 7, .end = 8, .removed = removed, .removed_count = 4,
            .emptied = emptied, .emptied_count = 1, .horizons = horizons, .horizon_count = 1,
            .changes = changes, .change_count = 2};
        struct mock_event event = {.kind = MOCK_EVENT_CLEAN, .topic = "rev", .text = "compact",
                                   .clean = &report};
        T_EQUAL_INT(trial_history_add_mock(w.history, &event, &w.err), 0);
        T_EQUAL_INT(trial_history_save(w.history, "x", 0, file, &w.err), 0);
        rewind(file);
        if (T_EQUAL_INT(trial_history_load(file, &loaded, &path, &instance, &w.err), 0)) {
            const struct trial_event *told = trial_history_at(loaded, 0);
            const struct trial_clean *clean = told->clean;
            T_EQUAL_INT(told->fact, TRIAL_FACT_CLEAN);
            if (T_TRUE(clean != NULL)) {
                T_EQUAL_INT(clean->now_ms, 1);
                T_EQUAL_INT(clean->end, 8);
                T_TRUE(clean->rolled && clean->partial && !clean->nothing_dirty);
                T_EQUAL_INT(clean->removed_count, 2);
                T_EQUAL_INT(clean->removed[0].last, 3);
                T_EQUAL_INT(clean->removed[1].first, 7);
                T_EQUAL_INT(clean->emptied[0], 8);
                T_EQUAL_INT(clean->horizons[0].horizon_ms, 77);
                T_EQUAL_INT(clean->changes[0].last_offset, 2);
                T_EQUAL_BYTES(clean->changes[0].after->bytes, clean->changes[0].after->len,
                              after->bytes, after->len);
                T_TRUE(clean->changes[1].after == NULL);
            }
        }
        trial_history_free(loaded);
        base_free(path);
    }
    if (file) {
        (void)fclose(file);
    }
    mock_stored_batch_unref(after);
    world_close(&w);
}

CU_SuiteInfo *suite_check_compacted(void) {
    static CU_TestInfo tests[] = {
        {"a_delete_that_was_removed_unseen_is_unlearnable",
         a_delete_that_was_removed_unseen_is_unlearnable},
        {"a_delete_that_was_served_is_missed_whatever_the_cleaner_does",
         a_delete_that_was_served_is_missed_whatever_the_cleaner_does},
        {"another_old_value_than_the_one_seen_is_no_excuse",
         another_old_value_than_the_one_seen_is_no_excuse},
        {"a_new_group_cannot_learn_what_a_full_store_should_forget",
         a_new_group_cannot_learn_what_a_full_store_should_forget},
        {"a_superseded_record_that_was_removed_is_owed_by_nobody",
         a_superseded_record_that_was_removed_is_owed_by_nobody},
        {"a_newest_value_that_the_cleaner_took_is_lost",
         a_newest_value_that_the_cleaner_took_is_lost},
        {"what_retention_took_unseen_is_not_owed", what_retention_took_unseen_is_not_owed},
        {"a_log_is_what_the_cleaner_left", a_log_is_what_the_cleaner_left},
        {"only_the_records_of_a_sparse_batch_are_served",
         only_the_records_of_a_sparse_batch_are_served},
        {"a_pass_comes_back_from_a_file", a_pass_comes_back_from_a_file},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/compacted", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
