/* Building the stage from a bound scenario, and taking it down. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/run/live.h"
#include "harness/run/plan.h"
#include "harness/run/secure.h"
#include "harness/run/stage_private.h"

/* What plans, topics and actors of one trial may take. */
#define STAGE_BYTES (256u * BASE_MIB)
#define VALGRIND_FACTOR 20

/* -- broker and topics -- */

static int apply_settings(const struct trial_settings *from, struct mock_settings *settings,
                          struct base_error *err) {
    for (size_t i = 0; i < from->count; i++) {
        const struct trial_setting *setting = &from->items[i];
        char number[32];
        const char *value = trial_atom_str(&setting->value);
        if (setting->value.kind == TRIAL_ATOM_DURATION) {
            (void)snprintf(number, sizeof(number), "%lld", (long long)setting->value.number);
            value = number;
        } else if (strcmp(setting->name.text, "listener") == 0) {
            value = trial_secure_protocol(value);
        }
        int result = mock_settings_set(settings, setting->name.text, value, err);
        if (result != 0) {
            return base_fail_within(err, result, "cluster");
        }
    }
    return 0;
}

static int open_broker(struct trial_stage *stage, struct base_error *err) {
    struct mock_settings settings;
    mock_settings_init(&settings);
    if (stage->options.settings) {
        settings = *stage->options.settings;
    }
    for (size_t i = 0; i < stage->bound->item_count; i++) {
        const struct trial_item *item = &stage->bound->items[i];
        int result = item->kind == TRIAL_ITEM_CLUSTER
                         ? apply_settings(&item->u.cluster, &settings, err)
                         : 0;
        if (result != 0) {
            return result;
        }
    }
    struct mock_host host;
    trial_stage_host(stage, &host);
    stage->security = settings.listener;
    stage->mechanisms = settings.sasl_mechanisms;
    return mock_broker_new(&stage->loop, &settings, &host, &stage->broker, err);
}

/* Settings of a topic are the broker's by the same names; a time is told in milliseconds. */
static int topic_settings(const struct trial_settings *settings,
                          struct mock_topic_options *options, struct base_error *err) {
    int result = 0;
    for (size_t i = 0; result == 0 && i < settings->count; i++) {
        const struct trial_setting *setting = &settings->items[i];
        char number[32];
        const char *value = trial_atom_str(&setting->value);
        if (setting->value.kind == TRIAL_ATOM_DURATION) {
            (void)snprintf(number, sizeof(number), "%lld", (long long)setting->value.number);
            value = number;
        }
        if (strcmp(setting->name.text, "replication.factor") == 0) {
            options->replication_factor = (int32_t)setting->value.number;
            continue;
        }
        result = mock_log_config_set(&options->log, setting->name.text, value, err);
    }
    return result ? result : mock_log_config_check(&options->log, err);
}

static int32_t default_partitions(const struct trial_stage *stage) {
    struct mock_settings settings;
    mock_settings_init(&settings);
    if (stage->options.settings) {
        settings = *stage->options.settings;
    }
    int32_t count = settings.num_partitions;
    for (size_t i = 0; i < stage->bound->item_count; i++) {
        const struct trial_item *item = &stage->bound->items[i];
        const struct trial_setting *setting =
            item->kind == TRIAL_ITEM_CLUSTER
                ? trial_find_setting(&item->u.cluster, "num.partitions")
                : NULL;
        count = setting ? (int32_t)setting->value.number : count;
    }
    return count;
}

int trial_stage_create_topics(struct trial_stage *stage, const char *target,
                              struct base_error *err) {
    struct trial_real_topics topics;
    int result = trial_resolve_topics(stage->bound, target, &stage->arena, &topics, err);
    for (size_t i = 0; result == 0 && i < topics.count; i++) {
        const struct trial_real_topic *topic = &topics.items[i];
        struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
        options.partitions =
            topic->partitions > 0 ? topic->partitions : default_partitions(stage);
        options.compact = topic->compact;
        result = topic_settings(topic->topic ? &topic->topic->settings
                                             : &topic->journal->settings,
                                &options, err);
        if (result != 0) {
            return base_fail_within(err, result, "topic %s", topic->name);
        }
        result = mock_topic_create(stage->broker, topic->name, &options, err);
    }
    return result;
}

/* -- stores -- */

static void told_group(void *arg, pid_t group, bool started) {
    const struct trial_stage *stage = arg;
    trial_guard_tell(stage->options.guard, getpid(), group, started);
}

static const char *path_in(struct trial_stage *stage, const char *name, const char *ending) {
    size_t len = strlen(stage->options.directory) + strlen(name) + strlen(ending) + 2;
    char *path = base_arena_alloc(&stage->arena, len);
    if (path) {
        (void)snprintf(path, len, "%s/%s%s", stage->options.directory, name, ending);
    }
    return path;
}

static int open_shelf(struct trial_stage *stage, const struct trial_store *store,
                      struct base_error *err) {
    struct trial_store_options options = TRIAL_STORE_OPTIONS_INIT;
    const struct trial_setting *query = trial_find_setting(&store->settings, "query");
    const char *slash = strrchr(stage->bound->path, '/');
    options.query = query ? trial_atom_str(&query->value) : NULL;
    options.timeout_ms = stage->budget_ms;
    options.group = told_group;
    options.group_arg = stage;
    if (store->kind == TRIAL_STORE_SQLITE) {
        options.source = TRIAL_SOURCE_SQLITE;
        options.path = path_in(stage, store->name.text, ".sqlite");
        options.copy_path = path_in(stage, store->name.text, ".copy");
    } else if (store->kind == TRIAL_STORE_EXEC) {
        options.source = TRIAL_SOURCE_COMMAND;
        options.command = store->command;
        options.directory =
            slash ? base_arena_strndup(&stage->arena, stage->bound->path,
                                       slash == stage->bound->path
                                           ? 1
                                           : (size_t)(slash - stage->bound->path))
                  : NULL;
    }
    if (stage->arena.failed) {
        return base_fail(err, stage->arena.failed, "no memory for store %s", store->name.text);
    }
    struct trial_shelf *shelf = &stage->shelves[stage->shelf_count];
    int result = trial_store_reader_new(&options, &shelf->reader, err);
    if (result == 0) {
        shelf->store = store;
        stage->shelf_count++;
    }
    return result;
}

