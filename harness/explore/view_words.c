/* A view in words, and back: see views.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/views.h"

/* Offsets listed one by one before the rest is counted. */
#define MAX_LISTED 16

static uint32_t first_varying(const struct trial_capture *capture) {
    uint32_t p = 0;
    while (!capture->parts[p].varies) {
        p++;
    }
    return p;
}

void trial_view_name(const struct trial_capture *capture, const struct trial_view *view,
                     struct base_builder *ret_text) {
    if (view->part == TRIAL_VIEW_OF_ALL) {
        base_put_str(ret_text, "all:");
    } else if (capture->varying_count > 1) {
        const struct trial_captured_part *part = &capture->parts[view->part];
        base_put_format(ret_text, "%s/%d:", part->topic, (int)part->partition);
    }
    base_put_format(ret_text, "%u:%u:%s", view->a, view->b, view->drops ? "drop" : "keep");
}

/* -- back -- */

static bool read_number(const char **at, uint32_t *ret_number) {
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(*at, &end, 10);
    if (errno || **at < '0' || **at > '9' || *end != ':' || number > TRIAL_MAX_CAPTURED_RECORDS) {
        return false;
    }
    *ret_number = (uint32_t)number;
    *at = end + 1;
    return true;
}

/* The part before "a:b:keep" ends at the third colon from the end. */
static const char *find_cut(const char *text) {
    const char *at = text + strlen(text);
    for (int colons = 0; at > text; at--) {
        colons += at[-1] == ':';
        if (colons == 3) {
            return at;
        }
    }
    return text;
}

static bool find_part(const struct trial_capture *capture, const char *text, size_t len,
                      uint32_t *ret_part) {
    for (uint32_t p = 0; p < capture->part_count; p++) {
        struct base_builder name;
        base_builder_init(&name, 4096);
        base_put_format(&name, "%s/%d:", capture->parts[p].topic,
                        (int)capture->parts[p].partition);
        bool same = base_slice_equal(base_builder_slice(&name), base_slice_of(text, len));
        base_builder_clean_up(&name);
        if (same && capture->parts[p].varies) {
            *ret_part = p;
            return true;
        }
    }
    return false;
}

int trial_view_parse(const struct trial_capture *capture, const char *text,
                     struct trial_view *ret_view, struct base_error *err) {
    const char *at = find_cut(text);
    struct trial_view view = {.part = TRIAL_VIEW_OF_ALL};
    bool is_all = at == text || strncmp(text, "all:", (size_t)(at - text)) == 0;
    if (is_all && capture->varying_count == 1) {
        view.part = first_varying(capture);
    } else if (!is_all && !find_part(capture, text, (size_t)(at - text), &view.part)) {
        return base_fail(err, BASE_USAGE, "'%.*s' is no compacted partition with records",
                         (int)(at - text - 1), text);
    }
    if (!read_number(&at, &view.a) || !read_number(&at, &view.b) ||
        (strcmp(at, "keep") != 0 && strcmp(at, "drop") != 0)) {
        return base_fail(err, BASE_USAGE,
                         "'%s' is no view; expected A:B:keep or A:B:drop, with TOPIC/PARTITION: or "
                         "all: in front where several partitions vary", text);
    }
    view.drops = strcmp(at, "drop") == 0;
    uint32_t count = 0;
    for (uint32_t p = 0; p < capture->part_count; p++) {
        const struct trial_captured_part *part = &capture->parts[p];
        bool counts = view.part == TRIAL_VIEW_OF_ALL ? part->varies : p == view.part;
        count = counts && part->record_count > count ? part->record_count : count;
    }
    if (view.a > view.b || view.b > count) {
        return base_fail(err, BASE_USAGE, "'%s' is no view of %u records: 0 <= A <= B <= %u", text,
                         count, count);
    }
    *ret_view = view;
    return 0;
}

/* -- one line -- */

static void put_range(const struct trial_captured_part *part, uint32_t from, uint32_t to,
                      const char *how, const char **between, struct base_builder *out) {
    if (from >= to) {
        return;
    }
    base_put_format(out, "%s%lld-%lld %s", *between, (long long)part->records[from].offset,
                    (long long)part->records[to - 1].offset, how);
    *between = ", ";
}

static void put_gone(const struct trial_captured_part *part, const struct trial_window *window,
                     struct base_builder *out) {
    size_t gone = 0;
    for (uint32_t i = window->a; i < window->b; i++) {
        if (trial_window_retains(window, part, i)) {
            continue;
        }
        if (++gone <= MAX_LISTED) {
            base_put_format(out, "%s%lld", gone == 1 ? "; gone: " : " ",
                            (long long)part->records[i].offset);
        }
    }
    if (gone > MAX_LISTED) {
        base_put_format(out, " and %zu more", gone - MAX_LISTED);
    } else if (gone == 0) {
        base_put_str(out, "; nothing is gone");
    }
}

void trial_view_describe(const struct trial_capture *capture, const struct trial_view *view,
                         struct base_builder *ret_text) {
    const char *partition_between = "";
    for (uint32_t p = 0; p < capture->part_count; p++) {
        const struct trial_captured_part *part = &capture->parts[p];
        struct trial_window window = trial_view_window(capture, view, p);
        if (!part->varies || (view->part != TRIAL_VIEW_OF_ALL && view->part != p)) {
            continue;
        }
        const char *between = "";
        base_put_format(ret_text, "%s%s/%d: ", partition_between, part->topic,
                        (int)part->partition);
        partition_between = " | ";
        put_range(part, 0, window.a, "as written", &between, ret_text);
        put_range(part, window.a, window.b,
                  window.drops ? "compacted without tombstones" : "compacted, tombstones kept",
                  &between, ret_text);
        put_range(part, window.b, part->record_count, "as written", &between, ret_text);
        put_gone(part, &window, ret_text);
    }
}
