/*
 * `ktrial serve`: only the broker, for clients that ktrial did not start, and a control channel.
 * At the end everything is judged.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/files.h"
#include "harness/report/report.h"
#include "harness/run/commands.h"
#include "harness/run/control.h"
#include "harness/run/job.h"
#include "harness/run/runner.h"
#include "harness/run/serve_options.h"

/* Items that a control channel may add: rows of an array that never moves. */
#define MAX_CONTROL_ITEMS 65536
#define MAX_TEXT_BYTES (64u * BASE_MIB)

struct serve {
    struct trial_serve_words words;
    struct trial_stage stage;
    struct trial_scenario *bound;  /* of FILE, or of nothing */
    struct trial_scenario context; /* the same, with room for more items */
    struct trial_control *control;
    struct mock_listener *listener;
    struct trial_guard *guard;
    char directory[4200];
    uv_signal_t signals[2];
    bool has_signals;
    bool is_ending;
    bool is_terminal;
};

/* -- the end -- */

static void end(struct serve *serve) {
    if (!serve->is_ending) {
        serve->is_ending = true;
        trial_control_close(serve->control);
        uv_stop(&serve->stage.loop);
    }
}

static void input_ended(void *arg) {
    end(arg);
}

static void signalled(uv_signal_t *handle, int number) {
    end(handle->data);
}

static void on_turn(void *owner) {
    struct serve *serve = owner;
    if (serve->stage.failed) {
        end(serve);
    } else if (!serve->is_ending) {
        trial_control_advance(serve->control);
    }
}

/* Nobody has to do anything: an idle broker waits for its clients. */
static void on_budget(void *owner) {
}

/* -- what is told -- */

/* "PLAIN,SCRAM-SHA-256" */
static void put_mechanisms(const struct trial_stage *stage, struct base_builder *text) {
    for (uint32_t bit = 1; bit & MOCK_SASL_ALL; bit <<= 1) {
        if (stage->mechanisms & bit) {
            base_put_format(text, "%s%s", text->len ? "," : "",
                            mock_sasl_mechanism_to_str((enum mock_sasl_mechanism)bit));
        }
    }
}

/* By the names that a client's settings have. */
static void put_security(const struct serve *serve, json_t *json) {
    const struct trial_stage *stage = &serve->stage;
    (void)json_object_set_new(json, "security.protocol",
                              json_string(mock_security_protocol_to_str(stage->security)));
    if (mock_security_has_sasl(stage->security)) {
        struct base_builder text;
        base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
        put_mechanisms(stage, &text);
        (void)json_object_set_new(json, "sasl.mechanisms",
                                  json_stringn((const char *)text.data, text.len));
        base_builder_clean_up(&text);
    }
    if (stage->ca_path) {
        (void)json_object_set_new(json, "ssl.ca.location", json_string(stage->ca_path));
    }
}

/* The same for people, where there is something to tell. */
static void tell_security(const struct serve *serve) {
    json_t *json = json_object();
    const char *name;
    json_t *value;
    put_security(serve, json);
    json_object_foreach(json, name, value) {
        if (serve->stage.security != MOCK_SECURITY_PLAINTEXT) {
            printf("%s=%s\n", name, json_string_value(value));
        }
    }
    json_decref(json);
}

static void tell_ready(const struct serve *serve) {
    const char *bootstrap = mock_listener_bootstrap(serve->listener);
    if (serve->is_terminal) {
        tell_security(serve);
        printf("bootstrap.servers=%s\nOne line a command, as in a scenario; the end of input "
               "judges everything.\n",
               bootstrap);
    } else {
        json_t *json = json_pack("{s:s, s:s, s:s*, s:i}", "event", "ready", "bootstrap.servers",
                                 bootstrap, "control", serve->words.control, "pid", (int)getpid());
        put_security(serve, json);
        (void)json_dumpf(json, stdout, JSON_COMPACT);
        printf("\n");
        json_decref(json);
    }
    (void)fflush(stdout);
}

