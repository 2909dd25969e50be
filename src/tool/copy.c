/* `journal copy`: the client's loop around a copier. */
#include "base/memory.h"
#include "copy/copier.h"
#include "tool/command.h"
#include "tool/event.h"
#include "tool/verbs.h"

struct copying {
    const struct tool_config *config;
    struct tool_loop *loop;
    struct journal_copier *copier;
    bool is_stopping;
};

static void on_copied(void *arg, const struct journal_message *messages, size_t count) {
    const struct copying *c = arg;
    for (size_t i = 0; c->config->is_actor && i < count; i++) {
        struct journal_report report = {&messages[i], NULL};
        tool_event_report(&report);
    }
}

/* A copier waits at no point: stop is all that it can be told. */
static int take_lines(struct copying *c, struct base_error *err) {
    struct base_slice line;
    int code = 0;
    while (!code && !c->is_stopping && tool_loop_line(c->loop, &line)) {
        struct tool_command command;
        if (line.len == 0) {
            continue;
        }
        code = tool_command_read(line, false, &command, err);
        if (!code) {
            c->is_stopping = command.order == TOOL_ORDER_STOP;
            code = c->is_stopping ? 0 : base_fail(err, BASE_USAGE, "a client is told to stop only");
            tool_command_clean_up(&command);
        }
    }
    return code;
}

static int run(struct copying *c, struct base_error *err) {
    struct journal_client *client = journal_copier_client(c->copier);
    enum journal_step step = JOURNAL_STEP_IDLE;
    while (!c->is_stopping && step != JOURNAL_STEP_END && tool_event_is_heard()) {
        int timeout_ms = step == JOURNAL_STEP_BATCH ? 0 : journal_client_patience_ms(client);
        int code = tool_loop_wait(c->loop, timeout_ms, err);
        code = code ? code : take_lines(c, err);
        c->is_stopping = c->is_stopping || c->loop->stop;
        if (code || c->is_stopping) {
            return code;
        }
        code = journal_client_step(client, &step, err);
        if (code) {
            return code;
        }
    }
    return 0;
}

static int open_copier(struct copying *c, struct journal_source *sources, struct base_error *err) {
    const struct tool_config *config = c->config;
    struct journal_settings settings = tool_config_settings(config);
    const char *topic = journal_settings_text(settings, "journal.copy.topic");
    for (size_t i = 0; i < config->target_count; i++) {
        sources[i] = config->targets[i].source;
    }
    if (!topic[0]) {
        return base_fail(err, BASE_USAGE, "a copy needs journal.copy.topic");
    }
    if (config->store_path) {
        return base_fail(err, BASE_USAGE, "a client that copies fills no store");
    }
    struct journal_copier_options options = {
        .client = {.brokers = config->brokers,
                   .client_id = config->name,
                   .group = config->group,
                   .privileged = config->privileged,
                   .sources = sources,
                   .source_count = config->target_count,
                   .settings = settings,
                   .log = tool_log},
        .topic = topic,
        .copied = on_copied,
        .arg = c,
    };
    return journal_copier_new(&options, &c->copier, err);
}

int tool_copy(const struct tool_config *config, struct tool_loop *loop) {
    struct copying c = {.config = config, .loop = loop};
    struct base_error err = BASE_ERROR_INIT;
    struct journal_source *sources = base_alloc_array(config->target_count + 1, sizeof(*sources));
    int code = sources ? open_copier(&c, sources, &err)
                       : base_fail(&err, BASE_NO_MEMORY, "no memory for sources");
    base_free(sources);
    if (code) {
        return tool_fail(&err);
    }
    struct journal_client *client = journal_copier_client(c.copier);
    journal_client_wake(client, loop->wake_write);
    if (config->is_actor) {
        tool_event_ready(false);
    }
    code = run(&c, &err);
    struct base_error close_error = BASE_ERROR_INIT;
    int closed = journal_client_close(client, &close_error);
    int status = code ? tool_fail(&err) : TOOL_EXIT_OK;
    if (closed) {
        int close_status = tool_fail(&close_error);
        status = status ? status : close_status;
    }
    uint64_t committed = journal_client_committed(client);
    uint64_t copied = journal_copier_count(c.copier);
    journal_copier_free(c.copier);
    tool_event_stopped(copied, committed);
    return status;
}
