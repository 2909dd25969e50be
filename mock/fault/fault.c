/* Armed faults and their firings: arming, offering events, healing. What a trigger matches is
 * match.c, what an action does is action.c. */
#include <string.h>

#include "base/memory.h"
#include "mock/fault/engine.h"

uint32_t mock_fault_fired(const struct mock_fault *fault) {
    return fault->fired;
}

uint32_t mock_fault_matched(const struct mock_fault *fault) {
    return fault->matched;
}

int mock_fault_arm(struct mock_broker *broker, const struct mock_fault_spec *spec,
                   struct mock_fault **ret_fault, struct base_error *err) {
    struct mock_fault *fault = base_alloc_zero(sizeof(*fault));
    if (!fault || base_grow((void **)&broker->faults, &broker->fault_cap, broker->fault_count + 1,
                            sizeof(struct mock_fault *)) < 0) {
        base_free(fault);
        return base_fail(err, BASE_NO_MEMORY, "no memory for fault %s", spec->name);
    }
    fault->broker = broker;
    fault->spec = *spec;
    fault->armed = true;
    broker->faults[broker->fault_count++] = fault;
    *ret_fault = fault;
    return 0;
}

/* -- offering -- */

static bool may_apply(const struct mock_fault *fault) {
    return fault->armed &&
           (fault->spec.times == MOCK_TIMES_ALWAYS || fault->matched < (uint32_t)fault->spec.times);
}

static struct mock_firing *fire(struct mock_fault *fault, const char *actor) {
    struct mock_broker *broker = fault->broker;
    struct mock_firing *f = base_alloc_zero(sizeof(*f));
    if (!f) {
        return NULL;
    }
    f->fault = fault;
    f->actor = base_strdup(actor);
    f->next = broker->firings;
    if (f->next) {
        f->next->prev = f;
    }
    broker->firings = f;
    fault->matched++;
    mock_broker_emit(broker, &(struct mock_event){.kind = MOCK_EVENT_FAULT,
                                                  .api = -1,
                                                  .actor = f->actor,
                                                  .text = fault->spec.name,
                                                  .offset = 0});
    return f;
}

bool mock_faults_take(struct mock_request *r, enum mock_trigger_kind kind) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_fault *first = NULL;
    /* All are asked, so that each counts its own attempts and events; the first in order wins. */
    for (size_t i = 0; i < broker->fault_count; i++) {
        struct mock_fault *fault = broker->faults[i];
        bool may = may_apply(fault);
        if (fault->armed && mock_fault_matches_request(fault, r, kind) && may && !first) {
            first = fault;
        }
    }
    const struct mock_connection *c = r->connection;
    struct mock_firing *f = first ? fire(first, c->actor) : NULL;
    if (!f) {
        return false;
    }
    f->request = r;
    r->firing = f;
    mock_firing_run(f);
    return true;
}

bool mock_faults_take_connection(struct mock_connection *c) {
    struct mock_broker *broker = c->broker;
    for (size_t i = 0; i < broker->fault_count; i++) {
        struct mock_fault *fault = broker->faults[i];
        if (!may_apply(fault) || !mock_fault_matches_connection(fault, c)) {
            continue;
        }
        struct mock_firing *f = fire(fault, c->actor);
        if (f) {
            f->connection = c;
            c->firing = f;
            mock_firing_run(f);
            return true;
        }
    }
    return false;
}

void mock_faults_take_clean(struct mock_broker *broker, const struct mock_clean_report *report) {
    for (size_t i = 0; i < broker->fault_count; i++) {
        struct mock_fault *fault = broker->faults[i];
        if (!may_apply(fault) || !mock_fault_matches_clean(fault, report)) {
            continue;
        }
        struct mock_firing *f = fire(fault, NULL);
        if (f) {
            mock_firing_run(f);
            return;
        }
    }
}

