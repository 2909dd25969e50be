/* Questions of transactions that tests ask through a peer: see ask.h. -99 (CLOSED_INSTEAD): the
 * connection ended instead. */
#pragma once
#include "ask.h"

/* Of a transactional id; every instance of it has one. */
struct txn {
    const char *id;
    int64_t producer_id;
    int16_t epoch;
    int16_t error;
};
/* Initialised with this timeout; asks again while another transaction is being ended. */
struct txn txn_init(struct peer *p, const char *id, int32_t timeout_ms);
int16_t txn_begin(struct peer *p, const struct txn *txn, const char *topic, int32_t partition);
int16_t txn_add_offsets(struct peer *p, const struct txn *txn, const char *group);
int16_t txn_commit_offset(struct peer *p, const struct txn *txn, const char *group,
                          const char *topic, int32_t partition, int64_t offset);
/* version 5 and later: the answer's producer becomes that of txn. */
void ask_txn_end(struct peer *p, const struct txn *txn, bool commit, int16_t version);
int16_t take_txn_ended(struct peer *p, struct txn *txn, int16_t version);
int16_t txn_end(struct peer *p, struct txn *txn, bool commit);
/* One record of the transaction. */
struct produced txn_produce(struct peer *p, const struct txn *txn, const char *topic,
                            int32_t partition, int32_t sequence);
/* The same in Transactions V2: the transaction begins with this very request. */
struct produced txn_begin_by_produce(struct peer *p, const struct txn *txn, const char *topic,
                                     int32_t partition, int32_t sequence);

struct isolated {
    int16_t error;
    int64_t high_watermark, stable_offset;
    size_t aborted_count;
    int64_t aborted_first; /* offset of the first of them; -1 */
    int records;           /* without markers */
    int markers;
};
/* Reads from the offset on, with isolation level 1 when committed. */
struct isolated txn_fetch(struct peer *p, const char *topic, int64_t offset, bool committed);
