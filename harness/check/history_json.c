/*
 * A history on disk: JSON lines. The first line names the format, its version, the scenario and the
 * instance; then one event a line. Fields that have their rest value are left out.
 */
#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "harness/check/clean.h"
#include "harness/check/history_json.h"

#define FORMAT "ktrial-history"
#define FORMAT_VERSION 1
#define MAX_CLEAN_BYTES ((size_t)1024 * BASE_MIB)

/* Every field of a row but the fact, by kind: one table for both directions. */
enum field_kind { FIELD_TEXT, FIELD_BYTES, FIELD_BOOL, FIELD_U64, FIELD_U32, FIELD_I64, FIELD_I32,
                  FIELD_I16 };
struct field {
    const char *name;
    enum field_kind kind;
    size_t at;
    int64_t rest;
};
#define FIELD(name_, kind_, rest_) {#name_, kind_, offsetof(struct trial_event, name_), rest_}
static const struct field fields[] = {
    FIELD(at_ns, FIELD_U64, 0),          FIELD(actor, FIELD_TEXT, 0),
    FIELD(incarnation, FIELD_U32, 0),    FIELD(connection, FIELD_U64, 0),
    FIELD(request, FIELD_U64, 0),        FIELD(intent, FIELD_U64, 0),
    FIELD(broker, FIELD_I32, 0),         FIELD(correlation_id, FIELD_I32, 0),
    FIELD(api, FIELD_I16, -1),           FIELD(version, FIELD_I16, 0),
    FIELD(error, FIELD_I16, 0),          FIELD(dropped, FIELD_BOOL, 0),
    FIELD(idle, FIELD_BOOL, 0),          FIELD(flag, FIELD_BOOL, 0),
    FIELD(topic, FIELD_TEXT, 0),         FIELD(topic2, FIELD_TEXT, 0),
    FIELD(type, FIELD_TEXT, 0),          FIELD(partition, FIELD_I32, -1),
    FIELD(generation, FIELD_I32, 0),     FIELD(offset, FIELD_I64, -1),
    FIELD(group, FIELD_TEXT, 0),         FIELD(member, FIELD_TEXT, 0),
    FIELD(text, FIELD_BYTES, 1),         FIELD(text2, FIELD_BYTES, 1),
    FIELD(key, FIELD_BYTES, 0),          FIELD(value, FIELD_BYTES, 0),
};
#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

static const void *field_at(const struct trial_event *event, const struct field *field) {
    return (const uint8_t *)event + field->at;
}

static int64_t field_number(const struct trial_event *event, const struct field *field) {
    const void *at = field_at(event, field);
    switch (field->kind) {
    case FIELD_BOOL:
        return *(const bool *)at;
    case FIELD_U64:
        return (int64_t) * (const uint64_t *)at;
    case FIELD_U32:
        return *(const uint32_t *)at;
    case FIELD_I64:
        return *(const int64_t *)at;
    case FIELD_I32:
        return *(const int32_t *)at;
    default:
        return *(const int16_t *)at;
    }
}

static void set_number(struct trial_event *event, const struct field *field, int64_t number) {
    void *at = (uint8_t *)event + field->at;
    switch (field->kind) {
    case FIELD_BOOL:
        *(bool *)at = number != 0;
        break;
    case FIELD_U64:
        *(uint64_t *)at = (uint64_t)number;
        break;
    case FIELD_U32:
        *(uint32_t *)at = (uint32_t)number;
        break;
    case FIELD_I64:
        *(int64_t *)at = number;
        break;
    case FIELD_I32:
        *(int32_t *)at = (int32_t)number;
        break;
    default:
        *(int16_t *)at = (int16_t)number;
    }
}

/* -- writing -- */

static json_t *base64_json(struct base_slice bytes) {
    struct base_builder text;
    base_builder_init(&text, (size_t)4 * BASE_MAX_FRAME_BYTES);
    base_put_base64(&text, bytes);
    struct base_slice done = base_builder_slice(&text);
    json_t *value = base_builder_ok(&text)
                        ? json_stringn((const char *)done.data, done.len) : NULL;
    base_builder_clean_up(&text);
    return value;
}

