/* `journal write`: commands in, outcomes out. Never flushes unless told, or at the end. */

#include "base/clock.h"
#include "base/memory.h"
#include "tool/command.h"
#include "tool/event.h"
#include "tool/verbs.h"
#include "writer/writer.h"

/* Delivery reports are looked at between so many commands of one read. */
#define COMMANDS_PER_POLL 64
/* One slice of a flush: input is looked at between two of them. */
#define FLUSH_SLICE_MS 10
/* The safety net below the wake-up. */
#define IDLE_MS 1000

struct writing {
    const struct tool_config *config;
    struct tool_loop *loop;
    struct journal_writer *writer;
    uint64_t next_id; /* for lines without one */
    uint64_t told_count, bad_count;
    bool is_flushing;
    uint64_t flush_count; /* intents that the flush is about */
    uint64_t flush_deadline_ns;
    bool is_stopping;
    bool begin_failed; /* the transaction that its end will ask for was never open */
};

static void on_outcome(void *arg, const struct journal_outcome *outcome) {
    struct writing *w = arg;
    w->told_count++;
    w->bad_count += outcome->status != JOURNAL_OK;
    tool_event_outcome(outcome);
}

/* An intent that cannot even be handed over: it failed, and says why. */
static void refuse(struct writing *w, uint64_t id, const char *topic, const char *error) {
    struct journal_outcome outcome = {.id = id, .status = JOURNAL_FAILED, .topic = topic,
                                      .partition = -1, .offset = -1, .error = error};
    on_outcome(w, &outcome);
}

static int write_object(struct writing *w, const struct tool_command *command, uint64_t id,
                        struct base_error *err) {
    const struct tool_target *target =
        tool_config_find(w->config, command->journal ? command->journal : "");
    int type = command->type ? journal_type_find(command->type) : -1;
    if (!target || target->source.kind != JOURNAL_SOURCE_JOURNAL || type < 0) {
        refuse(w, id, command->journal, type < 0 ? "UNKNOWN_TYPE" : "UNKNOWN_JOURNAL");
        return 0;
    }
    struct journal_route route = {target->source.prefix, target->anonymize};
    bool is_tombstone = base_slice_is_null(command->object) && !base_slice_is_null(command->key);
    if (command->order == TOOL_ORDER_DELETE || is_tombstone) {
        return journal_writer_delete_object(w->writer, id, &route, type, command->key,
                                            command->headers, command->header_count, err);
    }
    return journal_writer_write_object(w->writer, id, &route, type, command->object,
                                       command->headers, command->header_count, err);
}

static int write_record(struct writing *w, const struct tool_command *command, uint64_t id,
                        struct base_error *err) {
    const struct tool_target *target = tool_config_find(w->config, command->topic);
    bool is_topic = target && target->source.kind == JOURNAL_SOURCE_TOPIC;
    struct journal_record record = {
        .topic = is_topic ? target->source.topic : command->topic,
        .partition = command->partition,
        .key = command->key,
        .value = command->order == TOOL_ORDER_DELETE ? BASE_SLICE_NULL : command->value,
        .headers = command->headers,
        .header_count = command->header_count,
    };
    return journal_writer_write(w->writer, id, &record, err);
}

/* By hand one topic may be named on the command line, and not in every line. */
static void default_topic(const struct writing *w, struct tool_command *command) {
    if (!command->topic && !command->journal && !command->type && w->config->target_count == 1 &&
        w->config->targets[0].source.kind == JOURNAL_SOURCE_TOPIC) {
        command->topic = w->config->targets[0].name;
    }
}

static int take_intent(struct writing *w, struct tool_command *command, struct base_error *err) {
    uint64_t id = command->has_id ? command->id : w->next_id;
    w->next_id = id + 1;
    default_topic(w, command);
    if (command->is_spoilt) {
        refuse(w, id, command->topic, "MALFORMED_COMMAND");
        return 0;
    }
    if (command->topic) {
        return write_record(w, command, id, err);
    }
    if (command->journal || command->type) {
        return write_object(w, command, id, err);
    }
    return base_fail(err, BASE_USAGE, "a write without topic, journal or type");
}

static uint64_t flush_deadline(const struct writing *w) {
    struct journal_settings settings = tool_config_settings(w->config);
    int64_t timeout_ms = journal_settings_integer(settings, "journal.flush.timeout.ms");
    return base_clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000u;
}

static void start_flush(struct writing *w) {
    w->is_flushing = true;
    w->flush_count = journal_writer_count(w->writer);
    w->flush_deadline_ns = flush_deadline(w);
}

/* What a transaction came to is told by its outcomes; here only why. */
static int end_transaction(struct writing *w, enum tool_order order, struct base_error *err) {
    struct base_error why = BASE_ERROR_INIT;
    int code = order == TOOL_ORDER_BEGIN    ? journal_writer_begin(w->writer, &why)
               : order == TOOL_ORDER_COMMIT ? journal_writer_commit(w->writer, &why)
                                            : journal_writer_abort(w->writer, &why);
    bool is_late = order != TOOL_ORDER_BEGIN && w->begin_failed;
    if (code == BASE_STATE && !is_late) {
        return base_fail(err, BASE_USAGE, "%s", why.text);
    }
    w->begin_failed = order == TOOL_ORDER_BEGIN && code != 0;
    if (code) {
        tool_complain("%s", why.text);
    }
    return 0;
}