/* -- faults, actors -- */

int trial_stage_arm(struct trial_stage *stage, const struct trial_scenario *names,
                    const struct trial_fault *fault, struct base_error *err) {
    if (stage->fault_count == stage->fault_cap &&
        base_grow((void **)&stage->faults, &stage->fault_cap, stage->fault_cap + 16,
                  sizeof(*stage->faults)) != 0) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for fault %s", fault->name.text);
    }
    /* Known before it is armed: an actor is asked for a fault's points. */
    struct trial_armed *armed = &stage->faults[stage->fault_count++];
    *armed = (struct trial_armed){.fault = fault};
    struct mock_fault_spec *spec = base_arena_alloc(&stage->arena, sizeof(*spec));
    int result = spec ? trial_plan_fault(names, fault, &stage->arena, spec, err)
                      : base_fail(err, BASE_NO_MEMORY, "no memory for fault %s", fault->name.text);
    if (result == 0) {
        result = mock_fault_arm(stage->broker, spec, &armed->armed, err);
    }
    if (result != 0) {
        stage->fault_count--;
    }
    return result;
}

static int open_item(struct trial_stage *stage, const struct trial_item *item,
                     struct base_error *err) {
    struct trial_live *live = NULL;
    switch (item->kind) {
    case TRIAL_ITEM_STORE:
        return open_shelf(stage, &item->u.store, err);
    case TRIAL_ITEM_FAULT:
        return trial_stage_arm(stage, stage->bound, &item->u.fault, err);
    case TRIAL_ITEM_ACTOR:
        return trial_live_new(stage, &item->u.actor, &live, err);
    default:
        return 0;
    }
}

/* -- the whole -- */

static int open_loop(struct trial_stage *stage, struct base_error *err) {
    /* Writing to a program that has just died is an ordinary thing here. */
    (void)signal(SIGPIPE, SIG_IGN);
    if (uv_loop_init(&stage->loop) != 0) {
        return base_fail(err, BASE_IO, "no event loop");
    }
    stage->loop_is_open = true;
    (void)uv_idle_init(&stage->loop, &stage->turn);
    (void)uv_timer_init(&stage->loop, &stage->watchdog);
    stage->turn.data = stage;
    stage->watchdog.data = stage;
    return trial_reaper_open(&stage->reaper, &stage->loop, err);
}

int trial_stage_open(struct trial_stage *stage, const struct trial_stage_options *options,
                     struct base_error *err) {
    *stage = (struct trial_stage){.options = *options, .bound = options->bound};
    base_arena_init(&stage->arena, STAGE_BYTES);
    stage->budget_ms = trial_scenario_budget_ms(stage->bound) *
                       (options->valgrind ? VALGRIND_FACTOR : 1);
    int result = open_loop(stage, err);
    if (result == 0) {
        result = trial_history_new(&stage->history, err);
    }
    if (result == 0) {
        result = open_broker(stage, err);
    }
    if (result == 0) {
        result = trial_stage_create_topics(stage, NULL, err);
    }
    if (result == 0) {
        result = trial_secure_open(stage, err);
    }
    stage->shelves =
        base_arena_alloc_array(&stage->arena, stage->bound->item_count, sizeof(*stage->shelves));
    if (result == 0 && !stage->shelves) {
        result = base_fail(err, BASE_NO_MEMORY, "no memory for stores");
    }
    for (size_t i = 0; result == 0 && i < stage->bound->item_count; i++) {
        result = open_item(stage, &stage->bound->items[i], err);
    }
    if (result == 0) {
        trial_stage_watch(stage);
    }
    return result;
}

void trial_stage_play(struct trial_stage *stage) {
    (void)uv_run(&stage->loop, UV_RUN_DEFAULT);
}

static void broker_closed(void *arg) {
    struct trial_stage *stage = arg;
    stage->broker = NULL;
}

void trial_stage_close(struct trial_stage *stage) {
    stage->is_closing = true;
    for (size_t i = 0; i < stage->live_count; i++) {
        trial_live_free(stage->lives[i]);
    }
    while (stage->firings) {
        struct trial_firing *asked = stage->firings;
        stage->firings = asked->next;
        base_free(asked);
    }
    if (stage->loop_is_open) {
        trial_reaper_close(&stage->reaper);
        uv_close((uv_handle_t *)&stage->turn, NULL);
        uv_close((uv_handle_t *)&stage->watchdog, NULL);
        if (stage->broker) {
            mock_broker_close(stage->broker, stage->options.keep_process, broker_closed, stage);
        }
        (void)uv_run(&stage->loop, UV_RUN_DEFAULT);
        (void)uv_loop_close(&stage->loop);
        stage->loop_is_open = false;
    }
    for (size_t i = 0; i < stage->shelf_count; i++) {
        trial_store_reader_free(stage->shelves[i].reader);
    }
    base_free(stage->lives);
    base_free(stage->faults);
    base_free(stage->intents);
    stage->lives = NULL;
    stage->faults = NULL;
    stage->intents = NULL;
    stage->live_count = stage->fault_count = stage->shelf_count = 0;
    base_arena_clean_up(&stage->arena);
}