/* Texts (a step, a reason) need not be UTF-8: rest 1 marks bytes that are held as a C string. */
static struct base_slice field_bytes(const struct trial_event *event, const struct field *field) {
    const void *at = field_at(event, field);
    return field->rest ? base_slice_str(*(const char *const *)at)
                       : *(const struct base_slice *)at;
}

static int put_field(json_t *line, const struct trial_event *event, const struct field *field) {
    if (field->kind == FIELD_TEXT) {
        const char *text = *(const char *const *)field_at(event, field);
        /* A name that is not UTF-8 goes out as bytes, under another name. */
        if (!text || json_object_set_new(line, field->name, json_string(text)) == 0) {
            return 0;
        }
        char name[32];
        (void)snprintf(name, sizeof(name), "%s.base64", field->name);
        return json_object_set_new(line, name, base64_json(base_slice_str(text)));
    }
    if (field->kind == FIELD_BYTES) {
        struct base_slice bytes = field_bytes(event, field);
        if (!bytes.data) {
            return 0;
        }
        if (field->rest) {
            json_t *plain = json_string((const char *)bytes.data);
            if (plain) {
                return json_object_set_new(line, field->name, plain);
            }
        }
        char name[32];
        (void)snprintf(name, sizeof(name), "%s.base64", field->name);
        return json_object_set_new(line, name, base64_json(bytes));
    }
    int64_t number = field_number(event, field);
    if (number == field->rest) {
        return 0;
    }
    return json_object_set_new(line, field->name,
                               field->kind == FIELD_BOOL ? json_boolean(number)
                                                         : json_integer(number));
}

json_t *trial_batch_to_json(const struct mock_stored_batch *batch) {
    json_t *bytes = base64_json(mock_stored_batch_slice(batch));
    return bytes ? json_pack("{s:o,s:I,s:I,s:I,s:I,s:I,s:i,s:i,s:I}", "bytes", bytes,
                             "base_offset", (json_int_t)batch->base_offset, "last_offset",
                             (json_int_t)batch->last_offset, "max_timestamp",
                             (json_int_t)batch->max_timestamp, "appended_ms",
                             (json_int_t)batch->appended_ms, "producer_id",
                             (json_int_t)batch->producer_id, "producer_epoch",
                             (int)batch->producer_epoch, "base_sequence",
                             (int)batch->base_sequence, "record_count",
                             (json_int_t)batch->record_count)
                 : NULL;
}

static int write_line(FILE *file, json_t *line, struct base_error *err) {
    if (!line) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a line of the history");
    }
    int failed = json_dumpf(line, file, JSON_COMPACT) || fputc('\n', file) == EOF;
    json_decref(line);
    return failed ? base_fail(err, BASE_IO, "the history cannot be written") : 0;
}

static json_t *event_json(const struct trial_event *event) {
    json_t *line = json_pack("{s:s}", "fact", trial_fact_to_str(event->fact));
    int failed = line == NULL;
    for (size_t i = 0; !failed && i < FIELD_COUNT; i++) {
        failed = put_field(line, event, &fields[i]);
    }
    if (!failed && event->batch) {
        failed = json_object_set_new(line, "batch", trial_batch_to_json(event->batch));
    }
    if (!failed && event->clean) {
        failed = json_object_set_new(line, "clean", trial_clean_to_json(event->clean));
    }
    if (failed) {
        json_decref(line);
        return NULL;
    }
    return line;
}

int trial_history_save(const struct trial_history *history, const char *scenario_path,
                       size_t instance, FILE *file, struct base_error *err) {
    int rc = write_line(file,
                        json_pack("{s:s,s:i,s:s,s:I}", "format", FORMAT, "version", FORMAT_VERSION,
                                  "scenario", scenario_path ? scenario_path : "-", "instance",
                                  (json_int_t)instance),
                        err);
    for (size_t i = 0; rc == 0 && i < trial_history_count(history); i++) {
        rc = write_line(file, event_json(trial_history_at(history, i)), err);
    }
    if (rc == 0 && fflush(file)) {
        rc = base_fail(err, BASE_IO, "the history cannot be written");
    }
    return rc;
}

