/* Tests of the arena. */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "suites.h"
#include "t_run.h"

static struct base_arena arena;
static int64_t live_before;

static void set_up(void) {
    live_before = base_memory_live_count();
    base_arena_init(&arena, 1 << 20);
}

static void tear_down(void) {
    base_memory_fail_never();
    base_arena_clean_up(&arena);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static void pieces_are_zero_aligned_and_apart(void) {
    uint8_t *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = base_arena_alloc(&arena, i * 7);
        if (!T_TRUE(pieces[i] != NULL)) {
            return;
        }
        T_EQUAL_INT((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < i * 7; k++) {
            if (pieces[i][k] != 0 && !T_EQUAL_INT(pieces[i][k], 0)) {
                return;
            }
        }
        memset(pieces[i], (int)i, i * 7);
    }
    for (size_t i = 0; i < 200; i++) {
        for (size_t k = 0; k < i * 7; k++) {
            if (pieces[i][k] != (uint8_t)i && !T_EQUAL_INT(pieces[i][k], i)) {
                return;
            }
        }
    }
}

static void a_count_of_zero_gives_a_valid_pointer(void) {
    T_TRUE(base_arena_alloc(&arena, 0) != NULL);
    T_TRUE(base_arena_alloc_array(&arena, 0, 16) != NULL);
    T_TRUE(base_arena_alloc_array(&arena, 16, 0) != NULL);
    T_EQUAL_INT(arena.failed, 0);
}

static void a_piece_larger_than_a_block_is_given(void) {
    uint8_t *small = base_arena_alloc(&arena, 8);
    uint8_t *large = base_arena_alloc(&arena, 500000);
    T_TRUE(small && large);
    if (large) {
        memset(large, 1, 500000);
        T_EQUAL_INT(small[7], 0);
    }
}

static void copies_are_copies(void) {
    char source[] = "abc";
    char *whole = base_arena_strdup(&arena, source);
    char *part = base_arena_strndup(&arena, source, 2);
    struct base_slice slice = base_arena_slice(&arena, base_slice_of("a\0b", 3));
    struct base_slice null = base_arena_slice(&arena, BASE_SLICE_NULL);
    struct base_slice empty = base_arena_slice(&arena, base_slice_str(""));
    source[0] = 'X';
    T_EQUAL_STR(whole, "abc");
    T_EQUAL_STR(part, "ab");
    T_TRUE(base_slice_equal(slice, base_slice_of("a\0b", 3)));
    T_TRUE(base_slice_is_null(null));
    T_TRUE(!base_slice_is_null(empty) && empty.len == 0);
}

static void the_limit_holds_and_failure_is_sticky(void) {
    base_arena_clean_up(&arena);
    base_arena_init(&arena, 1000);
    T_TRUE(base_arena_alloc(&arena, 1001) == NULL);
    T_EQUAL_INT(arena.failed, BASE_LIMIT);
    T_TRUE(base_arena_alloc(&arena, 1) == NULL);
    T_TRUE(base_arena_strdup(&arena, "x") == NULL);
    T_TRUE(base_slice_is_null(base_arena_slice(&arena, base_slice_str("x"))));
}

static void many_small_pieces_reach_the_limit_too(void) {
    base_arena_clean_up(&arena);
    base_arena_init(&arena, 4096);
    size_t given = 0;
    while (given < 10000 && base_arena_alloc(&arena, 16)) {
        given++;
    }
    T_EQUAL_INT(given, 4096 / 16);
    T_EQUAL_INT(arena.failed, BASE_LIMIT);
}

static void an_array_whose_size_overflows_is_refused(void) {
    T_TRUE(base_arena_alloc_array(&arena, SIZE_MAX / 8, 16) == NULL);
    T_EQUAL_INT(arena.failed, BASE_LIMIT);
}

static void a_size_near_the_maximum_does_not_wrap(void) {
    base_arena_clean_up(&arena);
    base_arena_init(&arena, SIZE_MAX);
    T_TRUE(base_arena_alloc(&arena, SIZE_MAX - 3) == NULL);
    T_TRUE(arena.failed != 0);
}

static void a_cleaned_arena_can_be_used_again(void) {
    T_TRUE(base_arena_alloc(&arena, 1 << 21) == NULL);
    base_arena_clean_up(&arena);
    T_EQUAL_INT(arena.failed, 0);
    T_TRUE(base_arena_alloc(&arena, 100) != NULL);
}

/* Everything that the arena does, with the n-th allocation failing, for every n. */
static int use_everything(struct base_arena *a) {
    for (size_t i = 1; i < 40; i++) {
        if (!base_arena_alloc(a, i * 300) || !base_arena_strdup(a, "text") ||
            base_slice_is_null(base_arena_slice(a, base_slice_str("slice")))) {
            return a->failed;
        }
    }
    return 0;
}

static void every_failing_allocation_is_reported_and_nothing_leaks(void) {
    uint64_t n = 0;
    for (;; n++) {
        struct base_arena swept;
        base_arena_init(&swept, 1 << 20);
        base_memory_fail_after(n, 0);
        int code = use_everything(&swept);
        base_memory_fail_never();
        base_arena_clean_up(&swept);
        T_EQUAL_INT(base_memory_live_count(), live_before);
        if (code == 0) {
            break;
        }
        if (!T_EQUAL_INT(code, BASE_NO_MEMORY)) {
            break;
        }
    }
    T_TRUE(n > 3);
}

CU_SuiteInfo *suite_base_arena(void) {
    static CU_TestInfo tests[] = {
        {"pieces_are_zero_aligned_and_apart", pieces_are_zero_aligned_and_apart},
        {"a_count_of_zero_gives_a_valid_pointer", a_count_of_zero_gives_a_valid_pointer},
        {"a_piece_larger_than_a_block_is_given", a_piece_larger_than_a_block_is_given},
        {"copies_are_copies", copies_are_copies},
        {"the_limit_holds_and_failure_is_sticky", the_limit_holds_and_failure_is_sticky},
        {"many_small_pieces_reach_the_limit_too", many_small_pieces_reach_the_limit_too},
        {"an_array_whose_size_overflows_is_refused", an_array_whose_size_overflows_is_refused},
        {"a_size_near_the_maximum_does_not_wrap", a_size_near_the_maximum_does_not_wrap},
        {"a_cleaned_arena_can_be_used_again", a_cleaned_arena_can_be_used_again},
        {"every_failing_allocation_is_reported_and_nothing_leaks",
         every_failing_allocation_is_reported_and_nothing_leaks},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/arena", NULL, NULL, set_up, tear_down, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
