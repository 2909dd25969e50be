/*
 * What a fault does: its actions, one after the other, each in a line of the table below. How the
 * gateway drops a produce answer is here: the disposition is noted on the request, and pipeline.c
 * does with the answer what its fate says.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/fault/engine.h"

/* What follows an action. */
enum next { NEXT_GO_ON, NEXT_WAIT };

/* -- dispositions -- */

static enum next set_fate(struct mock_firing *f, enum mock_fate fate, const struct mock_action *a) {
    struct mock_request *r = f->request;
    if (!r) {
        f->lost = true;
        return NEXT_GO_ON;
    }
    r->fate = fate;
    r->fate_number = a->number;
    r->fate_error = a->error;
    if (fate == MOCK_FATE_DROP_REQUEST || r->applied) {
        return NEXT_GO_ON;
    }
    /* The answer is to be treated, so the request must be applied first. */
    f->wait = MOCK_FIRING_APPLIES;
    mock_request_proceed(r);
    return NEXT_WAIT;
}

static enum next do_drop_request(struct mock_firing *f, const struct mock_action *a) {
    return set_fate(f, MOCK_FATE_DROP_REQUEST, a);
}

static enum next do_drop_response(struct mock_firing *f, const struct mock_action *a) {
    return set_fate(f, MOCK_FATE_DROP_RESPONSE, a);
}

static enum next do_apply_error(struct mock_firing *f, const struct mock_action *a) {
    return set_fate(f, MOCK_FATE_APPLY_ERROR, a);
}

static enum next do_duplicate(struct mock_firing *f, const struct mock_action *a) {
    return set_fate(f, MOCK_FATE_DUPLICATE, a);
}

static enum next do_cut(struct mock_firing *f, const struct mock_action *a) {
    return set_fate(f, MOCK_FATE_CUT, a);
}

static enum next do_slice(struct mock_firing *f, const struct mock_action *a) {
    return set_fate(f, MOCK_FATE_SLICE, a);
}

static enum next do_error(struct mock_firing *f, const struct mock_action *a) {
    struct mock_request *r = f->request;
    if (!r) {
        f->lost = true;
        return NEXT_GO_ON;
    }
    r->handler->refuse(r, a->error);
    r->error = a->error;
    base_patch_length(&r->answer, 0);
    r->applied = true; /* as far as the pipeline is concerned: there is an answer now */
    return NEXT_GO_ON;
}

static enum next do_fail_effect(struct mock_firing *f, const struct mock_action *a) {
    f->fail_effect = a->name;
    return NEXT_GO_ON;
}

/* -- on the connection -- */

static enum next end_connection(struct mock_firing *f, bool reset) {
    struct mock_connection *c = f->request ? f->request->connection : f->connection;
    bool dropped = f->request && (f->request->fate == MOCK_FATE_DROP_REQUEST ||
                                  f->request->fate == MOCK_FATE_DROP_RESPONSE);
    if (c) {
        if (f->request && f->request->fate == MOCK_FATE_DROP_RESPONSE) {
            mock_request_sent_nothing(f->request);
        }
        mock_connection_close(c, reset, reset ? "reset by fault" : "closed by fault");
    } else {
        f->lost = f->lost || !dropped;
    }
    return NEXT_GO_ON;
}

static enum next do_reset(struct mock_firing *f, const struct mock_action *a) {
    return end_connection(f, true);
}

static enum next do_close(struct mock_firing *f, const struct mock_action *a) {
    return end_connection(f, false);
}

static enum next do_hold(struct mock_firing *f, const struct mock_action *a) {
    struct mock_broker *broker = f->fault->broker;
    if (broker->host.holds && broker->host.holds(broker->host.arg, a->until)) {
        return NEXT_GO_ON;
    }
    f->wait = MOCK_FIRING_HOLDS;
    return NEXT_WAIT;
}

