/* Tests of the allocator seam. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "suites.h"
#include "t_run.h"

static int64_t live_before;

static void remember_live(void) {
    live_before = base_memory_live_count();
}

/* The seam is one for the whole program: nothing may stay armed, nothing may stay alive. */
static void check_live(void) {
    base_memory_fail_never();
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static void what_is_allocated_is_counted_until_it_is_freed(void) {
    char *a = base_alloc(10);
    char *b = base_alloc_zero(10);
    char *c = base_alloc_array(3, 4);
    char *d = base_realloc(NULL, 5);
    T_EQUAL_INT(base_memory_live_count(), live_before + 4);
    d = base_realloc(d, 5000);
    T_EQUAL_INT(base_memory_live_count(), live_before + 4);
    base_free(a);
    base_free(b);
    base_free(c);
    base_free(d);
    base_free(NULL);
    T_EQUAL_INT(base_memory_live_count(), live_before);
}

static void zeroed_memory_is_zero(void) {
    static const uint8_t zeros[4096];
    uint8_t *dirty = base_alloc(sizeof(zeros));
    memset(dirty, 0xaa, sizeof(zeros));
    base_free(dirty);
    uint8_t *a = base_alloc_zero(sizeof(zeros));
    uint8_t *b = base_alloc_array(64, 64);
    T_EQUAL_BYTES(a, sizeof(zeros), zeros, sizeof(zeros));
    T_EQUAL_BYTES(b, sizeof(zeros), zeros, sizeof(zeros));
    base_free(a);
    base_free(b);
}

static void a_size_of_zero_gives_a_pointer(void) {
    void *memory[] = {base_alloc(0), base_alloc_zero(0), base_alloc_array(0, 8),
                      base_alloc_array(8, 0), base_realloc(NULL, 0), base_memdup("", 0)};
    for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++) {
        T_TRUE(memory[i] != NULL);
        base_free(memory[i]);
    }
}

static void realloc_keeps_the_content(void) {
    char *text = base_strdup("0123456789");
    text = base_realloc(text, 100000);
    T_EQUAL_STR(text, "0123456789");
    text = base_realloc(text, 3);
    T_EQUAL_BYTES(text, 3, "012", 3);
    base_free(text);
}

static void a_product_that_overflows_is_refused(void) {
    T_TRUE(base_alloc_array(SIZE_MAX / 2 + 1, 2) == NULL);
    T_TRUE(base_alloc_array(2, SIZE_MAX / 2 + 1) == NULL);
    T_TRUE(base_alloc_array(SIZE_MAX, SIZE_MAX) == NULL);
}

static void copies_are_copies(void) {
    char source[] = "abcdef";
    char *whole = base_strdup(source);
    char *part = base_strndup(source, 3);
    uint8_t *bytes = base_memdup("a\0b", 3);
    char *none = base_strndup(NULL, 0);
    source[0] = 'X';
    T_EQUAL_STR(whole, "abcdef");
    T_EQUAL_STR(part, "abc");
    T_EQUAL_BYTES(bytes, 3, "a\0b", 3);
    T_EQUAL_STR(none, "");
    T_TRUE(base_strdup(NULL) == NULL);
    base_free(whole);
    base_free(part);
    base_free(bytes);
    base_free(none);
}

static void growing_keeps_the_items_and_makes_room(void) {
    int *items = NULL;
    size_t cap = 0;
    for (int i = 0; i < 1000; i++) {
        if (!T_EQUAL_INT(base_grow((void **)&items, &cap, (size_t)i + 1, sizeof(*items)), 0)) {
            break;
        }
        T_TRUE(cap > (size_t)i);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++) {
        T_EQUAL_INT(items[i], i);
    }
    int *same = items;
    T_EQUAL_INT(base_grow((void **)&items, &cap, 10, sizeof(*items)), 0);
    T_TRUE(items == same);
    base_free(items);
}

static void growing_beyond_the_address_space_changes_nothing(void) {
    uint64_t *items = NULL;
    size_t cap = 0;
    T_EQUAL_INT(base_grow((void **)&items, &cap, 4, sizeof(*items)), 0);
    uint64_t *same = items;
    size_t same_cap = cap;
    T_EQUAL_INT(base_grow((void **)&items, &cap, SIZE_MAX, sizeof(*items)), BASE_NO_MEMORY);
    T_EQUAL_INT(base_grow((void **)&items, &cap, SIZE_MAX / 4, sizeof(*items)), BASE_NO_MEMORY);
    T_TRUE(items == same);
    T_EQUAL_INT(cap, same_cap);
    base_free(items);
}

static void growing_without_memory_changes_nothing(void) {
    int *items = NULL;
    size_t cap = 0;
    T_EQUAL_INT(base_grow((void **)&items, &cap, 1, sizeof(*items)), 0);
    items[0] = 42;
    size_t same_cap = cap;
    base_memory_fail_after(0, 1);
    T_EQUAL_INT(base_grow((void **)&items, &cap, cap + 1, sizeof(*items)), BASE_NO_MEMORY);
    base_memory_fail_never();
    T_EQUAL_INT(cap, same_cap);
    T_EQUAL_INT(items[0], 42);
    base_free(items);
}

static void exactly_the_chosen_allocation_fails(void) {
    base_memory_fail_after(2, 0);
    void *memory[5];
    for (size_t i = 0; i < 5; i++) {
        T_EQUAL_INT(base_memory_has_failed(), i > 2);
        memory[i] = base_alloc(1);
    }
    for (size_t i = 0; i < 5; i++) {
        T_EQUAL_INT(memory[i] == NULL, i == 2);
        base_free(memory[i]);
    }
}

static void with_repeat_all_that_follow_fail_too(void) {
    base_memory_fail_after(1, 1);
    void *first = base_alloc_zero(1);
    T_TRUE(first != NULL);
    T_TRUE(base_alloc(1) == NULL);
    T_TRUE(base_alloc_zero(1) == NULL);
    T_TRUE(base_alloc_array(1, 1) == NULL);
    T_TRUE(base_strdup("x") == NULL);
    T_TRUE(base_strndup("x", 1) == NULL);
    T_TRUE(base_memdup("x", 1) == NULL);
    T_TRUE(base_realloc(NULL, 1) == NULL);
    T_TRUE(base_realloc(first, 100) == NULL); /* and first is still there */
    base_memory_fail_never();
    void *after = base_alloc(1);
    T_TRUE(after != NULL);
    base_free(after);
    base_free(first);
}

CU_SuiteInfo *suite_base_memory(void) {
    static CU_TestInfo tests[] = {
        {"what_is_allocated_is_counted_until_it_is_freed",
         what_is_allocated_is_counted_until_it_is_freed},
        {"zeroed_memory_is_zero", zeroed_memory_is_zero},
        {"a_size_of_zero_gives_a_pointer", a_size_of_zero_gives_a_pointer},
        {"realloc_keeps_the_content", realloc_keeps_the_content},
        {"a_product_that_overflows_is_refused", a_product_that_overflows_is_refused},
        {"copies_are_copies", copies_are_copies},
        {"growing_keeps_the_items_and_makes_room", growing_keeps_the_items_and_makes_room},
        {"growing_beyond_the_address_space_changes_nothing",
         growing_beyond_the_address_space_changes_nothing},
        {"growing_without_memory_changes_nothing", growing_without_memory_changes_nothing},
        {"exactly_the_chosen_allocation_fails", exactly_the_chosen_allocation_fails},
        {"with_repeat_all_that_follow_fail_too", with_repeat_all_that_follow_fail_too},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"base/memory", NULL, NULL, remember_live, check_live, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
