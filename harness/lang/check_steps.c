/* The steps of run: names, targets that fit what is written, numbers. */
#include "base/limits.h"
#include "harness/lang/check.h"

static void check_started(struct trial_checker *c, const struct trial_actor *actor,
                          struct trial_pos pos) {
    if (actor && !trial_actor_starts(c, actor->name.text)) {
        trial_report(c->d, TRIAL_FAULTY, pos, "'%s' is never started", actor->name.text);
    }
}

/* The writer of a step and its target; records go to topics, objects to journals. */
static void check_written(struct trial_checker *c, const struct trial_step *s, bool objects,
                          bool records) {
    struct trial_target target;
    const struct trial_actor *actor = trial_check_actor(c, &s->actor, TRIAL_OF_WRITER, "writer");
    check_started(c, actor, s->actor.pos);
    if (!trial_check_target(c, &s->target, &target)) {
        return;
    }
    if (actor && !trial_actor_reaches(c, actor, &target)) {
        trial_report(c->d, TRIAL_FAULTY, s->target.pos, "'%s' does not write to '%s'",
                     s->actor.text, s->target.text);
    }
    if (target.topic && !records) {
        trial_report(c->d, TRIAL_FAULTY, s->target.pos,
                     "objects go to a journal, and '%s' is a topic", s->target.text);
    } else if (target.journal && !objects) {
        trial_report(c->d, TRIAL_FAULTY, s->target.pos,
                     "records go to a topic, and '%s' is a journal", s->target.text);
    } else if (target.journal && !target.type && records) {
        trial_report(c->d, TRIAL_FAULTY, s->target.pos,
                     "expected one type of journal '%s', as in %s.%s", s->target.text,
                     s->target.text,
                     target.journal->type_count ? target.journal->types[0].text : "revision");
    }
}

static void check_write(struct trial_checker *c, const struct trial_step *s) {
    struct trial_target target;
    struct trial_part part = {s->target, s->partition};
    check_written(c, s, true, true);
    if (s->key.kind == TRIAL_ATOM_NULL && trial_check_target(c, &s->target, &target) &&
        target.journal) {
        trial_report(c->d, TRIAL_FAULTY, s->key.pos, "an object has a key");
    }
    if (s->partition.kind != TRIAL_ATOM_NONE) {
        (void)trial_check_part(c, &part, &target);
    }
    for (size_t i = 0; i < s->secret_count; i++) {
        trial_check_secret(c, &s->secrets[i]);
    }
    for (size_t i = 0; i < s->header_count; i++) {
        if (base_slice_equal_str(s->headers[i].name.text, "ktrial-intent")) {
            trial_report(c->d, TRIAL_FAULTY, s->headers[i].name.pos,
                         "the header ktrial-intent is ktrial's own");
        }
    }
}

static void check_load(struct trial_checker *c, const struct trial_step *s) {
    check_written(c, s, s->kind != TRIAL_STEP_LOAD_RECORDS, s->kind == TRIAL_STEP_LOAD_RECORDS);
    (void)trial_check_num(c, &s->count, 1, 1000000000, "how many, as a number");
    (void)trial_check_num(c, &s->keys, 1, 1000000000, "the number of keys");
    (void)trial_check_num(c, &s->seed, 0, INT64_MAX, "a seed");
}

/* Journals know what topics know. */
static void check_change(struct trial_checker *c, const struct trial_step *s) {
    struct trial_target target;
    if (trial_check_target(c, &s->part.name, &target)) {
        trial_check_changes(c, target.topic ? TRIAL_SCOPE_TOPIC : TRIAL_SCOPE_JOURNAL,
                            &s->settings);
    }
}

/* What is done to the cluster. */
static void check_cluster_step(struct trial_checker *c, const struct trial_step *s) {
    struct trial_target target;
    switch (s->kind) {
    case TRIAL_STEP_ADVANCE:
        (void)trial_check_dur(c, &s->duration);
        break;
    case TRIAL_STEP_COORDINATOR:
        trial_check_group(c, &s->actor);
        trial_check_broker(c, &s->number);
        break;
    case TRIAL_STEP_COMPACT:
        trial_check_compacted(c, &s->part);
        break;
    case TRIAL_STEP_ADD_PARTITIONS:
        (void)trial_check_target(c, &s->part.name, &target);
        (void)trial_check_num(c, &s->number, 1, BASE_MAX_PARTITIONS, "the number of partitions");
        break;
    case TRIAL_STEP_CREATE_TOPIC:
    case TRIAL_STEP_DELETE_TOPIC:
        (void)trial_check_target(c, &s->part.name, &target);
        break;
    case TRIAL_STEP_CONFIGURE:
        check_change(c, s);
        break;
    case TRIAL_STEP_RETAIN:
        (void)trial_check_part(c, &s->part, &target);
        break;
    case TRIAL_STEP_DELETE_RECORDS:
        (void)trial_check_part(c, &s->part, &target);
        (void)trial_check_num(c, &s->number, 0, INT64_MAX, "an offset");
        break;
    case TRIAL_STEP_REBALANCE:
        trial_check_group(c, &s->actor);
        break;
    case TRIAL_STEP_FENCE:
    case TRIAL_STEP_EXPIRE:
        trial_check_transactional(c, &s->actor);
        break;
    case TRIAL_STEP_LEADER:
    case TRIAL_STEP_HOLD_REPLICATION:
    case TRIAL_STEP_RELEASE_REPLICATION:
    case TRIAL_STEP_SHRINK_ISR:
    case TRIAL_STEP_ROLL:
        (void)trial_check_part(c, &s->part, &target);
        trial_check_broker(c, &s->number);
        break;
    case TRIAL_STEP_DOWN:
    case TRIAL_STEP_UP:
        trial_check_broker(c, &s->number);
        break;
    default: /* heal, note; repeat is not in a bound tree */
        break;
    }
}

