/*
 * Instances of a scenario: the product of its matrices, and the tree with one point of it put in.
 * A bound tree shares nothing with the tree it comes from.
 */
#include "harness/lang/bind_atoms.h"

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/diagnostics.h"
#include "harness/lang/parse.h"

/* -- instances -- */

size_t trial_instance_count(const struct trial_scenario *scenario) {
    size_t count = 1;
    for (size_t i = 0; i < scenario->item_count; i++) {
        size_t values = scenario->items[i].u.matrix.count;
        if (scenario->items[i].kind == TRIAL_ITEM_MATRIX && values > 0) {
            count = count > SIZE_MAX / values ? SIZE_MAX : count * values;
        }
    }
    return count;
}

int trial_instance_bindings(const struct trial_scenario *scenario, size_t instance,
                            struct trial_binding *ret_bindings, size_t cap, size_t *ret_count) {
    size_t count = 0;
    size_t left = instance;
    size_t rest = trial_instance_count(scenario);
    if (instance >= rest) {
        return BASE_USAGE;
    }
    for (size_t i = 0; i < scenario->item_count; i++) {
        const struct trial_matrix *m = &scenario->items[i].u.matrix;
        if (scenario->items[i].kind != TRIAL_ITEM_MATRIX || m->count == 0) {
            continue;
        }
        if (count >= cap) {
            return BASE_LIMIT;
        }
        rest /= m->count; /* the last matrix varies fastest */
        ret_bindings[count++] = (struct trial_binding){m->name.text, m->values[left / rest]};
        left %= rest;
    }
    *ret_count = count;
    return 0;
}

void trial_instance_describe(const struct trial_scenario *scenario, size_t instance,
                             struct base_builder *ret_text) {
    struct trial_binding bindings[TRIAL_MAX_MATRICES];
    size_t count = 0;
    if (trial_instance_bindings(scenario, instance, bindings, TRIAL_MAX_MATRICES, &count) != 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        base_put_format(ret_text, "%s%s=", i ? " " : "", bindings[i].name);
        base_put_slice(ret_text, bindings[i].value.text);
    }
}

/* -- copying with the bindings put in -- */

static void bind_name(struct trial_binder *b, struct trial_name *name) {
    name->text = name->text ? base_arena_strdup(b->arena, name->text) : NULL;
}

static void bind_names(struct trial_binder *b, struct trial_name **names, size_t *count) {
    *names = trial_bind_copy(b, *names, *count, sizeof(**names));
    *count = *names ? *count : 0;
    for (size_t i = 0; i < *count; i++) {
        bind_name(b, &(*names)[i]);
    }
}

static void bind_comments(struct trial_binder *b, struct trial_comments *c) {
    c->before = trial_bind_copy(b, c->before, c->before_count, sizeof(*c->before));
    c->before_count = c->before ? c->before_count : 0;
    for (size_t i = 0; i < c->before_count; i++) {
        c->before[i] = base_arena_strdup(b->arena, c->before[i]);
    }
    c->after = c->after ? base_arena_strdup(b->arena, c->after) : NULL;
}

static void bind_settings(struct trial_binder *b, struct trial_settings *settings) {
    settings->items =
        trial_bind_copy(b, settings->items, settings->count, sizeof(*settings->items));
    settings->count = settings->items ? settings->count : 0;
    for (size_t i = 0; i < settings->count; i++) {
        bind_name(b, &settings->items[i].name);
        settings->items[i].value = trial_bind_atom(b, settings->items[i].value);
        bind_comments(b, &settings->items[i].comments);
    }
}

static void bind_cond(struct trial_binder *b, struct trial_cond *cond) {
    cond->terms = trial_bind_copy(b, cond->terms, cond->count, sizeof(*cond->terms));
    cond->count = cond->terms ? cond->count : 0;
    for (size_t i = 0; i < cond->count; i++) {
        struct trial_term *t = &cond->terms[i];
        bind_name(b, &t->name);
        t->part = trial_bind_part(b, t->part);
        t->compare = trial_bind_compare(b, t->compare);
    }
}