static enum next do_delay(struct mock_firing *f, const struct mock_action *a) {
    f->wait = MOCK_FIRING_DELAYS;
    f->deadline_ms = mock_broker_now_ms(f->fault->broker) + (uint64_t)a->number;
    return NEXT_WAIT;
}

static enum next do_throttle(struct mock_firing *f, const struct mock_action *a) {
    if (f->request) {
        f->request->throttle_ms = (int32_t)a->number;
    }
    return NEXT_GO_ON;
}

/* -- on the cluster -- */

static enum next do_leader(struct mock_firing *f, const struct mock_action *a) {
    (void)mock_leader_move(f->fault->broker, a->name, a->partition, (int32_t)a->number, NULL);
    return NEXT_GO_ON;
}

static enum next do_coordinator(struct mock_firing *f, const struct mock_action *a) {
    (void)mock_coordinator_move(f->fault->broker, a->name, (int32_t)a->number, NULL);
    return NEXT_GO_ON;
}

static enum next do_down(struct mock_firing *f, const struct mock_action *a) {
    (void)mock_node_down(f->fault->broker, (int32_t)a->number, NULL);
    return NEXT_GO_ON;
}

static enum next do_up(struct mock_firing *f, const struct mock_action *a) {
    (void)mock_node_up(f->fault->broker, (int32_t)a->number, NULL);
    return NEXT_GO_ON;
}

static enum next do_rebalance(struct mock_firing *f, const struct mock_action *a) {
    (void)mock_group_rebalance(f->fault->broker, a->name, NULL);
    return NEXT_GO_ON;
}

static enum next do_advance(struct mock_firing *f, const struct mock_action *a) {
    mock_clock_advance(f->fault->broker, a->number);
    return NEXT_GO_ON;
}

/* A topic that is not there, or not what it would have to be: the firing has not done what it says.
 */
static enum next done_or_lost(struct mock_firing *f, int result, const struct base_error *err) {
    if (result < 0) {
        f->lost = true;
        mock_broker_emit(f->fault->broker, &(struct mock_event){.kind = MOCK_EVENT_FAULT,
                                                                .api = -1,
                                                                .text = f->fault->spec.name,
                                                                .member = err->text,
                                                                .offset = -1});
    }
    return NEXT_GO_ON;
}

static enum next do_compact(struct mock_firing *f, const struct mock_action *a) {
    struct base_error err = BASE_ERROR_INIT;
    return done_or_lost(f, mock_compact(f->fault->broker, a->name, a->partition, &err), &err);
}

static enum next do_replication(struct mock_firing *f, const struct mock_action *a) {
    struct base_error err = BASE_ERROR_INIT;
    int32_t follower = a->number < 0 ? MOCK_ALL_FOLLOWERS : (int32_t)a->number;
    int result = mock_replication_hold(f->fault->broker, a->name, a->partition, follower,
                                       a->kind == MOCK_DO_HOLD_REPLICATION, &err);
    return done_or_lost(f, result, &err);
}

static enum next do_shrink(struct mock_firing *f, const struct mock_action *a) {
    struct base_error err = BASE_ERROR_INIT;
    return done_or_lost(f, mock_isr_shrink(f->fault->broker, a->name, a->partition, &err), &err);
}

/* -- on actors -- */

static enum next do_host(struct mock_firing *f, const struct mock_action *a) {
    struct mock_broker *broker = f->fault->broker;
    f->wait = MOCK_FIRING_ACTS;
    struct base_error err = BASE_ERROR_INIT;
    if (!broker->host.act || broker->host.act(broker->host.arg, a, f, &err) < 0) {
        f->lost = true;
        mock_broker_emit(broker, &(struct mock_event){.kind = MOCK_EVENT_FAULT,
                                                      .api = -1,
                                                      .text = f->fault->spec.name,
                                                      .member = err.text,
                                                      .offset = -1});
        f->wait = MOCK_FIRING_RUNS;
        return NEXT_GO_ON;
    }
    return NEXT_WAIT;
}

