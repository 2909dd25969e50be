/* What the cleaner did, as JSON for a controller: see passes.h. */
#include "harness/run/passes.h"

static json_t *removed_json(const struct trial_clean *clean) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < clean->removed_count; i++) {
        for (int64_t at = clean->removed[i].first; at <= clean->removed[i].last; at++) {
            (void)json_array_append_new(list, json_integer(at));
        }
    }
    return list;
}

static json_t *emptied_json(const struct trial_clean *clean) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < clean->emptied_count; i++) {
        (void)json_array_append_new(list, json_integer(clean->emptied[i]));
    }
    return list;
}

static json_t *horizons_json(const struct trial_clean *clean) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < clean->horizon_count; i++) {
        (void)json_array_append_new(
            list, json_pack("{s:I, s:I}", "batch", (json_int_t)clean->horizons[i].base_offset,
                            "horizon_ms", (json_int_t)clean->horizons[i].horizon_ms));
    }
    return list;
}

static json_t *pass_json(const struct trial_event *event) {
    const struct trial_clean *clean = event->clean;
    json_t *json = json_pack("{s:s, s:i, s:s, s:b, s:I, s:I}", "topic", event->topic, "partition",
                             (int)event->partition, "pass", event->text ? event->text : "",
                             "nothing_dirty", clean->nothing_dirty, "start",
                             (json_int_t)clean->start, "end", (json_int_t)clean->log_end);
    if (!json) {
        return NULL;
    }
    (void)json_object_set_new(json, "removed", removed_json(clean));
    (void)json_object_set_new(json, "emptied", emptied_json(clean));
    (void)json_object_set_new(json, "horizons", horizons_json(clean));
    return json;
}

json_t *trial_passes_json(const struct trial_history *history, size_t from) {
    json_t *list = json_array();
    for (size_t i = from; list && i < trial_history_count(history); i++) {
        const struct trial_event *event = trial_history_at(history, i);
        if (event->fact == TRIAL_FACT_CLEAN && event->clean && event->topic) {
            (void)json_array_append_new(list, pass_json(event));
        } else if (event->fact == TRIAL_FACT_ROLL && event->topic) {
            (void)json_array_append_new(
                list, json_pack("{s:s, s:i, s:s, s:I}", "topic", event->topic, "partition",
                                (int)event->partition, "pass", "roll", "active",
                                (json_int_t)event->offset));
        }
    }
    return list;
}
