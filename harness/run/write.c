/* Writes as intents and as commands: see write.h. */
#include "harness/run/write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "fixtures/fixture.h"

/* -- places -- */

int trial_write_places(const struct trial_stage *stage, const char *target,
                       struct base_arena *arena, struct trial_place **ret_places, size_t *ret_count,
                       struct base_error *err) {
    struct trial_real_topics topics;
    int result = trial_resolve_topics(stage->bound, target, arena, &topics, err);
    if (result != 0) {
        return result;
    }
    struct trial_place *places = base_arena_alloc_array(arena, topics.count, sizeof(*places));
    if (!places) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the topics of '%s'", target);
    }
    size_t count = 0;
    for (size_t i = 0; i < topics.count; i++) {
        const struct trial_real_topic *topic = &topics.items[i];
        if (topic->privileged && count > 0) {
            /* The privileged copy follows its public one. */
            places[count - 1].topic2 = topic->name;
            continue;
        }
        places[count++] = (struct trial_place){
            .target = target,
            .topic = topic->name,
            .journal = topic->journal ? topic->journal->name.text : NULL,
            .type = topic->type,
        };
    }
    *ret_places = places;
    *ret_count = count;
    return 0;
}

/* -- the command -- */

static void put_json_text(struct base_builder *line, const char *text) {
    base_put_str(line, "\"");
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c == '"' || c == '\\') {
            base_put_format(line, "\\%c", c);
        } else if (c < 0x20) {
            base_put_format(line, "\\u%04x", c);
        } else {
            base_put_u8(line, c);
        }
    }
    base_put_str(line, "\"");
}

static void put_json_bytes(struct base_builder *line, const char *name, struct base_slice bytes) {
    base_put_format(line, ",\"%s\":", name);
    if (base_slice_is_null(bytes)) {
        base_put_str(line, "null");
        return;
    }
    base_put_str(line, "\"");
    base_put_base64(line, bytes);
    base_put_str(line, "\"");
}

static bool wants_intent_header(const struct trial_live *live) {
    const struct trial_setting *setting =
        trial_find_setting(&live->actor->settings, "intent.header");
    return !setting || strcmp(trial_atom_str(&setting->value), "false") != 0;
}

static void put_header(struct base_builder *line, bool *is_first, const char *name,
                       struct base_slice value) {
    base_put_str(line, *is_first ? "[" : ",[");
    *is_first = false;
    put_json_text(line, name);
    if (base_slice_is_null(value)) {
        base_put_str(line, ",null]");
        return;
    }
    base_put_str(line, ",\"");
    base_put_base64(line, value);
    base_put_str(line, "\"]");
}

static struct base_slice value_bytes(const struct trial_value *value) {
    if (value->kind == TRIAL_VALUE_NULL) {
        return BASE_SLICE_NULL;
    }
    const struct base_slice text = value->atom.text;
    return base_slice_of(text.data ? (const void *)text.data : "", text.len);
}

static void put_headers(struct base_builder *line, const struct trial_live *live,
                        const struct trial_write *write, uint64_t intent) {
    bool is_first = true;
    base_put_str(line, ",\"headers\":[");
    if (wants_intent_header(live)) {
        char id[24];
        (void)snprintf(id, sizeof(id), "%" PRIu64, intent);
        put_header(line, &is_first, "ktrial-intent", base_slice_str(id));
    }
    for (size_t i = 0; i < write->header_count; i++) {
        put_header(line, &is_first, trial_atom_str(&write->headers[i].name),
                   value_bytes(&write->headers[i].value));
    }
    base_put_str(line, "]");
}

static void put_command(struct base_builder *line, const struct trial_live *live,
                        const struct trial_write *write, uint64_t intent) {
    const struct trial_place *place = write->place;
    bool is_delete = place->journal && base_slice_is_null(write->value);
    base_put_format(line, "{\"command\":\"%s\",\"id\":%" PRIu64, is_delete ? "delete" : "write",
                    intent);
    if (place->journal) {
        base_put_str(line, ",\"journal\":");
        put_json_text(line, place->journal);
        base_put_str(line, ",\"type\":");
        put_json_text(line, place->type);
        put_json_bytes(line, is_delete ? "key" : "object", is_delete ? write->key : write->value);
    } else {
        base_put_str(line, ",\"topic\":");
        put_json_text(line, place->topic);
        put_json_bytes(line, "key", write->key);
        put_json_bytes(line, "value", write->value);
        if (write->partition >= 0) {
            base_put_format(line, ",\"partition\":%" PRId32, write->partition);
        }
    }
    put_headers(line, live, write, intent);
    base_put_str(line, "}\n");
}