static void bind_event(struct trial_binder *b, struct trial_event_pattern *e) {
    e->point = trial_bind_text(b, e->point, e->pos);
    bind_name(b, &e->from);
    e->on = trial_bind_part(b, e->on);
    e->key = trial_bind_atom(b, e->key);
    e->value = trial_bind_atom(b, e->value);
    e->offset = trial_bind_atom(b, e->offset);
    e->attempt = trial_bind_atom(b, e->attempt);
    e->nth = trial_bind_atom(b, e->nth);
    e->is_bound = true;
}

static void bind_fault(struct trial_binder *b, struct trial_fault *f) {
    bind_name(b, &f->name);
    bind_event(b, &f->event);
    f->actions = trial_bind_copy(b, f->actions, f->action_count, sizeof(*f->actions));
    f->action_count = f->actions ? f->action_count : 0;
    for (size_t i = 0; i < f->action_count; i++) {
        struct trial_action *a = &f->actions[i];
        a->word = trial_bind_atom(b, a->word);
        bind_name(b, &a->name);
        a->part = trial_bind_part(b, a->part);
        a->number = trial_bind_atom(b, a->number);
        a->duration = trial_bind_atom(b, a->duration);
        bind_cond(b, &a->until);
    }
    f->times = trial_bind_atom(b, f->times);
}

static void bind_actor(struct trial_binder *b, struct trial_actor *a) {
    bind_name(b, &a->name);
    a->targets = trial_bind_copy(b, a->targets, a->target_count, sizeof(*a->targets));
    a->target_count = a->targets ? a->target_count : 0;
    for (size_t i = 0; i < a->target_count; i++) {
        bind_name(b, &a->targets[i].name);
        a->targets[i].pattern = trial_bind_text(b, a->targets[i].pattern, a->targets[i].pos);
    }
    bind_name(b, &a->group);
    bind_name(b, &a->store);
    a->command = trial_bind_text(b, a->command, a->name.pos);
    bind_name(b, &a->principal);
    bind_settings(b, &a->settings);
}

static void bind_journal(struct trial_binder *b, struct trial_journal *j) {
    bind_name(b, &j->name);
    j->prefix = trial_bind_text(b, j->prefix, j->name.pos);
    j->codec = base_arena_strdup(b->arena, j->codec);
    bind_names(b, &j->types, &j->type_count);
    j->partitions = trial_bind_atom(b, j->partitions);
    bind_settings(b, &j->settings);
    bind_comments(b, &j->types_comments);
    bind_comments(b, &j->partitions_comments);
    bind_comments(b, &j->compact_comments);
    bind_comments(b, &j->anonymize_comments);
}

static void bind_topic(struct trial_binder *b, struct trial_topic *t) {
    bind_name(b, &t->name);
    t->real_name = t->has_real_name ? trial_bind_text(b, t->real_name, t->name.pos) : t->name.text;
    t->partitions = trial_bind_atom(b, t->partitions);
    bind_settings(b, &t->settings);
}

static void bind_secret(struct trial_binder *b, struct trial_secret *s) {
    bind_name(b, &s->name);
    s->fields = trial_bind_copy(b, s->fields, s->field_count, sizeof(*s->fields));
    s->field_count = s->fields ? s->field_count : 0;
    for (size_t i = 0; i < s->field_count; i++) {
        s->fields[i] = trial_bind_text(b, s->fields[i], s->name.pos);
    }
    bind_name(b, &s->allow);
}

/* -- steps -- */

static bool count_step(struct trial_binder *b, struct trial_pos pos, size_t *count) {
    if (++*count <= BASE_MAX_STEPS) {
        return true;
    }
    trial_bind_fail(b, BASE_LIMIT, pos,
                    "more steps than a scenario may have (BASE_MAX_STEPS, 1000000)");
    return false;
}

static void bind_headers(struct trial_binder *b, struct trial_step *s) {
    s->headers = trial_bind_copy(b, s->headers, s->header_count, sizeof(*s->headers));
    s->header_count = s->headers ? s->header_count : 0;
    for (size_t i = 0; i < s->header_count; i++) {
        s->headers[i].name = trial_bind_atom(b, s->headers[i].name);
        s->headers[i].value = trial_bind_value(b, s->headers[i].value);
        bind_comments(b, &s->headers[i].comments);
    }
}

static void bind_steps(struct trial_binder *b, struct trial_step **steps, size_t *count);

