/* Reads case files: see README.md for the form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fidelity.h"

#define MAX_LINE_BYTES 1024
#define MAX_STEPS 40
#define MAX_VARIANTS 16

/* One case as it is written; "each v: 3 4 5" makes several of it. */
struct draft {
    struct fid_case c;
    struct fid_step steps[MAX_STEPS];
    char variable[16];
    const char *variants[MAX_VARIANTS];
    size_t variant_count;
};

struct file {
    struct fid_cases *cases;
    const char *path;
    int line;
    bool open; /* a case has begun */
    struct draft draft;
};

static int wrong(const struct file *f, const char *what) {
    fprintf(stderr, "%s:%d: %s\n", f->path, f->line, what);
    return -1;
}

/* Replaces $NAME by the variant. */
static const char *fill(struct file *f, const char *text, const char *variant) {
    char out[MAX_LINE_BYTES];
    size_t len = 0;
    size_t name_len = strlen(f->draft.variable);
    for (const char *at = text; at && *at && len + strlen(variant) + 1 < sizeof(out);) {
        if (*at == '$' && name_len && strncmp(at + 1, f->draft.variable, name_len) == 0) {
            memcpy(out + len, variant, strlen(variant));
            len += strlen(variant);
            at += 1 + name_len;
        } else {
            out[len++] = *at++;
        }
    }
    return text ? base_arena_strndup(&f->cases->arena, out, len) : NULL;
}

static int add_variant(struct file *f, const char *variant) {
    struct fid_cases *cases = f->cases;
    if (base_grow((void **)&cases->items, &cases->cap, cases->count + 1, sizeof(*cases->items)) !=
        0) {
        return wrong(f, "no memory");
    }
    struct fid_case *c = &cases->items[cases->count++];
    *c = f->draft.c;
    c->claim = fill(f, c->claim, variant);
    c->differs = fill(f, c->differs, variant);
    c->steps = base_arena_alloc_array(&cases->arena, c->step_count, sizeof(*c->steps));
    if (!c->steps) {
        return wrong(f, "no memory");
    }
    for (size_t i = 0; i < c->step_count; i++) {
        c->steps[i] = f->draft.steps[i];
        c->steps[i].expect = fill(f, c->steps[i].expect, variant);
        for (size_t k = 0; k < c->steps[i].pair_count; k++) {
            c->steps[i].pairs[k].value = fill(f, c->steps[i].pairs[k].value, variant);
        }
    }
    return 0;
}

static int finish(struct file *f) {
    if (!f->open) {
        return 0;
    }
    f->open = false;
    if (f->draft.c.step_count == 0 || !f->draft.c.from) {
        return wrong(f, "the case before this line has no step or no 'from:'");
    }
    int rc = f->draft.variant_count ? 0 : add_variant(f, "");
    for (size_t i = 0; i < f->draft.variant_count && rc == 0; i++) {
        rc = add_variant(f, f->draft.variants[i]);
    }
    return rc;
}

/* Takes the next word off *at; NULL at the end. */
static char *word(char **at) {
    *at += strspn(*at, " \t");
    if (!**at) {
        return NULL;
    }
    char *start = *at;
    *at += strcspn(*at, " \t");
    if (**at) {
        *(*at)++ = '\0';
    }
    return start;
}

static int add_pairs(struct file *f, char *text, struct fid_pair *pairs, size_t max,
                     size_t *count) {
    for (char *w; (w = word(&text)) != NULL;) {
        char *equals = strchr(w, '=');
        if (!equals || *count == max) {
            return wrong(f, "a pair name=value is expected, and not too many");
        }
        *equals = '\0';
        pairs[(*count)++] = (struct fid_pair){base_arena_strdup(&f->cases->arena, w),
                                              base_arena_strdup(&f->cases->arena, equals + 1)};
    }
    return 0;
}

static int read_topic(struct file *f, char *text) {
    struct fid_case *c = &f->draft.c;
    if (strcmp(text, "none") == 0) {
        c->no_topic = true;
        return 0;
    }
    size_t count = 0;
    struct fid_pair pairs[8];
    if (add_pairs(f, text, pairs, 8, &count) != 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(pairs[i].name, "partitions") == 0) {
            c->partitions = (int32_t)strtol(pairs[i].value, NULL, 10);
        } else {
            c->configs[c->config_count++] = pairs[i];
        }
    }
    return 0;
}

