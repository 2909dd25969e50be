/* Interning with open addressing: see table.h. */
#include "harness/check/table.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

#define FIRST_SLOTS 64

static uint64_t mix(uint64_t a, uint64_t b) {
    uint64_t x = (a ^ b) * 0x9E3779B97F4A7C15ull;
    return x ^ (x >> 29);
}

static uint64_t hash_of(uint64_t tag, struct base_slice bytes) {
    uint64_t hash = mix(tag + 1, bytes.data ? bytes.len + 1 : 0);
    size_t at = 0;
    for (; at + 8 <= bytes.len; at += 8) {
        uint64_t word;
        memcpy(&word, bytes.data + at, 8);
        hash = mix(hash, word);
    }
    uint64_t last = 0;
    if (at < bytes.len) {
        memcpy(&last, bytes.data + at, bytes.len - at);
        hash = mix(hash, last);
    }
    return mix(hash, hash >> 32);
}

void trial_table_init(struct trial_table *table) {
    memset(table, 0, sizeof(*table));
}

void trial_table_clean_up(struct trial_table *table) {
    base_free(table->entries);
    base_free(table->slots);
    memset(table, 0, sizeof(*table));
}

/* The slot that holds the entry, or the free one where it would go. */
static size_t slot_of(const struct trial_table *table, uint64_t hash, uint64_t tag,
                      struct base_slice bytes) {
    size_t mask = table->slot_count - 1;
    size_t slot = (size_t)hash & mask;
    for (; table->slots[slot]; slot = (slot + 1) & mask) {
        const struct trial_table_entry *entry = &table->entries[table->slots[slot] - 1];
        if (entry->hash == hash && entry->tag == tag && base_slice_equal(entry->bytes, bytes)) {
            break;
        }
    }
    return slot;
}

uint32_t trial_table_find(const struct trial_table *table, uint64_t tag, struct base_slice bytes) {
    if (table->slot_count == 0) {
        return TRIAL_TABLE_NONE;
    }
    uint32_t held = table->slots[slot_of(table, hash_of(tag, bytes), tag, bytes)];
    return held ? held - 1 : TRIAL_TABLE_NONE;
}

/* Keeps at least half of the slots free. */
static int reserve(struct trial_table *table) {
    if ((table->count + 1) * 2 <= table->slot_count) {
        return 0;
    }
    size_t count = table->slot_count ? table->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots = base_alloc_array(count, sizeof(*slots));
    if (!slots) {
        return BASE_NO_MEMORY;
    }
    memset(slots, 0, count * sizeof(*slots));
    for (size_t i = 0; i < table->count; i++) {
        size_t slot = (size_t)table->entries[i].hash & (count - 1);
        while (slots[slot]) {
            slot = (slot + 1) & (count - 1);
        }
        slots[slot] = (uint32_t)i + 1;
    }
    base_free(table->slots);
    table->slots = slots;
    table->slot_count = count;
    return 0;
}

int trial_table_intern(struct trial_table *table, uint64_t tag, struct base_slice bytes,
                       uint32_t *ret_number) {
    if (table->count >= UINT32_MAX - 1) {
        return BASE_LIMIT;
    }
    int rc = reserve(table);
    if (rc == 0) {
        rc = base_grow((void **)&table->entries, &table->cap, table->count + 1,
                       sizeof(*table->entries));
    }
    if (rc) {
        return rc;
    }
    uint64_t hash = hash_of(tag, bytes);
    size_t slot = slot_of(table, hash, tag, bytes);
    if (!table->slots[slot]) {
        table->entries[table->count] = (struct trial_table_entry){hash, tag, bytes};
        table->slots[slot] = (uint32_t)++table->count;
    }
    *ret_number = table->slots[slot] - 1;
    return 0;
}