static struct trial_step bind_step(struct trial_binder *b, struct trial_step s) {
    bind_comments(b, &s.comments);
    bind_comments(b, &s.end_comments);
    bind_name(b, &s.actor);
    bind_name(b, &s.target);
    s.key = trial_bind_key(b, s.key);
    s.value = trial_bind_value(b, s.value);
    s.partition = trial_bind_atom(b, s.partition);
    bind_headers(b, &s);
    bind_names(b, &s.secrets, &s.secret_count);
    s.count = trial_bind_atom(b, s.count);
    s.keys = trial_bind_atom(b, s.keys);
    s.seed = trial_bind_atom(b, s.seed);
    s.path = trial_bind_text(b, s.path, s.pos);
    bind_cond(b, &s.cond);
    s.duration = trial_bind_atom(b, s.duration);
    s.part = trial_bind_part(b, s.part);
    s.number = trial_bind_atom(b, s.number);
    bind_settings(b, &s.settings);
    s.is_bound = true;
    bind_steps(b, &s.steps, &s.step_count);
    return s;
}

static void bind_into(struct trial_binder *b, struct trial_list *list,
                      const struct trial_step *steps, size_t count);

/* The rounds of a repeat, each with its own $i; the outer one's is back afterwards. */
static void bind_repeat(struct trial_binder *b, struct trial_list *list,
                        const struct trial_step *s) {
    struct trial_atom rounds = trial_bind_atom(b, s->count);
    if (rounds.kind != TRIAL_ATOM_INT || rounds.number < 0) {
        trial_bind_fail(b, BASE_MALFORMED, s->count.pos, "expected how often, as a number");
        return;
    }
    bool outer_in_repeat = b->in_repeat;
    int64_t outer_i = b->i;
    b->in_repeat = true;
    for (int64_t i = 1; i <= rounds.number && !b->failed; i++) {
        if (b->shorten && i == 2 && rounds.number > 2) {
            i = rounds.number;
        }
        b->i = i;
        if (count_step(b, s->pos, &b->round_count)) {
            bind_into(b, list, s->steps, s->step_count);
        }
    }
    b->in_repeat = outer_in_repeat;
    b->i = outer_i;
}

static void list_add(struct trial_binder *b, struct trial_list *list, const void *item) {
    if (base_grow(&list->items, &list->cap, list->count + 1, list->item_bytes) != 0) {
        b->failed = b->failed ? b->failed : base_fail(b->err, BASE_NO_MEMORY, "no memory to bind");
        return;
    }
    memcpy((char *)list->items + list->count * list->item_bytes, item, list->item_bytes);
    list->count++;
}

static void bind_into(struct trial_binder *b, struct trial_list *list,
                      const struct trial_step *steps, size_t count) {
    for (size_t i = 0; i < count && (b->d || !b->failed); i++) {
        if (steps[i].kind == TRIAL_STEP_REPEAT) {
            bind_repeat(b, list, &steps[i]);
        } else if (count_step(b, steps[i].pos, &b->step_count)) {
            struct trial_step step = bind_step(b, steps[i]);
            list_add(b, list, &step);
        } else {
            return;
        }
    }
}

static void bind_steps(struct trial_binder *b, struct trial_step **steps, size_t *count) {
    struct trial_list list = trial_list_of(sizeof(struct trial_step));
    bind_into(b, &list, *steps, *count);
    *steps = trial_bind_copy(b, list.items, list.count, sizeof(**steps));
    *count = *steps ? list.count : 0;
    base_free(list.items);
}

/* -- checks -- */

static void bind_sinks(struct trial_binder *b, struct trial_expect *e) {
    e->sinks = trial_bind_copy(b, e->sinks, e->sink_count, sizeof(*e->sinks));
    e->sink_count = e->sinks ? e->sink_count : 0;
    for (size_t i = 0; i < e->sink_count; i++) {
        bind_name(b, &e->sinks[i].name);
    }
}

static void bind_log(struct trial_binder *b, struct trial_expect *e) {
    e->lines = trial_bind_copy(b, e->lines, e->line_count, sizeof(*e->lines));
    e->line_count = e->lines ? e->line_count : 0;
    for (size_t i = 0; i < e->line_count; i++) {
        e->lines[i].offset = trial_bind_atom(b, e->lines[i].offset);
        e->lines[i].key = trial_bind_key(b, e->lines[i].key);
        e->lines[i].value = trial_bind_value(b, e->lines[i].value);
        bind_comments(b, &e->lines[i].comments);
    }
}

