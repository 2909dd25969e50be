/* Faults: triggers that can happen, and actions that are possible where they happen. */
#include "base/limits.h"
#include "harness/lang/check.h"

void trial_check_cond(struct trial_checker *c, const struct trial_cond *cond) {
    for (size_t i = 0; i < cond->count; i++) {
        const struct trial_term *t = &cond->terms[i];
        struct trial_target target;
        const struct trial_actor *actor = NULL;
        switch (t->kind) {
        case TRIAL_TERM_FIRED:
            (void)trial_check_fault_name(c, &t->name);
            break;
        case TRIAL_TERM_INFLIGHT:
        case TRIAL_TERM_FLUSHED:
            actor = trial_check_actor(c, &t->name, TRIAL_OF_WRITER, "writer");
            break;
        case TRIAL_TERM_POSITION:
        case TRIAL_TERM_ASSIGNED:
        case TRIAL_TERM_DRAINED:
            actor = trial_check_actor(c, &t->name, TRIAL_OF_CLIENT, "client");
            break;
        case TRIAL_TERM_COMMITTED:
            trial_check_group_or_client(c, &t->name);
            break;
        case TRIAL_TERM_EXITED:
            actor = trial_check_actor(c, &t->name, TRIAL_OF_BOTH, "writer or client");
            break;
        case TRIAL_TERM_END:
        case TRIAL_TERM_QUIET:
            break;
        }
        if (actor && !trial_actor_starts(c, actor->name.text)) {
            trial_report(c->d, TRIAL_FAULTY, t->name.pos, "'%s' is never started",
                         actor->name.text);
        }
        (void)trial_check_part(c, &t->part, &target);
        trial_check_compare(c, &t->compare);
    }
}

/* -- triggers -- */

static void refuse_selector(struct trial_checker *c, const struct trial_event_pattern *e,
                            const struct trial_atom *atom, unsigned flag, const char *what) {
    const struct trial_word *word = trial_word_of(TRIAL_WORD_EVENT, (int)e->kind);
    if (atom->kind != TRIAL_ATOM_NONE && !(word->flags & flag)) {
        trial_report(c->d, TRIAL_FAULTY, atom->pos, "%s '%s' event carries no %s",
                     strchr("aeiou", word->word[0]) ? "an" : "a", word->word, what);
    }
}

static bool also_writes(const struct trial_actor *actor) {
    return actor->driver != TRIAL_DRIVER_BUILTIN ||
           trial_find_setting(&actor->settings, "journal.dead.letter.topic") ||
           trial_find_setting(&actor->settings, "journal.copy.topic");
}

static void check_event_actor(struct trial_checker *c, const struct trial_event_pattern *e) {
    const struct trial_word *word = trial_word_of(TRIAL_WORD_EVENT, (int)e->kind);
    const struct trial_actor *actor = trial_find_actor(c->s, e->from.text);
    if (!actor && c->context) {
        actor = trial_find_actor(c->context, e->from.text);
    }
    if (!actor && e->from.is_string) {
        trial_report(c->d, TRIAL_NOTE, e->from.pos,
                     "no actor is named so: a client whose client.id is '%s'", e->from.text);
        return;
    }
    if (!actor) {
        (void)trial_check_actor(c, &e->from, TRIAL_OF_BOTH, "writer or client");
        return;
    }
    unsigned is = actor->role == TRIAL_WRITER ? TRIAL_OF_WRITER : TRIAL_OF_CLIENT;
    bool produces = word->of == TRIAL_OF_WRITER && actor->role == TRIAL_CLIENT;
    if (produces && also_writes(actor)) {
        is |= TRIAL_OF_WRITER;
    }
    if (!(word->of & is)) {
        trial_report(c->d, TRIAL_FAULTY, e->from.pos, "no '%s' event comes from '%s', a %s",
                     word->word, e->from.text,
                     actor->role == TRIAL_WRITER ? "writer"
                     : produces                  ? "client that writes nothing"
                                                 : "client");
    } else if ((word->flags & TRIAL_IS_GROUP) && actor->role == TRIAL_CLIENT &&
               !actor->group.text) {
        trial_report(c->d, TRIAL_FAULTY, e->from.pos,
                     "'%s' is groupless: no '%s' event comes from it", e->from.text, word->word);
    } else if (!trial_actor_starts(c, e->from.text)) {
        trial_report(c->d, TRIAL_FAULTY, e->from.pos,
                     "'%s' is never started, so this event cannot happen", e->from.text);
    }
    struct trial_target target;
    if (e->on.name.text && actor->driver == TRIAL_DRIVER_BUILTIN &&
        (trial_find_target(c->s, e->on.name.text, &target) ||
         (c->context && trial_find_target(c->context, e->on.name.text, &target))) &&
        !trial_actor_reaches(c, actor, &target)) {
        trial_report(c->d, TRIAL_FAULTY, e->on.name.pos, "'%s' neither reads nor writes '%s'",
                     e->from.text, e->on.name.text);
    }
}

