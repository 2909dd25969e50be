/* Faults, events, actions and conditions. */
#include "harness/lang/parse.h"

static bool parse_term(struct trial_parser *p, struct trial_term *t) {
    t->pos = trial_peek(p)->pos;
    const struct trial_word *word = trial_need_from(
        p, TRIAL_WORD_TERM, "a condition ('flushed', 'drained', 'fired', 'end', …)");
    if (!word) {
        return false;
    }
    t->kind = (enum trial_term_kind)word->value;
    switch (t->kind) {
    case TRIAL_TERM_QUIET:
        return true;
    case TRIAL_TERM_FIRED:
        return trial_parse_name(p, "the name of a fault", &t->name);
    case TRIAL_TERM_FLUSHED:
        return trial_parse_name(p, "the name of a writer", &t->name);
    case TRIAL_TERM_DRAINED:
        return trial_parse_name(p, "the name of a client", &t->name);
    case TRIAL_TERM_EXITED:
        return trial_parse_name(p, "the name of an actor", &t->name);
    case TRIAL_TERM_INFLIGHT:
    case TRIAL_TERM_ASSIGNED:
        return trial_parse_name(p, "the name of an actor", &t->name) &&
               trial_parse_compare(p, &t->compare);
    case TRIAL_TERM_POSITION:
    case TRIAL_TERM_COMMITTED:
        return trial_parse_name(p, "the name of a client or a group", &t->name) &&
               trial_parse_part(p, &t->part) && trial_parse_compare(p, &t->compare);
    case TRIAL_TERM_END:
        return trial_parse_part(p, &t->part) && trial_parse_compare(p, &t->compare);
    }
    return false;
}

bool trial_parse_cond(struct trial_parser *p, struct trial_cond *ret_cond) {
    struct trial_list list = trial_list_of(sizeof(struct trial_term));
    bool good;
    do {
        struct trial_term term = {0};
        good = parse_term(p, &term);
        trial_list_add(p, &list, &term);
    } while (good && trial_take_word(p, "and"));
    ret_cond->terms = trial_list_take(p, &list, &ret_cond->count);
    return good;
}

bool trial_parse_event(struct trial_parser *p, struct trial_event_pattern *ret_event) {
    ret_event->pos = trial_peek(p)->pos;
    const struct trial_word *word =
        trial_need_from(p, TRIAL_WORD_EVENT, "an event ('produce', 'fetch', 'commit', …)");
    if (!word) {
        return false;
    }
    ret_event->kind = (enum trial_event_kind)word->value;
    if (ret_event->kind == TRIAL_ON_POINT &&
        !trial_parse_text(p, "the name of a point, as a string", &ret_event->point)) {
        return false;
    }
    return (!trial_take_word(p, "from") ||
            trial_parse_name(p, "the name of an actor", &ret_event->from)) &&
           (!trial_take_word(p, "on") || trial_parse_part(p, &ret_event->on)) &&
           (!trial_take_word(p, "key") || trial_parse_atom(p, "a key", &ret_event->key)) &&
           (!trial_take_word(p, "value") || trial_parse_atom(p, "a value", &ret_event->value)) &&
           (!trial_take_word(p, "offset") || trial_parse_num(p, "an offset", &ret_event->offset)) &&
           (!trial_take_word(p, "attempt") ||
            trial_parse_num(p, "the number of an attempt", &ret_event->attempt)) &&
           (!trial_take_word(p, "nth") || trial_parse_num(p, "a number", &ret_event->nth));
}

