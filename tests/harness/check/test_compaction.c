/*
 * The judge of the cleaner, on passes written by hand: a right one is believed, and every way of
 * doing it wrong is told by its name. All records are of time 1000, so that a horizon of 1000 is
 * the base of a batch's times, as the cleaner makes it.
 */
#include "base/limits.h"
#include "mock/wire/build.h"
#include "suites.h"
#include "world.h"

#define TOPIC "topic rev partitions 1 compact\nwriter w1 to rev\n"
#define MAX_RECORDS 4

struct rec {
    int64_t offset;
    const char *key;
    const char *value; /* NULL: a tombstone */
};

static struct mock_stored_batch *batch_of(int64_t base, int64_t last, int64_t producer,
                                          int16_t attributes, const struct rec *recs,
                                          size_t count) {
    struct mock_build_record records[MAX_RECORDS];
    for (size_t i = 0; i < count; i++) {
        records[i] = (struct mock_build_record){
            .offset_delta = (int32_t)(recs[i].offset - base),
            .timestamp_ms = 1000,
            .key = base_slice_str(recs[i].key),
            .value = recs[i].value ? base_slice_str(recs[i].value) : BASE_SLICE_NULL,
        };
    }
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.base_offset = base;
    options.last_offset_delta = (int32_t)(last - base);
    options.attributes = attributes;
    options.producer_id = producer;
    options.producer_epoch = producer < 0 ? -1 : 0;
    options.base_sequence = producer < 0 ? -1 : (int32_t)base;
    struct base_builder bytes;
    base_builder_init(&bytes, BASE_MIB);
    mock_batch_build(&bytes, &options, records, count);
    T_EQUAL_INT(bytes.failed, 0);
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(&bytes));
    batch->base_offset = base;
    batch->last_offset = last;
    batch->record_count = (uint32_t)count;
    batch->producer_id = producer;
    batch->max_timestamp = 1000;
    batch->appended_ms = 500;
    base_builder_clean_up(&bytes);
    return batch;
}

static void append(struct world *w, struct mock_stored_batch *batch) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_APPEND);
    e.actor = "w1";
    e.incarnation = 1;
    e.topic = "rev";
    e.partition = 0;
    e.offset = batch->base_offset;
    e.batch = batch;
    world_event(w, e);
    mock_stored_batch_unref(batch);
}

/* A pass that can be bent before it is told. */
struct pass {
    struct trial_clean clean;
    struct trial_offsets removed[4];
    int64_t emptied[2];
    struct trial_clean_horizon horizons[2];
    struct trial_clean_change changes[4];
};

static void tell(struct world *w, struct pass *pass) {
    pass->clean.removed = pass->removed;
    pass->clean.emptied = pass->emptied;
    pass->clean.horizons = pass->horizons;
    pass->clean.changes = pass->changes;
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_CLEAN);
    e.topic = "rev";
    e.partition = 0;
    e.text = "compact";
    e.clean = &pass->clean;
    world_event(w, e);
    for (size_t i = 0; i < pass->clean.change_count; i++) {
        mock_stored_batch_unref(pass->changes[i].after);
    }
}

static struct mock_stored_batch *first_left(void) {
    return batch_of(0, 2, -1, 0, (struct rec[]){{2, "a", "2"}}, 1);
}

static struct mock_stored_batch *tombstone(int16_t attributes) {
    return batch_of(3, 3, -1, attributes, (struct rec[]){{3, "b", NULL}}, 1);
}

/* 0: a=1, 1: b=1, 2: a=2 in one batch; 3: b is deleted; 4: c=1 by producer 7, in the active
 * segment. */
static int open_log(struct world *w) {
    if (!world_open(w, TOPIC)) {
        return 0;
    }
    append(w, batch_of(0, 2, -1, 0,
                       (struct rec[]){{0, "a", "1"}, {1, "b", "1"}, {2, "a", "2"}}, 3));
    append(w, tombstone(0));
    append(w, batch_of(4, 4, 7, 0, (struct rec[]){{4, "c", "1"}}, 1));
    return 1;
}

/* What the cleaner should do of it: 0 and 1 go, the tombstone is stamped. */
static struct pass right_pass(void) {
    return (struct pass){
        .clean = {.now_ms = 900, .delete_retention_ms = 100, .log_end = 5, .first_uncleanable = 4,
                  .end = 4, .removed_count = 1, .horizon_count = 1, .change_count = 2},
        .removed = {{0, 1}},
        .horizons = {{3, 1000}},
        .changes = {{0, 2, first_left()},
                    {3, 3, tombstone(MOCK_BATCH_DELETE_HORIZON)}},
    };
}

static void replace(struct pass *pass, size_t change, struct mock_stored_batch *after) {
    mock_stored_batch_unref(pass->changes[change].after);
    pass->changes[change].after = after;
}

