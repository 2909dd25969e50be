/*
 * One view on trial: see serve_view.h.
 *
 *   READING ──at rest, gone, or budget──► STOPPING ──process gone──► (loop stops) ► store ► judge
 */
#include "harness/explore/serve_view.h"

#include <string.h>

#include "base/limits.h"
#include "harness/explore/view_log.h"
#include "harness/explore/view_verdict.h"
#include "harness/run/cond.h"
#include "harness/run/runner.h"

#define REASON_BYTES (64u * BASE_KIB)

enum serve_phase { SERVE_READING, SERVE_STOPPING };

struct server {
    const struct trial_view_options *options;
    struct trial_stage stage;
    struct trial_live *live;
    enum serve_phase phase;
    bool may_lag; /* nothing tells that its effects have caught up with what it fetched */
};

/* -- the scenario of a view: the client alone, no faults, no steps, no checks -- */

static bool is_left_out(const struct trial_item *item, const struct trial_actor *client) {
    switch (item->kind) {
    case TRIAL_ITEM_FAULT:
    case TRIAL_ITEM_RUN:
    case TRIAL_ITEM_CHECK:
    case TRIAL_ITEM_EXPLORE:
    case TRIAL_ITEM_SECRET:
        return true;
    case TRIAL_ITEM_ACTOR:
        return strcmp(item->u.actor.name.text, client->name.text) != 0;
    default:
        return false;
    }
}

static int strip(const struct trial_view_options *options, struct base_arena *arena,
                 struct trial_scenario *ret_scenario, struct base_error *err) {
    *ret_scenario = *options->bound;
    ret_scenario->items =
        base_arena_alloc_array(arena, options->bound->item_count, sizeof(*ret_scenario->items));
    if (!ret_scenario->items) {
        return base_fail(err, arena->failed, "no memory for a view");
    }
    ret_scenario->item_count = 0;
    for (size_t i = 0; i < options->bound->item_count; i++) {
        if (!is_left_out(&options->bound->items[i], options->client)) {
            ret_scenario->items[ret_scenario->item_count++] = options->bound->items[i];
        }
    }
    return 0;
}

/* -- the log -- */

struct loading {
    struct mock_broker *broker;
    const struct trial_captured_part *part;
};

static int load_batch(void *arg, struct base_slice batch, struct base_error *err) {
    const struct loading *loading = arg;
    return mock_partition_load(loading->broker, loading->part->topic, loading->part->partition,
                               batch, err);
}

/* Topics that the scenario does not declare came to be while it ran. */
static int make_topics(struct server *server, struct base_error *err) {
    const struct trial_capture *capture = server->options->capture;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < capture->topic_count; i++) {
        const struct trial_captured_topic *topic = &capture->topics[i];
        if (mock_topic_partitions(server->stage.broker, topic->name) < 0) {
            struct mock_topic_options options = MOCK_TOPIC_OPTIONS_INIT;
            options.partitions = topic->partitions;
            rc = mock_topic_create(server->stage.broker, topic->name, &options, err);
        }
    }
    return rc;
}

static int load_log(struct server *server, const struct trial_view *view, struct base_error *err) {
    const struct trial_capture *capture = server->options->capture;
    int rc = make_topics(server, err);
    for (uint32_t p = 0; rc == 0 && p < capture->part_count; p++) {
        struct trial_window window = trial_view_window(capture, view, p);
        struct loading loading = {server->stage.broker, &capture->parts[p]};
        rc = trial_view_batches(&capture->parts[p], &window, load_batch, &loading, err);
    }
    return rc;
}

static bool is_captured(const struct trial_capture *capture, const char *topic) {
    for (size_t p = 0; p < capture->part_count; p++) {
        if (strcmp(capture->parts[p].topic, topic) == 0) {
            return true;
        }
    }
    return false;
}

/* What the judge folds: the log as it was written. */
static void record_log(struct server *server) {
    const struct trial_history *history = server->options->history;
    for (size_t i = 0; i < trial_history_count(history); i++) {
        struct trial_event event = *trial_history_at(history, i);
        if (event.fact == TRIAL_FACT_APPEND && is_captured(server->options->capture, event.topic)) {
            event.request = 0;
            event.connection = 0;
            trial_stage_record(&server->stage, &event);
        }
    }
}

/* -- the client reads -- */