/* -- reading -- */

/* What one event borrows while it is added to the history. */
struct scratch {
    struct base_builder bytes[FIELD_COUNT];
    struct base_builder batch;
};

static int read_bytes(struct trial_event *event, const struct field *field, const json_t *text,
                      struct base_builder *room) {
    const char *encoded = json_string_value(text);
    if (!encoded ||
        !base_put_base64_decoded(room, base_slice_of(encoded, json_string_length(text)))) {
        return room->failed ? room->failed : BASE_MALFORMED;
    }
    bool is_text = field->kind == FIELD_TEXT || field->rest;
    if (is_text) {
        base_put_u8(room, 0);
        if (base_builder_ok(room)) {
            *(const char **)((uint8_t *)event + field->at) = (const char *)room->data;
        }
    } else {
        *(struct base_slice *)((uint8_t *)event + field->at) = base_builder_slice(room);
    }
    return room->failed;
}

static int read_field(const json_t *line, struct trial_event *event, const struct field *field,
                      struct base_builder *room) {
    const json_t *value = json_object_get(line, field->name);
    if (field->kind == FIELD_TEXT || field->kind == FIELD_BYTES) {
        if (value && (field->kind == FIELD_TEXT || field->rest) && json_is_string(value)) {
            *(const char **)((uint8_t *)event + field->at) = json_string_value(value);
            return 0;
        }
        char name[32];
        (void)snprintf(name, sizeof(name), "%s.base64", field->name);
        const json_t *encoded = json_object_get(line, name);
        return value ? BASE_MALFORMED : encoded ? read_bytes(event, field, encoded, room) : 0;
    }
    if (!value) {
        return 0;
    }
    if (field->kind == FIELD_BOOL ? !json_is_boolean(value) : !json_is_integer(value)) {
        return BASE_MALFORMED;
    }
    set_number(event, field, field->kind == FIELD_BOOL ? json_is_true(value)
                                                       : (int64_t)json_integer_value(value));
    return 0;
}

static int64_t batch_number(const json_t *object, const char *name) {
    return (int64_t)json_integer_value(json_object_get(object, name));
}

int trial_batch_of_json(const json_t *object, struct base_builder *room,
                        struct mock_stored_batch **ret_batch) {
    const json_t *text = json_object_get(object, "bytes");
    if (!json_is_string(text) ||
        !base_put_base64_decoded(room, base_slice_of(json_string_value(text),
                                                     json_string_length(text)))) {
        return room->failed ? room->failed : BASE_MALFORMED;
    }
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(room));
    if (!batch) {
        return BASE_NO_MEMORY;
    }
    batch->base_offset = batch_number(object, "base_offset");
    batch->last_offset = batch_number(object, "last_offset");
    batch->max_timestamp = batch_number(object, "max_timestamp");
    batch->appended_ms = batch_number(object, "appended_ms");
    batch->producer_id = batch_number(object, "producer_id");
    batch->producer_epoch = (int16_t)batch_number(object, "producer_epoch");
    batch->base_sequence = (int32_t)batch_number(object, "base_sequence");
    batch->record_count = (uint32_t)batch_number(object, "record_count");
    *ret_batch = batch;
    return 0;
}

static int find_fact(const json_t *name) {
    const char *text = json_string_value(name);
    for (int i = 0; text && i < TRIAL_FACT_KIND_COUNT; i++) {
        if (strcmp(text, trial_fact_to_str((enum trial_fact)i)) == 0) {
            return i;
        }
    }
    return -1;
}