/* -- the first pass, and every way to get it wrong -- */

static void keep_superseded(struct pass *pass) {
    replace(pass, 0, batch_of(0, 2, -1, 0, (struct rec[]){{0, "a", "1"}, {2, "a", "2"}}, 2));
    pass->removed[0] = (struct trial_offsets){1, 1};
}
static void lose_newest(struct pass *pass) {
    replace(pass, 0, batch_of(0, 2, -1, 0, NULL, 0));
    pass->removed[0] = (struct trial_offsets){0, 2};
    pass->clean.emptied_count = 1;
}
static void drop_tombstone(struct pass *pass) {
    replace(pass, 1, batch_of(3, 3, -1, 0, NULL, 0));
    pass->removed[1] = (struct trial_offsets){3, 3};
    pass->clean.removed_count = 2;
}
static void forget_horizon(struct pass *pass) {
    replace(pass, 1, NULL);
    pass->clean.change_count = 1;
    pass->clean.horizon_count = 0;
}
static void put_wrong_horizon(struct pass *pass) {
    pass->clean.now_ms = 950;
}
static void change_value(struct pass *pass) {
    replace(pass, 0, batch_of(0, 2, -1, 0, (struct rec[]){{2, "a", "3"}}, 1));
}
static void invent_record(struct pass *pass) {
    replace(pass, 0, batch_of(0, 2, -1, 0, (struct rec[]){{1, "x", "1"}, {2, "a", "2"}}, 2));
}
static void cut_offsets(struct pass *pass) {
    replace(pass, 0, batch_of(0, 1, -1, 0, NULL, 0));
    pass->removed[0] = (struct trial_offsets){0, 2};
}
static void change_producer(struct pass *pass) {
    replace(pass, 0, batch_of(0, 2, 9, 0, (struct rec[]){{2, "a", "2"}}, 1));
}
static void spoil_crc(struct pass *pass) {
    pass->changes[0].after->bytes[MOCK_BATCH_CRC_AT] ^= 1;
}
static void touch_active(struct pass *pass) {
    pass->changes[2] = (struct trial_clean_change){
        4, 4, batch_of(4, 4, 7, 0, (struct rec[]){{4, "c", "1"}}, 1)};
    pass->clean.change_count = 3;
}
static void move_end(struct pass *pass) {
    pass->clean.log_end = 6;
}
static void move_start(struct pass *pass) {
    pass->clean.start = 2;
}
static void skip_dirty(struct pass *pass) {
    pass->clean.first_dirty = 1;
}
static void forget_removed(struct pass *pass) {
    pass->removed[0].last = 0;
}
static void claim_more(struct pass *pass) {
    pass->removed[1] = (struct trial_offsets){4, 4};
    pass->clean.removed_count = 2;
}
static void change_nothing_there(struct pass *pass) {
    pass->changes[0].base_offset = 1;
}
static void lose_end(struct pass *pass) {
    replace(pass, 1, NULL);
    pass->removed[1] = (struct trial_offsets){3, 3};
    pass->clean.removed_count = 2;
}

static void a_right_pass_is_believed(void) {
    struct world w;
    if (open_log(&w)) {
        struct pass pass = right_pass();
        tell(&w, &pass);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "compaction", "rev"), "pass");
        T_EQUAL_INT(w.report->anomaly_count, 0);
    }
    world_close(&w);
}