static void check_step(struct trial_checker *c, const struct trial_step *s) {
    const struct trial_actor *actor;
    switch (s->kind) {
    case TRIAL_STEP_START:
    case TRIAL_STEP_RESTART:
        (void)trial_check_actor(c, &s->actor, TRIAL_OF_BOTH, "writer or client");
        break;
    case TRIAL_STEP_STOP:
    case TRIAL_STEP_KILL:
    case TRIAL_STEP_PAUSE:
    case TRIAL_STEP_RESUME:
        actor = trial_check_actor(c, &s->actor, TRIAL_OF_BOTH, "writer or client");
        check_started(c, actor, s->actor.pos);
        break;
    case TRIAL_STEP_WRITE:
        check_write(c, s);
        break;
    case TRIAL_STEP_DELETE:
        check_written(c, s, true, true);
        if (s->key.kind == TRIAL_ATOM_NULL) {
            trial_report(c->d, TRIAL_FAULTY, s->key.pos, "a delete names a key");
        }
        break;
    case TRIAL_STEP_LOAD_RECORDS:
    case TRIAL_STEP_LOAD_OBJECTS:
    case TRIAL_STEP_LOAD_GIT:
    case TRIAL_STEP_LOAD_FIXTURE:
        check_load(c, s);
        break;
    case TRIAL_STEP_BEGIN:
    case TRIAL_STEP_COMMIT:
    case TRIAL_STEP_ABORT:
        actor = trial_check_actor(c, &s->actor, TRIAL_OF_WRITER, "writer");
        check_started(c, actor, s->actor.pos);
        if (actor && !trial_find_setting(&actor->settings, "transactional.id")) {
            trial_report(c->d, TRIAL_FAULTY, s->actor.pos, "'%s' has no transactional.id",
                         s->actor.text);
        }
        break;
    case TRIAL_STEP_AWAIT:
        trial_check_cond(c, &s->cond);
        break;
    case TRIAL_STEP_PARALLEL:
        trial_check_steps(c, s->steps, s->step_count);
        break;
    default:
        check_cluster_step(c, s);
        break;
    }
}

/* -- transactions: begin and end in turn, and no outcome is awaited between them -- */

enum span { SPAN_CLOSED, SPAN_OPEN, SPAN_UNKNOWN };

/* A fault may end a writer, and its transaction with it, at any moment. */
static bool dies_by_fault(const struct trial_checker *c, const char *name) {
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        for (size_t k = 0; item->kind == TRIAL_ITEM_FAULT && k < item->u.fault.action_count; k++) {
            const struct trial_action *a = &item->u.fault.actions[k];
            if ((a->kind == TRIAL_DO_CRASH || a->kind == TRIAL_DO_RESTART) &&
                strcmp(a->name.text, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void check_span(struct trial_checker *c, const struct trial_step *s, enum span *span) {
    bool begins = s->kind == TRIAL_STEP_BEGIN;
    if (begins && *span == SPAN_OPEN) {
        trial_report(c->d, TRIAL_FAULTY, s->pos, "a transaction of '%s' is open already",
                     s->actor.text);
    } else if (!begins && *span == SPAN_CLOSED) {
        trial_report(c->d, TRIAL_FAULTY, s->pos, "no transaction of '%s' is open", s->actor.text);
    }
    *span = begins ? SPAN_OPEN : SPAN_CLOSED;
}

static void check_awaited(struct trial_checker *c, const struct trial_cond *cond,
                          const char *writer) {
    for (size_t i = 0; i < cond->count; i++) {
        const struct trial_term *t = &cond->terms[i];
        if (t->kind == TRIAL_TERM_FLUSHED && strcmp(t->name.text, writer) == 0) {
            trial_report(c->d, TRIAL_FAULTY, t->pos,
                         "the outcomes of a transaction come with its end: commit or abort first");
        }
    }
}

static void check_spans_of(struct trial_checker *c, const struct trial_step *steps, size_t count,
                           const char *writer) {
    if (c->is_fragment || dies_by_fault(c, writer)) {
        return;
    }
    enum span span = SPAN_CLOSED;
    for (size_t i = 0; i < count; i++) {
        const struct trial_step *s = &steps[i];
        bool is_its = s->actor.text && strcmp(s->actor.text, writer) == 0;
        if (s->kind == TRIAL_STEP_PARALLEL) {
            span = SPAN_UNKNOWN;
        } else if (s->kind == TRIAL_STEP_AWAIT && span == SPAN_OPEN) {
            check_awaited(c, &s->cond, writer);
        } else if (is_its && (s->kind == TRIAL_STEP_BEGIN || s->kind == TRIAL_STEP_COMMIT ||
                              s->kind == TRIAL_STEP_ABORT)) {
            check_span(c, s, &span);
        } else if (is_its && (s->kind == TRIAL_STEP_KILL || s->kind == TRIAL_STEP_RESTART ||
                              s->kind == TRIAL_STEP_STOP)) {
            span = SPAN_CLOSED;
        }
    }
}

void trial_check_spans(struct trial_checker *c, const struct trial_step *steps, size_t count) {
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        if (item->kind == TRIAL_ITEM_ACTOR &&
            trial_find_setting(&item->u.actor.settings, "transactional.id")) {
            check_spans_of(c, steps, count, item->u.actor.name.text);
        }
    }
}

void trial_check_steps(struct trial_checker *c, const struct trial_step *steps, size_t count) {
    for (size_t i = 0; i < count; i++) {
        check_step(c, &steps[i]);
    }
}
