/* Frames out of a stream, in any cuts. */
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/frame.h"
#include "t_run.h"

CU_SuiteInfo *suite_wire_frame(void);

/* Three frames: "abc", an empty one, "hello". */
static const uint8_t stream[] = {
    0, 0, 0, 3, 'a', 'b', 'c',           /* a length and its bytes */
    0, 0, 0, 0,                          /* nothing */
    0, 0, 0, 5, 'h', 'e', 'l', 'l', 'o', /* the last */
};
static const char *const contents[] = {"abc", "", "hello"};

/* Takes what is there; the number of frames seen so far, or -1. */
static int take_all(struct mock_frame_splitter *s, int seen) {
    struct base_slice frame;
    int code;
    while ((code = mock_frame_splitter_next(s, &frame)) > 0) {
        if (seen >= 3 || !T_TRUE(base_slice_equal_str(frame, contents[seen]))) {
            return -1;
        }
        seen++;
    }
    return code < 0 ? -1 : seen;
}

static void frames_come_out_whole(void) {
    struct mock_frame_splitter s;
    mock_frame_splitter_init(&s, BASE_MAX_FRAME_BYTES);
    T_EQUAL_INT(mock_frame_splitter_feed(&s, base_slice_of(stream, sizeof(stream))), 0);
    T_EQUAL_INT(take_all(&s, 0), 3);
    T_EQUAL_INT(mock_frame_splitter_pending_bytes(&s), 0);
    mock_frame_splitter_clean_up(&s);
}

static void frames_come_out_of_every_cut(void) {
    for (size_t cut = 0; cut <= sizeof(stream); cut++) {
        struct mock_frame_splitter s;
        mock_frame_splitter_init(&s, BASE_MAX_FRAME_BYTES);
        T_EQUAL_INT(mock_frame_splitter_feed(&s, base_slice_of(stream, cut)), 0);
        int seen = take_all(&s, 0);
        T_EQUAL_INT(
            mock_frame_splitter_feed(&s, base_slice_of(stream + cut, sizeof(stream) - cut)), 0);
        T_EQUAL_INT(take_all(&s, seen), 3);
        mock_frame_splitter_clean_up(&s);
    }
}

static void frames_come_out_byte_by_byte(void) {
    struct mock_frame_splitter s;
    mock_frame_splitter_init(&s, BASE_MAX_FRAME_BYTES);
    int seen = 0;
    for (size_t i = 0; i < sizeof(stream); i++) {
        size_t room_bytes = 0;
        uint8_t *room = mock_frame_splitter_room(&s, 1, &room_bytes);
        if (!T_TRUE(room != NULL && room_bytes >= 1)) {
            break;
        }
        room[0] = stream[i];
        mock_frame_splitter_commit(&s, 1);
        seen = take_all(&s, seen);
    }
    T_EQUAL_INT(seen, 3);
    mock_frame_splitter_clean_up(&s);
}

static void a_large_frame_comes_in_steps_and_whole(void) {
    size_t len = 1000000;
    uint8_t *data = base_alloc(len + 4);
    memset(data, 'x', len + 4);
    memcpy(data, "\x00\x0f\x42\x40", 4);
    struct mock_frame_splitter s;
    mock_frame_splitter_init(&s, len);
    struct base_slice frame = BASE_SLICE_NULL;
    size_t at = 0;
    while (at < len + 4) {
        T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), 0);
        size_t room_bytes = 0;
        uint8_t *room = mock_frame_splitter_room(&s, 1, &room_bytes);
        /* What is announced is not believed before about half of it has come. */
        if (!T_TRUE(room != NULL && s.cap <= 2 * at + 64 * BASE_KIB)) {
            break;
        }
        size_t step = room_bytes < len + 4 - at ? room_bytes : len + 4 - at;
        memcpy(room, data + at, step);
        mock_frame_splitter_commit(&s, step);
        at += step;
    }
    T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), 1);
    T_EQUAL_BYTES(frame.data, frame.len, data + 4, len);
    mock_frame_splitter_clean_up(&s);
    base_free(data);
}

