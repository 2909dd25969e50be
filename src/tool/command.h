/* One line of standard input: what a writer or an actor is told. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/builder.h"
#include "base/error.h"
#include "base/slice.h"
#include "writer/writer.h"

enum tool_order {
    TOOL_ORDER_WRITE,
    TOOL_ORDER_DELETE,
    TOOL_ORDER_FLUSH,
    TOOL_ORDER_GO,
    TOOL_ORDER_FAIL,
    TOOL_ORDER_STOP,
    TOOL_ORDER_BEGIN,
    TOOL_ORDER_COMMIT,
    TOOL_ORDER_ABORT
};

/* Everything is borrowed from root and bytes, and valid until clean_up. */
struct tool_command {
    enum tool_order order;
    bool has_id;
    uint64_t id;
    const char *topic, *journal, *type;
    int32_t partition; /* -1: not said */
    struct base_slice key, value, object;
    const char *error;
    struct journal_header *headers;
    size_t header_count;
    bool is_spoilt; /* an intent whose bytes are no base64: its outcome is failed */
    json_t *root;
    struct base_builder bytes; /* what base64 decodes to; sized before, so it never moves */
};

/* BASE_USAGE when the line is no command. text: keys and values are text, not base64. */
int tool_command_read(struct base_slice line, bool text, struct tool_command *ret_command,
                      struct base_error *err);
void tool_command_clean_up(struct tool_command *command);
