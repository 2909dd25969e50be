/* Problems with their places, and "did you mean": see diagnostics.h and lang.h. */
#include "harness/lang/diagnostics.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"

#define MAX_TEXT_BYTES 1024

void trial_diagnostics_init(struct trial_diagnostics *d) {
    memset(d, 0, sizeof(*d));
    base_arena_init(&d->arena, 4 * BASE_MIB);
}

void trial_diagnostics_clean_up(struct trial_diagnostics *d) {
    base_free(d->items);
    base_arena_clean_up(&d->arena);
    memset(d, 0, sizeof(*d));
}

static bool is_known(const struct trial_diagnostics *d, struct trial_pos pos,
                     enum trial_severity severity) {
    for (size_t i = 0; i < d->count; i++) {
        if (d->items[i].pos.line == pos.line && d->items[i].pos.column == pos.column &&
            d->items[i].severity == severity) {
            return true;
        }
    }
    return false;
}

void trial_report(struct trial_diagnostics *d, enum trial_severity severity, struct trial_pos pos,
                  const char *format, ...) {
    char text[MAX_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (is_known(d, pos, severity)) {
        return;
    }
    d->error_count += severity == TRIAL_FAULTY ? 1 : 0;
    if (d->count >= TRIAL_MAX_DIAGNOSTICS ||
        base_grow((void **)&d->items, &d->cap, d->count + 1, sizeof(*d->items)) != 0) {
        return;
    }
    char *copy = base_arena_strdup(&d->arena, text);
    if (copy) {
        d->items[d->count++] = (struct trial_diagnostic){severity, pos, copy};
    }
}

static bool comes_before(const struct trial_diagnostic *a, const struct trial_diagnostic *b) {
    return a->pos.line != b->pos.line ? a->pos.line < b->pos.line : a->pos.column < b->pos.column;
}

void trial_diagnostics_sort(struct trial_diagnostics *d) {
    for (size_t i = 1; i < d->count; i++) {
        struct trial_diagnostic moved = d->items[i];
        size_t at = i;
        while (at > 0 && comes_before(&moved, &d->items[at - 1])) {
            d->items[at] = d->items[at - 1];
            at--;
        }
        d->items[at] = moved;
    }
}

/* The line that a place is in, without its line end. */
static struct base_slice find_line(const char *source, size_t len, uint32_t line) {
    size_t start = 0;
    for (uint32_t i = 1; i < line && start < len; i++) {
        const char *end = memchr(source + start, '\n', len - start);
        start = end ? (size_t)(end - source) + 1 : len;
    }
    const char *end = start < len ? memchr(source + start, '\n', len - start) : NULL;
    size_t stop = end ? (size_t)(end - source) : len;
    while (stop > start && source[stop - 1] == '\r') {
        stop--;
    }
    return base_slice_of(source + start, stop - start);
}

static bool continues_character(uint8_t byte) {
    return (byte & 0xc0) == 0x80;
}

/* Spaces up to the place (tabs stay tabs), a caret, and a tilde for each further character. */
static void put_marker(struct base_builder *b, struct base_slice line, struct trial_pos pos) {
    size_t column = pos.column ? pos.column - 1 : 0;
    base_put_str(b, "      | ");
    for (size_t i = 0; i < column && i < line.len; i++) {
        if (!continues_character(line.data[i])) {
            base_put_u8(b, line.data[i] == '\t' ? '\t' : ' ');
        }
    }
    base_put_u8(b, '^');
    for (size_t i = column + 1; i < column + pos.length && i < line.len; i++) {
        if (!continues_character(line.data[i])) {
            base_put_u8(b, '~');
        }
    }
    base_put_u8(b, '\n');
}

void trial_diagnostics_format(const struct trial_diagnostics *d, const char *path,
                              const char *source, size_t source_len,
                              struct base_builder *ret_text) {
    static const char *const prefixes[] = {"note: ", "warning: ", ""};
    for (size_t i = 0; i < d->count; i++) {
        const struct trial_diagnostic *item = &d->items[i];
        base_put_format(ret_text, "%s:%u:%u: %s%s\n", path, item->pos.line, item->pos.column,
                        prefixes[item->severity], item->text);
        struct base_slice line = find_line(source, source_len, item->pos.line);
        base_put_format(ret_text, "%5u | ", item->pos.line);
        base_put_slice(ret_text, line);
        base_put_u8(ret_text, '\n');
        put_marker(ret_text, line, item->pos);
    }
    if (d->error_count > d->count) {
        base_put_format(ret_text, "%s: %zu errors in all; the first are shown\n", path,
                        d->error_count);
    }
}

/* -- did you mean -- */

#define MAX_WORD 64

static size_t min3(size_t a, size_t b, size_t c) {
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Insertions, deletions, changes and swaps of neighbours (optimal string alignment). */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len) {
    size_t rows[3][MAX_WORD + 1];
    for (size_t j = 0; j <= b_len; j++) {
        rows[0][j] = j;
        rows[2][j] = 0;
    }
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                above2[j - 2] + 1 < row[j]) {
                row[j] = above2[j - 2] + 1;
            }
        }
    }
    return rows[a_len % 3][b_len];
}

struct trial_suggestion trial_suggestion_of(const char *wanted) {
    return (struct trial_suggestion){wanted, NULL, 0};
}

void trial_suggest(struct trial_suggestion *s, const char *candidate) {
    size_t wanted_len = s->wanted ? strlen(s->wanted) : 0;
    size_t len = candidate ? strlen(candidate) : 0;
    if (wanted_len < 2 || wanted_len > MAX_WORD || len == 0 || len > MAX_WORD) {
        return;
    }
    size_t distance = edit_distance(s->wanted, wanted_len, candidate, len);
    size_t allowed = wanted_len <= 4 ? 1 : wanted_len / 3 + (wanted_len < 6 ? 1 : 0);
    if (distance <= allowed && distance < len && (!s->best || distance < s->best_distance)) {
        s->best = candidate;
        s->best_distance = distance;
    }
}

const char *trial_suggestion_hint(const struct trial_suggestion *s,
                                  char ret_hint[TRIAL_HINT_BYTES]) {
    ret_hint[0] = '\0';
    if (s->best) {
        (void)snprintf(ret_hint, TRIAL_HINT_BYTES, "; did you mean '%s'?", s->best);
    }
    return ret_hint;
}
