/* Whether two trees say the same: every field, places and comments aside. */
#include "harness/lang/lang.h"

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_name(const struct trial_name *a, const struct trial_name *b) {
    return same_text(a->text, b->text) && a->is_string == b->is_string;
}

static bool same_names(const struct trial_name *a, size_t a_count, const struct trial_name *b,
                       size_t b_count) {
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) {
        same = same_name(&a[i], &b[i]);
    }
    return same;
}

static bool same_texts(const char *const *a, size_t a_count, const char *const *b,
                       size_t b_count) {
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) {
        same = same_text(a[i], b[i]);
    }
    return same;
}

static bool same_atom(const struct trial_atom *a, const struct trial_atom *b) {
    return a->kind == b->kind && a->number == b->number && a->is_template == b->is_template &&
           (a->kind == TRIAL_ATOM_NONE || base_slice_equal(a->text, b->text));
}

static bool same_value(const struct trial_value *a, const struct trial_value *b) {
    return a->kind == b->kind && same_atom(&a->atom, &b->atom);
}

static bool same_part(const struct trial_part *a, const struct trial_part *b) {
    return same_name(&a->name, &b->name) && same_atom(&a->partition, &b->partition);
}

static bool same_compare(const struct trial_compare *a, const struct trial_compare *b) {
    return a->given == b->given && a->cmp == b->cmp && same_atom(&a->number, &b->number);
}

static bool same_settings(const struct trial_settings *a, const struct trial_settings *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = same_name(&a->items[i].name, &b->items[i].name) &&
               same_atom(&a->items[i].value, &b->items[i].value) &&
               a->items[i].is_env == b->items[i].is_env;
    }
    return same;
}

static bool same_matrix(const struct trial_matrix *a, const struct trial_matrix *b) {
    bool same = same_name(&a->name, &b->name) && a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = same_atom(&a->values[i], &b->values[i]);
    }
    return same;
}

static bool same_journal(const struct trial_journal *a, const struct trial_journal *b) {
    return same_name(&a->name, &b->name) && same_text(a->prefix, b->prefix) &&
           same_text(a->codec, b->codec) && a->has_codec == b->has_codec &&
           same_names(a->types, a->type_count, b->types, b->type_count) &&
           same_atom(&a->partitions, &b->partitions) && a->compact == b->compact &&
           a->anonymize == b->anonymize && same_settings(&a->settings, &b->settings);
}

static bool same_topic(const struct trial_topic *a, const struct trial_topic *b) {
    return same_name(&a->name, &b->name) && same_text(a->real_name, b->real_name) &&
           a->has_real_name == b->has_real_name && same_atom(&a->partitions, &b->partitions) &&
           a->compact == b->compact && a->visibility == b->visibility &&
           same_settings(&a->settings, &b->settings);
}

static bool same_store(const struct trial_store *a, const struct trial_store *b) {
    return same_name(&a->name, &b->name) && a->kind == b->kind &&
           same_text(a->command, b->command) && a->visibility == b->visibility &&
           same_settings(&a->settings, &b->settings);
}

static bool same_actor(const struct trial_actor *a, const struct trial_actor *b) {
    bool same = a->role == b->role && same_name(&a->name, &b->name) &&
                a->target_count == b->target_count && same_name(&a->group, &b->group) &&
                same_name(&a->store, &b->store) && a->driver == b->driver &&
                same_text(a->command, b->command) && same_name(&a->principal, &b->principal) &&
                same_settings(&a->settings, &b->settings);
    for (size_t i = 0; same && i < a->target_count; i++) {
        same = same_name(&a->targets[i].name, &b->targets[i].name) &&
               same_text(a->targets[i].pattern, b->targets[i].pattern);
    }
    return same;
}

static bool same_secret(const struct trial_secret *a, const struct trial_secret *b) {
    return same_name(&a->name, &b->name) && a->strict == b->strict &&
           same_texts(a->fields, a->field_count, b->fields, b->field_count) &&
           same_name(&a->allow, &b->allow);
}

static bool same_acl(const struct trial_acl *a, const struct trial_acl *b) {
    return same_name(&a->principal, &b->principal) && a->may == b->may &&
           same_names(a->operations, a->operation_count, b->operations, b->operation_count) &&
           same_text(a->resource_kind, b->resource_kind) && same_name(&a->resource, &b->resource);
}

