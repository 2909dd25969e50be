/*
 * What an actor says on its standard output: JSON lines, each a claim. A line that is none is kept
 * with the output and otherwise ignored, from a foreign program; from one of ours it is noted.
 */
#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "harness/run/live.h"

static const char *text_of(const json_t *json, const char *name) {
    return json_string_value(json_object_get(json, name));
}

static int64_t number_of(const json_t *json, const char *name, int64_t otherwise) {
    const json_t *number = json_object_get(json, name);
    return json_is_integer(number) ? (int64_t)json_integer_value(number) : otherwise;
}

static int32_t partition_of(const json_t *json) {
    int64_t number = number_of(json, "partition", -1);
    return number < -1 || number > INT32_MAX ? -1 : (int32_t)number;
}

/* A fact with the place of a record in it. */
static struct trial_event fact_at(const struct trial_live *live, enum trial_fact fact,
                                  const json_t *json) {
    struct trial_event event = TRIAL_EVENT_INIT(fact);
    event.actor = live->name;
    event.incarnation = live->incarnation;
    event.topic = text_of(json, "topic");
    event.partition = partition_of(json);
    event.offset = number_of(json, "offset", -1);
    return event;
}

/* -- the events -- */

static bool offers(const json_t *points, const char *point) {
    size_t i;
    json_t *item;
    json_array_foreach(points, i, item) {
        if (json_is_string(item) && strcmp(json_string_value(item), point) == 0) {
            return true;
        }
    }
    return false;
}

/* Does a fault need this point of this very actor? Only then is its absence a reason to skip. */
static bool is_needed(const struct trial_live *live, const char *point) {
    for (size_t i = 0; i < live->stage->fault_count; i++) {
        const struct trial_event_pattern *event = &live->stage->faults[i].fault->event;
        const char *name = event->kind == TRIAL_ON_EFFECT  ? "before-effect"
                           : event->kind == TRIAL_ON_POINT ? event->point
                                                           : NULL;
        if (name && strcmp(name, point) == 0 && event->from.text &&
            strcmp(event->from.text, live->name) == 0) {
            return true;
        }
    }
    return false;
}

static void heard_ready(struct trial_live *live, const json_t *json) {
    if (live->state != TRIAL_LIVE_STARTING && live->state != TRIAL_LIVE_RUNNING) {
        return;
    }
    live->has_spoken = true;
    const json_t *points = json_object_get(json, "points");
    for (size_t i = 0; i < live->point_count; i++) {
        if (!offers(points, live->points[i]) && is_needed(live, live->points[i])) {
            trial_stage_fail(live->stage, BASE_UNSUPPORTED,
                             "%s does not offer the point '%s' that the scenario needs", live->name,
                             live->points[i]);
            return;
        }
    }
    trial_live_ready(live);
}

static void heard_outcome(struct trial_live *live, const json_t *json) {
    const char *status = text_of(json, "status");
    int64_t id = number_of(json, "id", 0);
    if (!status || (strcmp(status, "ok") != 0 && strcmp(status, "failed") != 0 &&
                    strcmp(status, "unknown") != 0)) {
        trial_stage_note(live->stage, "%s told an outcome without a status", live->name);
        return;
    }
    if (id <= 0 || !trial_intent_settle(live, (uint64_t)id)) {
        trial_stage_note(live->stage, "%s told an outcome of intent %lld, which it did not have",
                         live->name, (long long)id);
        return;
    }
    struct trial_event event = fact_at(live, TRIAL_FACT_OUTCOME, json);
    event.intent = (uint64_t)id;
    event.text = status;
    event.text2 = text_of(json, "error");
    trial_stage_record(live->stage, &event);
}

static void heard_flushed(struct trial_live *live, const json_t *json) {
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_FLUSHED);
    event.actor = live->name;
    event.incarnation = live->incarnation;
    event.intent = live->flush_up_to;
    trial_stage_record(live->stage, &event);
    if (live->flushes_pending > 0) {
        live->flushes_pending--;
    }
    /* It has answered: outcomes of earlier intents that are missing now will not come. */
    trial_intents_give_up(live, live->flush_up_to, false);
}

static void note_claim(struct trial_live *live, const struct trial_event *claim) {
    struct base_error err = BASE_ERROR_INIT;
    live->has_claimed = true;
    if (!live->actor->group.text && trial_claims_hear(&live->claims, claim->topic, claim->partition,
                                                      claim->offset, &err) != 0) {
        trial_stage_fail(live->stage, err.code, "%s: %s", live->name, err.text);
    }
}

