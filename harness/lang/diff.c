/* The lines in which two texts differ: what is common at both ends aside, a longest common
 * subsequence; a middle too large for that is shown as removed and added whole. */
#include "harness/lang/diff.h"

#include "base/memory.h"

#define CONTEXT_LINES 2
#define MAX_TABLE_CELLS (16u * 1024u * 1024u)

struct lines {
    struct base_slice *items;
    size_t count;
    size_t cap;
};

static bool split(struct base_slice text, struct lines *ret) {
    size_t start = 0;
    *ret = (struct lines){0};
    while (start < text.len) {
        const uint8_t *end = memchr(text.data + start, '\n', text.len - start);
        size_t stop = end ? (size_t)(end - text.data) : text.len;
        if (base_grow((void **)&ret->items, &ret->cap, ret->count + 1, sizeof(*ret->items)) != 0) {
            return false;
        }
        ret->items[ret->count++] = base_slice_of(text.data + start, stop - start);
        start = stop + 1;
    }
    return true;
}

static void put_line(struct base_builder *b, char sign, struct base_slice line) {
    base_put_u8(b, (uint8_t)sign);
    base_put_slice(b, line);
    base_put_u8(b, '\n');
}

static void put_all(struct base_builder *out, const struct lines *a, const struct lines *b,
                    size_t from, size_t a_end, size_t b_end) {
    for (size_t i = from; i < a_end; i++) {
        put_line(out, '-', a->items[i]);
    }
    for (size_t k = from; k < b_end; k++) {
        put_line(out, '+', b->items[k]);
    }
}

/* The middle parts, [from, a_end) and [from, b_end). */
static void put_middle(struct base_builder *out, const struct lines *a, const struct lines *b,
                       size_t from, size_t a_end, size_t b_end) {
    size_t n = a_end - from;
    size_t m = b_end - from;
    uint32_t *table = (n + 1) > MAX_TABLE_CELLS / (m + 1)
                          ? NULL
                          : base_alloc_zero((n + 1) * (m + 1) * sizeof(*table));
    if (!table) {
        put_all(out, a, b, from, a_end, b_end);
        return;
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = m; k-- > 0;) {
            uint32_t down = table[(i + 1) * (m + 1) + k];
            uint32_t right = table[i * (m + 1) + k + 1];
            bool same = base_slice_equal(a->items[from + i], b->items[from + k]);
            table[i * (m + 1) + k] = same           ? table[(i + 1) * (m + 1) + k + 1] + 1
                                     : down > right ? down
                                                    : right;
        }
    }
    size_t i = 0;
    size_t k = 0;
    while (i < n || k < m) {
        bool both = i < n && k < m;
        if (both && base_slice_equal(a->items[from + i], b->items[from + k])) {
            put_line(out, ' ', a->items[from + i]);
            i++;
            k++;
        } else if (k >= m ||
                   (both && table[(i + 1) * (m + 1) + k] >= table[i * (m + 1) + k + 1])) {
            put_line(out, '-', a->items[from + i++]);
        } else {
            put_line(out, '+', b->items[from + k++]);
        }
    }
    base_free(table);
}

void trial_diff_lines(const char *old_name, const char *new_name, struct base_slice old_text,
                      struct base_slice new_text, struct base_builder *ret_text) {
    struct lines a = {0};
    struct lines b = {0};
    if (base_slice_equal(old_text, new_text) || !split(old_text, &a) || !split(new_text, &b)) {
        goto out;
    }
    size_t from = 0;
    while (from < a.count && from < b.count && base_slice_equal(a.items[from], b.items[from])) {
        from++;
    }
    size_t tail = 0;
    while (tail < a.count - from && tail < b.count - from &&
           base_slice_equal(a.items[a.count - 1 - tail], b.items[b.count - 1 - tail])) {
        tail++;
    }
    size_t before = from < CONTEXT_LINES ? from : CONTEXT_LINES;
    size_t after = tail < CONTEXT_LINES ? tail : CONTEXT_LINES;
    size_t first = from - before;
    base_put_format(ret_text, "--- %s\n+++ %s\n@@ -%zu,%zu +%zu,%zu @@\n", old_name, new_name,
                    first + 1, a.count - tail + after - first, first + 1,
                    b.count - tail + after - first);
    for (size_t i = first; i < from; i++) {
        put_line(ret_text, ' ', a.items[i]);
    }
    put_middle(ret_text, &a, &b, from, a.count - tail, b.count - tail);
    for (size_t i = a.count - tail; i < a.count - tail + after; i++) {
        put_line(ret_text, ' ', a.items[i]);
    }
out:
    base_free(a.items);
    base_free(b.items);
}
