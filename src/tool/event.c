/* Events as JSON lines; encoded here by hand, since they are many and their shapes few. */
#include "tool/event.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"

static bool heard = true;

bool tool_event_is_heard(void) {
    return heard;
}

static void put_text(struct base_builder *b, struct base_slice text) {
    base_put_u8(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c == '"' || c == '\\') {
            base_put_u8(b, '\\');
            base_put_u8(b, c);
        } else if (c < 0x20 || c == 0x7f) {
            base_put_format(b, "\\u%04x", c);
        } else {
            base_put_u8(b, c);
        }
    }
    base_put_u8(b, '"');
}

static void put_field(struct base_builder *b, const char *name, const char *text) {
    base_put_format(b, ",\"%s\":", name);
    put_text(b, base_slice_str(text));
}

static void put_place(struct base_builder *b, const char *topic, int32_t partition,
                      int64_t offset) {
    if (topic) {
        put_field(b, "topic", topic);
    }
    if (partition >= 0) {
        base_put_format(b, ",\"partition\":%" PRId32, partition);
    }
    if (offset >= 0) {
        base_put_format(b, ",\"offset\":%" PRId64, offset);
    }
}

static void start(struct base_builder *b, const char *event) {
    base_builder_init(b, BASE_MAX_ACTOR_LINE_BYTES);
    base_put_format(b, "{\"event\":\"%s\"", event);
}

/* One write(2) a line: whoever reads has whole lines, and has them at once. */
static void finish(struct base_builder *b) {
    base_put_str(b, "}\n");
    struct base_slice line = base_builder_slice(b);
    size_t done = 0;
    heard = heard && base_builder_ok(b);
    while (heard && done < line.len) {
        ssize_t wrote = write(STDOUT_FILENO, line.data + done, line.len - done);
        if (wrote > 0) {
            done += (size_t)wrote;
        } else if (errno != EINTR) {
            heard = false;
        }
    }
    base_builder_clean_up(b);
}

void tool_event_ready(bool is_client) {
    struct base_builder b;
    start(&b, "ready");
    base_put_str(&b, ",\"points\":[");
    for (int i = 0; is_client && i < JOURNAL_POINT_COUNT; i++) {
        base_put_format(&b, "%s\"%s\"", i ? "," : "", journal_point_to_str(i));
    }
    base_put_str(&b, "]");
    finish(&b);
}

void tool_event_outcome(const struct journal_outcome *outcome) {
    struct base_builder b;
    start(&b, "outcome");
    base_put_format(&b, ",\"id\":%" PRIu64 ",\"status\":\"%s\"", outcome->id,
                    journal_status_to_str(outcome->status));
    put_place(&b, outcome->topic, outcome->partition, outcome->offset);
    if (outcome->error) {
        put_field(&b, "error", outcome->error);
    }
    finish(&b);
}

void tool_event_flushed(void) {
    struct base_builder b;
    start(&b, "flushed");
    finish(&b);
}

void tool_event_report(const struct journal_report *report) {
    struct base_builder b;
    start(&b, report->reason ? "skipped" : "processed");
    put_place(&b, report->message->topic, report->message->partition, report->message->offset);
    if (report->reason) {
        put_field(&b, "reason", report->reason);
    }
    finish(&b);
}

void tool_event_point(enum journal_point point, const char *topic, int32_t partition,
                      int64_t offset) {
    struct base_builder b;
    start(&b, "point");
    put_field(&b, "name", journal_point_to_str(point));
    put_place(&b, topic, partition, offset);
    finish(&b);
}

void tool_event_stopped(uint64_t processed, uint64_t committed) {
    struct base_builder b;
    start(&b, "stopped");
    base_put_format(&b, ",\"processed\":%" PRIu64 ",\"committed\":%" PRIu64, processed, committed);
    finish(&b);
}

/* Well-formed UTF-8, overlong forms and surrogates left to the reader. */
static bool is_utf8(struct base_slice text) {
    size_t more = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (more > 0) {
            if ((c & 0xc0) != 0x80) {
                return false;
            }
            more--;
        } else if (c >= 0x80) {
            more = c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xc2 ? 1 : 4;
            if (more == 4 || c >= 0xf5) {
                return false;
            }
        }
    }
    return more == 0;
}

static void put_bytes(struct base_builder *b, const char *name, struct base_slice bytes,
                      bool text) {
    text = text && is_utf8(bytes);
    base_put_format(b, ",\"%s%s\":", name, text ? ".text" : "");
    if (base_slice_is_null(bytes)) {
        base_put_str(b, "null");
    } else if (text) {
        put_text(b, bytes);
    } else {
        base_put_u8(b, '"');
        base_put_base64(b, bytes);
        base_put_u8(b, '"');
    }
}

void tool_event_record(const struct journal_message *message, bool text) {
    struct base_builder b;
    start(&b, "record");
    put_place(&b, message->topic, message->partition, message->offset);
    if (message->type >= 0) {
        put_field(&b, "type", journal_type_to_str(message->type));
    }
    put_bytes(&b, "key", message->key, text && message->type < 0);
    put_bytes(&b, "value", message->value, text && message->type < 0);
    finish(&b);
}

void tool_event_setting(const struct journal_setting *setting) {
    struct base_builder b;
    start(&b, "setting");
    put_field(&b, "name", setting->name);
    put_field(&b, "of",
              setting->sides == (JOURNAL_SIDE_WRITER | JOURNAL_SIDE_CLIENT) ? "both"
              : setting->sides == JOURNAL_SIDE_WRITER                       ? "writer"
                                                                            : "client");
    put_field(&b, "default", setting->fallback);
    if (setting->choices) {
        put_field(&b, "choices", setting->choices);
    }
    put_field(&b, "doc", setting->doc);
    finish(&b);
}
