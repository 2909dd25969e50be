/* An actor's processes: start, stop, crash, pause; see live.h. */
#include "harness/run/live.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/run/cond.h"

/* What valgrind exits with when it has found an error. */
#define VALGRIND_EXIT_STATUS 97
/* How much of a failed actor's standard error is quoted. */
#define QUOTED_BYTES 400

/* -- being known -- */

static int collect_points(struct trial_live *live, struct base_error *err) {
    struct trial_stage *stage = live->stage;
    live->points =
        base_arena_alloc_array(&stage->arena, stage->bound->item_count + 1, sizeof(*live->points));
    if (!live->points) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the points of %s", live->name);
    }
    for (size_t i = 0; i < stage->bound->item_count; i++) {
        const struct trial_item *item = &stage->bound->items[i];
        if (item->kind != TRIAL_ITEM_FAULT) {
            continue;
        }
        const struct trial_event_pattern *event = &item->u.fault.event;
        const char *point = event->kind == TRIAL_ON_EFFECT  ? "before-effect"
                            : event->kind == TRIAL_ON_POINT ? event->point
                                                            : NULL;
        bool is_mine = !event->from.text || strcmp(event->from.text, live->name) == 0;
        if (event->kind == TRIAL_ON_EFFECT && live->actor->role != TRIAL_CLIENT) {
            is_mine = false;
        }
        for (size_t j = 0; point && is_mine && j < live->point_count; j++) {
            is_mine = strcmp(live->points[j], point) != 0;
        }
        if (point && is_mine) {
            live->points[live->point_count++] = point;
        }
    }
    return 0;
}

static const char *folder_of(struct trial_stage *stage) {
    const char *slash = strrchr(stage->bound->path, '/');
    size_t len = slash ? (size_t)(slash - stage->bound->path) : 0;
    return slash ? base_arena_strndup(&stage->arena, stage->bound->path, len ? len : 1) : NULL;
}

int trial_live_new(struct trial_stage *stage, const struct trial_actor *actor,
                   struct trial_live **ret_live, struct base_error *err) {
    struct trial_live *live = base_arena_alloc(&stage->arena, sizeof(*live));
    if (!live) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for an actor");
    }
    live->stage = stage;
    live->actor = actor;
    live->name = actor->name.text;
    live->folder = folder_of(stage);
    const struct trial_setting *privileged =
        trial_find_setting(&actor->settings, "journal.privileged");
    live->privileged = privileged && strcmp(trial_atom_str(&privileged->value), "true") == 0;
    base_builder_init(&live->output[0], BASE_MAX_ACTOR_OUTPUT_BYTES);
    base_builder_init(&live->output[1], BASE_MAX_ACTOR_OUTPUT_BYTES);
    base_builder_init(&live->line, BASE_MAX_ACTOR_LINE_BYTES);
    base_builder_init(&live->commands, BASE_MAX_ACTOR_LINE_BYTES);
    int result = collect_points(live, err);
    if (result == 0 && stage->live_count == stage->live_cap) {
        result = base_grow((void **)&stage->lives, &stage->live_cap, stage->live_cap + 16,
                           sizeof(struct trial_live *));
        result = result ? base_fail(err, result, "no memory for an actor") : 0;
    }
    if (result == 0) {
        stage->lives[stage->live_count++] = live;
        *ret_live = live;
    }
    return result;
}

void trial_live_free(struct trial_live *live) {
    trial_process_free(live->process);
    live->process = NULL;
    if (live->listener) {
        mock_listener_close(live->listener);
        live->listener = NULL;
    }
    base_builder_clean_up(&live->output[0]);
    base_builder_clean_up(&live->output[1]);
    base_builder_clean_up(&live->line);
    base_builder_clean_up(&live->commands);
    trial_claims_clean_up(&live->claims);
}

