/* The history: what goes in comes out, also by way of a file. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/check/table.h"
#include "suites.h"
#include "world.h"

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_batch(const struct mock_stored_batch *a, const struct mock_stored_batch *b) {
    if (!a || !b) {
        return a == b;
    }
    return a->base_offset == b->base_offset && a->last_offset == b->last_offset &&
           a->record_count == b->record_count && a->max_timestamp == b->max_timestamp &&
           a->appended_ms == b->appended_ms && a->producer_id == b->producer_id &&
           a->producer_epoch == b->producer_epoch && a->base_sequence == b->base_sequence &&
           base_slice_equal(mock_stored_batch_slice(a), mock_stored_batch_slice(b));
}

static bool same_event(const struct trial_event *a, const struct trial_event *b) {
    return a->fact == b->fact && a->incarnation == b->incarnation && a->at_ns == b->at_ns &&
           same_text(a->actor, b->actor) && a->connection == b->connection &&
           a->request == b->request && a->intent == b->intent && a->broker == b->broker &&
           a->correlation_id == b->correlation_id && a->api == b->api &&
           a->version == b->version && a->error == b->error && a->dropped == b->dropped &&
           a->idle == b->idle && a->flag == b->flag && same_text(a->topic, b->topic) &&
           same_text(a->topic2, b->topic2) && same_text(a->type, b->type) &&
           a->partition == b->partition && a->generation == b->generation &&
           a->offset == b->offset && same_text(a->group, b->group) &&
           same_text(a->member, b->member) && same_text(a->text, b->text) &&
           same_text(a->text2, b->text2) && base_slice_equal(a->key, b->key) &&
           base_slice_equal(a->value, b->value) && same_batch(a->batch, b->batch);
}

/* One event of every kind, with every field set. */
static void fill(struct world *w) {
    world_append(w, "w1", 1, "rev", 0, 1, "k", "v");
    struct mock_stored_batch *batch = trial_history_at(w->history, 0)->batch;
    batch->producer_id = 4711;
    batch->producer_epoch = 2;
    batch->base_sequence = 17;
    batch->max_timestamp = 1700000000000;
    for (int fact = 0; fact < TRIAL_FACT_KIND_COUNT; fact++) {
        struct trial_event e = TRIAL_EVENT_INIT((enum trial_fact)fact);
        world_event(w, e);
        e = (struct trial_event){
            .fact = (enum trial_fact)fact, .incarnation = 2, .at_ns = UINT64_MAX / 4, .actor = "a",
            .connection = 3, .request = 4, .intent = 5, .broker = -6, .correlation_id = 7,
            .api = 8, .version = 9, .error = -10, .dropped = true, .idle = true, .flag = true,
            .topic = "t", .topic2 = "t2", .type = "revision", .partition = 11, .generation = 12,
            .offset = INT64_MAX, .group = "g", .member = "not \xff utf-8", .text = "line\n\"two\"",
            .text2 = "\xfe", .key = base_slice_of("\0\xff", 2), .value = base_slice_of("", 0),
            .batch = batch};
        world_event(w, e);
    }
}

static void saving_and_loading_gives_an_equal_history(void) {
    struct world w;
    struct trial_history *loaded = NULL;
    char *path = NULL;
    size_t instance = 0;
    FILE *file = tmpfile();
    if (world_open(&w, "topic rev\n") && T_TRUE(file != NULL)) {
        fill(&w);
        T_EQUAL_INT(trial_history_save(w.history, "a/b.scn", 3, file, &w.err), 0);
        rewind(file);
        int rc = trial_history_load(file, &loaded, &path, &instance, &w.err);
        if (T_EQUAL_STR(rc ? w.err.text : "", "")) {
            T_EQUAL_STR(path, "a/b.scn");
            T_EQUAL_INT(instance, 3);
            T_EQUAL_INT(trial_history_count(loaded), trial_history_count(w.history));
            for (size_t i = 0; i < trial_history_count(loaded); i++) {
                if (!T_TRUE(same_event(trial_history_at(loaded, i),
                                       trial_history_at(w.history, i)))) {
                    break;
                }
            }
        }
    }
    if (file) {
        (void)fclose(file);
    }
    base_free(path);
    trial_history_free(loaded);
    world_close(&w);
}

static int load_text(const char *text, struct base_error *err) {
    struct trial_history *history = NULL;
    char *path = NULL;
    size_t instance;
    FILE *file = tmpfile();
    if (!file) {
        return 1;
    }
    (void)fwrite(text, 1, strlen(text), file);
    rewind(file);
    int rc = trial_history_load(file, &history, &path, &instance, err);
    (void)fclose(file);
    if (rc == 0) {
        trial_history_free(history);
        base_free(path);
    }
    return rc;
}

