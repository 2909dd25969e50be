/* Which views there are, and what each retains. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "made_log.h"
#include "suites.h"

#define MIXED "a1 b1 a2 | c1 b- a3 | c- b2 d1"

/* The offsets that a view of rev leaves, as text: "0 2 5". */
static int leaves(const struct made_log *log, const char *name, const char *expected) {
    struct trial_view view;
    struct base_error err = BASE_ERROR_INIT;
    if (!T_EQUAL_INT(trial_view_parse(&log->capture, name, &view, &err), 0)) {
        return 0;
    }
    struct trial_window window = trial_view_window(&log->capture, &view, 0);
    struct base_builder text;
    base_builder_init(&text, BASE_KIB);
    for (uint32_t i = 0; i < log->capture.parts[0].record_count; i++) {
        if (trial_window_retains(&window, &log->capture.parts[0], i)) {
            base_put_format(&text, "%s%u", text.len ? " " : "", i);
        }
    }
    base_put_u8(&text, 0);
    int same = T_EQUAL_STR((const char *)text.data, expected);
    base_builder_clean_up(&text);
    return same;
}

static void a_view_retains_what_a_pass_would(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, MIXED);
        if (made_log_capture(&log)) {
            leaves(&log, "0:0:keep", "0 1 2 3 4 5 6 7 8");
            leaves(&log, "4:4:drop", "0 1 2 3 4 5 6 7 8");
            leaves(&log, "0:9:keep", "5 6 7 8");
            leaves(&log, "0:9:drop", "5 7 8");
            /* Newest below b, not newest of all. */
            leaves(&log, "0:5:keep", "2 3 4 5 6 7 8");
            leaves(&log, "0:5:drop", "2 3 5 6 7 8");
            /* What the reader has passed stays. */
            leaves(&log, "2:6:keep", "0 1 3 4 5 6 7 8");
            leaves(&log, "4:7:drop", "0 1 2 3 5 7 8");
            leaves(&log, "1:1:drop", "0 1 2 3 4 5 6 7 8");
        }
    }
    made_log_close(&log);
}

static void records_without_a_key_vanish_in_the_window(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "~1 a1 ~2 | ~3");
        if (made_log_capture(&log)) {
            leaves(&log, "0:3:keep", "1 3");
            leaves(&log, "1:4:keep", "0 1");
        }
    }
    made_log_close(&log);
}

/* The fold of what a view leaves: for each key 'a' to 'z' the offset of its last value; -1. */
static void fold(const struct trial_captured_part *part, const struct trial_window *window,
                 const char *keys, int64_t *ret_last) {
    for (int k = 0; k < 26; k++) {
        ret_last[k] = -1;
    }
    for (uint32_t i = 0; i < part->record_count; i++) {
        if (!window || trial_window_retains(window, part, i)) {
            ret_last[keys[i] - 'a'] = part->records[i].is_tombstone ? -1 : part->records[i].offset;
        }
    }
}

static void legal_views_fold_to_the_same_and_hazards_may_not(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, MIXED);
        struct trial_views views;
        if (made_log_capture(&log) &&
            T_EQUAL_INT(trial_views_enumerate(&log.capture, 0, 0, &views, NULL), 0)) {
            const struct trial_captured_part *part = &log.capture.parts[0];
            int64_t whole[26];
            int64_t viewed[26];
            size_t others = 0;
            fold(part, NULL, "abacbacbd", whole);
            for (size_t i = 0; i < views.count; i++) {
                struct trial_window window = trial_view_window(&log.capture, &views.items[i], 0);
                fold(part, &window, "abacbacbd", viewed);
                bool same = memcmp(whole, viewed, sizeof(whole)) == 0;
                T_TRUE(same || trial_view_is_hazard(&views.items[i]));
                others += !same;
            }
            T_TRUE(others > 0);
            trial_views_clean_up(&views);
        }
    }
    made_log_close(&log);
}

static void every_view_is_counted_and_every_log_served_once(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, MIXED);
        struct trial_views views;
        if (made_log_capture(&log) &&
            T_EQUAL_INT(trial_views_enumerate(&log.capture, 0, 0, &views, NULL), 0)) {
            T_EQUAL_INT(views.enumerated, 10 * 11);
            T_EQUAL_INT(views.count, views.distinct);
            T_TRUE(!views.at_batches);
            T_EQUAL_INT(views.items[0].b, 0);
            size_t hazards = 0;
            for (size_t i = 0; i < views.count; i++) {
                hazards += trial_view_is_hazard(&views.items[i]);
                T_TRUE(hazards == 0 || trial_view_is_hazard(&views.items[i]));
            }
            T_EQUAL_INT(views.hazards, hazards);
            trial_views_clean_up(&views);
        }
    }
    made_log_close(&log);
}