bool trial_live_reads_committed(const struct trial_live *live) {
    const struct trial_setting *setting =
        trial_find_setting(&live->actor->settings, "isolation.level");
    if (!setting) {
        return !mock_actor_reads_uncommitted(live->stage->broker, live->name);
    }
    return strcmp(trial_atom_str(&setting->value), "read_uncommitted") != 0;
}

static void record_simple(struct trial_live *live, enum trial_fact fact) {
    struct trial_event event = TRIAL_EVENT_INIT(fact);
    event.actor = live->name;
    event.incarnation = live->incarnation;
    trial_stage_record(live->stage, &event);
    trial_stage_touch(live->stage);
    trial_stage_nudge(live->stage);
}

/* -- the end of an incarnation -- */

static void record_output(struct trial_live *live, size_t stream) {
    struct base_slice bytes = base_builder_slice(&live->output[stream]);
    if (bytes.len > 0) {
        struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_OUTPUT);
        event.actor = live->name;
        event.incarnation = live->incarnation;
        event.text = stream == 0 ? "stdout" : "stderr";
        event.value = bytes;
        trial_stage_record(live->stage, &event);
    }
}

/* The last lines of standard error, for a sentence. */
static struct base_slice last_words(const struct trial_live *live) {
    struct base_slice all = base_builder_slice(&live->output[1]);
    while (all.len > 0 && all.data[all.len - 1] == '\n') {
        all.len--;
    }
    size_t from = all.len > QUOTED_BYTES ? all.len - QUOTED_BYTES : 0;
    return base_slice_of(all.data ? all.data + from : (const uint8_t *)"", all.len - from);
}

static void judge_exit(struct trial_live *live, enum trial_live_state state, int status,
                       int signum) {
    struct base_slice words = last_words(live);
    const char *between = words.len ? ": " : "";
    if (live->stage->options.valgrind && status == VALGRIND_EXIT_STATUS) {
        trial_stage_fail(live->stage, BASE_STATE, "valgrind found errors in %s%s%.*s", live->name,
                         between, (int)words.len, (const char *)words.data);
    } else if (state == TRIAL_LIVE_STARTING && signum) {
        trial_stage_fail(live->stage, BASE_STATE,
                         "%s was killed by SIG%s before it was ready%s%.*s", live->name,
                         sigabbrev_np(signum), between, (int)words.len,
                         (const char *)words.data);
    } else if (state == TRIAL_LIVE_STARTING) {
        trial_stage_fail(live->stage, BASE_STATE,
                         "%s exited with status %d before it was ready%s%.*s", live->name, status,
                         between, (int)words.len, (const char *)words.data);
    }
}

static void exited(void *arg, int status, int signum) {
    struct trial_live *live = arg;
    struct trial_stage *stage = live->stage;
    enum trial_live_state state = live->state;
    if (live->line.len > 0) {
        trial_live_said(live, base_slice_str("\n"));
    }
    mock_fault_withdraw(stage->broker, live);
    live->waits_at_point = false;
    trial_intents_give_up(live, UINT64_MAX, live->was_killed);
    live->flushes_pending = 0;
    record_output(live, 0);
    record_output(live, 1);
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_ACTOR_EXIT);
    event.actor = live->name;
    event.incarnation = live->incarnation;
    event.offset = status;
    event.text = signum ? sigabbrev_np(signum) : NULL;
    trial_stage_record(stage, &event);
    live->state = TRIAL_LIVE_ABSENT;
    live->is_paused = false;
    live->exit_status = status;
    judge_exit(live, state, status, signum);
    trial_process_free(live->process);
    live->process = NULL;
    mock_actor_park(stage->broker, live->name, false);
    mock_actor_died(stage->broker, live->name, live->incarnation);
    mock_listener_close(live->listener);
    live->listener = NULL;
    mock_conditions_changed(stage->broker);
    trial_stage_touch(stage);
    if (live->restart_wanted && !stage->is_closing) {
        live->restart_wanted = false;
        struct base_error err = BASE_ERROR_INIT;
        if (trial_live_start(live, &err) != 0) {
            trial_stage_fail(stage, err.code, "%s", err.text);
        }
    }
    trial_stage_nudge(stage);
}