static bool parse_action_rest(struct trial_parser *p, struct trial_action *a) {
    switch (a->kind) {
    case TRIAL_DO_ERROR:
        return trial_parse_word(p, "the name of a Kafka error", &a->word);
    case TRIAL_DO_APPLY_ERROR:
        return trial_need_word(p, "error") &&
               trial_parse_word(p, "the name of a Kafka error", &a->word);
    case TRIAL_DO_HOLD:
        return trial_need_word(p, "until") && trial_parse_cond(p, &a->until);
    case TRIAL_DO_CRASH:
    case TRIAL_DO_RESTART:
    case TRIAL_DO_PAUSE:
    case TRIAL_DO_RESUME:
        return trial_parse_name(p, "the name of an actor", &a->name);
    case TRIAL_DO_FAIL_EFFECT:
        return trial_parse_name(p, "an error of the store, such as constraint", &a->name);
    case TRIAL_DO_CUT_RESPONSE:
    case TRIAL_DO_SLICE_RESPONSE:
        return trial_parse_num(p, "a number of bytes", &a->number);
    case TRIAL_DO_DELAY:
    case TRIAL_DO_THROTTLE:
    case TRIAL_DO_ADVANCE:
        return trial_parse_dur(p, &a->duration);
    case TRIAL_DO_COMPACT:
    case TRIAL_DO_ROLL:
    case TRIAL_DO_RETAIN:
    case TRIAL_DO_SHRINK_ISR:
        return trial_parse_part(p, &a->part);
    case TRIAL_DO_DELETE_RECORDS:
        return trial_parse_part(p, &a->part) &&
               (!trial_take_word(p, "before") || trial_parse_num(p, "an offset", &a->number));
    case TRIAL_DO_CREATE_TOPIC:
    case TRIAL_DO_DELETE_TOPIC:
        return trial_parse_name(p, "a topic or a journal", &a->part.name);
    case TRIAL_DO_ADD_PARTITIONS:
        return trial_parse_name(p, "a topic or a journal", &a->part.name) &&
               trial_need_word(p, "to") &&
               trial_parse_num(p, "the number of partitions", &a->number);
    case TRIAL_DO_FENCE:
    case TRIAL_DO_EXPIRE:
        return trial_parse_name(p, "a writer, or a transactional id as a string", &a->name);
    case TRIAL_DO_HOLD_REPLICATION:
    case TRIAL_DO_RELEASE_REPLICATION:
        return trial_parse_part(p, &a->part) &&
               (!trial_take_word(p, "at") || trial_parse_num(p, "the id of a broker", &a->number));
    case TRIAL_DO_LEADER:
        return trial_parse_part(p, &a->part) && trial_need_word(p, "to") &&
               trial_parse_num(p, "the id of a broker", &a->number);
    case TRIAL_DO_COORDINATOR:
        return trial_parse_name(p, "the name of a group", &a->name) && trial_need_word(p, "to") &&
               trial_parse_num(p, "the id of a broker", &a->number);
    case TRIAL_DO_DOWN:
    case TRIAL_DO_UP:
        return trial_parse_num(p, "the id of a broker", &a->number);
    case TRIAL_DO_REBALANCE:
        return trial_parse_name(p, "the name of a group", &a->name);
    default:
        return true;
    }
}

static bool parse_action(struct trial_parser *p, struct trial_action *a) {
    a->pos = trial_peek(p)->pos;
    const struct trial_word *word = trial_need_from(
        p, TRIAL_WORD_ACTION, "an action ('drop-response', 'error', 'hold', 'crash', …)");
    if (!word) {
        return false;
    }
    a->kind = (enum trial_action_kind)word->value;
    return parse_action_rest(p, a);
}

bool trial_parse_fault(struct trial_parser *p, struct trial_fault *ret_fault) {
    if (!trial_parse_name(p, "the name of a fault", &ret_fault->name) ||
        !trial_need_word(p, "at") || !trial_parse_event(p, &ret_fault->event)) {
        return false;
    }
    if (!trial_take_mark(p, ":")) {
        return trial_expected(p, "':' and an action");
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_action));
    bool good;
    do {
        struct trial_action action = {0};
        good = parse_action(p, &action);
        trial_list_add(p, &list, &action);
    } while (good && trial_take_word(p, "then"));
    ret_fault->actions = trial_list_take(p, &list, &ret_fault->action_count);
    if (!good) {
        return false;
    }
    ret_fault->once = trial_take_word(p, "once");
    ret_fault->always = !ret_fault->once && trial_take_word(p, "always");
    if (!ret_fault->once && !ret_fault->always && trial_take_word(p, "times") &&
        !trial_parse_num(p, "a number", &ret_fault->times)) {
        return false;
    }
    ret_fault->optional = trial_take_word(p, "optional");
    return true;
}
