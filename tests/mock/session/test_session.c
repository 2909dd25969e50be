/* One fetch session: what it asks for, and what it need not be told again. */
#include <string.h>

#include "base/memory.h"
#include "mock/session/session.h"
#include "suites.h"
#include "t_run.h"

static struct mock_session *session;
static struct base_arena arena;

static void set_up(void) {
    base_arena_init(&arena, 1u << 20);
    session = NULL;
    T_EQUAL_INT(mock_session_new(false, &session), 0);
}

static void tear_down(void) {
    mock_session_unref(session);
    base_arena_clean_up(&arena);
}

/* One topic's change: names and first partition; further ones follow it. */
static struct mock_fetch_topic topic_of(const char *name, struct mock_fetch_partition *parts,
                                        size_t count) {
    return (struct mock_fetch_topic){
        .name = base_slice_str(name), .partitions = parts, .partition_count = count};
}

static void add(const char *name, int32_t partition, int64_t offset) {
    struct mock_fetch_partition part = {.index = partition, .fetch_offset = offset};
    struct mock_fetch_topic topic = topic_of(name, &part, 1);
    T_EQUAL_INT(mock_session_update(session, &topic, 1, NULL, 0), 0);
}

static bool tell(const char *name, int32_t partition,
                 const struct mock_fetch_partition_response *answer) {
    struct mock_session_key key = {base_slice_str(name), {{0}}, partition};
    return mock_session_tell(session, &key, answer);
}

#define ANSWER(...)                                                                                \
    (&(const struct mock_fetch_partition_response){.preferred_read_replica = -1, __VA_ARGS__})

/* "a:0@5,1@7 b:0@0" of what the session asks for with these changes. */
static const char *view(const struct mock_fetch_topic *topics, size_t count,
                        const struct mock_fetch_forgotten_topic *forgotten,
                        size_t forgotten_count) {
    struct mock_fetch_topic *seen = NULL;
    size_t seen_count = 0;
    struct base_builder text;
    base_builder_init(&text, 4096);
    T_EQUAL_INT(mock_session_view(session, topics, count, forgotten, forgotten_count, &arena, &seen,
                                  &seen_count),
                0);
    for (size_t t = 0; t < seen_count; t++) {
        base_put_format(&text, "%s%.*s:", t ? " " : "", (int)seen[t].name.len,
                        (const char *)seen[t].name.data);
        for (size_t i = 0; i < seen[t].partition_count; i++) {
            base_put_format(&text, "%s%d@%d", i ? "," : "", seen[t].partitions[i].index,
                            (int)seen[t].partitions[i].fetch_offset);
        }
    }
    const char *kept = base_arena_strndup(&arena, text.data ? (char *)text.data : "", text.len);
    base_builder_clean_up(&text);
    return kept ? kept : "";
}

static const char *whole(void) {
    return view(NULL, 0, NULL, 0);
}

static void partitions_are_asked_for_in_the_order_they_came(void) {
    add("b", 1, 5);
    add("a", 0, 2);
    add("a", 3, 7);
    T_EQUAL_STR(whole(), "b:1@5 a:0@2,3@7");
    T_EQUAL_INT(mock_session_partitions(session), 3);
}

static void a_known_partition_stays_where_it_is(void) {
    add("a", 0, 1);
    add("b", 0, 1);
    add("a", 0, 9);
    T_EQUAL_STR(whole(), "a:0@9 b:0@1");
    T_EQUAL_INT(mock_session_partitions(session), 2);
}

static void a_view_changes_nothing(void) {
    add("a", 0, 1);
    add("a", 1, 1);
    struct mock_fetch_partition parts[] = {{.index = 1, .fetch_offset = 4},
                                           {.index = 7, .fetch_offset = 2},
                                           {.index = 8, .fetch_offset = 2}};
    struct mock_fetch_topic topic = topic_of("a", parts, 3);
    int32_t gone[] = {0, 8, 99};
    struct mock_fetch_forgotten_topic forgotten = {
        .name = base_slice_str("a"), .partitions = gone, .partition_count = 3};
    T_EQUAL_STR(view(&topic, 1, &forgotten, 1), "a:1@4,7@2");
    T_EQUAL_STR(whole(), "a:0@1,1@1");
    T_EQUAL_INT(mock_session_update(session, &topic, 1, &forgotten, 1), 0);
    T_EQUAL_STR(whole(), "a:1@4,7@2");
}

static void ids_tell_topics_apart_where_they_are_used(void) {
    mock_session_unref(session);
    T_EQUAL_INT(mock_session_new(true, &session), 0);
    struct mock_fetch_partition part = {.index = 0};
    struct mock_fetch_topic one = topic_of("a", &part, 1);
    struct mock_fetch_topic two = topic_of("a", &part, 1);
    one.id.bytes[0] = 1;
    two.id.bytes[0] = 2;
    T_EQUAL_INT(mock_session_update(session, &one, 1, NULL, 0), 0);
    T_EQUAL_INT(mock_session_update(session, &two, 1, NULL, 0), 0);
    one.name = BASE_SLICE_NULL;
    T_EQUAL_INT(mock_session_update(session, &one, 1, NULL, 0), 0);
    T_EQUAL_INT(mock_session_partitions(session), 2);
    T_TRUE(mock_session_uses_ids(session));
}