typedef enum next (*action_fn)(struct mock_firing *f, const struct mock_action *a);

static const action_fn actions[MOCK_ACTION_KIND_COUNT] = {
    [MOCK_DO_DROP_REQUEST] = do_drop_request,
    [MOCK_DO_DROP_RESPONSE] = do_drop_response,
    [MOCK_DO_ERROR] = do_error,
    [MOCK_DO_APPLY_ERROR] = do_apply_error,
    [MOCK_DO_DUPLICATE_RESPONSE] = do_duplicate,
    [MOCK_DO_CUT_RESPONSE] = do_cut,
    [MOCK_DO_SLICE_RESPONSE] = do_slice,
    [MOCK_DO_FAIL_EFFECT] = do_fail_effect,
    [MOCK_DO_RESET] = do_reset,
    [MOCK_DO_CLOSE] = do_close,
    [MOCK_DO_HOLD] = do_hold,
    [MOCK_DO_DELAY] = do_delay,
    [MOCK_DO_THROTTLE] = do_throttle,
    [MOCK_DO_LEADER] = do_leader,
    [MOCK_DO_COORDINATOR] = do_coordinator,
    [MOCK_DO_DOWN] = do_down,
    [MOCK_DO_UP] = do_up,
    [MOCK_DO_REBALANCE] = do_rebalance,
    [MOCK_DO_ADVANCE] = do_advance,
    [MOCK_DO_COMPACT] = do_compact,
    [MOCK_DO_HOLD_REPLICATION] = do_replication,
    [MOCK_DO_RELEASE_REPLICATION] = do_replication,
    [MOCK_DO_SHRINK_ISR] = do_shrink,
    [MOCK_DO_CRASH] = do_host,
    [MOCK_DO_RESTART] = do_host,
    [MOCK_DO_PAUSE] = do_host,
    [MOCK_DO_RESUME] = do_host,
    [MOCK_DO_STEP] = do_host,
};

/* -- the end of a firing -- */

static void release_subject(struct mock_firing *f) {
    struct mock_host *host = &f->fault->broker->host;
    if (!f->subject) {
        return;
    }
    void *subject = f->subject;
    f->subject = NULL;
    if (f->fail_effect && host->point_fail) {
        host->point_fail(host->arg, subject, f->fail_effect);
    } else if (host->point_go) {
        host->point_go(host->arg, subject);
    }
}

static void end(struct mock_firing *f) {
    struct mock_fault *fault = f->fault;
    struct mock_broker *broker = fault->broker;
    struct mock_request *r = f->request;
    struct mock_connection *c = f->connection;
    if (f->prev) {
        f->prev->next = f->next;
    } else {
        broker->firings = f->next;
    }
    if (f->next) {
        f->next->prev = f->prev;
    }
    release_subject(f);
    if (!f->lost) {
        fault->fired++;
        mock_broker_emit(broker, &(struct mock_event){.kind = MOCK_EVENT_FAULT,
                                                      .api = -1,
                                                      .actor = f->actor,
                                                      .text = fault->spec.name,
                                                      .offset = 1});
    }
    base_free(f->actor);
    base_free(f);
    if (r) {
        r->firing = NULL;
        mock_request_proceed(r);
    }
    if (c) {
        c->firing = NULL;
        mock_connection_read_more(c);
    }
    mock_broker_touch(broker);
}

void mock_firing_run(struct mock_firing *f) {
    if (f->running) {
        return; /* an action led back here: the loop below goes on with it */
    }
    f->running = true;
    f->wait = MOCK_FIRING_RUNS;
    while (f->index < f->fault->spec.action_count) {
        const struct mock_action *a = &f->fault->spec.actions[f->index++];
        enum next next = actions[a->kind](f, a);
        if (next == NEXT_WAIT && f->wait != MOCK_FIRING_RUNS) {
            f->running = false;
            mock_broker_schedule(f->fault->broker);
            return;
        }
    }
    f->running = false;
    end(f);
}
