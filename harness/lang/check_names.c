/* Names that must be declared, and the kinds of atoms. */
#include "harness/lang/check.h"
#include "harness/lang/resolve.h"

#include <inttypes.h>

#include "base/limits.h"

static const struct trial_scenario *tree_at(const struct trial_checker *c, size_t i) {
    return i == 0 ? c->s : i == 1 ? c->context : NULL;
}

static const struct trial_actor *find_actor(const struct trial_checker *c, const char *name) {
    const struct trial_actor *actor = trial_find_actor(c->s, name);
    return actor || !c->context ? actor : trial_find_actor(c->context, name);
}

/* Feeds the names of all items of one kind to a suggestion. */
static void suggest_items(const struct trial_checker *c, enum trial_item_kind kind,
                          struct trial_suggestion *s) {
    for (size_t t = 0; tree_at(c, t); t++) {
        const struct trial_scenario *tree = tree_at(c, t);
        for (size_t i = 0; i < tree->item_count; i++) {
            const struct trial_item *item = &tree->items[i];
            if (item->kind != kind) {
                continue;
            }
            trial_suggest(s, kind == TRIAL_ITEM_ACTOR     ? item->u.actor.name.text
                             : kind == TRIAL_ITEM_TOPIC   ? item->u.topic.name.text
                             : kind == TRIAL_ITEM_JOURNAL ? item->u.journal.name.text
                             : kind == TRIAL_ITEM_STORE   ? item->u.store.name.text
                             : kind == TRIAL_ITEM_FAULT   ? item->u.fault.name.text
                             : kind == TRIAL_ITEM_SECRET  ? item->u.secret.name.text
                                                          : NULL);
        }
    }
}

static void report_missing(struct trial_checker *c, const struct trial_name *name,
                           enum trial_item_kind kind, const char *what) {
    char hint[TRIAL_HINT_BYTES];
    struct trial_suggestion s = trial_suggestion_of(name->text);
    suggest_items(c, kind, &s);
    if (kind == TRIAL_ITEM_TOPIC) {
        suggest_items(c, TRIAL_ITEM_JOURNAL, &s);
    }
    trial_report(c->d, TRIAL_FAULTY, name->pos, "no %s is named '%s'%s", what, name->text,
                 trial_suggestion_hint(&s, hint));
}

const struct trial_actor *trial_check_actor(struct trial_checker *c, const struct trial_name *name,
                                            unsigned of, const char *what) {
    const struct trial_actor *actor = find_actor(c, name->text);
    if (!name->text) {
        return NULL;
    }
    if (!actor) {
        report_missing(c, name, TRIAL_ITEM_ACTOR, what);
        return NULL;
    }
    unsigned is = actor->role == TRIAL_WRITER ? TRIAL_OF_WRITER : TRIAL_OF_CLIENT;
    if (!(is & of)) {
        trial_report(c->d, TRIAL_FAULTY, name->pos, "expected a %s, but '%s' is a %s", what,
                     name->text, actor->role == TRIAL_WRITER ? "writer" : "client");
        return NULL;
    }
    return actor;
}

const struct trial_store *trial_check_store(struct trial_checker *c,
                                            const struct trial_name *name) {
    const struct trial_store *store = trial_find_store(c->s, name->text);
    store = store || !c->context ? store : trial_find_store(c->context, name->text);
    if (!store && name->text) {
        report_missing(c, name, TRIAL_ITEM_STORE, "store");
    }
    return store;
}

const struct trial_fault *trial_check_fault_name(struct trial_checker *c,
                                                 const struct trial_name *name) {
    const struct trial_fault *fault = trial_find_fault(c->s, name->text);
    fault = fault || !c->context ? fault : trial_find_fault(c->context, name->text);
    if (!fault && name->text) {
        report_missing(c, name, TRIAL_ITEM_FAULT, "fault");
    }
    return fault;
}

