/* Enumerating views, each distinct log once: see views.h. */
#include "harness/explore/views.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"

#define LOG_SET_BYTES (256u * BASE_MIB)

/* -- one view -- */

static uint32_t longest_of(const struct trial_capture *capture) {
    uint32_t longest = 0;
    for (size_t i = 0; i < capture->part_count; i++) {
        const struct trial_captured_part *part = &capture->parts[i];
        longest = part->varies && part->record_count > longest ? part->record_count : longest;
    }
    return longest;
}

static uint32_t scaled(uint32_t cut, uint32_t count, uint32_t longest) {
    return (uint32_t)(((uint64_t)cut * count + longest / 2) / longest);
}

struct trial_window trial_view_window(const struct trial_capture *capture,
                                      const struct trial_view *view, uint32_t part) {
    const struct trial_captured_part *p = &capture->parts[part];
    struct trial_window window = {0};
    if (view->part == part) {
        window = (struct trial_window){view->a, view->b, view->drops};
    } else if (view->part == TRIAL_VIEW_OF_ALL && p->varies) {
        uint32_t longest = longest_of(capture);
        window = (struct trial_window){scaled(view->a, p->record_count, longest),
                                       scaled(view->b, p->record_count, longest), view->drops};
    }
    return window;
}

bool trial_window_keeps_empty(const struct trial_window *window,
                              const struct trial_captured_part *part, uint32_t batch) {
    const struct trial_captured_batch *it = &part->batches[batch];
    return it->is_last_of_producer ||
           (window->b > it->first_record && window->b <= it->first_record + it->record_count);
}

/* -- telling logs apart -- */

struct print {
    uint64_t words[2];
};

/* A log that is in the set: two 64-bit mixes of what is retained stand for it. */
struct log_seen {
    struct print print;
    UT_hash_handle hh;
};

struct enumeration {
    const struct trial_capture *capture;
    struct trial_views *views;
    struct base_arena arena;
    struct log_seen *seen;
    struct print *plain; /* by partition */
    uint32_t *cuts;      /* of the partition at hand */
    size_t cut_count;
};

static void mix(struct print *print, uint64_t value) {
    for (int i = 0; i < 2; i++) {
        uint64_t x = print->words[i] ^ (value + (i ? 0x9e3779b97f4a7c15u : 0xd1b54a32d192ed03u));
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
        print->words[i] = x ^ (x >> 31);
    }
}

static struct print print_of(const struct trial_capture *capture, uint32_t number,
                             const struct trial_window *window) {
    const struct trial_captured_part *part = &capture->parts[number];
    struct print print = {{number + 1, number + 1}};
    for (uint32_t i = 0; i < part->batch_count; i++) {
        const struct trial_captured_batch *batch = &part->batches[i];
        uint64_t bits = 0;
        bool any = false;
        for (uint32_t k = 0; k < batch->record_count; k++) {
            bool retained = trial_window_retains(window, part, batch->first_record + k);
            any = any || retained;
            bits = bits << 1 | retained;
            if (k % 64 == 63) {
                mix(&print, bits);
                bits = 0;
            }
        }
        mix(&print, bits);
        mix(&print, any ? 2 : trial_window_keeps_empty(window, part, i));
    }
    return print;
}

static int add_view(struct enumeration *e, const struct trial_view *view) {
    struct print sum = {{0, 0}};
    e->views->enumerated++;
    for (uint32_t p = 0; p < e->capture->part_count; p++) {
        struct trial_window window = trial_view_window(e->capture, view, p);
        bool is_plain = window.b == 0;
        struct print print = is_plain ? e->plain[p] : print_of(e->capture, p, &window);
        sum.words[0] += print.words[0];
        sum.words[1] += print.words[1];
    }
    struct log_seen *seen = NULL;
    HASH_FIND(hh, e->seen, &sum, sizeof(sum), seen);
    if (seen) {
        return 0;
    }
    seen = base_arena_alloc(&e->arena, sizeof(*seen));
    int rc = seen ? base_grow((void **)&e->views->items, &e->views->cap, e->views->count + 1,
                              sizeof(*e->views->items))
                  : e->arena.failed;
    if (rc == 0) {
        seen->print = sum;
        HASH_ADD(hh, e->seen, print, sizeof(seen->print), seen);
        rc = base_hash_has(seen->hh) ? 0 : BASE_NO_MEMORY;
    }
    if (rc == 0) {
        e->views->items[e->views->count++] = *view;
    }
    return rc;
}

/* -- where to cut -- */

