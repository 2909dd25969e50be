/* The stage: opening and closing it, its history, and the broker's callbacks; see stage.h. */
#include "harness/run/stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "harness/run/broker_steps.h"
#include "harness/run/cond.h"
#include "harness/run/stage_private.h"
#include "mock/wire/api.h"

/* -- history, budget, turns -- */

void trial_stage_fail(struct trial_stage *stage, int code, const char *format, ...) {
    if (stage->failed) {
        return;
    }
    char text[BASE_ERROR_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    stage->failed = base_fail(&stage->error, code, "%s", text);
    trial_stage_nudge(stage);
}

static void recorded(struct trial_stage *stage, int result, const struct base_error *err) {
    if (result != 0) {
        trial_stage_fail(stage, result, "%s", err->text);
    } else if (stage->options.observe) {
        size_t count = trial_history_count(stage->history);
        stage->options.observe(stage->options.observe_arg,
                               trial_history_at(stage->history, count - 1));
    }
}

void trial_stage_record(struct trial_stage *stage, const struct trial_event *event) {
    struct base_error err = BASE_ERROR_INIT;
    recorded(stage, trial_history_add(stage->history, event, &err), &err);
}

void trial_stage_note(struct trial_stage *stage, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_NOTE);
    event.text = text;
    trial_stage_record(stage, &event);
}

void trial_stage_touch(struct trial_stage *stage) {
    stage->active_ms = uv_now(&stage->loop);
}

/* -- a turn -- */

static bool firing_is_done(const struct trial_firing *asked) {
    switch (asked->kind) {
    case MOCK_DO_CRASH:
        return !asked->live->process || asked->live->state == TRIAL_LIVE_RUNNING;
    case MOCK_DO_RESTART:
        return asked->live->state == TRIAL_LIVE_RUNNING;
    default:
        return true;
    }
}

/* Carries on what faults asked for and what has become possible (within a turn). */
static void continue_firings(struct trial_stage *stage) {
    struct trial_firing **link = &stage->firings;
    while (*link) {
        struct trial_firing *asked = *link;
        if (!firing_is_done(asked)) {
            link = &asked->next;
            continue;
        }
        *link = asked->next;
        struct mock_firing *firing = asked->firing;
        base_free(asked);
        mock_firing_continue(firing);
        /* That may have asked for more. */
        link = &stage->firings;
    }
}

static void took_turn(uv_idle_t *idle) {
    struct trial_stage *stage = idle->data;
    (void)uv_idle_stop(idle);
    continue_firings(stage);
    if (stage->on_turn) {
        stage->on_turn(stage->owner);
    }
}

void trial_stage_nudge(struct trial_stage *stage) {
    if (stage->loop_is_open && !stage->is_closing) {
        (void)uv_idle_start(&stage->turn, took_turn);
    }
}

/* Looks whether the budget is spent, and when to look again. */
static void looked_at_watch(uv_timer_t *timer) {
    struct trial_stage *stage = timer->data;
    uint64_t budget = (uint64_t)stage->budget_ms;
    uint64_t idle_ms = uv_now(&stage->loop) - stage->active_ms;
    if (idle_ms < budget) {
        (void)uv_timer_start(timer, looked_at_watch, budget - idle_ms, 0);
        return;
    }
    trial_stage_touch(stage);
    (void)uv_timer_start(timer, looked_at_watch, budget, 0);
    if (stage->on_budget) {
        stage->on_budget(stage->owner);
    }
}

void trial_stage_watch(struct trial_stage *stage) {
    trial_stage_touch(stage);
    (void)uv_timer_start(&stage->watchdog, looked_at_watch, (uint64_t)stage->budget_ms, 0);
}

/* -- the broker's callbacks -- */

/*
 * A client that keeps connecting, and looking for the broker that it needs, gets nowhere: only what
 * it does on the way there starts the budget again. That it started, and that it is ready, count by
 * themselves (live.c).
 */
static bool is_progress(const struct mock_event *event) {
    switch (event->kind) {
    case MOCK_EVENT_CONNECT:
    case MOCK_EVENT_DISCONNECT:
    case MOCK_EVENT_BROKER:
    case MOCK_EVENT_FAULT: /* what it fired at counts, or not, by itself */
        return false;
    case MOCK_EVENT_RECV:
    case MOCK_EVENT_BEFORE:
    case MOCK_EVENT_AFTER:
    case MOCK_EVENT_SEND:
        return !event->idle && event->api != MOCK_API_API_VERSIONS &&
               event->api != MOCK_API_METADATA && event->api != MOCK_API_FIND_COORDINATOR;
    default:
        return !event->idle;
    }
}