static void heard_processed(struct trial_live *live, const json_t *json) {
    struct trial_event event = fact_at(live, TRIAL_FACT_PROCESSED, json);
    trial_stage_record(live->stage, &event);
    note_claim(live, &event);
}

static void heard_skipped(struct trial_live *live, const json_t *json) {
    struct trial_event event = fact_at(live, TRIAL_FACT_SKIPPED, json);
    event.text = text_of(json, "reason");
    trial_stage_record(live->stage, &event);
    note_claim(live, &event);
}

static void heard_point(struct trial_live *live, const json_t *json) {
    struct trial_event event = fact_at(live, TRIAL_FACT_POINT, json);
    event.text = text_of(json, "name");
    trial_stage_record(live->stage, &event);
    live->waits_at_point = true;
    struct mock_point point = {
        .name = event.text ? event.text : "",
        .actor = live->name,
        .incarnation = live->incarnation,
        .topic = event.topic,
        .partition = event.partition,
        .offset = event.offset,
        .subject = live,
    };
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_INFLATED_BYTES);
    if (event.topic && event.partition >= 0 && event.offset >= 0) {
        trial_stage_read_record(live->stage, event.topic, event.partition, event.offset, &arena,
                                &point.key, &point.value);
    }
    if (live->state == TRIAL_LIVE_DYING) {
        live->waits_at_point = false;
    } else if (!mock_fault_offer(live->stage->broker, &point)) {
        trial_live_point_go(live, NULL);
    }
    base_arena_clean_up(&arena);
}

static void heard_stopped(struct trial_live *live, const json_t *json) {
    trial_stage_note(live->stage, "%s says it stopped: processed %lld, committed %lld", live->name,
                     (long long)number_of(json, "processed", 0),
                     (long long)number_of(json, "committed", 0));
}

struct hearing {
    const char *event;
    void (*heard)(struct trial_live *live, const json_t *json);
};
static const struct hearing hearings[] = {
    {"ready", heard_ready},         {"outcome", heard_outcome}, {"flushed", heard_flushed},
    {"processed", heard_processed}, {"skipped", heard_skipped}, {"point", heard_point},
    {"stopped", heard_stopped},
};

/* -- the lines -- */

static void hear_line(struct trial_live *live, struct base_slice line) {
    while (line.len > 0 && (line.data[line.len - 1] == '\r' || line.data[line.len - 1] == ' ')) {
        line.len--;
    }
    if (line.len == 0) {
        return;
    }
    json_error_t why;
    json_t *json = json_loadb((const char *)line.data, line.len, 0, &why);
    const char *name = text_of(json, "event");
    bool known = false;
    for (size_t i = 0; name && i < sizeof(hearings) / sizeof(hearings[0]); i++) {
        if (strcmp(hearings[i].event, name) == 0) {
            known = true;
            hearings[i].heard(live, json);
        }
    }
    if (!known && !name && live->actor->driver == TRIAL_DRIVER_BUILTIN) {
        trial_stage_note(live->stage, "%s wrote a line that is no event: %.*s", live->name,
                         line.len > 200 ? 200 : (int)line.len, (const char *)line.data);
    }
    json_decref(json);
    trial_stage_touch(live->stage);
    mock_conditions_changed(live->stage->broker);
    trial_stage_nudge(live->stage);
}

void trial_live_said(struct trial_live *live, struct base_slice bytes) {
    while (bytes.len > 0) {
        const uint8_t *end = memchr(bytes.data, '\n', bytes.len);
        size_t len = end ? (size_t)(end - bytes.data) : bytes.len;
        if (!live->skips_line && live->line.len == 0 && end) {
            hear_line(live, base_slice_of(bytes.data, len));
        } else if (!live->skips_line) {
            base_put_bytes(&live->line, bytes.data, len);
            if (!base_builder_ok(&live->line)) {
                trial_stage_note(live->stage, "%s wrote a line of more than %u bytes", live->name,
                                 BASE_MAX_ACTOR_LINE_BYTES);
                base_builder_clean_up(&live->line);
                base_builder_init(&live->line, BASE_MAX_ACTOR_LINE_BYTES);
                live->skips_line = true;
            } else if (end) {
                /* The line is taken out first: hearing it may end this incarnation. */
                struct base_builder line = live->line;
                base_builder_init(&live->line, BASE_MAX_ACTOR_LINE_BYTES);
                hear_line(live, base_builder_slice(&line));
                base_builder_clean_up(&line);
            }
        }
        if (end) {
            live->skips_line = false;
        }
        size_t taken = end ? len + 1 : len;
        bytes = base_slice_of(bytes.data + taken, bytes.len - taken);
    }
}
