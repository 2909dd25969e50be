/*
 * The cleaner's map: key to the newest offset it was seen at, of at most a given number of keys.
 * Kafka's SkimpyOffsetMap keeps a digest of the key; this one keeps the key, so that no two are
 * ever taken for the same. One thread only.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

struct mock_key_slot {
    const uint8_t *key; /* NULL: free */
    uint32_t key_len;
    uint32_t hash;
    int64_t offset;
};

struct mock_key_map {
    struct mock_key_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    uint64_t count;
    uint64_t max_keys;
    int64_t latest; /* the last offset put, or set by the owner; -1 */
    struct base_arena keys;
};

void mock_key_map_init(struct mock_key_map *map, uint64_t max_keys);
void mock_key_map_clean_up(struct mock_key_map *map);
/* Kafka stops indexing at the first key that comes when the map holds its limit, known or not. */
bool mock_key_map_is_full(const struct mock_key_map *map);
/* Sets the newest offset of key, and latest. The key is copied unless it lives as long as the map
 * (is_stable). Returns 0, or BASE_NO_MEMORY. */
int mock_key_map_put(struct mock_key_map *map, struct base_slice key, int64_t offset,
                     bool is_stable);
/* -1: not there. */
int64_t mock_key_map_get(const struct mock_key_map *map, struct base_slice key);
