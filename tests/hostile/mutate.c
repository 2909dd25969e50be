/* Makes frames that no client would send out of good ones. */
#include <string.h>

#include "hostile.h"

static uint64_t next(struct hostile_chance *chance) {
    uint64_t z = (chance->state += 0x9e3779b97f4a7c15u); /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t hostile_below(struct hostile_chance *chance, size_t below) {
    return below == 0 ? 0 : (size_t)(next(chance) % below);
}

#define HEADER_AT 4 /* behind the length */

typedef void mutation_fn(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                         struct base_builder *b);

static uint8_t *somewhere(struct hostile_chance *chance, struct base_builder *b, size_t room) {
    if (b->len < HEADER_AT + room) {
        return NULL;
    }
    return b->data + HEADER_AT + hostile_below(chance, b->len - HEADER_AT - room + 1);
}

static void flip_bits(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                      struct base_builder *b) {
    for (size_t n = 1 + hostile_below(chance, 8); n > 0; n--) {
        uint8_t *at = somewhere(chance, b, 1);
        if (at) {
            *at ^= (uint8_t)(1u << hostile_below(chance, 8));
        }
    }
}

/* The values that counts and lengths break at. */
static void write_extreme(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                          struct base_builder *b) {
    static const uint8_t values[][4] = {
        {0x7f, 0xff, 0xff, 0xff}, {0x80, 0, 0, 0},
        {0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 0},
        {0xff, 0xff, 0xff, 0x0f}, {0, 0xff, 0xff, 0xff},
        {0xff, 0xff, 0xff, 0xfe}, {0x06, 0x40, 0, 0},
    };
    uint8_t *at = somewhere(chance, b, 4);
    if (at) {
        memcpy(at, values[hostile_below(chance, sizeof(values) / sizeof(values[0]))],
               1 + hostile_below(chance, 4));
    }
}

static void cut_off(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                    struct base_builder *b) {
    b->len = HEADER_AT + hostile_below(chance, b->len - HEADER_AT + 1);
}

static void take_out(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                     struct base_builder *b) {
    size_t n = 1 + hostile_below(chance, 16);
    uint8_t *at = somewhere(chance, b, n);
    if (at) {
        memmove(at, at + n, (size_t)(b->data + b->len - at) - n);
        b->len -= n;
    }
}

static void append_garbage(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                           struct base_builder *b) {
    for (size_t n = 1 + hostile_below(chance, 64); n > 0; n--) {
        base_put_u8(b, (uint8_t)next(chance));
    }
}

/* The head of one, the tail of another. */
static void splice(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                   struct base_builder *b) {
    struct base_slice other = seeds->all[hostile_below(chance, seeds->count)].frame;
    size_t from = hostile_below(chance, other.len + 1);
    size_t n = other.len - from < 65536 ? other.len - from : 65536;
    cut_off(chance, seeds, b);
    base_put_bytes(b, other.data + from, n);
}

static void another_version(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                            struct base_builder *b) {
    if (b->len >= HEADER_AT + 4) {
        b->data[HEADER_AT + 3] = (uint8_t)hostile_below(chance, 20);
    }
}

static void another_api(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                        struct base_builder *b) {
    if (b->len >= HEADER_AT + 4) {
        b->data[HEADER_AT + 1] = (uint8_t)hostile_below(chance, 100);
    }
}

static void only_garbage(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                         struct base_builder *b) {
    b->len = HEADER_AT;
    append_garbage(chance, seeds, b);
}

static void nothing(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                    struct base_builder *b) {
}

void hostile_mutate(struct hostile_chance *chance, const struct hostile_seeds *seeds,
                    struct base_builder *b) {
    static mutation_fn *const mutations[] = {
        flip_bits,      flip_bits, write_extreme,   write_extreme, cut_off,      take_out,
        append_garbage, splice,    another_version, another_api,   only_garbage, nothing,
    };
    struct base_slice seed = seeds->all[hostile_below(chance, seeds->count)].frame;
    base_builder_reset(b);
    size_t slot = base_put_slot_u32(b);
    base_put_slice(b, seed);
    for (size_t n = 1 + hostile_below(chance, 3); n > 0; n--) {
        mutations[hostile_below(chance, sizeof(mutations) / sizeof(mutations[0]))](chance, seeds,
                                                                                   b);
    }
    base_patch_length(b, slot);
    if (hostile_below(chance, 16) == 0) { /* a length that lies */
        static const uint32_t lies[] = {0xffffffffu,      0x80000000u, 0x7fffffffu, 100u << 20,
                                        (100u << 20) + 1, 0,           1,           7};
        base_patch_u32(b, slot, lies[hostile_below(chance, sizeof(lies) / sizeof(lies[0]))]);
    }
}