static void note_served(struct trial_stage *stage, const struct mock_event *serve) {
    struct base_error err = BASE_ERROR_INIT;
    struct trial_live *live = trial_stage_find_live(stage, serve->actor);
    if (live && !live->actor->group.text && live->incarnation == serve->incarnation &&
        trial_claims_serve(&live->claims, serve, &err) != 0) {
        trial_stage_fail(stage, err.code, "%s: %s", live->name, err.text);
    }
}

static void host_event(void *arg, const struct mock_event *event) {
    struct trial_stage *stage = arg;
    struct base_error err = BASE_ERROR_INIT;
    if (stage->failed) {
        return;
    }
    recorded(stage, trial_history_add_mock(stage->history, event, &err), &err);
    if (is_progress(event)) {
        trial_stage_touch(stage);
    }
    if (event->kind == MOCK_EVENT_COMMIT && event->error == 0) {
        trial_stage_view_store(stage, event);
    } else if (event->kind == MOCK_EVENT_SERVE && event->actor) {
        note_served(stage, event);
    } else if (event->kind == MOCK_EVENT_CONNECT && event->actor) {
        struct trial_live *live = trial_stage_find_live(stage, event->actor);
        if (live && live->state == TRIAL_LIVE_STARTING) {
            trial_live_saw_connection(live);
        }
    }
}

static bool host_holds(void *arg, const void *cond) {
    return trial_cond_holds(arg, cond, NULL);
}

static void host_changed(void *arg) {
    trial_stage_nudge(arg);
}

static void host_point_go(void *arg, void *subject) {
    trial_live_point_go(subject, NULL);
}

static void host_point_fail(void *arg, void *subject, const char *error) {
    trial_live_point_go(subject, error);
}

static int host_act(void *arg, const struct mock_action *action, struct mock_firing *firing,
                    struct base_error *err) {
    struct trial_stage *stage = arg;
    struct trial_live *live =
        action->kind == MOCK_DO_STEP ? NULL : trial_stage_find_live(stage, action->name);
    if (action->kind == MOCK_DO_STEP) {
        int result = trial_broker_do(stage, action->until, err);
        if (result != 0) {
            return result;
        }
    } else if (!live) {
        return base_fail(err, BASE_NOT_FOUND, "there is no actor %s", action->name);
    }
    struct trial_firing *asked = base_alloc_zero(sizeof(*asked));
    if (!asked) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a fault");
    }
    *asked = (struct trial_firing){
        .next = stage->firings, .firing = firing, .kind = action->kind, .live = live};
    stage->firings = asked;
    switch (action->kind) {
    case MOCK_DO_CRASH:
        trial_live_kill(live);
        break;
    case MOCK_DO_RESTART:
        trial_live_restart(live);
        break;
    case MOCK_DO_PAUSE:
        trial_live_pause(live);
        break;
    case MOCK_DO_RESUME:
        trial_live_resume(live);
        break;
    default:
        break;
    }
    trial_stage_nudge(stage);
    return 0;
}

void trial_stage_host(struct trial_stage *stage, struct mock_host *ret_host) {
    *ret_host = (struct mock_host){
        .arg = stage,
        .event = host_event,
        .holds = host_holds,
        .act = host_act,
        .point_go = host_point_go,
        .point_fail = host_point_fail,
        .changed = host_changed,
    };
}

/* -- finders -- */

struct trial_live *trial_stage_find_live(const struct trial_stage *stage, const char *name) {
    for (size_t i = 0; i < stage->live_count; i++) {
        if (strcmp(stage->lives[i]->name, name) == 0) {
            return stage->lives[i];
        }
    }
    return NULL;
}

struct trial_armed *trial_stage_find_fault(const struct trial_stage *stage, const char *name) {
    for (size_t i = 0; i < stage->fault_count; i++) {
        if (strcmp(stage->faults[i].fault->name.text, name) == 0) {
            return &stage->faults[i];
        }
    }
    return NULL;
}

struct trial_shelf *trial_stage_find_shelf(const struct trial_stage *stage, const char *name) {
    for (size_t i = 0; i < stage->shelf_count; i++) {
        if (strcmp(stage->shelves[i].store->name.text, name) == 0) {
            return &stage->shelves[i];
        }
    }
    return NULL;
}
