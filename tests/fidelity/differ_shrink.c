/*
 * Makes a case that shows a difference small: whatever may be taken away without the difference
 * going away is taken away: what follows it, steps, arguments, items of lists, settings.
 */
#include <string.h>

#include "base/limits.h"
#include "differ.h"

#define MAX_TRIES 160
#define PATIENCE_MS 600

struct shrinker {
    const char *oracle;
    const char *key;
    struct base_arena *arena;
    struct fid_case best;
    int tries;
};

static struct fid_case copy_of(const struct fid_case *c, struct base_arena *arena) {
    struct fid_case copy = *c;
    copy.steps = base_arena_alloc_array(arena, c->step_count, sizeof(*c->steps));
    if (!copy.steps) {
        copy.step_count = 0;
        return copy;
    }
    memcpy(copy.steps, c->steps, c->step_count * sizeof(*c->steps));
    return copy;
}

/* Keeps the candidate if its last step still differs in the same way. */
static bool try_it(struct shrinker *s, const struct fid_case *candidate) {
    if (s->tries++ >= MAX_TRIES || candidate->step_count == 0) {
        return false;
    }
    struct base_arena arena;
    base_arena_init(&arena, 64 * BASE_MIB);
    struct differ_difference d;
    differ_compare(candidate, s->oracle, PATIENCE_MS, &arena, &d);
    bool same = d.found && d.step + 1 == candidate->step_count && strcmp(d.key, s->key) == 0;
    base_arena_clean_up(&arena);
    if (same) {
        s->best = *candidate;
    }
    return same;
}

static bool drop_steps(struct shrinker *s) {
    bool any = false;
    for (size_t i = s->best.step_count - 1; i-- > 0;) {
        struct fid_case c = copy_of(&s->best, s->arena);
        memmove(&c.steps[i], &c.steps[i + 1], (c.step_count - i - 1) * sizeof(*c.steps));
        c.step_count--;
        any = try_it(s, &c) || any;
    }
    return any;
}

static void drop_pairs(struct shrinker *s) {
    for (size_t i = s->best.step_count; i-- > 0;) {
        for (size_t k = s->best.steps[i].pair_count; k-- > 0;) {
            struct fid_case c = copy_of(&s->best, s->arena);
            struct fid_step *step = &c.steps[i];
            memmove(&step->pairs[k], &step->pairs[k + 1],
                    (step->pair_count - k - 1) * sizeof(*step->pairs));
            step->pair_count--;
            (void)try_it(s, &c);
        }
    }
}

/* Lists become their first item. */
static void shorten_lists(struct shrinker *s) {
    for (size_t i = 0; i < s->best.step_count; i++) {
        for (size_t k = 0; k < s->best.steps[i].pair_count; k++) {
            const char *value = s->best.steps[i].pairs[k].value;
            size_t len = strcspn(value, ",");
            if (value[len]) {
                struct fid_case c = copy_of(&s->best, s->arena);
                c.steps[i].pairs[k].value = base_arena_strndup(s->arena, value, len);
                (void)(c.steps[i].pairs[k].value && try_it(s, &c));
            }
        }
    }
}

static void simplify_case(struct shrinker *s) {
    for (size_t k = s->best.config_count; k-- > 0;) {
        struct fid_case c = s->best;
        memmove(&c.configs[k], &c.configs[k + 1], (c.config_count - k - 1) * sizeof(*c.configs));
        c.config_count--;
        (void)try_it(s, &c);
    }
    struct fid_case c = s->best;
    c.partitions = 1;
    if (s->best.partitions != 1 && !try_it(s, &c)) {
        c.partitions = 2;
        (void)(s->best.partitions != 2 && try_it(s, &c));
    }
    c = s->best;
    c.logins = false;
    (void)(s->best.logins && try_it(s, &c));
}

struct fid_case differ_shrink(const struct fid_case *c, const char *oracle,
                              const struct differ_difference *difference,
                              struct base_arena *arena) {
    struct shrinker s = {.oracle = oracle, .key = difference->key, .arena = arena};
    s.best = copy_of(c, arena);
    s.best.step_count = difference->step + 1;
    while (s.best.step_count > 1 && drop_steps(&s)) {}
    drop_pairs(&s);
    simplify_case(&s);
    shorten_lists(&s);
    (void)drop_steps(&s);
    return s.best;
}

/* -- as text -- */

static bool has(const char *said, const char *word, size_t len) {
    for (const char *at = said; *at; at += *at == ' ') {
        size_t n = strcspn(at, " ");
        if (n == len && strncmp(at, word, len) == 0) {
            return true;
        }
        at += n;
    }
    return false;
}

/* Kafka's words that ours did not say. */
static void print_expected(FILE *out, const struct differ_difference *d) {
    fprintf(out, " =>");
    for (const char *at = d->kafka; *at; at += *at == ' ') {
        size_t n = strcspn(at, " ");
        if (!has(d->ours, at, n)) {
            fprintf(out, " %.*s", (int)n, at);
        }
        at += n;
    }
}

void differ_print(FILE *out, const struct fid_case *c, const struct differ_difference *d) {
    fprintf(out, "= %s\nfrom: found by differ\n", c->claim);
    if (c->no_topic) {
        fprintf(out, "topic: none\n");
    } else if (c->partitions != 1 || c->config_count) {
        fprintf(out, "topic: partitions=%d", c->partitions);
        for (size_t i = 0; i < c->config_count; i++) {
            fprintf(out, " %s=%s", c->configs[i].name, c->configs[i].value);
        }
        fprintf(out, "\n");
    }
    fprintf(out, "%s", c->logins ? "logins: yes\n" : "");
    for (size_t i = 0; i < c->step_count; i++) {
        const struct fid_step *step = &c->steps[i];
        fprintf(out, "%s%s", step->send ? "send " : "", step->verb);
        for (size_t k = 0; k < step->pair_count; k++) {
            fprintf(out, " %s=%s", step->pairs[k].name, step->pairs[k].value);
        }
        if (d && d->found && i == d->step) {
            print_expected(out, d);
            fprintf(out, "\n# ours:  %s\n# Kafka: %s", d->ours, d->kafka);
        }
        fprintf(out, "\n");
    }
}
