/*
 * The SQLite database of a replay: the only file of libjournal that knows SQLite, with store.c.
 *
 *   journal_row(topic, type, key, value, "partition", "offset")  one row a key; null value: deleted
 *   journal_object(topic, type, key, value)                      the view of what is not deleted
 *   journal_offset("group", topic, "partition", "offset")        the next record to apply
 *   content_hash(type, algo, hash, key)                          which content has which hash
 *
 * One write-ahead-logged database, one writer, any number of readers.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"
#include "base/slice.h"
#include "client/client.h"
#include "codec/codec.h"

struct journal_store;

int journal_store_open(const char *path, const char *synchronous, struct journal_store **ret_store,
                       struct base_error *err) BASE_MUST_USE;
void journal_store_close(struct journal_store *store);

int journal_store_begin(struct journal_store *store, struct base_error *err) BASE_MUST_USE;
int journal_store_commit(struct journal_store *store, struct base_error *err) BASE_MUST_USE;
/* Harmless outside a transaction. */
void journal_store_rollback(struct journal_store *store);

enum journal_effect {
    JOURNAL_EFFECT_APPLIED,
    JOURNAL_EFFECT_STALE,     /* the row comes from a newer record: nothing to do */
    JOURNAL_EFFECT_COLLISION, /* another content has one of its hashes */
    JOURNAL_EFFECT_REFUSED    /* the store raised an error about this record */
};
/* Applies one record, whose value to keep is given (null: delete), within a savepoint: all of it or
 * nothing. hashes: of a content, else NULL. ret_error: the store's name of the error when refused.
 * An error is one of the database, not of the record: the transaction is lost. */
int journal_store_apply(struct journal_store *store, const struct journal_message *message,
                        struct base_slice value, const struct journal_hashes *hashes,
                        enum journal_effect *ret_effect, const char **ret_error,
                        struct base_error *err) BASE_MUST_USE;

/* Notes the next offset of a partition, in the present transaction. */
int journal_store_put_offset(struct journal_store *store, const char *group, const char *topic,
                             int32_t partition, int64_t offset, struct base_error *err)
    BASE_MUST_USE;
/* -1 when none is noted. */
int journal_store_get_offset(struct journal_store *store, const char *group, const char *topic,
                             int32_t partition, int64_t *ret_offset, struct base_error *err)
    BASE_MUST_USE;
