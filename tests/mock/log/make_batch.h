/* Real record batches for tests of the log. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "mock/log/stored_batch.h"
#include "mock/wire/build.h"

/* A batch of one record for each timestamp, value_len bytes each; NULL when memory is out. */
struct mock_stored_batch *make_batch(enum mock_codec codec, const int64_t *timestamps, size_t count,
                                     size_t value_len);
/* One record of timestamp 0. */
struct mock_stored_batch *make_small_batch(void);
