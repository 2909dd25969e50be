/* Captured logs from a few letters, for the tests of views. */
#pragma once
#include "harness/explore/views.h"
#include "mock/wire/compress.h"
#include "../check/world.h"

struct made_log {
    struct world world;
    struct trial_capture capture;
    int64_t next_offset[2]; /* of topics rev and other */
    uint32_t batches;
};

/* A scenario with two compacted topics (rev, other) and one that is not (plain), all read by c1. 1
 * when it went well. */
int made_log_open(struct made_log *log);
/* Appends to topic 0 (rev) or 1 (other): "a1 b2 | a- ~3": the record of key a with value 1, of b
 * with 2, then another batch with a tombstone of a and a record without a key. Each batch is of
 * producer 100 + producer. */
void made_log_append(struct made_log *log, int topic, int64_t producer, enum mock_codec codec,
                     const char *text);
/* Reads the capture; 1 when it went well. */
int made_log_capture(struct made_log *log);
void made_log_close(struct made_log *log);
/* Any batch as an APPEND fact. */
void made_log_event(struct made_log *log, const char *topic, struct base_slice batch,
                    int64_t last_offset);