static void print_event(void *arg, const struct trial_event *event) {
    struct base_builder line;
    base_builder_init(&line, MAX_TEXT_BYTES);
    trial_event_describe(event, &line);
    base_put_u8(&line, '\n');
    (void)fwrite(line.data, 1, line.len, stderr);
    base_builder_clean_up(&line);
}

static int keep_history(const struct serve *serve, struct base_error *err) {
    char path[4400];
    (void)snprintf(path, sizeof(path), "%s/history.jsonl", serve->words.keep);
    FILE *file = fopen(path, "we");
    if (!file) {
        return base_fail(err, BASE_IO, "cannot write '%s': %s", path, strerror(errno));
    }
    int result = trial_history_save(serve->stage.history, serve->bound->path, 0, file, err);
    int closed = trial_close_file(file, path, err);
    return result ? result : closed;
}

/* The last line for machines is one JSON object; people get the text. */
static int tell_verdict(struct serve *serve, const struct trial_report *report, int status,
                        struct base_error *err) {
    struct base_builder text;
    struct base_builder json;
    base_builder_init(&text, MAX_TEXT_BYTES);
    base_builder_init(&json, MAX_TEXT_BYTES);
    trial_report_text(report, serve->bound, serve->words.instance, TRIAL_NORMAL, &text);
    int result = trial_report_json(report, serve->bound, serve->words.instance, &json, err);
    FILE *people = serve->is_terminal ? stdout : stderr;
    (void)fwrite(text.data, 1, text.len, people);
    if (!serve->is_terminal && result == 0) {
        printf("{\"event\":\"judged\",\"exit\":%d,\"report\":%.*s}\n", status, (int)json.len,
               (const char *)json.data);
    }
    if (serve->words.json_path && result == 0) {
        result = trial_write_file(serve->words.json_path, base_builder_slice(&json), err);
    }
    (void)fflush(stdout);
    base_builder_clean_up(&text);
    base_builder_clean_up(&json);
    return result;
}

static int judge(struct serve *serve, struct base_error *err) {
    struct trial_report *report = NULL;
    int result = trial_judge(&serve->context, serve->stage.history, &report, err);
    if (result != 0) {
        return TRIAL_EXIT_BROKEN;
    }
    int status = trial_exit_of_verdict(report->verdict);
    if (trial_control_failed(serve->control) > 0) {
        status = trial_exit_worse(status, TRIAL_EXIT_FAIL);
    }
    if (tell_verdict(serve, report, status, err) != 0) {
        status = TRIAL_EXIT_BROKEN;
    }
    trial_report_free(report);
    return status;
}

/* -- the beginning -- */

static int make_directory(struct serve *serve, struct base_error *err) {
    if (serve->words.keep) {
        (void)mkdir(serve->words.keep, 0777);
    }
    int len = snprintf(serve->directory, sizeof(serve->directory), "%s/serve",
                       trial_guard_directory(serve->guard));
    return len < (int)sizeof(serve->directory) && mkdir(serve->directory, 0700) == 0
               ? 0
               : base_fail(err, BASE_IO, "cannot make '%s'", serve->directory);
}

static int open_context(struct serve *serve, struct base_error *err) {
    serve->context = *serve->bound;
    size_t cap = serve->bound->item_count + MAX_CONTROL_ITEMS;
    /* Asked for at once, used as needed: actors and faults keep pointers to their items. */
    serve->context.items = base_alloc_zero(cap * sizeof(struct trial_item));
    if (!serve->context.items) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the scenario");
    }
    if (serve->bound->item_count > 0) {
        memcpy(serve->context.items, serve->bound->items,
               serve->bound->item_count * sizeof(struct trial_item));
    }
    return 0;
}

static int open_listener(struct serve *serve, struct base_error *err) {
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    options.host = serve->words.host;
    options.port = serve->words.port;
    options.advertise = serve->words.advertise;
    return mock_listener_open(serve->stage.broker, &options, &serve->listener, err);
}

