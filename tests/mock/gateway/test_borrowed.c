/* Tests of large batches in an answer: they are written from the log, and must arrive as they are
 * kept, whatever becomes of the answer and of the log meanwhile. */
#include <string.h>

#include "ask.h"
#include "base/memory.h"
#include "mock/gateway/borrowed.h"
#include "suites.h"

#define LARGE ((size_t)2 * MOCK_BORROWED_MIN_BYTES)

static struct peer p; /* reads */
static struct peer w; /* writes */
static const char *topic;
static struct base_builder kept; /* what was written, one batch after the other */

static void begin(void) {
    ask_begin();
    peer_open(&p, rig.listener, 1);
    peer_open(&w, rig.listener, 1);
    topic = rig_topic(1, false);
    base_builder_init(&kept, 64 * BASE_MIB);
}

static void end(void) {
    base_builder_clean_up(&kept);
    peer_close(&p);
    peer_close(&w);
    ask_end();
}

static void write_batch(size_t value_bytes) {
    struct base_slice batch = BATCH(.value_bytes = value_bytes);
    T_EQUAL_INT(produce(&w, topic, 0, batch).error, 0);
    base_put_slice(&kept, batch);
}

/* Small and large ones, next to each other and apart. */
static void write_some(void) {
    static const size_t sizes[] = {10, LARGE, 3 * LARGE, 10, 10, LARGE, LARGE, 10};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        write_batch(sizes[i]);
    }
}

/* The bytes are those that were written, but for the base offsets and the leader epochs. */
static void expect_kept(struct fetched f, int batches) {
    struct base_slice left = f.records;
    struct base_slice wrote = base_builder_slice(&kept);
    struct base_slice batch, original;
    struct mock_batch_header header;
    int count = 0;
    int64_t offset = 0;
    T_EQUAL_INT(f.error, 0);
    while (left.len > 0 && mock_batch_next(&left, &batch, &header) == 1) {
        if (!T_EQUAL_INT(header.base_offset, offset) ||
            !T_EQUAL_INT(mock_batch_next(&wrote, &original, &header), 1)) {
            return;
        }
        T_EQUAL_BYTES(batch.data + MOCK_BATCH_MAGIC_AT, batch.len - MOCK_BATCH_MAGIC_AT,
                      original.data + MOCK_BATCH_MAGIC_AT, original.len - MOCK_BATCH_MAGIC_AT);
        offset += header.record_count;
        count++;
    }
    T_EQUAL_INT(count, batches);
}

static void they_arrive_as_they_are_kept(void) {
    write_some();
    expect_kept(fetch(&p, topic, 0, 0), 8);
    T_EQUAL_INT(rig_event(MOCK_EVENT_SEND, MOCK_API_FETCH, 0)->error, 0);
    T_TRUE(is_alive(&p));
}

static void a_part_of_the_next_one_is_what_the_limit_leaves(void) {
    write_some();
    int32_t limit = (int32_t)(LARGE + MOCK_BORROWED_MIN_BYTES + 1000);
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.partition_max_bytes = limit});
    struct fetched f = take_fetched(&p);
    T_EQUAL_INT(f.records.len, limit);
    expect_kept(f, 2);
    limit = (int32_t)LARGE + 1000; /* the part itself is small */
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.partition_max_bytes = limit});
    f = take_fetched(&p);
    T_EQUAL_INT(f.records.len, limit);
    expect_kept(f, 2);
}

static void answers_behind_each_other_keep_their_order(void) {
    write_some();
    for (int i = 0; i < 5; i++) {
        ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 0});
        ask_fetch(&p, topic, 0, 7, &(const struct fetch_options){.max_wait_ms = 0});
    }
    for (int i = 0; i < 5; i++) {
        expect_kept(take_fetched(&p), 8);
        T_EQUAL_INT(take_fetched(&p).first_offset, 7);
    }
}

/* -- faults that need the answer in one piece -- */

static void one_that_is_repeated_is_the_same_twice(void) {
    struct base_slice frame;
    write_some();
    RIG_ARM(rig_on(MOCK_ON_FETCH), 1, {.kind = MOCK_DO_DUPLICATE_RESPONSE});
    struct fetched f = fetch(&p, topic, 0, 0);
    expect_kept(f, 8);
    size_t records = f.records.len;
    T_TRUE(peer_await_frame(&p, &frame) && frame.len > records);
    T_TRUE(is_alive(&p));
}

static void one_that_is_sliced_arrives_whole(void) {
    write_some();
    RIG_ARM(rig_on(MOCK_ON_FETCH), 1, {.kind = MOCK_DO_SLICE_RESPONSE, .number = 5000});
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 0});
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 0});
    expect_kept(take_fetched(&p), 8);
    expect_kept(take_fetched(&p), 8); /* borrows again, behind the slices */
}