static void what_did_not_change_is_not_told(void) {
    add("a", 0, 0);
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 0)));
    T_TRUE(!tell("a", 0, ANSWER(.high_watermark = 0)));
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 1)));
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 1, .log_start_offset = 1)));
    T_TRUE(!tell("a", 0, ANSWER(.high_watermark = 1, .log_start_offset = 1)));
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 1, .log_start_offset = 1, .chunk_count = 1)));
    T_TRUE(tell("a", 0,
                ANSWER(.high_watermark = 1, .log_start_offset = 1, .has_diverging_epoch = true)));
    T_TRUE(
        !tell("a", 0, ANSWER(.high_watermark = 1, .log_start_offset = 1, .last_stable_offset = 1)));
    T_TRUE(tell("nobody", 0, ANSWER(.high_watermark = 0)));
}

static void an_error_is_told_each_time_and_so_is_its_end(void) {
    add("a", 0, 0);
    (void)tell("a", 0, ANSWER(.high_watermark = 3));
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 3, .error_code = 6)));
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 3, .error_code = 6)));
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 3)));
    T_TRUE(!tell("a", 0, ANSWER(.high_watermark = 3)));
}

static void who_had_records_goes_behind_the_others(void) {
    add("a", 0, 0);
    add("a", 1, 0);
    add("b", 0, 0);
    T_TRUE(tell("a", 0, ANSWER(.high_watermark = 3, .chunk_count = 1)));
    T_EQUAL_STR(whole(), "a:1@0 b:0@0 a:0@0");
    struct mock_session_key key = {base_slice_str("a"), {{0}}, 1};
    mock_session_note(session, &key, ANSWER(.high_watermark = 3, .chunk_count = 1));
    T_EQUAL_STR(whole(), "a:1@0 b:0@0 a:0@0");
}

static void epochs_count_up_and_go_round_to_1(void) {
    T_EQUAL_INT(mock_session_epoch(session), 1);
    mock_session_advance(session);
    T_EQUAL_INT(mock_session_epoch(session), 2);
    T_EQUAL_INT(mock_session_next_epoch(INT32_MAX), 1);
    T_EQUAL_INT(mock_session_next_epoch(MOCK_SESSION_EPOCH_FINAL), MOCK_SESSION_EPOCH_FINAL);
}

/* Enough for the table to grow several times. */
static void many_partitions_are_found_again(void) {
    for (int32_t i = 0; i < 1000; i++) {
        add(i % 2 ? "odd" : "even", i, i);
    }
    for (int32_t i = 0; i < 1000; i++) {
        add(i % 2 ? "odd" : "even", i, 0);
    }
    T_EQUAL_INT(mock_session_partitions(session), 1000);
}

static int build(uint64_t after, struct mock_session **ret) {
    struct mock_fetch_partition parts[20] = {{.index = 0}};
    for (int32_t i = 0; i < 20; i++) {
        parts[i].index = i;
    }
    struct mock_fetch_topic topic = topic_of("t", parts, 20);
    base_memory_fail_after(after, 1);
    int rc = mock_session_new(false, ret);
    rc = rc < 0 ? rc : mock_session_update(*ret, &topic, 1, NULL, 0);
    base_memory_fail_never();
    return rc;
}

static void failing_memory_is_reported_and_nothing_leaks(void) {
    int64_t before = base_memory_live_count();
    int rc = BASE_NO_MEMORY;
    uint64_t after = 0;
    for (; rc < 0 && after < 100; after++) {
        struct mock_session *made = NULL;
        rc = build(after, &made);
        mock_session_unref(made);
        T_EQUAL_INT(base_memory_live_count(), before);
    }
    T_EQUAL_INT(rc, 0);
    T_TRUE(after > 20);
}

#define TEST(name)                                                                                 \
    { #name, name }
static CU_TestInfo tests[] = {
    TEST(partitions_are_asked_for_in_the_order_they_came),
    TEST(a_known_partition_stays_where_it_is),
    TEST(a_view_changes_nothing),
    TEST(ids_tell_topics_apart_where_they_are_used),
    TEST(what_did_not_change_is_not_told),
    TEST(an_error_is_told_each_time_and_so_is_its_end),
    TEST(who_had_records_goes_behind_the_others),
    TEST(epochs_count_up_and_go_round_to_1),
    TEST(many_partitions_are_found_again),
    TEST(failing_memory_is_reported_and_nothing_leaks),
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_session(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/session one", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