static void bind_trace(struct trial_binder *b, struct trial_expect *e) {
    e->trace = trial_bind_copy(b, e->trace, e->trace_count, sizeof(*e->trace));
    e->trace_count = e->trace ? e->trace_count : 0;
    for (size_t i = 0; i < e->trace_count; i++) {
        struct trial_trace_line *line = &e->trace[i];
        line->events = trial_bind_copy(b, line->events, line->event_count, sizeof(*line->events));
        line->event_count = line->events ? line->event_count : 0;
        for (size_t k = 0; k < line->event_count; k++) {
            bind_event(b, &line->events[k]);
        }
        bind_comments(b, &line->comments);
    }
}

static void bind_expect(struct trial_binder *b, struct trial_expect *e) {
    bind_comments(b, &e->comments);
    bind_comments(b, &e->end_comments);
    bind_name(b, &e->id);
    bind_name(b, &e->of);
    e->verdict = trial_bind_atom(b, e->verdict);
    bind_name(b, &e->because);
    e->part = trial_bind_part(b, e->part);
    bool names_row = e->kind == TRIAL_EXPECT_STORE_HAS || e->kind == TRIAL_EXPECT_STORE_LACKS;
    e->key = names_row ? trial_bind_atom(b, e->key) : trial_bind_key(b, e->key);
    e->value = trial_bind_value(b, e->value);
    bind_name(b, &e->matches);
    e->compare = trial_bind_compare(b, e->compare);
    e->exit_status = trial_bind_atom(b, e->exit_status);
    bind_name(b, &e->exit_signal);
    bind_log(b, e);
    bind_sinks(b, e);
    bind_trace(b, e);
}

static void bind_check(struct trial_binder *b, struct trial_check *c) {
    c->when = trial_bind_copy(b, c->when, c->when_count, sizeof(*c->when));
    c->when_count = c->when ? c->when_count : 0;
    for (size_t i = 0; i < c->when_count; i++) {
        bind_name(b, &c->when[i].name);
        c->when[i].value = trial_bind_atom(b, c->when[i].value);
    }
    c->expects = trial_bind_copy(b, c->expects, c->expect_count, sizeof(*c->expects));
    c->expect_count = c->expects ? c->expect_count : 0;
    for (size_t i = 0; i < c->expect_count; i++) {
        bind_expect(b, &c->expects[i]);
    }
    bind_comments(b, &c->end_comments);
}

/* True when every `when` of the block holds in this instance. */
static bool check_applies(const struct trial_binder *b, const struct trial_check *c) {
    for (size_t i = 0; i < c->when_count; i++) {
        for (size_t k = 0; k < b->binding_count; k++) {
            if (strcmp(b->bindings[k].name, c->when[i].name.text) == 0 &&
                !base_slice_equal(b->bindings[k].value.text, c->when[i].value.text)) {
                return false;
            }
        }
    }
    return true;
}

/* -- items -- */

static void bind_matrix(struct trial_binder *b, struct trial_matrix *m) {
    bind_name(b, &m->name);
    m->values = trial_bind_copy(b, m->values, m->count, sizeof(*m->values));
    m->count = m->values ? m->count : 0;
    for (size_t i = 0; i < m->count; i++) {
        m->values[i].text = base_arena_slice(b->arena, m->values[i].text);
    }
}

static void bind_declaration(struct trial_binder *b, struct trial_item *item) {
    switch (item->kind) {
    case TRIAL_ITEM_TAGS:
    case TRIAL_ITEM_NEED:
        bind_names(b, &item->u.words.items, &item->u.words.count);
        break;
    case TRIAL_ITEM_MATRIX:
        bind_matrix(b, &item->u.matrix);
        break;
    case TRIAL_ITEM_BUDGET:
    case TRIAL_ITEM_SEED:
        item->u.atom = trial_bind_atom(b, item->u.atom);
        break;
    case TRIAL_ITEM_CLUSTER:
        bind_settings(b, &item->u.cluster);
        break;
    case TRIAL_ITEM_PRINCIPAL:
        bind_name(b, &item->u.principal.name);
        item->u.principal.password = trial_bind_text(b, item->u.principal.password, item->pos);
        break;
    case TRIAL_ITEM_ACL:
        bind_name(b, &item->u.acl.principal);
        bind_names(b, &item->u.acl.operations, &item->u.acl.operation_count);
        bind_name(b, &item->u.acl.resource);
        break;
    case TRIAL_ITEM_JOURNAL:
        bind_journal(b, &item->u.journal);
        break;
    case TRIAL_ITEM_TOPIC:
        bind_topic(b, &item->u.topic);
        break;
    default:
        break;
    }
}