void trial_check_secret(struct trial_checker *c, const struct trial_name *name) {
    bool found = trial_find_secret(c->s, name->text) ||
                 (c->context && trial_find_secret(c->context, name->text));
    if (!found && name->text) {
        report_missing(c, name, TRIAL_ITEM_SECRET, "secret");
    }
}

static bool has_group(const struct trial_checker *c, const char *name, struct trial_suggestion *s) {
    for (size_t t = 0; tree_at(c, t); t++) {
        for (size_t i = 0; i < tree_at(c, t)->item_count; i++) {
            const struct trial_item *item = &tree_at(c, t)->items[i];
            if (item->kind == TRIAL_ITEM_ACTOR && item->u.actor.group.text) {
                if (strcmp(item->u.actor.group.text, name) == 0) {
                    return true;
                }
                trial_suggest(s, item->u.actor.group.text);
            }
        }
    }
    return false;
}

static void check_group(struct trial_checker *c, const struct trial_name *name, const char *what) {
    char hint[TRIAL_HINT_BYTES];
    struct trial_suggestion s = trial_suggestion_of(name->text);
    if (name->text && !has_group(c, name->text, &s)) {
        trial_report(c->d, TRIAL_FAULTY, name->pos, "no client is in a group '%s'%s%s", name->text,
                     what, trial_suggestion_hint(&s, hint));
    }
}

void trial_check_group(struct trial_checker *c, const struct trial_name *name) {
    /* In `ktrial serve` a group may be one of clients that nobody declared. */
    if (!c->is_fragment || !name->is_string) {
        check_group(c, name, "");
    }
}

void trial_check_group_or_client(struct trial_checker *c, const struct trial_name *name) {
    const struct trial_actor *actor = find_actor(c, name->text);
    if (actor && actor->role == TRIAL_CLIENT && actor->group.text) {
        return;
    }
    check_group(c, name, ", and none with a group is named so");
}

void trial_check_transactional(struct trial_checker *c, const struct trial_name *name) {
    const struct trial_actor *actor = name->is_string ? NULL : find_actor(c, name->text);
    if (name->is_string || !name->text) {
        return;
    }
    if (!actor) {
        (void)trial_check_actor(c, name, TRIAL_OF_BOTH, "writer or client");
    } else if (!trial_find_setting(&actor->settings, "transactional.id") &&
               !trial_find_setting(&actor->settings, "journal.transactional.id")) {
        trial_report(c->d, TRIAL_FAULTY, name->pos, "'%s' has no transactional.id", name->text);
    }
}

bool trial_check_target(struct trial_checker *c, const struct trial_name *name,
                        struct trial_target *ret_target) {
    if (!name->text) {
        return false;
    }
    bool found = trial_find_target(c->s, name->text, ret_target) ||
                 (c->context && trial_find_target(c->context, name->text, ret_target));
    if (!found) {
        const char *dot = strrchr(name->text, '.');
        char journal[128];
        (void)snprintf(journal, sizeof(journal), "%.*s",
                       (int)(dot && dot - name->text < 127 ? dot - name->text : 0), name->text);
        if (journal[0] && (trial_find_journal(c->s, journal) ||
                           (c->context && trial_find_journal(c->context, journal)))) {
            trial_report(c->d, TRIAL_FAULTY, name->pos, "journal '%s' has no type '%s'", journal,
                         dot + 1);
        } else {
            report_missing(c, name, TRIAL_ITEM_TOPIC, "topic or journal");
        }
    }
    return found;
}

/* The last partition when all add-partitions are done that name the topic as the part does. */
static int64_t grown_by(const struct trial_step *steps, size_t count, const char *name,
                        int64_t last) {
    for (size_t i = 0; i < count; i++) {
        const struct trial_step *s = &steps[i];
        if (s->kind == TRIAL_STEP_ADD_PARTITIONS && strcmp(s->part.name.text, name) == 0 &&
            s->number.number - 1 > last) {
            last = s->number.number - 1;
        }
        last = grown_by(s->steps, s->step_count, name, last);
    }
    return last;
}