static void catch_signals(struct serve *serve) {
    static const int numbers[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < 2; i++) {
        (void)uv_signal_init(&serve->stage.loop, &serve->signals[i]);
        serve->signals[i].data = serve;
        (void)uv_signal_start(&serve->signals[i], signalled, numbers[i]);
    }
    serve->has_signals = true;
}

static int open_all(struct serve *serve, struct base_error *err) {
    struct trial_stage_options options = {
        .bound = &serve->context,
        .directory = serve->directory,
        .guard = serve->guard,
        .settings = &serve->words.settings,
        .observe = serve->words.verbose ? print_event : NULL,
    };
    int result = make_directory(serve, err);
    result = result == 0 ? open_context(serve, err) : result;
    result = result == 0 ? trial_stage_open(&serve->stage, &options, err) : result;
    result = result == 0 ? open_listener(serve, err) : result;
    if (result != 0) {
        return result;
    }
    serve->stage.has_foreign_actors = true;
    serve->stage.owner = serve;
    serve->stage.on_turn = on_turn;
    serve->stage.on_budget = on_budget;
    catch_signals(serve);
    struct trial_control_options control = {
        .stage = &serve->stage,
        .context = &serve->context,
        .item_cap = serve->bound->item_count + MAX_CONTROL_ITEMS,
        .arg = serve,
        .ended = input_ended,
    };
    result = trial_control_new(&control, &serve->control, err);
    if (result == 0 && serve->words.control) {
        result = trial_control_listen(serve->control, serve->words.control, err);
    }
    return result;
}

static void close_all(struct serve *serve) {
    trial_control_close(serve->control);
    for (size_t i = 0; serve->has_signals && i < 2; i++) {
        uv_close((uv_handle_t *)&serve->signals[i], NULL);
    }
    if (serve->listener) {
        mock_listener_close(serve->listener);
    }
    if (serve->stage.bound) {
        trial_stage_close(&serve->stage);
    }
    trial_history_free(serve->stage.history);
    trial_control_free(serve->control);
    base_free(serve->context.items);
}

/* Plays until the end of input or a signal; the exit status. */
static int play(struct serve *serve, struct base_error *err) {
    tell_ready(serve);
    if (trial_control_read(serve->control, STDIN_FILENO, STDOUT_FILENO, serve->is_terminal, err) !=
        0) {
        return TRIAL_EXIT_BROKEN;
    }
    trial_stage_play(&serve->stage);
    if (serve->stage.failed) {
        *err = serve->stage.error;
        return TRIAL_EXIT_BROKEN;
    }
    mock_faults_heal(serve->stage.broker);
    trial_finish_record_rest(&serve->stage);
    if (serve->words.keep && keep_history(serve, err) != 0) {
        return TRIAL_EXIT_BROKEN; /* nobody could look up what a verdict stands on */
    }
    return judge(serve, err);
}

int trial_command_serve(int argc, char **argv) {
    static struct serve serve;
    struct base_error err = BASE_ERROR_INIT;
    int status = trial_serve_options_read(argc, argv, &serve.words, &serve.bound);
    if (status != 0 || serve.words.help) {
        return status;
    }
    serve.is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (trial_guard_start(&serve.guard, &err) != 0) {
        status = TRIAL_EXIT_BROKEN;
    } else if (open_all(&serve, &err) != 0) {
        status = err.code == BASE_USAGE || err.code == BASE_NOT_FOUND || err.code == BASE_IO
                     ? TRIAL_EXIT_USAGE
                     : TRIAL_EXIT_BROKEN;
    } else {
        status = play(&serve, &err);
    }
    if (err.code != 0) {
        fprintf(stderr, "ktrial serve: %s\n", err.text);
    }
    close_all(&serve);
    if (serve.bound) {
        trial_scenario_free(serve.bound);
    }
    trial_guard_finish(serve.guard);
    return status;
}
