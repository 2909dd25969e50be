/* Reads golden.txt: see t_wire.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "t_run.h"
#include "t_wire.h"

static struct t_golden *goldens;
static size_t golden_count;
static size_t golden_cap;

/* "Api direction version kind hex". */
static bool add_line(const char *line) {
    struct t_golden g = {0};
    int version = 0;
    int hex_at = 0;
    if (sscanf(line, "%31s %15s %d %15s %n", g.api, g.direction, &version, g.kind, &hex_at) != 4) {
        return false;
    }
    g.version = (int16_t)version;
    struct base_builder bytes;
    base_builder_init(&bytes, BASE_MIB);
    const char *hex = line + hex_at;
    bool ok = base_put_hex_decoded(&bytes, base_slice_of(hex, strcspn(hex, "\n")));
    g.len = bytes.len;
    g.bytes = ok ? base_memdup(base_builder_slice(&bytes).data, g.len) : NULL;
    base_builder_clean_up(&bytes);
    if (!g.bytes || base_grow((void **)&goldens, &golden_cap, golden_count + 1, sizeof(g))) {
        base_free(g.bytes);
        return false;
    }
    goldens[golden_count++] = g;
    return true;
}

const struct t_golden *t_golden_all(size_t *ret_count) {
    if (!goldens) {
        FILE *file = fopen(GOLDEN_FILE, "r");
        char *line = NULL;
        size_t cap = 0;
        while (T_TRUE(file != NULL) && getline(&line, &cap, file) > 0) {
            T_TRUE(line[0] == '#' || add_line(line));
        }
        free(line);
        if (file) {
            fclose(file);
        }
        T_TRUE(golden_count > 0);
    }
    *ret_count = golden_count;
    return goldens;
}

void t_golden_free(void) {
    for (size_t i = 0; i < golden_count; i++) {
        base_free(goldens[i].bytes);
    }
    base_free(goldens);
    goldens = NULL;
    golden_count = 0;
    golden_cap = 0;
}

const struct t_golden *t_golden_find(const char *api, const char *direction, int version,
                                     const char *kind) {
    size_t count = 0;
    const struct t_golden *all = t_golden_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].version == version && strcmp(all[i].api, api) == 0 &&
            strcmp(all[i].direction, direction) == 0 && strcmp(all[i].kind, kind) == 0) {
            return &all[i];
        }
    }
    t_check(0, __LINE__, __FILE__, "no golden body %s %s %d %s", api, direction, version, kind);
    return NULL;
}

bool t_body_open(struct t_body *body, const char *api, const char *direction, int version,
                 const char *kind) {
    const struct t_golden *g = t_golden_find(api, direction, version, kind);
    base_arena_init(&body->arena, BASE_MAX_DECODE_BYTES);
    body->reader = base_reader_of(g ? base_slice_of(g->bytes, g->len) : BASE_SLICE_NULL);
    return g != NULL;
}

void t_body_close(struct t_body *body) {
    base_arena_clean_up(&body->arena);
}

int t_text(struct base_slice s, const char *text, size_t len, int line, const char *file,
           const char *what) {
    size_t prefix = strlen(text);
    return t_equal_int((long long)s.len, (long long)len, line, file, what) &&
           t_equal_bytes(s.data, prefix < s.len ? prefix : s.len, text, prefix, line, file, what);
}
