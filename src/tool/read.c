/* `journal consume` and `journal replay`: the client's loop, its points, its reports. */
#include <stdio.h>

#include "base/memory.h"
#include "tool/command.h"
#include "tool/event.h"
#include "tool/verbs.h"

/* While an actor waits at a point only input matters; this is the net below. */
#define POINT_MS 1000

struct reading {
    const struct tool_config *config;
    struct tool_loop *loop;
    struct journal_replayer *replayer;
    bool is_stopping;
    int input_code; /* what was wrong with the input, while a callback read it */
    struct base_error input_error;
};

/* The answer that the next go, fail or stop gives; false when there is no such line yet. Outside
 * of a point, go and fail are mistakes of the other side. */
static bool read_answer(struct reading *r, bool at_point, enum journal_answer *ret_answer,
                        char *ret_error) {
    struct base_slice line;
    while (!r->input_code && tool_loop_line(r->loop, &line)) {
        struct tool_command command;
        if (line.len == 0) {
            continue;
        }
        r->input_code = tool_command_read(line, false, &command, &r->input_error);
        if (r->input_code) {
            break;
        }
        enum tool_order order = command.order;
        if (order == TOOL_ORDER_FAIL && ret_error) {
            (void)snprintf(ret_error, JOURNAL_ERROR_NAME_BYTES, "%s",
                           command.error ? command.error : "unnamed");
        }
        tool_command_clean_up(&command);
        if (order == TOOL_ORDER_STOP) {
            r->is_stopping = true;
            *ret_answer = JOURNAL_ANSWER_STOP;
            return true;
        }
        if (at_point && (order == TOOL_ORDER_GO || order == TOOL_ORDER_FAIL)) {
            *ret_answer = order == TOOL_ORDER_GO ? JOURNAL_ANSWER_GO : JOURNAL_ANSWER_FAIL;
            return true;
        }
        r->input_code = base_fail(&r->input_error, BASE_USAGE, "a client is not told to %s",
                                  at_point ? "write, begin, commit, abort or flush"
                                           : "write, flush or go, but at a point");
    }
    return false;
}

static enum journal_answer on_point(void *arg, enum journal_point point, const char *topic,
                                    int32_t partition, int64_t offset, char *ret_error) {
    struct reading *r = arg;
    enum journal_answer answer = JOURNAL_ANSWER_STOP;
    if (r->is_stopping || r->input_code) {
        return answer;
    }
    if (!(r->config->points & (1u << point))) {
        return JOURNAL_ANSWER_GO;
    }
    tool_event_point(point, topic, partition, offset);
    while (!read_answer(r, true, &answer, ret_error)) {
        if (!r->input_code && !r->loop->stop) {
            r->input_code = tool_loop_wait(r->loop, POINT_MS, &r->input_error);
        }
        if (r->input_code || r->loop->stop) {
            r->is_stopping = true;
            return JOURNAL_ANSWER_STOP;
        }
    }
    return answer;
}

static void on_report(void *arg, const struct journal_report *report) {
    struct reading *r = arg;
    if (!r->config->is_actor && r->config->verb == TOOL_CONSUME && !report->reason) {
        tool_event_record(report->message, r->config->text);
    } else if (r->config->is_actor || report->reason) {
        tool_event_report(report);
    }
}

static int run(struct reading *r, struct base_error *err) {
    struct journal_client *client = journal_replayer_client(r->replayer);
    enum journal_step step = JOURNAL_STEP_IDLE;
    while (!r->is_stopping && step != JOURNAL_STEP_END && tool_event_is_heard()) {
        int timeout_ms = step == JOURNAL_STEP_BATCH ? 0 : journal_client_patience_ms(client);
        int code = tool_loop_wait(r->loop, timeout_ms, err);
        enum journal_answer answer;
        (void)read_answer(r, false, &answer, NULL);
        r->is_stopping = r->is_stopping || r->loop->stop || r->input_code;
        if (code || r->is_stopping) {
            return code;
        }
        code = journal_client_step(client, &step, err);
        if (code) {
            return code;
        }
        r->is_stopping = r->is_stopping || journal_replayer_is_stopped(r->replayer);
    }
    return 0;
}

static int open_replayer(struct reading *r, struct journal_source *sources,
                         struct base_error *err) {
    const struct tool_config *config = r->config;
    for (size_t i = 0; i < config->target_count; i++) {
        sources[i] = config->targets[i].source;
    }
    struct journal_replayer_options options = {
        .client = {.brokers = config->brokers,
                   .client_id = config->name,
                   .group = config->group,
                   .privileged = config->privileged,
                   .sources = sources,
                   .source_count = config->target_count,
                   .settings = tool_config_settings(config),
                   .log = tool_log},
        .store_path = config->verb == TOOL_REPLAY ? config->store_path : NULL,
        .point = on_point,
        .report = on_report,
        .arg = r,
    };
    if (config->verb == TOOL_REPLAY && !config->store_path) {
        return base_fail(err, BASE_USAGE, "a replay needs a store");
    }
    return journal_replayer_new(&options, &r->replayer, err);
}

int tool_read(const struct tool_config *config, struct tool_loop *loop) {
    struct reading r = {.config = config, .loop = loop};
    struct base_error err = BASE_ERROR_INIT;
    struct journal_source *sources =
        base_alloc_array(config->target_count + 1, sizeof(*sources));
    int code = sources ? open_replayer(&r, sources, &err)
                       : base_fail(&err, BASE_NO_MEMORY, "no memory for sources");
    base_free(sources);
    if (code) {
        return tool_fail(&err);
    }
    struct journal_client *client = journal_replayer_client(r.replayer);
    journal_client_wake(client, loop->wake_write);
    if (config->is_actor) {
        tool_event_ready(true);
    }
    code = run(&r, &err);
    if (!code && r.input_code) {
        code = r.input_code;
        err = r.input_error;
    }
    struct base_error close_error = BASE_ERROR_INIT;
    int closed = journal_client_close(client, &close_error);
    int status = code ? tool_fail(&err) : TOOL_EXIT_OK;
    if (closed) {
        int close_status = tool_fail(&close_error);
        status = status ? status : close_status;
    }
    uint64_t committed = journal_client_committed(client);
    uint64_t processed = journal_replayer_processed(r.replayer);
    journal_replayer_free(r.replayer);
    if (config->is_actor || config->verb == TOOL_REPLAY) {
        tool_event_stopped(processed, committed);
    }
    return status;
}