static void add_cut(struct enumeration *e, uint32_t cut) {
    if (e->cut_count == 0 || e->cuts[e->cut_count - 1] < cut) {
        e->cuts[e->cut_count++] = cut;
    }
}

static void find_cuts(struct enumeration *e, const struct trial_captured_part *part) {
    e->cut_count = 0;
    if (part->record_count <= TRIAL_MAX_CUT_RECORDS) {
        for (uint32_t i = 0; i <= part->record_count; i++) {
            add_cut(e, i);
        }
        return;
    }
    e->views->at_batches = true;
    for (uint32_t i = 0; i < part->batch_count; i++) {
        add_cut(e, part->batches[i].first_record);
    }
    add_cut(e, part->record_count);
    if (e->cut_count > TRIAL_MAX_CUTS) {
        e->views->thinned = true;
        for (size_t i = 0; i < TRIAL_MAX_CUTS; i++) {
            e->cuts[i] = e->cuts[i * (e->cut_count - 1) / (TRIAL_MAX_CUTS - 1)];
        }
        e->cut_count = TRIAL_MAX_CUTS;
    }
}

static int add_views_of(struct enumeration *e, uint32_t part, bool hazards) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < e->cut_count; i++) {
        for (size_t j = i; rc == 0 && j < e->cut_count; j++) {
            struct trial_view view = {part, e->cuts[i], e->cuts[j], false};
            rc = hazards ? 0 : add_view(e, &view);
            view.drops = true;
            if (rc == 0 && trial_view_is_hazard(&view) == hazards) {
                rc = add_view(e, &view);
            }
        }
    }
    return rc;
}

/* A log that is legal without the hazard counts as legal: those come first. */
static int add_all(struct enumeration *e) {
    const struct trial_capture *capture = e->capture;
    uint32_t longest = longest_of(capture);
    int rc = 0;
    for (int hazards = 0; rc == 0 && hazards <= 1; hazards++) {
        uint32_t longest_part = 0;
        for (uint32_t p = 0; rc == 0 && p < capture->part_count; p++) {
            const struct trial_captured_part *part = &capture->parts[p];
            if (part->varies) {
                find_cuts(e, part);
                rc = add_views_of(e, p, hazards);
                longest_part = part->record_count == longest ? p : longest_part;
            }
        }
        if (rc == 0 && capture->varying_count > 1) {
            find_cuts(e, &capture->parts[longest_part]);
            rc = add_views_of(e, TRIAL_VIEW_OF_ALL, hazards);
        }
    }
    return rc;
}

/* -- a sample -- */

static uint64_t draw(uint64_t *state) {
    uint64_t x = *state += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* Keeps the log as written and chooses of the others, in their order. */
static void sample(struct trial_views *views, size_t runs, uint64_t seed) {
    size_t kept = 1;
    for (size_t i = 1; i < views->count; i++) {
        size_t left = views->count - i;
        if (draw(&seed) % left < runs - kept) {
            views->items[kept++] = views->items[i];
        }
    }
    views->count = kept;
}

int trial_views_enumerate(const struct trial_capture *capture, size_t runs, uint64_t seed,
                          struct trial_views *ret_views, struct base_error *err) {
    struct trial_views views = {0};
    struct enumeration e = {.capture = capture, .views = &views};
    base_arena_init(&e.arena, LOG_SET_BYTES);
    e.plain = base_arena_alloc_array(&e.arena, capture->part_count, sizeof(*e.plain));
    e.cuts = base_arena_alloc_array(&e.arena, TRIAL_MAX_CAPTURED_RECORDS + 1, sizeof(*e.cuts));
    int rc = e.arena.failed;
    for (uint32_t p = 0; rc == 0 && p < capture->part_count; p++) {
        e.plain[p] = print_of(capture, p, &(struct trial_window){0});
    }
    rc = rc ? rc : add_all(&e);
    HASH_CLEAR(hh, e.seen);
    base_arena_clean_up(&e.arena);
    if (rc != 0) {
        trial_views_clean_up(&views);
        return base_fail(err, rc, "the views: %s", base_code_to_str(rc));
    }
    views.distinct = views.count;
    if (runs > 0 && runs < views.count) {
        sample(&views, runs, seed);
    }
    views.hazards = 0;
    for (size_t i = 0; i < views.count; i++) {
        views.hazards += trial_view_is_hazard(&views.items[i]);
    }
    *ret_views = views;
    return 0;
}

void trial_views_clean_up(struct trial_views *views) {
    base_free(views->items);
    *views = (struct trial_views){0};
}