/* -- the life of an incarnation -- */

static void output(void *arg, enum trial_stream stream, struct base_slice bytes) {
    struct trial_live *live = arg;
    struct base_builder *kept = &live->output[stream - TRIAL_STDOUT];
    if (kept->len + bytes.len <= kept->max) {
        base_put_slice(kept, bytes);
    }
    if (stream == TRIAL_STDOUT) {
        trial_live_said(live, bytes);
    }
}

static void written(void *arg) {
    struct trial_live *live = arg;
    trial_stage_nudge(live->stage);
}

static void forget_incarnation(struct trial_live *live) {
    base_builder_reset(&live->output[0]);
    base_builder_reset(&live->output[1]);
    base_builder_reset(&live->line);
    trial_claims_clean_up(&live->claims);
    live->skips_line = false;
    live->has_spoken = false;
    live->was_killed = false;
    live->was_stopped = false;
    live->rested_at_stop = false;
    live->flushes_pending = 0;
    live->flush_up_to = live->last_intent;
    live->incarnation++;
}

int trial_live_start(struct trial_live *live, struct base_error *err) {
    struct trial_stage *stage = live->stage;
    if (live->state != TRIAL_LIVE_ABSENT) {
        return base_fail(err, BASE_USAGE, "%s is running already", live->name);
    }
    forget_incarnation(live);
    struct mock_listener_options options = MOCK_LISTENER_OPTIONS_INIT;
    options.actor = live->name;
    options.incarnation = live->incarnation;
    int result = mock_listener_open(stage->broker, &options, &live->listener, err);
    if (result != 0) {
        return base_fail_within(err, result, "start %s", live->name);
    }
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_SCENARIO_BYTES);
    struct trial_process_options process = {
        .guard = stage->options.guard,
        .arg = live,
        .output = output,
        .exited = exited,
        .written = written,
    };
    char **argv = NULL;
    char **envp = NULL;
    result = trial_live_configure(live, &arena, &envp, err);
    if (result == 0) {
        result = trial_live_arguments(live, &arena, &argv, &process.directory, err);
    }
    if (result == 0) {
        process.argv = argv;
        process.envp = envp;
        live->state = TRIAL_LIVE_STARTING;
        record_simple(live, TRIAL_FACT_ACTOR_START);
        result = trial_process_spawn(&stage->reaper, &process, &live->process, err);
    }
    base_arena_clean_up(&arena);
    if (result != 0) {
        live->state = TRIAL_LIVE_ABSENT;
        mock_listener_close(live->listener);
        live->listener = NULL;
        return base_fail_within(err, result, "start %s", live->name);
    }
    return 0;
}

void trial_live_ready(struct trial_live *live) {
    if (live->state != TRIAL_LIVE_STARTING) {
        return;
    }
    live->state = TRIAL_LIVE_RUNNING;
    record_simple(live, TRIAL_FACT_ACTOR_READY);
    if (live->commands.len > 0) {
        struct base_error err = BASE_ERROR_INIT;
        if (trial_process_write(live->process, base_builder_slice(&live->commands), &err) != 0) {
            trial_stage_fail(live->stage, err.code, "%s: %s", live->name, err.text);
        }
        base_builder_reset(&live->commands);
    }
}

void trial_live_saw_connection(struct trial_live *live) {
    /* A program that speaks will say so itself; one of ours always does. */
    if (live->actor->driver != TRIAL_DRIVER_BUILTIN && live->line.len == 0 && !live->has_spoken) {
        trial_live_ready(live);
    }
}