static void bind_item(struct trial_binder *b, struct trial_item *item) {
    bind_comments(b, &item->comments);
    bind_comments(b, &item->end_comments);
    switch (item->kind) {
    case TRIAL_ITEM_STORE:
        bind_name(b, &item->u.store.name);
        item->u.store.command = trial_bind_text(b, item->u.store.command, item->pos);
        bind_settings(b, &item->u.store.settings);
        break;
    case TRIAL_ITEM_ACTOR:
        bind_actor(b, &item->u.actor);
        break;
    case TRIAL_ITEM_SECRET:
        bind_secret(b, &item->u.secret);
        break;
    case TRIAL_ITEM_FAULT:
        bind_fault(b, &item->u.fault);
        break;
    case TRIAL_ITEM_RUN:
        bind_steps(b, &item->u.run.steps, &item->u.run.step_count);
        bind_comments(b, &item->u.run.end_comments);
        break;
    case TRIAL_ITEM_CHECK:
        bind_check(b, &item->u.check);
        break;
    case TRIAL_ITEM_EXPLORE:
        bind_names(b, &item->u.explore.over, &item->u.explore.over_count);
        item->u.explore.runs = trial_bind_atom(b, item->u.explore.runs);
        break;
    default:
        bind_declaration(b, item);
        break;
    }
}

static void bind_items(struct trial_binder *b, struct trial_scenario *to) {
    const struct trial_scenario *from = b->from;
    to->items = base_arena_alloc_array(b->arena, from->item_count, sizeof(*to->items));
    for (size_t i = 0; to->items && i < from->item_count && (b->d || !b->failed); i++) {
        bool applies = from->items[i].kind != TRIAL_ITEM_CHECK ||
                       check_applies(b, &from->items[i].u.check);
        if (applies) {
            to->items[to->item_count] = from->items[i];
            bind_item(b, &to->items[to->item_count++]);
        }
    }
}

int trial_bind_with(const struct trial_scenario *scenario, size_t instance,
                    const struct trial_bind_options *options, struct trial_scenario **ret_bound,
                    struct base_error *err) {
    struct trial_binder b = {.from = scenario, .err = err, .d = options->d,
                             .shorten = options->shorten};
    int rc = trial_instance_bindings(scenario, instance, b.bindings, TRIAL_MAX_MATRICES,
                                     &b.binding_count);
    if (rc != 0) {
        return base_fail(err, rc, "%s has no instance %zu, or more than %d matrices",
                         scenario->path, instance, TRIAL_MAX_MATRICES);
    }
    struct trial_scenario *to = base_alloc_zero(sizeof(*to));
    if (!to) {
        return base_fail(err, BASE_NO_MEMORY, "no memory to bind %s", scenario->path);
    }
    base_arena_init(&to->arena, TRIAL_MAX_TREE_BYTES);
    b.arena = &to->arena;
    to->is_bound = true;
    to->path = base_arena_strdup(b.arena, scenario->path);
    to->source = base_arena_strndup(b.arena, scenario->source, scenario->source_len);
    to->source_len = scenario->source_len;
    to->name_pos = scenario->name_pos;
    to->name = trial_bind_text(&b, scenario->name, scenario->name_pos);
    to->comments = scenario->comments;
    bind_comments(&b, &to->comments);
    to->end_comments = scenario->end_comments;
    bind_comments(&b, &to->end_comments);
    bind_items(&b, to);
    if (!b.failed && to->arena.failed) {
        b.failed = base_fail(err, to->arena.failed, "no memory to bind %s", scenario->path);
    }
    if (b.failed) {
        trial_scenario_free(to);
        return b.failed;
    }
    *ret_bound = to;
    return 0;
}

int trial_bind(const struct trial_scenario *scenario, size_t instance,
               struct trial_scenario **ret_bound, struct base_error *err) {
    struct trial_bind_options options = {NULL, false};
    return trial_bind_with(scenario, instance, &options, ret_bound, err);
}