void trial_check_event(struct trial_checker *c, const struct trial_event_pattern *event) {
    const struct trial_word *word = trial_word_of(TRIAL_WORD_EVENT, (int)event->kind);
    struct trial_target target;
    (void)trial_check_part(c, &event->on, &target);
    if (event->from.text && (word->flags & TRIAL_IS_BROKER)) {
        trial_report(c->d, TRIAL_FAULTY, event->from.pos, "a '%s' event is nobody's", word->word);
    } else if (event->from.text) {
        check_event_actor(c, event);
    }
    struct trial_atom on = {.kind = event->on.name.text ? TRIAL_ATOM_ID : TRIAL_ATOM_NONE,
                            .pos = event->on.name.pos};
    refuse_selector(c, event, &on, TRIAL_HAS_PART, "topic");
    refuse_selector(c, event, &event->key, TRIAL_HAS_RECORD, "key");
    refuse_selector(c, event, &event->value, TRIAL_HAS_RECORD, "value");
    refuse_selector(c, event, &event->offset, TRIAL_HAS_OFFSET, "offset");
    refuse_selector(c, event, &event->attempt, TRIAL_HAS_ATTEMPT, "attempt");
    if (event->key.kind == TRIAL_ATOM_ID && base_slice_equal_str(event->key.text, "null")) {
        trial_report(c->d, TRIAL_FAULTY, event->key.pos,
                     "no event is selected by the null key; \"null\" is the text");
    }
    (void)trial_check_num(c, &event->offset, 0, INT64_MAX, "an offset");
    (void)trial_check_num(c, &event->attempt, 1, INT64_MAX, "the number of an attempt");
    (void)trial_check_num(c, &event->nth, 1, INT64_MAX, "a number");
}

/* -- actions -- */

static void check_action(struct trial_checker *c, const struct trial_fault *f,
                         const struct trial_action *a) {
    const struct trial_word *event = trial_word_of(TRIAL_WORD_EVENT, (int)f->event.kind);
    const struct trial_word *action = trial_word_of(TRIAL_WORD_ACTION, (int)a->kind);
    struct trial_target target;
    if (!(action->flags & event->flags)) {
        trial_report(c->d, TRIAL_FAULTY, a->pos, "'%s' is not possible at '%s'",
                     trial_action_kind_to_str(a->kind), event->word);
    }
    trial_check_error(c, &a->word);
    if (a->kind == TRIAL_DO_COMPACT) {
        trial_check_compacted(c, &a->part);
    } else {
        (void)trial_check_part(c, &a->part, &target);
    }
    (void)trial_check_dur(c, &a->duration);
    trial_check_cond(c, &a->until);
    switch (a->kind) {
    case TRIAL_DO_CRASH:
    case TRIAL_DO_RESTART:
    case TRIAL_DO_PAUSE:
    case TRIAL_DO_RESUME:
        (void)trial_check_actor(c, &a->name, TRIAL_OF_BOTH, "writer or client");
        break;
    case TRIAL_DO_REBALANCE:
        trial_check_group(c, &a->name);
        break;
    case TRIAL_DO_FENCE:
    case TRIAL_DO_EXPIRE:
        trial_check_transactional(c, &a->name);
        break;
    case TRIAL_DO_DELETE_RECORDS:
        (void)trial_check_num(c, &a->number, 0, INT64_MAX, "an offset");
        break;
    case TRIAL_DO_ADD_PARTITIONS:
        (void)trial_check_num(c, &a->number, 1, BASE_MAX_PARTITIONS, "the number of partitions");
        break;
    case TRIAL_DO_COORDINATOR:
        trial_check_group(c, &a->name);
        trial_check_broker(c, &a->number);
        break;
    case TRIAL_DO_LEADER:
    case TRIAL_DO_HOLD_REPLICATION:
    case TRIAL_DO_RELEASE_REPLICATION:
    case TRIAL_DO_DOWN:
    case TRIAL_DO_UP:
        trial_check_broker(c, &a->number);
        break;
    case TRIAL_DO_CUT_RESPONSE:
        (void)trial_check_num(c, &a->number, 0, INT64_MAX, "a number of bytes");
        break;
    case TRIAL_DO_SLICE_RESPONSE:
        (void)trial_check_num(c, &a->number, 1, INT64_MAX, "a number of bytes");
        break;
    default:
        break;
    }
}

/* What becomes of the request, said by this action; NULL if it says nothing of it. */
static const char *decides(const struct trial_action *a) {
    switch (a->kind) {
    case TRIAL_DO_DROP_REQUEST:
    case TRIAL_DO_DROP_RESPONSE:
    case TRIAL_DO_ERROR:
    case TRIAL_DO_APPLY_ERROR:
    case TRIAL_DO_FAIL_EFFECT:
        return trial_action_kind_to_str(a->kind);
    default:
        return NULL;
    }
}

static bool ends_silence(enum trial_action_kind kind) {
    return kind == TRIAL_DO_RESET || kind == TRIAL_DO_CLOSE || kind == TRIAL_DO_CRASH ||
           kind == TRIAL_DO_HOLD;
}

static void check_chain(struct trial_checker *c, const struct trial_fault *f) {
    const char *decided = NULL;
    for (size_t i = 0; i < f->action_count; i++) {
        const struct trial_action *a = &f->actions[i];
        if (decided && decides(a)) {
            trial_report(c->d, TRIAL_FAULTY, a->pos,
                         "'%s' after '%s': what becomes of a request is decided once", decides(a),
                         decided);
        }
        decided = decides(a) ? decides(a) : decided;
        if (a->kind != TRIAL_DO_DROP_REQUEST && a->kind != TRIAL_DO_DROP_RESPONSE) {
            continue;
        }
        bool ended = false;
        for (size_t k = i + 1; k < f->action_count; k++) {
            ended = ended || ends_silence(f->actions[k].kind);
        }
        if (!ended) {
            trial_report(c->d, TRIAL_FAULTY, a->pos,
                         "'%s' needs `then reset` (or close, crash, hold until …): a later answer "
                         "on this connection would be out of order",
                         trial_action_kind_to_str(a->kind));
        }
    }
}

void trial_check_fault(struct trial_checker *c, const struct trial_fault *fault) {
    trial_check_event(c, &fault->event);
    for (size_t i = 0; i < fault->action_count; i++) {
        check_action(c, fault, &fault->actions[i]);
    }
    check_chain(c, fault);
    (void)trial_check_num(c, &fault->times, 1, INT64_MAX, "a number");
}
