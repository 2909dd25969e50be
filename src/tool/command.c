/* Commands from JSON: see command.h. */
#include "tool/command.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"

static const struct {
    const char *name;
    enum tool_order order;
} orders[] = {
    {"write", TOOL_ORDER_WRITE},       {"delete", TOOL_ORDER_DELETE},
    {"flush", TOOL_ORDER_FLUSH},       {"go", TOOL_ORDER_GO},
    {"fail", TOOL_ORDER_FAIL},         {"stop", TOOL_ORDER_STOP},
    {"begin", TOOL_ORDER_BEGIN},       {"commit", TOOL_ORDER_COMMIT},
    {"abort", TOOL_ORDER_ABORT},
};

/* A line without "command" is a write: that is what people pipe in by hand. */
static int read_order(struct tool_command *command, struct base_error *err) {
    const json_t *value = json_object_get(command->root, "command");
    const char *name = value ? json_string_value(value) : "write";
    for (size_t i = 0; name && i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (strcmp(orders[i].name, name) == 0) {
            command->order = orders[i].order;
            return 0;
        }
    }
    return base_fail(err, BASE_USAGE, "unknown command %s", name ? name : "(no text)");
}

/* The room was reserved for all of them, so earlier slices stay where they are. */
static struct base_slice bytes_of(struct tool_command *command, const json_t *value, bool text) {
    if (!json_is_string(value)) {
        command->is_spoilt = command->is_spoilt || (value && !json_is_null(value));
        return BASE_SLICE_NULL;
    }
    struct base_slice chars =
        base_slice_of(json_string_value(value), json_string_length(value));
    if (text) {
        return chars;
    }
    size_t before = command->bytes.len;
    if (!base_put_base64_decoded(&command->bytes, chars)) {
        command->is_spoilt = true;
        return BASE_SLICE_NULL;
    }
    return base_slice_of(command->bytes.data + before, command->bytes.len - before);
}

static int read_headers(struct tool_command *command, const json_t *headers, bool text,
                        struct base_error *err) {
    size_t count = json_array_size(headers);
    if (count == 0) {
        return 0;
    }
    command->headers = base_alloc_array(count, sizeof(*command->headers));
    if (!command->headers) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for headers");
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(headers, i);
        const char *name = json_string_value(json_array_get(pair, 0));
        if (!name) {
            return base_fail(err, BASE_USAGE, "a header is not [name, value]");
        }
        command->headers[command->header_count++] =
            (struct journal_header){name, bytes_of(command, json_array_get(pair, 1), text)};
    }
    return 0;
}

static int reserve(struct tool_command *command, size_t bytes, struct base_error *err) {
    base_builder_init(&command->bytes, BASE_MAX_ACTOR_LINE_BYTES);
    if (!base_put_room(&command->bytes, bytes + 1)) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a command");
    }
    base_builder_reset(&command->bytes);
    return 0;
}

static int read_fields(struct tool_command *command, bool text, struct base_error *err) {
    const json_t *root = command->root;
    const json_t *id = json_object_get(root, "id");
    const json_t *partition = json_object_get(root, "partition");
    command->has_id = json_is_integer(id);
    command->id = command->has_id ? (uint64_t)json_integer_value(id) : 0;
    command->partition = json_is_integer(partition) ? (int32_t)json_integer_value(partition) : -1;
    command->topic = json_string_value(json_object_get(root, "topic"));
    command->journal = json_string_value(json_object_get(root, "journal"));
    command->type = json_string_value(json_object_get(root, "type"));
    command->error = json_string_value(json_object_get(root, "error"));
    command->key = bytes_of(command, json_object_get(root, "key"), text);
    command->value = bytes_of(command, json_object_get(root, "value"), text);
    command->object = bytes_of(command, json_object_get(root, "object"), false);
    return read_headers(command, json_object_get(root, "headers"), text, err);
}

int tool_command_read(struct base_slice line, bool text, struct tool_command *ret_command,
                      struct base_error *err) {
    struct tool_command command = {.partition = -1};
    json_error_t why;
    command.root = json_loadb((const char *)line.data, line.len, JSON_ALLOW_NUL, &why);
    int code = 0;
    if (!json_is_object(command.root)) {
        code = base_fail(err, BASE_USAGE, "a line of input is no JSON object: %s",
                         command.root ? "another value" : why.text);
    }
    code = code ? code : reserve(&command, line.len, err);
    code = code ? code : read_order(&command, err);
    code = code ? code : read_fields(&command, text, err);
    if (code) {
        tool_command_clean_up(&command);
        return code;
    }
    *ret_command = command;
    return 0;
}

void tool_command_clean_up(struct tool_command *command) {
    json_decref(command->root);
    base_free(command->headers);
    base_builder_clean_up(&command->bytes);
    *command = (struct tool_command){.partition = -1};
}