static void every_wrong_pass_is_convicted_by_name(void) {
    static const struct {
        void (*bend)(struct pass *pass);
        const char *because;
    } cases[] = {
        {keep_superseded, "cleaner-kept-superseded"},
        {lose_newest, "cleaner-lost-newest"},
        {drop_tombstone, "cleaner-early-tombstone"},
        {forget_horizon, "cleaner-no-horizon"},
        {put_wrong_horizon, "cleaner-wrong-horizon"},
        {change_value, "cleaner-changed-record"},
        {invent_record, "cleaner-changed-record"},
        {cut_offsets, "cleaner-changed-batch"},
        {change_producer, "cleaner-changed-batch"},
        {spoil_crc, "cleaner-bad-crc"},
        {touch_active, "cleaner-touched-uncleanable"},
        {move_end, "cleaner-moved-end"},
        {move_start, "cleaner-moved-start"},
        {skip_dirty, "cleaner-skipped-dirty"},
        {forget_removed, "cleaner-misreported"},
        {claim_more, "cleaner-misreported"},
        {change_nothing_there, "cleaner-misreported"},
        {lose_end, "cleaner-early-tombstone"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        if (open_log(&w)) {
            struct pass pass = right_pass();
            cases[i].bend(&pass);
            tell(&w, &pass);
            world_judge(&w);
            char wanted[80];
            (void)snprintf(wanted, sizeof(wanted), "fail because %s", cases[i].because);
            T_EQUAL_STR(world_finding(&w, "compaction", "rev"), wanted);
            T_TRUE(world_anomaly(&w, cases[i].because) > 0);
        }
        world_close(&w);
    }
}

/* -- the second pass: the tombstone's time is over -- */

/* Appends d=1 (5) and a roll; now 4 is dirty. The end of the round is 6. */
static int open_second(struct world *w) {
    if (!open_log(w)) {
        return 0;
    }
    struct pass pass = right_pass();
    tell(w, &pass);
    append(w, batch_of(5, 5, -1, 0, (struct rec[]){{5, "d", "1"}}, 1));
    return 1;
}

static struct pass second_pass(void) {
    return (struct pass){
        .clean = {.now_ms = 1000, .delete_retention_ms = 100, .log_end = 6, .first_dirty = 4,
                  .first_uncleanable = 6, .end = 6, .removed_count = 1, .change_count = 1},
        .removed = {{3, 3}},
        .changes = {{3, 3, NULL}},
    };
}

static const char *judge_second(struct world *w, struct pass pass) {
    tell(w, &pass);
    world_judge(w);
    return world_finding(w, "compaction", "rev");
}

static void a_tombstone_goes_with_the_second_pass(void) {
    struct world w;
    if (open_second(&w)) {
        T_EQUAL_STR(judge_second(&w, second_pass()), "pass");
    }
    world_close(&w);
    if (open_second(&w)) { /* before its time */
        struct pass pass = second_pass();
        pass.clean.now_ms = 999;
        T_EQUAL_STR(judge_second(&w, pass), "fail because cleaner-early-tombstone");
    }
    world_close(&w);
    if (open_second(&w)) { /* or stays too long */
        struct pass pass = second_pass();
        pass.clean.change_count = pass.clean.removed_count = 0;
        T_EQUAL_STR(judge_second(&w, pass), "fail because cleaner-late-tombstone");
    }
    world_close(&w);
}

static void a_horizon_is_never_moved(void) {
    struct world w;
    if (open_second(&w)) {
        struct pass pass = second_pass();
        pass.clean.now_ms = 990;
        pass.clean.removed_count = 0;
        pass.changes[0].after = tombstone(0);
        T_EQUAL_STR(judge_second(&w, pass), "fail because cleaner-moved-horizon");
    }
    world_close(&w);
}

static void the_last_batch_of_a_producer_and_of_a_round_stays(void) {
    struct world w;
    if (open_second(&w)) { /* c and its producer's only batch */
        append(&w, batch_of(6, 6, -1, 0, (struct rec[]){{6, "c", "2"}}, 1));
        struct pass pass = second_pass();
        pass.clean.log_end = pass.clean.first_uncleanable = pass.clean.end = 7;
        pass.removed[0] = (struct trial_offsets){3, 4};
        pass.clean.change_count = 2;
        pass.changes[1] = (struct trial_clean_change){4, 4, NULL};
        T_EQUAL_STR(judge_second(&w, pass), "fail because cleaner-lost-producer");
    }
    world_close(&w);
    if (open_second(&w)) { /* the same, kept empty */
        append(&w, batch_of(6, 6, -1, 0, (struct rec[]){{6, "c", "2"}}, 1));
        struct pass pass = second_pass();
        pass.clean.log_end = pass.clean.first_uncleanable = pass.clean.end = 7;
        pass.removed[0] = (struct trial_offsets){3, 4};
        pass.clean.change_count = 2;
        pass.clean.emptied_count = 1;
        pass.emptied[0] = 4;
        pass.changes[1] = (struct trial_clean_change){4, 4, batch_of(4, 4, 7, 0, NULL, 0)};
        T_EQUAL_STR(judge_second(&w, pass), "pass");
    }
    world_close(&w);
    if (open_log(&w)) { /* the tombstone of the round's last batch, deleted as a whole */
        struct pass pass = right_pass();
        tell(&w, &pass);
        append(&w, batch_of(5, 5, -1, 0, (struct rec[]){{5, "d", "1"}}, 1));
        append(&w, batch_of(6, 6, -1, 0, (struct rec[]){{6, "d", "2"}}, 1));
        struct pass second = second_pass();
        second.clean.log_end = second.clean.first_uncleanable = second.clean.end = 7;
        second.removed[1] = (struct trial_offsets){6, 6};
        second.clean.removed_count = 2;
        second.clean.change_count = 2;
        second.changes[1] = (struct trial_clean_change){6, 6, NULL};
        T_EQUAL_STR(judge_second(&w, second), "fail because cleaner-lost-newest");
    }
    world_close(&w);
}

static void the_last_batch_of_the_round_is_not_deleted(void) {
    struct world w;
    if (world_open(&w, TOPIC)) {
        append(&w, batch_of(0, 0, -1, 0, (struct rec[]){{0, "a", NULL}}, 1));
        append(&w, batch_of(1, 1, -1, 0, (struct rec[]){{1, "b", "1"}}, 1));
        struct pass first = {
            .clean = {.now_ms = 900, .delete_retention_ms = 100, .log_end = 2,
                      .first_uncleanable = 1, .end = 1, .horizon_count = 1, .change_count = 1},
            .horizons = {{0, 1000}},
            .changes = {{0, 0, batch_of(0, 0, -1, MOCK_BATCH_DELETE_HORIZON,
                                        (struct rec[]){{0, "a", NULL}}, 1)}},
        };
        tell(&w, &first);
        /* The checkpoint was lost: the same range again, and its only record's time is over. */
        struct pass second = {
            .clean = {.now_ms = 1000, .delete_retention_ms = 100, .log_end = 2,
                      .first_uncleanable = 1, .end = 1, .removed_count = 1, .change_count = 1},
            .removed = {{0, 0}},
            .changes = {{0, 0, NULL}},
        };
        T_EQUAL_STR(judge_second(&w, second), "fail because cleaner-lost-end");
    }
    world_close(&w);
}

static void younger_records_than_the_lag_are_left_alone(void) {
    struct world w;
    if (world_open(&w, "topic rev partitions 1 compact {\nmin.compaction.lag.ms = 10s\n}\n"
                       "writer w1 to rev\n")) {
        append(&w, batch_of(0, 0, -1, 0, (struct rec[]){{0, "a", "1"}}, 1));
        append(&w, batch_of(1, 1, -1, 0, (struct rec[]){{1, "a", "2"}}, 1));
        struct pass pass = {
            .clean = {.now_ms = 10999, .log_end = 2, .first_uncleanable = 2, .end = 2,
                      .removed_count = 1, .change_count = 1},
            .removed = {{0, 0}},
            .changes = {{0, 0, NULL}},
        };
        T_EQUAL_STR(judge_second(&w, pass), "fail because cleaner-touched-uncleanable");
        struct trial_clean *told =
            (struct trial_clean *)trial_history_at(w.history, world_find(&w, TRIAL_FACT_CLEAN, 0))
                ->clean;
        told->now_ms = 11000;
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "compaction", "rev"), "pass");
    }
    world_close(&w);
}

