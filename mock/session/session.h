/*
 * Fetch sessions (KIP-227; Kafka: FetchSession.scala): the partitions that a reader has asked for,
 * so that its next Fetch names the changes alone, and what it was told of each, so that the answer
 * leaves out what did not change. One cache a broker. No I/O, no clock: the time goes in.
 *
 * One thread only. Nothing here knows whether a topic exists.
 */
#pragma once
#include "base/error.h"
#include "mock/wire/fetch.h"

/* Kafka's min.incremental.fetch.session.eviction.ms. */
#define MOCK_SESSION_EVICTION_MS 120000u

/* Ids and epochs that say something else. */
#define MOCK_SESSION_NONE 0           /* the id: no session */
#define MOCK_SESSION_EPOCH_FIRST 0    /* the epoch of a request that wants a new session */
#define MOCK_SESSION_EPOCH_FINAL (-1) /* of one that wants none */

/* The epoch of the request after one: from the largest on to 1 (FetchMetadata.nextEpoch). */
int32_t mock_session_next_epoch(int32_t epoch);

/* -- one session -- */

struct mock_session;

/* A partition named with its topic: by the id where the session uses ids, else by the name. */
struct mock_session_key {
    struct base_slice topic;
    struct mock_uuid topic_id;
    int32_t partition;
};

/* With one reference, in no cache, with epoch 1. uses_ids: made by a Fetch of version 13 or later.
 * Returns 0 or BASE_NO_MEMORY. */
int mock_session_new(bool uses_ids, struct mock_session **ret_session) BASE_MUST_USE;
struct mock_session *mock_session_ref(struct mock_session *session);
/* NULL is nothing. */
void mock_session_unref(struct mock_session *session);

int32_t
mock_session_id(const struct mock_session *session); /* MOCK_SESSION_NONE: in no cache yet */
int32_t mock_session_epoch(const struct mock_session *session);
bool mock_session_uses_ids(const struct mock_session *session);
size_t mock_session_partitions(const struct mock_session *session);

/* A request's changes: partitions that are new go to the end, those that are known are asked for
 * anew where they are, forgotten ones leave. Returns 0, or BASE_NO_MEMORY with a part of them
 * made. */
int mock_session_update(struct mock_session *session, const struct mock_fetch_topic *topics,
                        size_t topic_count, const struct mock_fetch_forgotten_topic *forgotten,
                        size_t forgotten_count) BASE_MUST_USE;
void mock_session_advance(struct mock_session *session); /* to the next epoch */

/* What the session asks for with these changes, which are not made: the topics in its order, one
 * that is not all in one place several times. All of it lies in the arena; of a session that uses
 * ids the names are null. Returns 0 or the arena's failure. */
int mock_session_view(const struct mock_session *session, const struct mock_fetch_topic *topics,
                      size_t topic_count, const struct mock_fetch_forgotten_topic *forgotten,
                      size_t forgotten_count, struct base_arena *arena,
                      struct mock_fetch_topic **ret_topics, size_t *ret_count) BASE_MUST_USE;

/* Takes note of what a partition is answered by the request that made the session. */
void mock_session_note(struct mock_session *session, const struct mock_session_key *key,
                       const struct mock_fetch_partition_response *answer);
/* The same in the requests after that. Returns whether it has to be: records, an error,
 * another high watermark or log start than before, a preferred replica, a diverging epoch
 * (CachedPartition.maybeUpdateResponseData). One with records goes to the end, so that all get
 * their turn. A partition that is not in the session any more: true. */
bool mock_session_tell(struct mock_session *session, const struct mock_session_key *key,
                       const struct mock_fetch_partition_response *answer);

/* -- all sessions of a broker -- */

struct mock_session_cache;

/* Ids are numbers that look drawn, the same for the same seed. */
int mock_session_cache_new(size_t slots, uint64_t seed, struct mock_session_cache **ret_cache,
                           struct base_error *err) BASE_MUST_USE;
void mock_session_cache_free(struct mock_session_cache *cache);
/* The broker died. */
void mock_session_cache_clear(struct mock_session_cache *cache);
size_t mock_session_cache_count(const struct mock_session_cache *cache);

/* Borrowed; NULL: there is none. */
struct mock_session *mock_session_find(const struct mock_session_cache *cache, int32_t id);
/* Takes the session in and gives it an id. A full cache lets go of one that was not used for two
 * minutes, else of one that is at least so old and has fewer partitions than this one; else
 * false: the session stays without an id (FetchSessionCacheShard.tryEvict). Also false when memory
 * is out. */
bool mock_session_add(struct mock_session_cache *cache, struct mock_session *session,
                      uint64_t now_ms);
/* It was used. */
void mock_session_touch(struct mock_session *session, uint64_t now_ms);
/* True: it was there. */
bool mock_session_remove(struct mock_session_cache *cache, int32_t id);
