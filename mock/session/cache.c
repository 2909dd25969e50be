/* All fetch sessions of a broker: see session.h. */
#include "base/memory.h"
#include "mock/session/session_private.h"

struct mock_session_cache {
    size_t slots;
    uint64_t drawn; /* the state that ids come from */
    struct mock_session **sessions;
    size_t count, cap;
};

int mock_session_cache_new(size_t slots, uint64_t seed, struct mock_session_cache **ret_cache,
                           struct base_error *err) {
    struct mock_session_cache *cache = base_alloc_zero(sizeof(*cache));
    if (!cache) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for fetch sessions");
    }
    cache->slots = slots;
    cache->drawn = seed;
    *ret_cache = cache;
    return 0;
}

void mock_session_cache_clear(struct mock_session_cache *cache) {
    for (size_t i = 0; i < cache->count; i++) {
        mock_session_unref(cache->sessions[i]);
    }
    cache->count = 0;
}

void mock_session_cache_free(struct mock_session_cache *cache) {
    if (cache) {
        mock_session_cache_clear(cache);
        base_free(cache->sessions);
        base_free(cache);
    }
}

size_t mock_session_cache_count(const struct mock_session_cache *cache) {
    return cache->count;
}

static size_t index_of(const struct mock_session_cache *cache, int32_t id) {
    size_t i = 0;
    while (i < cache->count && cache->sessions[i]->id != id) {
        i++;
    }
    return i;
}

struct mock_session *mock_session_find(const struct mock_session_cache *cache, int32_t id) {
    size_t i = index_of(cache, id);
    return i < cache->count ? cache->sessions[i] : NULL;
}

static void remove_at(struct mock_session_cache *cache, size_t i) {
    mock_session_unref(cache->sessions[i]);
    cache->sessions[i] = cache->sessions[--cache->count];
}

bool mock_session_remove(struct mock_session_cache *cache, int32_t id) {
    size_t i = index_of(cache, id);
    bool found = i < cache->count;
    if (found) {
        remove_at(cache, i);
    }
    return found;
}

void mock_session_touch(struct mock_session *session, uint64_t now_ms) {
    session->used_ms = now_ms;
    session->cached_count = session->count;
}

/* The one to let go of for a session of so many partitions, or the count: none. */
static size_t find_victim(const struct mock_session_cache *cache, size_t partitions,
                          uint64_t now_ms) {
    size_t oldest = 0;
    size_t least = cache->count;
    for (size_t i = 0; i < cache->count; i++) {
        const struct mock_session *s = cache->sessions[i];
        if (s->used_ms < cache->sessions[oldest]->used_ms) {
            oldest = i;
        }
        bool evictable = now_ms - s->made_ms > MOCK_SESSION_EVICTION_MS;
        if (evictable &&
            (least == cache->count || s->cached_count < cache->sessions[least]->cached_count)) {
            least = i;
        }
    }
    if (cache->count > 0 && now_ms - cache->sessions[oldest]->used_ms > MOCK_SESSION_EVICTION_MS) {
        return oldest;
    }
    return least < cache->count && cache->sessions[least]->cached_count < partitions ? least
                                                                                     : cache->count;
}

/* SplitMix64: a positive number that no session has. */
static int32_t draw_id(struct mock_session_cache *cache) {
    int32_t id = 0;
    while (id == 0 || mock_session_find(cache, id)) {
        cache->drawn += 0x9e3779b97f4a7c15u;
        uint64_t z = cache->drawn;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        id = (int32_t)((z ^ (z >> 31)) & INT32_MAX);
    }
    return id;
}

bool mock_session_add(struct mock_session_cache *cache, struct mock_session *session,
                      uint64_t now_ms) {
    if (cache->count >= cache->slots) {
        size_t victim = find_victim(cache, session->count, now_ms);
        if (victim == cache->count) {
            return false;
        }
        remove_at(cache, victim);
    }
    if (base_grow((void **)&cache->sessions, &cache->cap, cache->count + 1,
                  sizeof(struct mock_session *)) < 0) {
        return false;
    }
    session->id = draw_id(cache);
    session->made_ms = now_ms;
    mock_session_touch(session, now_ms);
    cache->sessions[cache->count++] = mock_session_ref(session);
    return true;
}