static int obey(struct writing *w, struct tool_command *command, struct base_error *err) {
    switch (command->order) {
    case TOOL_ORDER_WRITE:
    case TOOL_ORDER_DELETE:
        return take_intent(w, command, err);
    case TOOL_ORDER_FLUSH:
        start_flush(w);
        return 0;
    case TOOL_ORDER_STOP:
        w->is_stopping = true;
        return 0;
    case TOOL_ORDER_BEGIN:
    case TOOL_ORDER_COMMIT:
    case TOOL_ORDER_ABORT:
        return end_transaction(w, command->order, err);
    case TOOL_ORDER_GO:
    case TOOL_ORDER_FAIL:
        break;
    }
    return base_fail(err, BASE_USAGE, "a writer waits at no point");
}

static int take_lines(struct writing *w, struct base_error *err) {
    struct base_slice line;
    int code = 0;
    for (unsigned i = 1; !code && !w->is_stopping && tool_loop_line(w->loop, &line); i++) {
        struct tool_command command;
        if (line.len == 0) {
            continue;
        }
        code = tool_command_read(line, w->config->text, &command, err);
        if (!code) {
            code = obey(w, &command, err);
            tool_command_clean_up(&command);
        }
        if (i % COMMANDS_PER_POLL == 0) {
            (void)journal_writer_poll(w->writer, 0);
        }
    }
    return code;
}

static void go_on_flushing(struct writing *w) {
    journal_writer_push(w->writer, FLUSH_SLICE_MS);
    if (journal_writer_in_transaction(w->writer)) {
        /* Its outcomes come with its end, and the flush is done then. */
        w->flush_deadline_ns = flush_deadline(w);
        return;
    }
    if (!journal_writer_is_told(w->writer, w->flush_count) &&
        base_clock_monotonic_ns() >= w->flush_deadline_ns) {
        journal_writer_give_up(w->writer, w->flush_count);
    }
    if (journal_writer_is_told(w->writer, w->flush_count)) {
        w->is_flushing = false;
        tool_event_flushed();
    }
}

static int run(struct writing *w, struct base_error *err) {
    while (!w->is_stopping && tool_event_is_heard()) {
        int code = tool_loop_wait(w->loop, w->is_flushing ? 0 : IDLE_MS, err);
        code = code ? code : take_lines(w, err);
        if (code) {
            return code;
        }
        (void)journal_writer_poll(w->writer, 0);
        if (w->is_flushing) {
            go_on_flushing(w);
        }
        w->is_stopping = w->is_stopping || w->loop->stop;
    }
    return 0;
}

/* Every topic that the targets name, so that the first write finds its leader known. */
static int prepare(struct writing *w, struct base_error *err) {
    size_t count = 0;
    char *names[2 * JOURNAL_TYPE_COUNT] = {NULL};
    int code = 0;
    for (size_t t = 0; t < w->config->target_count && !code; t++) {
        const struct tool_target *target = &w->config->targets[t];
        if (target->source.kind == JOURNAL_SOURCE_TOPIC) {
            const char *topic = target->source.topic;
            code = journal_writer_prepare(w->writer, &topic, 1, err);
            continue;
        }
        count = 0;
        for (int type = 0; type < JOURNAL_TYPE_COUNT; type++) {
            if (!(target->source.types & (1u << type))) {
                continue;
            }
            names[count++] = journal_topic_name(target->source.prefix, false, type);
            if (target->anonymize && journal_type_is_anonymized(type)) {
                names[count++] = journal_topic_name(target->source.prefix, true, type);
            }
        }
        for (size_t i = 0; i < count && !code; i++) {
            code = names[i] ? 0 : base_fail(err, BASE_NO_MEMORY, "no memory for topic names");
        }
        code = code ? code
                    : journal_writer_prepare(w->writer, (const char *const *)names, count, err);
        for (size_t i = 0; i < count; i++) {
            base_free(names[i]);
        }
    }
    return code;
}

int tool_write(const struct tool_config *config, struct tool_loop *loop) {
    struct writing w = {.config = config, .loop = loop, .next_id = 1};
    struct journal_writer_options options = {
        .brokers = config->brokers,
        .client_id = config->name,
        .settings = tool_config_settings(config),
        .outcome = on_outcome,
        .outcome_arg = &w,
        .log = tool_log,
    };
    struct base_error err = BASE_ERROR_INIT;
    int code = journal_writer_new(&options, &w.writer, &err);
    code = code ? code : prepare(&w, &err);
    if (!code) {
        journal_writer_wake(w.writer, loop->wake_write);
        tool_event_ready(false);
        code = run(&w, &err);
    }
    if (w.writer) {
        struct base_error flush_error = BASE_ERROR_INIT;
        if (journal_writer_in_transaction(w.writer) &&
            journal_writer_abort(w.writer, &flush_error)) {
            tool_complain("%s", flush_error.text);
        }
        int flushed = journal_writer_flush(w.writer, &flush_error);
        if (flushed && !config->is_actor) {
            (void)tool_fail(&flush_error);
        }
        if (!code) {
            tool_event_stopped(w.told_count, w.told_count - w.bad_count);
        }
    }
    journal_writer_free(w.writer);
    if (code) {
        return tool_fail(&err);
    }
    return config->is_actor || w.bad_count == 0 ? TOOL_EXIT_OK : TOOL_EXIT_FAILED;
}
