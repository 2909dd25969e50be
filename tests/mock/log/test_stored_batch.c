/* Tests of mock/log/stored_batch.c. */
#include "base/memory.h"
#include "mock/log/batch_memory.h"
#include "mock/log/stored_batch.h"
#include "suites.h"
#include "t_run.h"

static void a_batch_is_a_copy_of_the_bytes(void) {
    uint8_t bytes[] = {1, 2, 3};
    struct mock_stored_batch *batch = mock_stored_batch_new(base_slice_of(bytes, sizeof(bytes)));
    bytes[0] = 9;
    T_EQUAL_BYTES(batch->bytes, batch->len, "\1\2\3", 3);
    T_EQUAL_INT(batch->refs, 1);
    T_EQUAL_INT(batch->base_offset, 0);
    mock_stored_batch_unref(batch);
}

static void a_batch_lives_until_its_last_reference_goes(void) {
    int64_t live = base_memory_live_count();
    struct mock_stored_batch *batch = mock_stored_batch_new(base_slice_of("x", 1));
    T_TRUE(mock_stored_batch_ref(batch) == batch);
    mock_stored_batch_unref(batch);
    T_EQUAL_INT(base_memory_live_count(), live + 1);
    mock_stored_batch_unref(batch);
    T_EQUAL_INT(base_memory_live_count(), live);
    mock_stored_batch_unref(NULL);
}

static void an_empty_slice_makes_an_empty_batch(void) {
    struct mock_stored_batch *batch = mock_stored_batch_new(BASE_SLICE_NULL);
    T_EQUAL_INT(batch->len, 0);
    mock_stored_batch_unref(batch);
}

static void no_memory_makes_no_batch(void) {
    int64_t live = base_memory_live_count();
    base_memory_fail_after(0, 0);
    T_TRUE(mock_stored_batch_new(base_slice_of("x", 1)) == NULL);
    base_memory_fail_never();
    T_EQUAL_INT(base_memory_live_count(), live);
    T_TRUE(mock_stored_batch_new(base_slice_of("x", SIZE_MAX)) == NULL);
}

/* -- large ones share chunks -- */

#define LARGE_BYTES ((size_t)1024 * 1024)
#define LARGE_COUNT 20

static void large_batches_keep_their_bytes_and_give_all_memory_back(void) {
    int64_t live = base_memory_live_count();
    uint8_t *bytes = base_alloc(LARGE_BYTES);
    struct mock_stored_batch *batches[LARGE_COUNT];
    for (int i = 0; i < LARGE_COUNT; i++) {
        memset(bytes, 'a' + i, LARGE_BYTES);
        batches[i] = mock_stored_batch_new(base_slice_of(bytes, LARGE_BYTES - (size_t)i));
    }
    for (int i = 0; i < LARGE_COUNT; i += 2) { /* every other one goes, the rest is untouched */
        mock_stored_batch_unref(batches[i]);
    }
    for (int i = 1; i < LARGE_COUNT; i += 2) {
        memset(bytes, 'a' + i, LARGE_BYTES);
        T_EQUAL_BYTES(batches[i]->bytes, batches[i]->len, bytes, LARGE_BYTES - (size_t)i);
        mock_stored_batch_unref(batches[i]);
    }
    base_free(bytes);
    T_EQUAL_INT(base_memory_live_count(), live);
}

static void no_memory_for_a_chunk_makes_no_batch(void) {
    static const uint8_t bytes[MOCK_BATCH_CHUNK_MAX_BYTES];
    int64_t live = base_memory_live_count();
    base_memory_fail_after(0, 0);
    T_TRUE(mock_stored_batch_new(base_slice_of(bytes, LARGE_BYTES)) == NULL);
    base_memory_fail_never();
    struct mock_stored_batch *after = mock_stored_batch_new(base_slice_of(bytes, LARGE_BYTES));
    T_TRUE(after != NULL);
    mock_stored_batch_unref(after);
    T_EQUAL_INT(base_memory_live_count(), live);
}

CU_SuiteInfo *suite_mock_log_stored_batch(void) {
    static CU_TestInfo tests[] = {
        {"a_batch_is_a_copy_of_the_bytes", a_batch_is_a_copy_of_the_bytes},
        {"a_batch_lives_until_its_last_reference_goes",
         a_batch_lives_until_its_last_reference_goes},
        {"an_empty_slice_makes_an_empty_batch", an_empty_slice_makes_an_empty_batch},
        {"no_memory_makes_no_batch", no_memory_makes_no_batch},
        {"large_batches_keep_their_bytes_and_give_all_memory_back",
         large_batches_keep_their_bytes_and_give_all_memory_back},
        {"no_memory_for_a_chunk_makes_no_batch", no_memory_for_a_chunk_makes_no_batch},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/log/stored_batch", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