static int64_t grown(const struct trial_checker *c, const char *name, int64_t last) {
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        for (size_t k = 0; item->kind == TRIAL_ITEM_FAULT && k < item->u.fault.action_count; k++) {
            const struct trial_action *a = &item->u.fault.actions[k];
            if (a->kind == TRIAL_DO_ADD_PARTITIONS && strcmp(a->part.name.text, name) == 0 &&
                a->number.number - 1 > last) {
                last = a->number.number - 1;
            }
        }
        if (item->kind == TRIAL_ITEM_RUN) {
            last = grown_by(item->u.run.steps, item->u.run.step_count, name, last);
        }
    }
    /* In `ktrial serve` it may have been told by another line. */
    return c->is_fragment ? (int64_t)BASE_MAX_PARTITIONS - 1 : last;
}

bool trial_check_part(struct trial_checker *c, const struct trial_part *part,
                      struct trial_target *ret_target) {
    struct trial_target target = {0};
    if (!part->name.text || !trial_check_target(c, &part->name, &target)) {
        return false;
    }
    const struct trial_atom *count =
        target.topic ? &target.topic->partitions : &target.journal->partitions;
    bool known = count->kind == TRIAL_ATOM_INT && count->number > 0;
    int64_t last = known ? count->number - 1 : (int64_t)BASE_MAX_PARTITIONS - 1;
    last = grown(c, part->name.text, last);
    if (trial_check_num(c, &part->partition, 0, INT64_MAX, "the number of a partition") &&
        part->partition.number > last) {
        trial_report(c->d, TRIAL_FAULTY, part->partition.pos,
                     "'%s' has no partition %" PRId64 ": they are 0 to %" PRId64, part->name.text,
                     part->partition.number, last);
    }
    *ret_target = target;
    return true;
}

static bool is_made_compacted(const struct trial_step *steps, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        const struct trial_step *s = &steps[i];
        if (s->kind == TRIAL_STEP_CONFIGURE && strcmp(s->part.name.text, name) == 0 &&
            trial_is_compacted(false, &s->settings)) {
            return true;
        }
        if (is_made_compacted(s->steps, s->step_count, name)) {
            return true;
        }
    }
    return false;
}

/* By a `configure` of the run. */
static bool becomes_compacted(const struct trial_checker *c, const char *name) {
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        if (item->kind == TRIAL_ITEM_RUN &&
            is_made_compacted(item->u.run.steps, item->u.run.step_count, name)) {
            return true;
        }
    }
    return false;
}

void trial_check_compacted(struct trial_checker *c, const struct trial_part *part) {
    struct trial_target target;
    if (!trial_check_part(c, part, &target)) {
        return;
    }
    if (c->is_fragment || becomes_compacted(c, part->name.text)) {
        return; /* the broker says so if it is not */
    }
    bool compacted = target.topic
                         ? trial_is_compacted(target.topic->compact, &target.topic->settings)
                         : trial_is_compacted(target.journal->compact, &target.journal->settings);
    if (!compacted) {
        trial_report(c->d, TRIAL_FAULTY, part->name.pos,
                     "'%s' is not compacted: its declaration must say `compact`", part->name.text);
    }
}

static bool source_covers(struct trial_checker *c, const struct trial_name *source,
                          const struct trial_target *target) {
    struct trial_target own;
    if (!trial_find_target(c->s, source->text, &own) &&
        !(c->context && trial_find_target(c->context, source->text, &own))) {
        return true; /* reported where it is declared */
    }
    return own.topic == target->topic && own.journal == target->journal &&
           (!own.type || !target->type || strcmp(own.type, target->type) == 0);
}

bool trial_actor_reaches(struct trial_checker *c, const struct trial_actor *actor,
                         const struct trial_target *target) {
    for (size_t i = 0; i < actor->target_count; i++) {
        if (actor->targets[i].pattern || source_covers(c, &actor->targets[i].name, target)) {
            return true;
        }
    }
    const struct trial_setting *dead =
        trial_find_setting(&actor->settings, "journal.dead.letter.topic");
    struct trial_name name = {dead ? trial_atom_str(&dead->value) : NULL, actor->name.pos, false};
    return dead && source_covers(c, &name, target);
}