static bool same_cond(const struct trial_cond *a, const struct trial_cond *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        const struct trial_term *x = &a->terms[i];
        const struct trial_term *y = &b->terms[i];
        same = x->kind == y->kind && same_name(&x->name, &y->name) &&
               same_part(&x->part, &y->part) && same_compare(&x->compare, &y->compare);
    }
    return same;
}

static bool same_event(const struct trial_event_pattern *a, const struct trial_event_pattern *b) {
    return a->kind == b->kind && same_text(a->point, b->point) && same_name(&a->from, &b->from) &&
           same_part(&a->on, &b->on) && same_atom(&a->key, &b->key) &&
           same_atom(&a->value, &b->value) && same_atom(&a->offset, &b->offset) &&
           same_atom(&a->attempt, &b->attempt) && same_atom(&a->nth, &b->nth);
}

static bool same_action(const struct trial_action *a, const struct trial_action *b) {
    return a->kind == b->kind && same_atom(&a->word, &b->word) && same_name(&a->name, &b->name) &&
           same_part(&a->part, &b->part) && same_atom(&a->number, &b->number) &&
           same_atom(&a->duration, &b->duration) && same_cond(&a->until, &b->until);
}

static bool same_fault(const struct trial_fault *a, const struct trial_fault *b) {
    bool same = same_name(&a->name, &b->name) && same_event(&a->event, &b->event) &&
                a->action_count == b->action_count && same_atom(&a->times, &b->times) &&
                a->once == b->once && a->always == b->always && a->optional == b->optional;
    for (size_t i = 0; same && i < a->action_count; i++) {
        same = same_action(&a->actions[i], &b->actions[i]);
    }
    return same;
}

static bool same_steps(const struct trial_step *a, size_t a_count, const struct trial_step *b,
                       size_t b_count);

static bool same_step(const struct trial_step *a, const struct trial_step *b) {
    bool same = a->kind == b->kind && same_name(&a->actor, &b->actor) &&
                same_name(&a->target, &b->target) && same_atom(&a->key, &b->key) &&
                same_value(&a->value, &b->value) && same_atom(&a->partition, &b->partition) &&
                a->header_count == b->header_count &&
                same_names(a->secrets, a->secret_count, b->secrets, b->secret_count) &&
                same_atom(&a->count, &b->count) && same_atom(&a->keys, &b->keys) &&
                same_atom(&a->seed, &b->seed) && same_text(a->path, b->path) &&
                same_cond(&a->cond, &b->cond) && same_atom(&a->duration, &b->duration) &&
                same_part(&a->part, &b->part) && same_atom(&a->number, &b->number) &&
                same_settings(&a->settings, &b->settings);
    for (size_t i = 0; same && i < a->header_count; i++) {
        same = same_atom(&a->headers[i].name, &b->headers[i].name) &&
               same_value(&a->headers[i].value, &b->headers[i].value);
    }
    return same && same_steps(a->steps, a->step_count, b->steps, b->step_count);
}

static bool same_steps(const struct trial_step *a, size_t a_count, const struct trial_step *b,
                       size_t b_count) {
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) {
        same = same_step(&a[i], &b[i]);
    }
    return same;
}

static bool same_trace(const struct trial_trace_line *a, const struct trial_trace_line *b) {
    bool same = a->kind == b->kind && a->event_count == b->event_count;
    for (size_t i = 0; same && i < a->event_count; i++) {
        same = same_event(&a->events[i], &b->events[i]);
    }
    return same;
}

static bool same_lists(const struct trial_expect *a, const struct trial_expect *b) {
    bool same = a->line_count == b->line_count && a->sink_count == b->sink_count &&
                a->trace_count == b->trace_count;
    for (size_t i = 0; same && i < a->line_count; i++) {
        same = same_atom(&a->lines[i].offset, &b->lines[i].offset) &&
               same_atom(&a->lines[i].key, &b->lines[i].key) &&
               same_value(&a->lines[i].value, &b->lines[i].value);
    }
    for (size_t i = 0; same && i < a->sink_count; i++) {
        same = a->sinks[i].kind == b->sinks[i].kind &&
               same_name(&a->sinks[i].name, &b->sinks[i].name);
    }
    for (size_t i = 0; same && i < a->trace_count; i++) {
        same = same_trace(&a->trace[i], &b->trace[i]);
    }
    return same;
}