static void damaged_files_are_refused_with_their_line(void) {
#define HEAD "{\"format\":\"ktrial-history\",\"version\":1,\"scenario\":\"x\",\"instance\":0}\n"
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(load_text(HEAD, &err), 0);
    T_EQUAL_INT(load_text(HEAD "{\"fact\":\"note\",\"text\":\"x\",\"new-field\":1}\n", &err), 0);
    T_EQUAL_INT(load_text("", &err), BASE_SHORT);
    T_EQUAL_INT(load_text("{\"format\":\"other\"}\n", &err), BASE_MALFORMED);
    T_EQUAL_INT(load_text(HEAD "{\"fact\":\"nothing\"}\n", &err), BASE_MALFORMED);
    T_TRUE(strstr(err.text, "line 2") != NULL);
    T_EQUAL_INT(load_text(HEAD "{\"fact\":\"append\",\"offset\":\"1\"}\n", &err), BASE_MALFORMED);
    T_EQUAL_INT(load_text(HEAD "{\"fact\":\"append\",\"key.base64\":\"?\"}\n", &err),
                BASE_MALFORMED);
    T_EQUAL_INT(load_text(HEAD "{\"fact\":\"append\",\"actor\":\"w", &err), BASE_MALFORMED);
}

static void removing_takes_out_just_that_event(void) {
    struct world w;
    if (world_open(&w, "topic rev\n")) {
        for (int64_t i = 0; i < 3; i++) {
            world_append(&w, "w1", 1, "rev", i, 0, "k", "v");
        }
        trial_history_remove(w.history, 1);
        T_EQUAL_INT(trial_history_count(w.history), 2);
        T_EQUAL_INT(trial_history_at(w.history, 0)->offset, 0);
        T_EQUAL_INT(trial_history_at(w.history, 1)->offset, 2);
    }
    world_close(&w);
}

static void events_of_the_broker_keep_their_fields(void) {
    struct world w;
    if (world_open(&w, "topic rev\n")) {
        struct mock_event e = {.kind = MOCK_EVENT_COMMITTED, .actor = "c", .group = "g",
                               .topic = "t", .partition = 1, .offset = 7, .error = 22,
                               .request = 5, .incarnation = 2, .member = "m", .text = "why"};
        T_EQUAL_INT(trial_history_add_mock(w.history, &e, &w.err), 0);
        const struct trial_event *row = trial_history_at(w.history, 0);
        T_EQUAL_STR(trial_fact_to_str(row->fact), "committed");
        T_EQUAL_INT(row->offset, 7);
        T_EQUAL_INT(row->error, 22);
        T_EQUAL_STR(row->member, "m");
        T_TRUE(row->member != e.member);
        e.kind = (enum mock_event_kind)99;
        T_EQUAL_INT(trial_history_add_mock(w.history, &e, &w.err), BASE_USAGE);
    }
    world_close(&w);
}

static void interning_numbers_things_once(void) {
    struct trial_table table;
    trial_table_init(&table);
    static uint32_t words[20000];
    for (uint32_t i = 0; i < 20000; i++) {
        words[i] = i * 2654435761u;
        uint32_t number;
        T_EQUAL_INT(trial_table_intern(&table, i % 3, base_slice_of(&words[i], 4), &number), 0);
        if (!T_EQUAL_INT(number, i)) {
            break;
        }
    }
    for (uint32_t i = 0; i < 20000; i += 97) {
        T_EQUAL_INT(trial_table_find(&table, i % 3, base_slice_of(&words[i], 4)), i);
        T_TRUE(trial_table_find(&table, 7, base_slice_of(&words[i], 4)) == TRIAL_TABLE_NONE);
    }
    uint32_t null_number;
    uint32_t empty_number;
    T_EQUAL_INT(trial_table_intern(&table, 0, BASE_SLICE_NULL, &null_number), 0);
    T_EQUAL_INT(trial_table_intern(&table, 0, base_slice_of("", 0), &empty_number), 0);
    T_TRUE(null_number != empty_number);
    trial_table_clean_up(&table);
}

static void failing_memory_leaves_nothing_behind(void) {
    int64_t before = base_memory_live_count();
    for (uint64_t n = 0; n < 40; n++) {
        struct trial_history *history = NULL;
        struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_NOTE);
        e.text = "a note";
        e.value = base_slice_str("bytes");
        base_memory_fail_after(n, 0);
        int rc = trial_history_new(&history, NULL);
        for (int i = 0; rc == 0 && i < 20; i++) {
            rc = trial_history_add(history, &e, NULL);
        }
        base_memory_fail_never();
        T_TRUE(rc == 0 || rc == BASE_NO_MEMORY);
        trial_history_free(history);
    }
    T_EQUAL_INT(base_memory_live_count(), before);
}

CU_SuiteInfo *suite_check_history(void) {
    static CU_TestInfo tests[] = {
        {"saving_and_loading_gives_an_equal_history", saving_and_loading_gives_an_equal_history},
        {"damaged_files_are_refused_with_their_line", damaged_files_are_refused_with_their_line},
        {"removing_takes_out_just_that_event", removing_takes_out_just_that_event},
        {"events_of_the_broker_keep_their_fields", events_of_the_broker_keep_their_fields},
        {"interning_numbers_things_once", interning_numbers_things_once},
        {"failing_memory_leaves_nothing_behind", failing_memory_leaves_nothing_behind},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/history", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
