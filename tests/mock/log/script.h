/*
 * Claims about the cleaner, as scripts: one command a line, run on a log of its own.
 *
 *   i1 3 1 4-     a batch of idempotent producer 1 with these keys; "4-" is a tombstone, "?" has
 * no key   p1 2 3        the same of a transaction of producer 1;   n 2 3   of no producer
 *   codec zstd    for the batches that follow;   append-time   batches carry LogAppendTime
 *   commit 1, abort 1, again 1 SEQ COUNT BASE LAST (a duplicate is recognised)
 *   roll, set NAME VALUE (of the topic), map N (keys), at +MS (the clock), stable N, forget 1,
 *                 expire MS (as if so long were the limit),
 * reload   clean         a pass from the checkpoint;   clean N   from dirty offset N;   idle   a
 * pass with nothing dirty   keys, offsets, bases, lasts, segments, removed, emptied, deleted,
 * stamped, aborted, seqs, dirty, read, kept,   invalid, end, start, last  and what they must be.
 * "lasts" are last offsets of batches, "seqs" PID:SEQ.
 *
 * Every pass is also checked by what always holds (invariants.h).
 */
#pragma once
#include "mock/log/clean_pass.h"
#include "mock/log/cleaner.h"
#include "mock/log/log_private.h"

struct script {
    struct mock_log_budget budget;
    struct mock_log *log;
    struct mock_producers *producers;
    struct mock_log_config config;
    struct mock_clean_pass *pass; /* the last one */
    int64_t now_ms;
    uint64_t map_keys;
    enum mock_codec codec;
    int16_t attributes;
    int32_t sequences[16];  /* by producer id: the next */
    int64_t txn_first[16];  /* first offset of the open transaction; -1 */
};

void script_open(struct script *s);
void script_close(struct script *s);
/* Runs the lines; a claim that does not hold fails the CUnit test and names origin and line. */
void script_run(struct script *s, const char *origin, const char *text);
/* Opens, runs and closes. */
void script_claim(const char *origin, const char *text);

#define CLAIM(name, origin, text)                                                                 \
    static void name(void) {                                                                      \
        script_claim(origin, text);                                                               \
    }