/* Told apart by brute force: the retained records and the empty batches of each (a, b, t). */
static void no_different_log_is_left_out(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 | b1 a2 | c1 b- | a3 | c- b2");
        struct trial_views views;
        if (made_log_capture(&log) &&
            T_EQUAL_INT(trial_views_enumerate(&log.capture, 0, 0, &views, NULL), 0)) {
            const struct trial_captured_part *part = &log.capture.parts[0];
            uint32_t *seen = base_alloc_array(1000, sizeof(*seen));
            size_t count = 0;
            for (uint32_t a = 0; a <= part->record_count; a++) {
                for (uint32_t n = 2 * a; n <= 2 * part->record_count + 1; n++) {
                    struct trial_window window = {a, n / 2, n % 2 == 1};
                    uint32_t mask = 0;
                    for (uint32_t i = 0; i < part->record_count; i++) {
                        mask = mask << 1 | trial_window_retains(&window, part, i);
                    }
                    for (uint32_t i = 0; i < part->batch_count; i++) {
                        bool any = false;
                        for (uint32_t r = 0; r < part->batches[i].record_count; r++) {
                            any = any || trial_window_retains(&window, part,
                                                              part->batches[i].first_record + r);
                        }
                        mask = mask << 1 | (!any && trial_window_keeps_empty(&window, part, i));
                    }
                    size_t at = 0;
                    while (at < count && seen[at] != mask) {
                        at++;
                    }
                    seen[at] = mask;
                    count += at == count;
                }
            }
            T_EQUAL_INT(views.distinct, count);
            base_free(seen);
            trial_views_clean_up(&views);
        }
    }
    made_log_close(&log);
}

static void a_sample_keeps_the_log_as_written_and_is_repeatable(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, MIXED);
        struct trial_views first = {0};
        struct trial_views second = {0};
        if (made_log_capture(&log) &&
            T_EQUAL_INT(trial_views_enumerate(&log.capture, 5, 3, &first, NULL), 0) &&
            T_EQUAL_INT(trial_views_enumerate(&log.capture, 5, 3, &second, NULL), 0)) {
            T_EQUAL_INT(first.count, 5);
            T_EQUAL_INT(second.count, 5);
            T_TRUE(first.distinct > 5);
            T_EQUAL_INT(first.items[0].b, 0);
            for (size_t i = 0; i < 5; i++) {
                T_EQUAL_INT(first.items[i].a, second.items[i].a);
                T_EQUAL_INT(first.items[i].b, second.items[i].b);
            }
        }
        trial_views_clean_up(&first);
        trial_views_clean_up(&second);
    }
    made_log_close(&log);
}

static void long_logs_are_cut_at_batches(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        for (int i = 0; i < 31; i++) {
            made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 b1 c1 d1 e1 f1 g1 h1 i1 j1");
        }
        struct trial_views views;
        if (made_log_capture(&log) &&
            T_EQUAL_INT(trial_views_enumerate(&log.capture, 0, 0, &views, NULL), 0)) {
            T_TRUE(views.at_batches && !views.thinned);
            T_EQUAL_INT(views.enumerated, 32 * 33);
            for (size_t i = 0; i < views.count; i++) {
                T_EQUAL_INT(views.items[i].a % 10, 0);
                T_EQUAL_INT(views.items[i].b % 10, 0);
            }
            trial_views_clean_up(&views);
        }
    }
    made_log_close(&log);
}

static void partitions_vary_alone_and_together(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 a2 | a3 a4");
        made_log_append(&log, 1, 0, MOCK_CODEC_NONE, "x1 x2");
        struct trial_views views;
        if (made_log_capture(&log) &&
            T_EQUAL_INT(trial_views_enumerate(&log.capture, 0, 0, &views, NULL), 0)) {
            T_EQUAL_INT(views.enumerated, 5 * 6 + 3 * 4 + 5 * 6);
            struct trial_view all = {TRIAL_VIEW_OF_ALL, 1, 3, false};
            struct trial_window of_other = trial_view_window(&log.capture, &all, 1);
            T_EQUAL_INT(of_other.a, 1); /* 1 of 4 is one half of 2, rounded up */
            T_EQUAL_INT(of_other.b, 2);
            struct trial_view alone = {1, 1, 2, true};
            T_EQUAL_INT(trial_view_window(&log.capture, &alone, 0).b, 0);
            T_EQUAL_INT(trial_view_window(&log.capture, &alone, 1).b, 2);
            trial_views_clean_up(&views);
        }
    }
    made_log_close(&log);
}