static int read_event(const json_t *line, struct scratch *scratch, struct trial_history *history,
                      struct base_error *err) {
    int fact = find_fact(json_object_get(line, "fact"));
    if (fact < 0) {
        return base_fail(err, BASE_MALFORMED, "no fact of that name");
    }
    struct trial_event event = TRIAL_EVENT_INIT((enum trial_fact)fact);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        base_builder_reset(&scratch->bytes[i]);
        int rc = read_field(line, &event, &fields[i], &scratch->bytes[i]);
        if (rc) {
            return base_fail(err, rc, "field '%s'", fields[i].name);
        }
    }
    const json_t *batch = json_object_get(line, "batch");
    base_builder_reset(&scratch->batch);
    int rc = batch ? trial_batch_of_json(batch, &scratch->batch, &event.batch) : 0;
    if (rc) {
        return base_fail(err, rc, "field 'batch'");
    }
    const json_t *cleaned = json_object_get(line, "clean");
    struct trial_clean *clean = NULL;
    struct base_arena arena;
    base_arena_init(&arena, MAX_CLEAN_BYTES);
    rc = cleaned ? trial_clean_of_json(cleaned, &scratch->batch, &arena, &clean) : 0;
    event.clean = clean;
    rc = rc ? base_fail(err, rc, "field 'clean'") : trial_history_add(history, &event, err);
    trial_clean_unref_batches(clean);
    base_arena_clean_up(&arena);
    mock_stored_batch_unref(event.batch);
    return rc;
}

static int read_head(const json_t *line, char **ret_path, size_t *ret_instance,
                     struct base_error *err) {
    const char *format = json_string_value(json_object_get(line, "format"));
    const char *path = json_string_value(json_object_get(line, "scenario"));
    if (!format || strcmp(format, FORMAT) || !path) {
        return base_fail(err, BASE_MALFORMED, "this is no history of ktrial");
    }
    if (json_integer_value(json_object_get(line, "version")) != FORMAT_VERSION) {
        return base_fail(err, BASE_UNSUPPORTED, "the history is of another version than %d",
                         FORMAT_VERSION);
    }
    *ret_instance = (size_t)json_integer_value(json_object_get(line, "instance"));
    *ret_path = base_strdup(path);
    return *ret_path ? 0 : base_fail(err, BASE_NO_MEMORY, "no memory for the scenario's path");
}

static int read_lines(FILE *file, struct scratch *scratch, struct trial_history *history,
                      char **path, size_t *instance, struct base_error *err) {
    char *text = NULL;
    size_t cap = 0;
    int rc = 0;
    size_t number = 0;
    ssize_t len;
    while (rc == 0 && (len = getline(&text, &cap, file)) >= 0) {
        number++;
        json_error_t reason;
        json_t *line = json_loadb(text, (size_t)len, JSON_ALLOW_NUL, &reason);
        if (!line) {
            rc = base_fail(err, BASE_MALFORMED, "%s", reason.text);
        } else if (number == 1) {
            rc = read_head(line, path, instance, err);
        } else {
            rc = read_event(line, scratch, history, err);
        }
        json_decref(line);
    }
    free(text);
    if (rc) {
        return base_fail_within(err, rc, "line %zu of the history", number);
    }
    if (ferror(file)) {
        return base_fail(err, BASE_IO, "the history cannot be read");
    }
    return number ? 0 : base_fail(err, BASE_SHORT, "the history is empty");
}

int trial_history_load(FILE *file, struct trial_history **ret_history, char **ret_scenario_path,
                       size_t *ret_instance, struct base_error *err) {
    struct trial_history *history = NULL;
    char *path = NULL;
    size_t instance = 0;
    int rc = trial_history_new(&history, err);
    if (rc) {
        return rc;
    }
    struct scratch scratch;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        base_builder_init(&scratch.bytes[i], (size_t)4 * BASE_MAX_FRAME_BYTES);
    }
    base_builder_init(&scratch.batch, (size_t)4 * BASE_MAX_FRAME_BYTES);
    rc = read_lines(file, &scratch, history, &path, &instance, err);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        base_builder_clean_up(&scratch.bytes[i]);
    }
    base_builder_clean_up(&scratch.batch);
    if (rc) {
        trial_history_free(history);
        base_free(path);
        return rc;
    }
    *ret_history = history;
    *ret_scenario_path = path;
    *ret_instance = instance;
    return 0;
}