static void retention_takes_only_what_is_below_the_start(void) {
    for (int64_t start = 3; start <= 4; start++) {
        struct world w;
        if (open_log(&w)) {
            struct pass pass = {
                .clean = {.now_ms = 900, .log_end = 5, .start = start, .removed_count = 1,
                          .change_count = 2},
                .removed = {{0, 3}},
                .changes = {{0, 2, NULL}, {3, 3, NULL}},
            };
            tell(&w, &pass);
            struct trial_event *told = (struct trial_event *)trial_history_at(
                w.history, world_find(&w, TRIAL_FACT_CLEAN, 0));
            told->text = "retain";
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "compaction", "rev"),
                        start == 3 ? "fail because cleaner-removed-above-start" : "not exercised");
        }
        world_close(&w);
    }
}

static void a_topic_without_a_pass_is_not_exercised(void) {
    struct world w;
    if (open_log(&w)) {
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "compaction", "rev"), "not exercised");
        struct pass pass = {.clean = {.now_ms = 900, .log_end = 5, .nothing_dirty = true}};
        tell(&w, &pass);
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "compaction", "rev"), "not exercised");
    }
    world_close(&w);
    if (world_open(&w, "topic rev partitions 1\nwriter w1 to rev\n")) {
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "compaction", "rev"), "none");
    }
    world_close(&w);
}

CU_SuiteInfo *suite_check_compaction(void) {
    static CU_TestInfo tests[] = {
        {"a_right_pass_is_believed", a_right_pass_is_believed},
        {"every_wrong_pass_is_convicted_by_name", every_wrong_pass_is_convicted_by_name},
        {"a_tombstone_goes_with_the_second_pass", a_tombstone_goes_with_the_second_pass},
        {"a_horizon_is_never_moved", a_horizon_is_never_moved},
        {"the_last_batch_of_a_producer_and_of_a_round_stays",
         the_last_batch_of_a_producer_and_of_a_round_stays},
        {"the_last_batch_of_the_round_is_not_deleted", the_last_batch_of_the_round_is_not_deleted},
        {"younger_records_than_the_lag_are_left_alone",
         younger_records_than_the_lag_are_left_alone},
        {"retention_takes_only_what_is_below_the_start",
         retention_takes_only_what_is_below_the_start},
        {"a_topic_without_a_pass_is_not_exercised", a_topic_without_a_pass_is_not_exercised},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/compaction", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