static bool claims_all(const struct server *server) {
    const struct trial_capture *capture = server->options->capture;
    for (size_t p = 0; p < capture->part_count; p++) {
        const struct trial_captured_part *part = &capture->parts[p];
        int64_t last = mock_partition_last(server->stage.broker, part->topic, part->partition);
        if (trial_claims_heard(&server->live->claims, part->topic, part->partition) < last) {
            return false;
        }
    }
    return true;
}

/* In a group, a commit tells that the effects are done. Without one only the client's own claims
 * do: what it has fetched may still be on its way into the store. */
static bool is_at_rest(struct server *server) {
    if (!trial_live_rests(server->live, NULL)) {
        return false;
    }
    if (server->options->client->group.text || claims_all(server)) {
        return true;
    }
    server->may_lag = !server->live->has_spoken;
    return server->may_lag;
}

static void stop_reading(struct server *server) {
    server->phase = SERVE_STOPPING;
    if (server->stage.failed) {
        trial_finish_kill(&server->stage);
    } else {
        trial_finish_record_rest(&server->stage);
        trial_finish_stop(&server->stage);
    }
    trial_stage_nudge(&server->stage);
}

static void on_turn(void *owner) {
    struct server *server = owner;
    if (server->phase == SERVE_READING &&
        (server->stage.failed || !server->live->process || is_at_rest(server))) {
        stop_reading(server);
    }
    if (server->phase == SERVE_STOPPING && trial_finish_is_done(&server->stage)) {
        uv_stop(&server->stage.loop);
    }
}

static void record_budget(struct server *server) {
    struct base_builder why;
    base_builder_init(&why, REASON_BYTES);
    (void)trial_live_rests(server->live, &why);
    base_put_u8(&why, 0);
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_BUDGET);
    event.text = base_builder_ok(&why) ? (const char *)why.data : "";
    trial_stage_record(&server->stage, &event);
    base_builder_clean_up(&why);
}

static void on_budget(void *owner) {
    struct server *server = owner;
    if (server->phase == SERVE_READING) {
        server->may_lag = trial_live_rests(server->live, NULL);
        if (!server->may_lag) {
            record_budget(server);
        }
        stop_reading(server);
    } else {
        trial_finish_kill(&server->stage);
    }
    trial_stage_nudge(&server->stage);
}

static int play(struct server *server, const struct trial_view *view, struct base_error *err) {
    struct trial_stage *stage = &server->stage;
    int rc = load_log(server, view, err);
    if (rc == 0) {
        record_log(server);
        server->live = trial_stage_find_live(stage, server->options->client->name.text);
        stage->owner = server;
        stage->on_turn = on_turn;
        stage->on_budget = on_budget;
        rc = trial_live_start(server->live, err);
    }
    if (rc != 0) {
        return rc;
    }
    trial_stage_nudge(stage);
    trial_stage_play(stage);
    if (!stage->failed) {
        trial_finish_read_stores(stage);
    }
    if (stage->failed) {
        *err = stage->error;
    }
    return stage->failed;
}

int trial_view_serve(const struct trial_view_options *options, const struct trial_view *view,
                     enum trial_view_verdict *ret_verdict, struct base_builder *ret_text,
                     struct base_builder *ret_json, struct base_error *err) {
    struct server server = {.options = options};
    struct base_arena arena;
    struct trial_scenario stripped;
    base_arena_init(&arena, BASE_MAX_SCENARIO_BYTES);
    int rc = strip(options, &arena, &stripped, err);
    if (rc == 0) {
        struct trial_stage_options stage = {
            .bound = &stripped,
            .directory = options->directory,
            .journal_program = options->journal_program,
            .guard = options->guard,
        };
        rc = trial_stage_open(&server.stage, &stage, err);
        rc = rc ? rc : play(&server, view, err);
        struct trial_history *history = server.stage.history;
        trial_stage_close(&server.stage);
        if (rc == 0) {
            rc = trial_view_judge(&stripped, options->client, history, ret_verdict, ret_text,
                                  ret_json, err);
        }
        /* The judge of a lagging client can acquit, not convict. */
        if (rc == 0 && server.may_lag && *ret_verdict == TRIAL_VIEW_DIVERGES) {
            *ret_verdict = TRIAL_VIEW_UNKNOWN;
            base_put_str(ret_text, "    no verdict: it has no group and does not say what it has "
                                   "processed, so its store may have lagged behind\n");
        }
        if (rc == 0 && options->keeps_history) {
            rc = trial_view_keep(options->directory, options->bound->path, options->instance,
                                 history, err);
        }
        trial_history_free(history);
    }
    base_arena_clean_up(&arena);
    return rc;
}