bool mock_fault_offer(struct mock_broker *broker, const struct mock_point *point) {
    for (size_t i = 0; i < broker->fault_count; i++) {
        struct mock_fault *fault = broker->faults[i];
        if (!may_apply(fault) || !mock_fault_matches_point(fault, point)) {
            continue;
        }
        struct mock_firing *f = fire(fault, point->actor);
        if (f) {
            f->subject = point->subject;
            mock_firing_run(f);
            return true;
        }
    }
    return false;
}

/* -- going on -- */

void mock_firing_applied(struct mock_request *r) {
    struct mock_firing *f = r->firing;
    if (f->wait == MOCK_FIRING_APPLIES) {
        f->wait = MOCK_FIRING_RUNS;
        mock_firing_run(f);
    }
}

void mock_firing_continue(struct mock_firing *firing) {
    if (firing->wait == MOCK_FIRING_ACTS) {
        mock_firing_run(firing);
    }
}

void mock_firing_request_gone(struct mock_firing *f) {
    if (f->request) {
        f->request->firing = NULL;
        f->request = NULL;
    }
    if (f->connection) {
        f->connection->firing = NULL;
        f->connection = NULL;
    }
    if (f->wait == MOCK_FIRING_APPLIES) {
        /* Its connection broke before the answer came: what was to befall the answer cannot. */
        f->lost = true;
        f->wait = MOCK_FIRING_RUNS;
        mock_firing_run(f);
    }
}

void mock_fault_withdraw(struct mock_broker *broker, void *subject) {
    for (struct mock_firing *f = broker->firings; f; f = f->next) {
        if (f->subject == subject) {
            f->subject = NULL;
        }
    }
}

static bool may_go_on(const struct mock_firing *f, uint64_t now_ms) {
    const struct mock_host *host = &f->fault->broker->host;
    if (f->wait == MOCK_FIRING_DELAYS) {
        return f->deadline_ms <= now_ms;
    }
    const struct mock_action *a = f->index ? &f->fault->spec.actions[f->index - 1] : NULL;
    return f->wait == MOCK_FIRING_HOLDS && a && host->holds && host->holds(host->arg, a->until);
}

void mock_faults_poll(struct mock_broker *broker) {
    bool again = true;
    while (again) {
        again = false;
        uint64_t now_ms = mock_broker_now_ms(broker);
        for (struct mock_firing *f = broker->firings; f; f = f->next) {
            if (may_go_on(f, now_ms)) {
                mock_firing_run(f); /* may end it, and others: begin anew */
                again = true;
                break;
            }
        }
    }
}

uint64_t mock_faults_next_due(const struct mock_broker *broker) {
    uint64_t due = UINT64_MAX;
    for (const struct mock_firing *f = broker->firings; f; f = f->next) {
        if (f->wait == MOCK_FIRING_DELAYS && f->deadline_ms < due) {
            due = f->deadline_ms;
        }
    }
    return due;
}

/* -- healing -- */

void mock_faults_heal(struct mock_broker *broker) {
    for (size_t i = 0; i < broker->fault_count; i++) {
        broker->faults[i]->armed = false;
    }
    bool again = true;
    while (again) {
        again = false;
        for (struct mock_firing *f = broker->firings; f; f = f->next) {
            if (f->wait == MOCK_FIRING_HOLDS || f->wait == MOCK_FIRING_DELAYS) {
                f->lost = true; /* its remaining actions are not done */
                f->index = f->fault->spec.action_count;
                mock_firing_run(f);
                again = true;
                break;
            }
        }
    }
}

void mock_faults_free(struct mock_broker *broker) {
    while (broker->firings) {
        struct mock_firing *f = broker->firings;
        broker->firings = f->next;
        base_free(f->actor);
        base_free(f);
    }
    for (size_t i = 0; i < broker->fault_count; i++) {
        mock_sends_free(broker->faults[i]);
        base_free(broker->faults[i]);
    }
    base_free(broker->faults);
    broker->faults = NULL;
    broker->fault_count = 0;
}

bool mock_actor_is_held(const struct mock_broker *broker, const char *actor) {
    for (const struct mock_firing *f = broker->firings; f; f = f->next) {
        if (!actor || (f->actor && strcmp(f->actor, actor) == 0)) {
            return true;
        }
    }
    return false;
}