void trial_live_command(struct trial_live *live, struct base_slice json_line) {
    struct base_error err = BASE_ERROR_INIT;
    int result = 0;
    if (live->process && live->state != TRIAL_LIVE_STARTING) {
        result = trial_process_write(live->process, json_line, &err);
    } else {
        base_put_slice(&live->commands, json_line);
        if (!base_builder_ok(&live->commands)) {
            result = base_fail(&err, live->commands.failed, "too many commands before it is ready");
        }
    }
    if (result != 0) {
        trial_stage_fail(live->stage, result, "%s: %s", live->name, err.text);
    }
}

size_t trial_live_unwritten(const struct trial_live *live) {
    return live->commands.len + (live->process ? trial_process_unwritten(live->process) : 0);
}

void trial_live_flush(struct trial_live *live) {
    live->flush_up_to = live->last_intent;
    live->flushes_pending++;
    trial_live_command(live, base_slice_str("{\"command\":\"flush\"}\n"));
}

void trial_live_point_go(struct trial_live *live, const char *error) {
    if (!live->process || !live->waits_at_point) {
        return;
    }
    live->waits_at_point = false;
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_POINT_GO);
    event.actor = live->name;
    event.incarnation = live->incarnation;
    event.text2 = error;
    trial_stage_record(live->stage, &event);
    char line[256];
    if (error) {
        (void)snprintf(line, sizeof(line), "{\"command\":\"fail\",\"error\":\"%s\"}\n", error);
    } else {
        (void)snprintf(line, sizeof(line), "{\"command\":\"go\"}\n");
    }
    trial_live_command(live, base_slice_str(line));
    trial_stage_touch(live->stage);
}

void trial_live_stop(struct trial_live *live) {
    if (live->state == TRIAL_LIVE_STARTING) {
        trial_live_kill(live);
        return;
    }
    if (live->state != TRIAL_LIVE_RUNNING) {
        return;
    }
    trial_live_resume(live);
    live->rested_at_stop = trial_live_rests(live, NULL);
    live->appended_at_stop = trial_stage_appended(live->stage);
    live->state = TRIAL_LIVE_STOPPING;
    live->was_stopped = true;
    trial_live_command(live, base_slice_str("{\"command\":\"stop\"}\n"));
    if (live->actor->driver != TRIAL_DRIVER_BUILTIN && live->point_count == 0) {
        /* There is nothing more to be told. */
        trial_process_end_input(live->process);
    }
    if (!live->has_spoken) {
        /* It does not know our commands: what any program understands. */
        trial_process_signal(live->process, SIGTERM);
    }
    trial_stage_nudge(live->stage);
}

void trial_live_kill(struct trial_live *live) {
    if (!live->process || live->state == TRIAL_LIVE_DYING) {
        return;
    }
    live->state = TRIAL_LIVE_DYING;
    live->was_killed = true;
    mock_listener_freeze(live->listener);
    trial_process_signal(live->process, SIGSTOP);
    trial_process_signal(live->process, SIGKILL);
    trial_stage_touch(live->stage);
}

void trial_live_restart(struct trial_live *live) {
    live->restart_wanted = true;
    if (live->process) {
        trial_live_kill(live);
        return;
    }
    live->restart_wanted = false;
    struct base_error err = BASE_ERROR_INIT;
    if (trial_live_start(live, &err) != 0) {
        trial_stage_fail(live->stage, err.code, "%s", err.text);
    }
}

void trial_live_pause(struct trial_live *live) {
    if (live->process && !live->is_paused) {
        live->is_paused = true;
        mock_actor_park(live->stage->broker, live->name, true);
        trial_process_signal(live->process, SIGSTOP);
        record_simple(live, TRIAL_FACT_ACTOR_PAUSE);
    }
}

void trial_live_resume(struct trial_live *live) {
    if (live->process && live->is_paused) {
        live->is_paused = false;
        trial_process_signal(live->process, SIGCONT);
        mock_actor_park(live->stage->broker, live->name, false);
        record_simple(live, TRIAL_FACT_ACTOR_RESUME);
    }
}