static int read_each(struct file *f, char *text) {
    char *colon = strchr(text, ':');
    if (!colon) {
        return wrong(f, "'each NAME: VALUE…' is expected");
    }
    *colon = '\0';
    (void)snprintf(f->draft.variable, sizeof(f->draft.variable), "%s", text);
    text = colon + 1;
    for (char *w; (w = word(&text)) != NULL;) {
        if (f->draft.variant_count == MAX_VARIANTS) {
            return wrong(f, "too many variants");
        }
        f->draft.variants[f->draft.variant_count++] = base_arena_strdup(&f->cases->arena, w);
    }
    return 0;
}

static int read_step(struct file *f, char *text) {
    struct fid_case *c = &f->draft.c;
    if (c->step_count == MAX_STEPS) {
        return wrong(f, "too many steps");
    }
    struct fid_step *step = &f->draft.steps[c->step_count++];
    *step = (struct fid_step){.line = f->line};
    char *arrow = strstr(text, "=>");
    if (arrow) {
        *arrow = '\0';
        step->expect = base_arena_strdup(&f->cases->arena, arrow + 2);
    }
    char *verb = word(&text);
    if (verb && strcmp(verb, "send") == 0) {
        step->send = true;
        verb = word(&text);
    }
    if (!verb || !fid_verb_find(verb)) {
        return wrong(f, "there is no such verb");
    }
    step->verb = fid_verb_find(verb)->name;
    return add_pairs(f, text, step->pairs, FID_MAX_PAIRS, &step->pair_count);
}

static int begin(struct file *f, const char *claim) {
    if (finish(f) != 0) {
        return -1;
    }
    memset(&f->draft, 0, sizeof(f->draft));
    f->open = true;
    f->draft.c = (struct fid_case){.file = base_arena_strdup(&f->cases->arena, f->path),
                                   .line = f->line,
                                   .partitions = 1,
                                   .claim = base_arena_strdup(&f->cases->arena, claim)};
    return 0;
}

static int read_line(struct file *f, char *line) {
    static const struct {
        const char *start;
    } keys[] = {{"= "},         {"from: "}, {"differs: "}, {"topic: "}, {"each "},
                {"settings: "}, {"only: "}, {"logins: "},  {"alone: "}};
    static const size_t key_count = sizeof(keys) / sizeof(keys[0]);
    line[strcspn(line, "\r\n")] = '\0';
    if (!line[0] || line[0] == '#') {
        return 0;
    }
    size_t key = 0;
    while (key < key_count && strncmp(line, keys[key].start, strlen(keys[key].start)) != 0) {
        key++;
    }
    char *rest = key < key_count ? line + strlen(keys[key].start) : line;
    if (key != 0 && !f->open) {
        return wrong(f, "a case begins with '= ' and its claim");
    }
    struct fid_case *c = &f->draft.c;
    switch (key) {
    case 0:
        return begin(f, rest);
    case 1:
        c->from = base_arena_strdup(&f->cases->arena, rest);
        return 0;
    case 2:
        c->differs = base_arena_strdup(&f->cases->arena, rest);
        return 0;
    case 3:
        return read_topic(f, rest);
    case 4:
        return read_each(f, rest);
    case 5:
        return add_pairs(f, rest, c->settings, 4, &c->setting_count);
    case 6:
        c->ours_only = strcmp(rest, "ours") == 0;
        return c->ours_only ? 0 : wrong(f, "'only: ours' is expected");
    case 7:
        c->logins = strcmp(rest, "yes") == 0;
        return c->logins ? 0 : wrong(f, "'logins: yes' is expected");
    case 8:
        c->alone = base_arena_strdup(&f->cases->arena, rest);
        return 0;
    default:
        return read_step(f, rest);
    }
}

int fid_cases_read_from(struct fid_cases *cases, FILE *in, const char *path) {
    static struct file f;
    f = (struct file){.cases = cases, .path = path};
    char line[MAX_LINE_BYTES];
    int rc = 0;
    while (rc == 0 && fgets(line, sizeof(line), in)) {
        f.line++;
        rc = read_line(&f, line);
    }
    return rc == 0 ? finish(&f) : rc;
}

int fid_cases_read(struct fid_cases *cases, const char *path) {
    FILE *in = fopen(path, "r");
    if (!in) {
        perror(path);
        return -1;
    }
    int rc = fid_cases_read_from(cases, in, path);
    fclose(in);
    return rc;
}

void fid_cases_clean_up(struct fid_cases *cases) {
    base_free(cases->items);
    base_arena_clean_up(&cases->arena);
}