static void check_name(const struct made_log *log, const char *name) {
    struct trial_view view;
    struct base_error err = BASE_ERROR_INIT;
    if (T_EQUAL_INT(trial_view_parse(&log->capture, name, &view, &err), 0)) {
        struct base_builder text;
        base_builder_init(&text, BASE_KIB);
        trial_view_name(&log->capture, &view, &text);
        T_EQUAL_BYTES(text.data, text.len, name, strlen(name));
        base_builder_clean_up(&text);
    }
}

static void names_are_read_back(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 a2 | a3 a4");
        made_log_append(&log, 1, 0, MOCK_CODEC_NONE, "x1 x2");
        if (made_log_capture(&log)) {
            check_name(&log, "rev/0:1:4:keep");
            check_name(&log, "other/0:0:2:drop");
            check_name(&log, "all:1:3:keep");
        }
    }
    made_log_close(&log);
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 a2");
        if (made_log_capture(&log)) {
            check_name(&log, "0:2:keep");
        }
    }
    made_log_close(&log);
}

static void wrong_names_are_refused(void) {
    static const char *const wrong[] = {
        "",         "1",          "1:2",          "1:2:both",        "2:1:keep",      "0:9:keep",
        "-1:2:keep", "a:b:keep",  "rev/1:0:1:keep", "plain/0:0:1:keep", "none:0:1:keep",
        "0:1:keep:", "rev/0:0:1", "all:0:99999999999:keep",
    };
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, "a1 a2 | a3 a4");
        made_log_append(&log, 1, 0, MOCK_CODEC_NONE, "x1 x2");
        if (made_log_capture(&log)) {
            for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                struct trial_view view;
                struct base_error err = BASE_ERROR_INIT;
                if (trial_view_parse(&log.capture, wrong[i], &view, &err) != BASE_USAGE) {
                    T_EQUAL_STR(wrong[i], "refused");
                }
            }
        }
    }
    made_log_close(&log);
}

static void a_line_says_what_is_gone(void) {
    struct made_log log;
    if (made_log_open(&log)) {
        made_log_append(&log, 0, 0, MOCK_CODEC_NONE, MIXED);
        if (made_log_capture(&log)) {
            struct trial_view view = {0, 2, 6, false};
            struct base_builder text;
            base_builder_init(&text, BASE_KIB);
            trial_view_describe(&log.capture, &view, &text);
            base_put_u8(&text, 0);
            T_EQUAL_STR((const char *)text.data, "rev/0: 0-1 as written, 2-5 compacted, tombstones "
                                                 "kept, 6-8 as written; gone: 2");
            base_builder_clean_up(&text);
        }
    }
    made_log_close(&log);
}

CU_SuiteInfo *suite_explore_views(void) {
    static CU_TestInfo tests[] = {
        {"a_view_retains_what_a_pass_would", a_view_retains_what_a_pass_would},
        {"records_without_a_key_vanish_in_the_window", records_without_a_key_vanish_in_the_window},
        {"legal_views_fold_to_the_same_and_hazards_may_not",
         legal_views_fold_to_the_same_and_hazards_may_not},
        {"every_view_is_counted_and_every_log_served_once",
         every_view_is_counted_and_every_log_served_once},
        {"no_different_log_is_left_out", no_different_log_is_left_out},
        {"a_sample_keeps_the_log_as_written_and_is_repeatable",
         a_sample_keeps_the_log_as_written_and_is_repeatable},
        {"long_logs_are_cut_at_batches", long_logs_are_cut_at_batches},
        {"partitions_vary_alone_and_together", partitions_vary_alone_and_together},
        {"names_are_read_back", names_are_read_back},
        {"wrong_names_are_refused", wrong_names_are_refused},
        {"a_line_says_what_is_gone", a_line_says_what_is_gone},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"views", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return suites;
}
