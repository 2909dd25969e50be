/* How a session is held: for cache.c and session.c. Nobody else includes this. */
#pragma once
#include "mock/session/session.h"

struct mock_session_part {
    struct mock_session_part *prev, *next; /* in the session's order */
    struct mock_session_part *same_bucket;
    struct mock_uuid topic_id;
    struct mock_fetch_partition asked;
    int64_t high_watermark; /* as told last; -1: has to be told again */
    int64_t log_start;
    size_t at; /* in the view that is being made */
    size_t topic_len;
    char topic[]; /* empty where the session uses ids */
};

struct mock_session {
    uint32_t references;
    int32_t id;
    int32_t epoch;
    bool uses_ids;
    struct mock_session_part *first, *last;
    struct mock_session_part **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t count;
    /* While in a cache: */
    uint64_t made_ms;
    uint64_t used_ms;
    size_t cached_count; /* of partitions, when it was used last: what eviction goes by */
};