/* -- the intent -- */

static void record_intent(struct trial_live *live, const struct trial_write *write,
                          uint64_t intent) {
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_INTENT);
    event.actor = live->name;
    event.incarnation = live->incarnation;
    event.intent = intent;
    event.text = write->place->target;
    event.text2 = write->secrets;
    event.topic = write->place->topic;
    event.topic2 = write->place->topic2;
    event.type = write->place->type;
    event.key = write->key;
    event.value = write->value;
    event.partition = write->partition;
    trial_stage_record(live->stage, &event);
}

int trial_write_tell(struct trial_live *live, const struct trial_write *write,
                     struct base_error *err) {
    uint64_t intent = 0;
    int result = trial_intent_open(live, &intent, err);
    if (result != 0) {
        return result;
    }
    record_intent(live, write, intent);
    if (live->state == TRIAL_LIVE_ABSENT || live->state == TRIAL_LIVE_DYING) {
        trial_intents_give_up(live, UINT64_MAX, true);
        return 0;
    }
    struct base_builder line;
    base_builder_init(&line, BASE_MAX_ACTOR_LINE_BYTES);
    put_command(&line, live, write, intent);
    if (base_builder_ok(&line)) {
        trial_live_command(live, base_builder_slice(&line));
    } else {
        result = base_fail(err, line.failed, "a record is too large to be told to %s", live->name);
    }
    base_builder_clean_up(&line);
    return result;
}

/* -- a step -- */

/* "author,mail"; NULL for none. */
static const char *join_secrets(const struct trial_step *step, struct base_arena *arena) {
    size_t len = 1;
    for (size_t i = 0; i < step->secret_count; i++) {
        len += strlen(step->secrets[i].text) + 1;
    }
    char *joined = step->secret_count ? base_arena_alloc(arena, len) : NULL;
    for (size_t i = 0; joined && i < step->secret_count; i++) {
        size_t used = strlen(joined);
        (void)snprintf(joined + used, len - used, "%s%s", i ? "," : "", step->secrets[i].text);
    }
    return joined;
}

/* An object's key is its own; only a tombstone, and bytes that are no object, take the step's. */
static int derive_key(struct trial_write *write, struct base_arena *arena, struct base_error *err) {
    int type = fixture_type_find(write->place->type);
    if (type < 0 || base_slice_is_null(write->value)) {
        return 0;
    }
    struct fixture_object object = {(enum fixture_type)type, write->value};
    struct base_builder key;
    base_builder_init(&key, BASE_MAX_SCENARIO_BYTES);
    if (fixture_key(&object, &key, NULL) == 0 && base_builder_ok(&key)) {
        write->key = base_arena_slice(arena, base_builder_slice(&key));
    }
    base_builder_clean_up(&key);
    return arena->failed ? base_fail(err, arena->failed, "no memory for a key") : 0;
}

int trial_write_step(struct trial_live *live, const struct trial_step *step,
                     struct base_error *err) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_INFLATED_BYTES);
    struct trial_place *places = NULL;
    size_t count = 0;
    int result =
        trial_write_places(live->stage, step->target.text, &arena, &places, &count, err);
    if (result == 0 && count != 1) {
        result = base_fail(err, BASE_USAGE, "'%s' has %zu types; a single write names one",
                           step->target.text, count);
    }
    if (result == 0) {
        struct trial_write write = {
            .place = &places[0],
            .key = trial_atom_bytes(&step->key),
            .value = step->kind == TRIAL_STEP_DELETE ? BASE_SLICE_NULL : value_bytes(&step->value),
            .partition = step->partition.kind ? (int32_t)step->partition.number : -1,
            .headers = step->headers,
            .header_count = step->header_count,
            .secrets = join_secrets(step, &arena),
        };
        if (write.place->journal) {
            result = derive_key(&write, &arena, err);
        }
        if (result == 0) {
            result = trial_write_tell(live, &write, err);
        }
    }
    base_arena_clean_up(&arena);
    return result;
}