/* One frame of len bytes that all are fill, with its length. */
static void put_frame(struct base_builder *b, size_t len, uint8_t fill) {
    base_put_u32(b, (uint32_t)len);
    uint8_t *room = base_put_room(b, len);
    if (room) {
        memset(room, fill, len);
    }
}

static void a_large_frame_is_handed_over_and_what_follows_stays(void) {
    struct mock_frame_splitter s;
    struct base_builder b;
    struct base_slice frame;
    mock_frame_splitter_init(&s, 4u * BASE_MIB);
    base_builder_init(&b, 8u * BASE_MIB);
    put_frame(&b, MOCK_FRAME_TAKE_BYTES, 'a');
    put_frame(&b, 3, 'b');
    T_EQUAL_INT(mock_frame_splitter_feed(&s, base_builder_slice(&b)), 0);
    T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), 1);
    uint8_t *taken = mock_frame_splitter_take(&s, frame);
    T_TRUE(taken && frame.len == MOCK_FRAME_TAKE_BYTES && frame.data == taken + 4);
    T_TRUE(taken && frame.data[0] == 'a' && frame.data[frame.len - 1] == 'a');
    base_free(taken);
    T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), 1);
    T_EQUAL_BYTES(frame.data, frame.len, "bbb", 3);
    T_TRUE(!mock_frame_splitter_take(&s, frame)); /* small: to be copied */
    T_EQUAL_INT(mock_frame_splitter_pending_bytes(&s), 0);
    base_builder_clean_up(&b);
    mock_frame_splitter_clean_up(&s);
}

static void a_negative_length_is_malformed(void) {
    struct mock_frame_splitter s;
    mock_frame_splitter_init(&s, BASE_MAX_FRAME_BYTES);
    struct base_slice frame;
    T_EQUAL_INT(mock_frame_splitter_feed(&s, base_slice_of("\xff\xff\xff\xff", 4)), 0);
    T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), BASE_MALFORMED);
    T_EQUAL_INT(mock_frame_splitter_feed(&s, base_slice_of("x", 1)), BASE_MALFORMED);
    mock_frame_splitter_clean_up(&s);
}

static void a_frame_over_the_limit_is_refused(void) {
    struct mock_frame_splitter s;
    mock_frame_splitter_init(&s, 4);
    struct base_slice frame;
    T_EQUAL_INT(mock_frame_splitter_feed(&s, base_slice_of("\0\0\0\4abcd\0\0\0\5", 12)), 0);
    T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), 1);
    T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), BASE_LIMIT);
    T_EQUAL_INT(mock_frame_splitter_next(&s, &frame), BASE_LIMIT);
    mock_frame_splitter_clean_up(&s);
}

static void failing_memory_fails_the_splitter(void) {
    struct mock_frame_splitter s;
    mock_frame_splitter_init(&s, BASE_MAX_FRAME_BYTES);
    base_memory_fail_after(0, 0);
    T_EQUAL_INT(mock_frame_splitter_feed(&s, base_slice_of(stream, 4)), BASE_NO_MEMORY);
    base_memory_fail_never();
    mock_frame_splitter_clean_up(&s);
}

static CU_TestInfo tests[] = {
    {"frames_come_out_whole", frames_come_out_whole},
    {"frames_come_out_of_every_cut", frames_come_out_of_every_cut},
    {"frames_come_out_byte_by_byte", frames_come_out_byte_by_byte},
    {"a_large_frame_comes_in_steps_and_whole", a_large_frame_comes_in_steps_and_whole},
    {"a_large_frame_is_handed_over_and_what_follows_stays",
     a_large_frame_is_handed_over_and_what_follows_stays},
    {"a_negative_length_is_malformed", a_negative_length_is_malformed},
    {"a_frame_over_the_limit_is_refused", a_frame_over_the_limit_is_refused},
    {"failing_memory_fails_the_splitter", failing_memory_fails_the_splitter},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_wire_frame(void) {
    static CU_SuiteInfo suites[] = {
        {"wire frame", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
