/* The cleaner's map of keys: open addressing, linear probing, at most half full. See key_map.h. */
#include "mock/log/key_map.h"

#include <string.h>

#include "base/crc32c.h"
#include "base/error.h"
#include "base/memory.h"

#define FIRST_SLOTS 64u

void mock_key_map_init(struct mock_key_map *map, uint64_t max_keys) {
    *map = (struct mock_key_map){.max_keys = max_keys, .latest = -1};
    base_arena_init(&map->keys, SIZE_MAX);
}

void mock_key_map_clean_up(struct mock_key_map *map) {
    base_free(map->slots);
    base_arena_clean_up(&map->keys);
    map->slots = NULL;
    map->slot_count = 0;
}

bool mock_key_map_is_full(const struct mock_key_map *map) {
    return map->count >= map->max_keys;
}

/* CRC-32C tells keys apart that differ in few bits; the product spreads them over the low bits
 * too. */
static uint32_t hash_of(struct base_slice key) {
    uint32_t hash = base_crc32c(key.data, key.len) * 0x9e3779b1u;
    return hash ^ hash >> 15;
}

static struct mock_key_slot *find_slot(struct mock_key_slot *slots, size_t slot_count,
                                       struct base_slice key, uint32_t hash) {
    size_t at = hash & (slot_count - 1);
    while (slots[at].key &&
           (slots[at].hash != hash || slots[at].key_len != key.len ||
            (key.len && memcmp(slots[at].key, key.data, key.len) != 0))) {
        at = (at + 1) & (slot_count - 1);
    }
    return &slots[at];
}

static int grow(struct mock_key_map *map) {
    size_t slot_count = map->slot_count ? map->slot_count * 2 : FIRST_SLOTS;
    struct mock_key_slot *slots = base_alloc_array(slot_count, sizeof(*slots));
    if (!slots) {
        return BASE_NO_MEMORY;
    }
    memset(slots, 0, slot_count * sizeof(*slots));
    for (size_t i = 0; i < map->slot_count; i++) {
        const struct mock_key_slot *old = &map->slots[i];
        size_t at = old->hash & (slot_count - 1);
        while (old->key && slots[at].key) {
            at = (at + 1) & (slot_count - 1);
        }
        if (old->key) {
            slots[at] = *old;
        }
    }
    base_free(map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
    return 0;
}

int mock_key_map_put(struct mock_key_map *map, struct base_slice key, int64_t offset,
                     bool is_stable) {
    if (map->count * 2 >= map->slot_count && grow(map)) {
        return BASE_NO_MEMORY;
    }
    uint32_t hash = hash_of(key);
    struct mock_key_slot *slot = find_slot(map->slots, map->slot_count, key, hash);
    if (!slot->key) {
        struct base_slice kept = is_stable ? key : base_arena_slice(&map->keys, key);
        if (!kept.data) {
            return BASE_NO_MEMORY;
        }
        slot->key = kept.data;
        slot->key_len = (uint32_t)key.len;
        slot->hash = hash;
        map->count++;
    }
    slot->offset = offset;
    map->latest = offset;
    return 0;
}

int64_t mock_key_map_get(const struct mock_key_map *map, struct base_slice key) {
    if (map->count == 0) {
        return -1;
    }
    const struct mock_key_slot *slot =
        find_slot(map->slots, map->slot_count, key, hash_of(key));
    return slot->key ? slot->offset : -1;
}
