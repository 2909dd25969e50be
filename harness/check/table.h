/*
 * Interning: (tag, bytes) to a dense number, from 0. What every index of the judges is made of.
 * The bytes are borrowed and must outlive the table.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define TRIAL_TABLE_NONE UINT32_MAX

struct trial_table_entry {
    uint64_t hash;
    uint64_t tag;
    struct base_slice bytes;
};
struct trial_table {
    struct trial_table_entry *entries; /* by number */
    size_t count;
    size_t cap;
    uint32_t *slots; /* number + 1; 0 is free */
    size_t slot_count;
};

void trial_table_init(struct trial_table *table);
void trial_table_clean_up(struct trial_table *table);
/* The number, or TRIAL_TABLE_NONE. Null bytes and empty bytes are two things. */
uint32_t trial_table_find(const struct trial_table *table, uint64_t tag, struct base_slice bytes);
/* The number, new (the count before the call) or old. Returns 0 or BASE_NO_MEMORY, BASE_LIMIT. */
int trial_table_intern(struct trial_table *table, uint64_t tag, struct base_slice bytes,
                       uint32_t *ret_number);
