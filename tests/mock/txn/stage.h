/* A coordinator on its own for tests: its clock, and what it told and had written. */
#pragma once
#include "mock/txn/txn.h"
#include "mock/wire/error_names.h"

#define ID base_slice_str("tx")
#define TIMEOUT_MS 60000
#define NOBODY                                                                                     \
    (struct mock_txn_producer) {                                                                   \
        -1, -1                                                                                     \
    }

extern struct mock_txns *stage_txns;
extern struct mock_txns_options stage_options; /* to be set before set-up */
extern struct mock_txn_time stage_time;
extern enum mock_txn_marked stage_marked; /* what the host says of markers */
extern char stage_told[4096];             /* changes and markers, one after another */

void stage_set_up(void);
void stage_tear_down(void);
void stage_forget(void); /* what was told */

/* tx's next instance; the answer is checked. */
struct mock_txn_producer stage_init(int16_t epoch);
struct mock_txn_partition stage_partition(const char *topic, int32_t partition);
int16_t stage_add(struct mock_txn_producer producer, const char *topic, int32_t partition);
/* Ends tx's transaction; what the producer is to go on with is *ret_next, which may be NULL. */
int16_t stage_end(struct mock_txn_producer producer, bool commit, bool v2,
                  struct mock_txn_producer *ret_next);
struct mock_txn_view stage_view(void);
void stage_wait(int64_t ms);