static bool same_expect(const struct trial_expect *a, const struct trial_expect *b) {
    return a->kind == b->kind && a->negated == b->negated && same_name(&a->id, &b->id) &&
           same_name(&a->of, &b->of) && same_atom(&a->verdict, &b->verdict) &&
           same_name(&a->because, &b->because) && same_part(&a->part, &b->part) &&
           a->whole == b->whole && same_atom(&a->key, &b->key) &&
           same_value(&a->value, &b->value) && same_name(&a->matches, &b->matches) &&
           same_compare(&a->compare, &b->compare) &&
           same_atom(&a->exit_status, &b->exit_status) &&
           same_name(&a->exit_signal, &b->exit_signal) && same_lists(a, b);
}

static bool same_check(const struct trial_check *a, const struct trial_check *b) {
    bool same = a->when_count == b->when_count && a->expect_count == b->expect_count;
    for (size_t i = 0; same && i < a->when_count; i++) {
        same = same_name(&a->when[i].name, &b->when[i].name) &&
               same_atom(&a->when[i].value, &b->when[i].value);
    }
    for (size_t i = 0; same && i < a->expect_count; i++) {
        same = same_expect(&a->expects[i], &b->expects[i]);
    }
    return same;
}

static bool same_explore(const struct trial_explore *a, const struct trial_explore *b) {
    return same_name(&a->kind, &b->kind) &&
           same_names(a->over, a->over_count, b->over, b->over_count) &&
           same_atom(&a->runs, &b->runs);
}

static bool same_item(const struct trial_item *a, const struct trial_item *b) {
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case TRIAL_ITEM_TAGS:
    case TRIAL_ITEM_NEED:
        return same_names(a->u.words.items, a->u.words.count, b->u.words.items, b->u.words.count);
    case TRIAL_ITEM_MATRIX:
        return same_matrix(&a->u.matrix, &b->u.matrix);
    case TRIAL_ITEM_BUDGET:
    case TRIAL_ITEM_SEED:
        return same_atom(&a->u.atom, &b->u.atom);
    case TRIAL_ITEM_CLUSTER:
        return same_settings(&a->u.cluster, &b->u.cluster);
    case TRIAL_ITEM_PRINCIPAL:
        return same_name(&a->u.principal.name, &b->u.principal.name) &&
               same_text(a->u.principal.password, b->u.principal.password);
    case TRIAL_ITEM_ACL:
        return same_acl(&a->u.acl, &b->u.acl);
    case TRIAL_ITEM_JOURNAL:
        return same_journal(&a->u.journal, &b->u.journal);
    case TRIAL_ITEM_TOPIC:
        return same_topic(&a->u.topic, &b->u.topic);
    case TRIAL_ITEM_STORE:
        return same_store(&a->u.store, &b->u.store);
    case TRIAL_ITEM_ACTOR:
        return same_actor(&a->u.actor, &b->u.actor);
    case TRIAL_ITEM_SECRET:
        return same_secret(&a->u.secret, &b->u.secret);
    case TRIAL_ITEM_FAULT:
        return same_fault(&a->u.fault, &b->u.fault);
    case TRIAL_ITEM_RUN:
        return same_steps(a->u.run.steps, a->u.run.step_count, b->u.run.steps,
                          b->u.run.step_count);
    case TRIAL_ITEM_CHECK:
        return same_check(&a->u.check, &b->u.check);
    case TRIAL_ITEM_EXPLORE:
        return same_explore(&a->u.explore, &b->u.explore);
    }
    return false;
}

bool trial_scenario_equal(const struct trial_scenario *a, const struct trial_scenario *b) {
    bool same = same_text(a->name, b->name) && a->item_count == b->item_count &&
                a->is_bound == b->is_bound;
    for (size_t i = 0; same && i < a->item_count; i++) {
        same = same_item(&a->items[i], &b->items[i]);
    }
    return same;
}