static void one_that_is_cut_ends_there(void) {
    write_some();
    int64_t limit = (int64_t)LARGE + 5000; /* within a borrowed batch */
    RIG_ARM(rig_on(MOCK_ON_FETCH), 1, {.kind = MOCK_DO_CUT_RESPONSE, .number = limit});
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 0});
    T_TRUE(peer_await_close(&p));
    T_EQUAL_INT(mock_frame_splitter_pending_bytes(&p.splitter), limit);
}

static void one_that_becomes_an_error_borrows_nothing(void) {
    write_some();
    RIG_ARM(rig_on(MOCK_ON_FETCH), 1,
            {.kind = MOCK_DO_APPLY_ERROR, .error = MOCK_ERROR_NOT_LEADER_OR_FOLLOWER});
    struct fetched f = fetch(&p, topic, 0, 0);
    T_EQUAL_INT(f.error, MOCK_ERROR_NOT_LEADER_OR_FOLLOWER);
    T_EQUAL_INT(f.records.len, 0);
    expect_kept(fetch(&p, topic, 0, 0), 8);
}

/* -- what happens while it is being written -- */

/* More than the sockets between us hold. */
#define MANY 14
#define HUGE ((size_t)1000 * 1000)

static void ask_for_many(void) {
    for (int i = 0; i < MANY; i++) {
        write_batch(HUGE);
    }
    ask_fetch(&p, topic, 0, 0, &(const struct fetch_options){.max_wait_ms = 0});
    RIG_UNTIL(rig_count(MOCK_EVENT_SEND, MOCK_API_FETCH) == 1);
}

static void a_topic_that_is_deleted_meanwhile_is_read_to_the_end(void) {
    ask_for_many();
    T_EQUAL_INT(mock_topic_delete(rig.broker, topic, NULL), 0);
    rig_settle();
    expect_kept(take_fetched(&p), MANY);
}

static void a_reader_that_goes_away_leaves_nothing_behind(void) {
    ask_for_many();
    peer_abort(&p);
    T_TRUE(is_alive(&w)); /* the rig finds what is lost */
}

/* -- memory that is out -- */

static void without_memory_the_answer_stays_as_it_was(void) {
    static uint8_t own[100];
    struct mock_stored_batch *batch = mock_stored_batch_new(base_slice_of(own, sizeof(own)));
    struct base_builder answer;
    base_builder_init(&answer, BASE_MIB);
    base_put_bytes(&answer, own, sizeof(own));
    bool done = false;
    for (uint64_t fails = 0; fails < 20 && !done; fails++) {
        unsigned count = 0;
        base_memory_fail_after(fails, 1);
        struct mock_borrowed *b = mock_borrowed_new(2);
        uv_buf_t *pieces = NULL;
        if (b) {
            mock_borrowed_hold(b, batch);
            b->gaps[b->gap_count++] = (struct mock_fetch_gap){30, mock_stored_batch_slice(batch)};
            mock_borrowed_count(b);
            pieces = mock_borrowed_pieces(b, answer.data, answer.len, &count);
            done = mock_borrowed_fill(b, &answer) == 0 && pieces;
        }
        base_memory_fail_never();
        T_EQUAL_INT(answer.len, sizeof(own) + (done ? sizeof(own) : 0));
        T_TRUE(!pieces || count == 3);
        base_free(pieces);
        mock_borrowed_free(b);
        T_EQUAL_INT(batch->refs, 1);
        if (!done && answer.len > sizeof(own)) {
            break;
        }
    }
    T_TRUE(done);
    base_builder_clean_up(&answer);
    mock_stored_batch_unref(batch);
}

#define TEST(name)                                                                                 \
    { #name, name }

CU_SuiteInfo *suite_mock_gateway_borrowed(void) {
    static CU_TestInfo tests[] = {
        TEST(they_arrive_as_they_are_kept),
        TEST(a_part_of_the_next_one_is_what_the_limit_leaves),
        TEST(answers_behind_each_other_keep_their_order),
        TEST(one_that_is_repeated_is_the_same_twice),
        TEST(one_that_is_sliced_arrives_whole),
        TEST(one_that_is_cut_ends_there),
        TEST(one_that_becomes_an_error_borrows_nothing),
        TEST(a_topic_that_is_deleted_meanwhile_is_read_to_the_end),
        TEST(a_reader_that_goes_away_leaves_nothing_behind),
        TEST(without_memory_the_answer_stays_as_it_was),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/gateway borrowed", rig_set_up, rig_tear_down, begin, end, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