static bool starts_in(const struct trial_step *steps, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        bool starts = steps[i].kind == TRIAL_STEP_START || steps[i].kind == TRIAL_STEP_RESTART;
        if ((starts && strcmp(steps[i].actor.text, name) == 0) ||
            starts_in(steps[i].steps, steps[i].step_count, name)) {
            return true;
        }
    }
    return false;
}

bool trial_actor_starts(const struct trial_checker *c, const char *name) {
    if (!c->has_run || c->is_fragment) {
        return true;
    }
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        if (item->kind == TRIAL_ITEM_RUN &&
            starts_in(item->u.run.steps, item->u.run.step_count, name)) {
            return true;
        }
        for (size_t k = 0; item->kind == TRIAL_ITEM_FAULT && k < item->u.fault.action_count; k++) {
            const struct trial_action *a = &item->u.fault.actions[k];
            if (a->kind == TRIAL_DO_RESTART && strcmp(a->name.text, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* -- kinds -- */

bool trial_check_num(struct trial_checker *c, const struct trial_atom *atom, int64_t minimum,
                     int64_t maximum, const char *what) {
    if (atom->kind == TRIAL_ATOM_NONE) {
        return false;
    }
    if (atom->kind != TRIAL_ATOM_INT) {
        trial_report(c->d, TRIAL_FAULTY, atom->pos, "expected %s, but this is '%s'", what,
                     trial_atom_str(atom));
        return false;
    }
    if (atom->number < minimum || atom->number > maximum) {
        if (maximum == INT64_MAX) {
            trial_report(c->d, TRIAL_FAULTY, atom->pos, "expected %s of at least %" PRId64, what,
                         minimum);
        } else {
            trial_report(c->d, TRIAL_FAULTY, atom->pos,
                         "expected %s from %" PRId64 " to %" PRId64, what, minimum, maximum);
        }
        return false;
    }
    return true;
}

bool trial_check_dur(struct trial_checker *c, const struct trial_atom *atom) {
    if (atom->kind == TRIAL_ATOM_NONE || atom->kind == TRIAL_ATOM_DURATION) {
        return true;
    }
    trial_report(c->d, TRIAL_FAULTY, atom->pos,
                 "expected a duration (500ms, 30s, 5m, 25h, 7d), but this is '%s'",
                 trial_atom_str(atom));
    return false;
}

void trial_check_broker(struct trial_checker *c, const struct trial_atom *atom) {
    int64_t brokers = BASE_MAX_BROKERS;
    for (size_t t = 0; tree_at(c, t); t++) {
        for (size_t i = 0; i < tree_at(c, t)->item_count; i++) {
            const struct trial_item *item = &tree_at(c, t)->items[i];
            const struct trial_setting *set = item->kind == TRIAL_ITEM_CLUSTER
                                                  ? trial_find_setting(&item->u.cluster, "brokers")
                                                  : NULL;
            brokers = set && set->value.kind == TRIAL_ATOM_INT ? set->value.number : brokers;
        }
    }
    (void)trial_check_num(c, atom, 1, brokers, "the id of a broker");
}

void trial_check_compare(struct trial_checker *c, const struct trial_compare *compare) {
    (void)trial_check_num(c, &compare->number, 0, INT64_MAX, "a number");
}

void trial_check_error(struct trial_checker *c, const struct trial_atom *word) {
    char hint[TRIAL_HINT_BYTES];
    const char *text = trial_atom_str(word);
    if (strcmp(text, "NONE") == 0) {
        trial_report(c->d, TRIAL_FAULTY, word->pos, "NONE is no error");
    } else if (word->kind != TRIAL_ATOM_NONE && !trial_word_find(TRIAL_WORD_ERROR, text)) {
        trial_report(c->d, TRIAL_FAULTY, word->pos, "Kafka has no error '%s'%s", text,
                     trial_word_hint(TRIAL_WORD_ERROR, text, hint));
    }
}
