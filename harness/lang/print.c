/* Canonical text of a scenario: its items. The smaller things are in print_atoms.c and its like. */
#include "harness/lang/print.h"

static void put_setting(struct trial_printer *p, const struct trial_setting *s) {
    base_put_str(p->out, s->is_env ? "env " : "");
    trial_put_name(p, &s->name);
    base_put_str(p->out, " = ");
    trial_put_atom(p, &s->value);
}

static const struct trial_comments *setting_comments(const void *owner, size_t index) {
    return &((const struct trial_settings *)owner)->items[index].comments;
}

static void put_setting_at(struct trial_printer *p, const void *owner, size_t index) {
    put_setting(p, &((const struct trial_settings *)owner)->items[index]);
}

void trial_put_settings(struct trial_printer *p, const struct trial_settings *settings,
                        const struct trial_comments *end_comments, bool always) {
    struct trial_printed_block block = {settings, settings->count, end_comments, setting_comments,
                                        put_setting_at};
    if (always || settings->count || end_comments->before_count) {
        trial_put_block(p, &block);
    }
}

static void put_matrix(struct trial_printer *p, const struct trial_matrix *m) {
    trial_put_name(p, &m->name);
    base_put_str(p->out, " =");
    for (size_t i = 0; i < m->count; i++) {
        base_put_str(p->out, i ? " | " : " ");
        trial_put_atom(p, &m->values[i]);
    }
}

static void put_acl(struct trial_printer *p, const struct trial_acl *acl) {
    trial_put_name(p, &acl->principal);
    base_put_str(p->out, acl->may ? " may " : " may-not ");
    trial_put_names(p, acl->operations, acl->operation_count, ", ");
    base_put_format(p->out, " on %s", acl->resource_kind);
    if (acl->resource.text) {
        base_put_u8(p->out, ' ');
        trial_put_name(p, &acl->resource);
    }
}

static const char *visibility_word(enum trial_visibility visibility) {
    return visibility == TRIAL_PUBLIC ? " public" : visibility == TRIAL_PRIVATE ? " private" : "";
}

/* -- journals: their lines are of four kinds and the settings, in this order -- */

#define JOURNAL_LINES 4

static bool journal_has_line(const struct trial_journal *j, size_t kind) {
    switch (kind) {
    case 0:
        return j->type_count > 0;
    case 1:
        return j->partitions.kind != TRIAL_ATOM_NONE;
    case 2:
        return j->compact;
    default:
        return j->anonymize;
    }
}

/* The kind of the line at index, or JOURNAL_LINES plus the number of a setting. */
static size_t journal_line_kind(const struct trial_journal *j, size_t index) {
    for (size_t kind = 0; kind < JOURNAL_LINES; kind++) {
        if (journal_has_line(j, kind)) {
            if (index == 0) {
                return kind;
            }
            index--;
        }
    }
    return JOURNAL_LINES + index;
}

static const struct trial_comments *journal_comments(const void *owner, size_t index) {
    const struct trial_journal *j = owner;
    size_t kind = journal_line_kind(j, index);
    const struct trial_comments *const own[] = {&j->types_comments, &j->partitions_comments,
                                                &j->compact_comments, &j->anonymize_comments};
    return kind < JOURNAL_LINES ? own[kind] : &j->settings.items[kind - JOURNAL_LINES].comments;
}

static void put_journal_line(struct trial_printer *p, const void *owner, size_t index) {
    const struct trial_journal *j = owner;
    size_t kind = journal_line_kind(j, index);
    switch (kind) {
    case 0:
        base_put_str(p->out, "types ");
        trial_put_names(p, j->types, j->type_count, " ");
        break;
    case 1:
        base_put_str(p->out, "partitions ");
        trial_put_atom(p, &j->partitions);
        break;
    case 2:
        base_put_str(p->out, "compact");
        break;
    case 3:
        base_put_str(p->out, "anonymize");
        break;
    default:
        put_setting(p, &j->settings.items[kind - JOURNAL_LINES]);
        break;
    }
}

static void put_journal(struct trial_printer *p, const struct trial_journal *j,
                        const struct trial_comments *end_comments) {
    size_t count = j->settings.count;
    for (size_t kind = 0; kind < JOURNAL_LINES; kind++) {
        count += journal_has_line(j, kind) ? 1 : 0;
    }
    struct trial_printed_block block = {j, count, end_comments, journal_comments, put_journal_line};
    trial_put_name(p, &j->name);
    base_put_str(p->out, " prefix ");
    trial_put_text(p, j->prefix);
    if (j->has_codec) {
        base_put_str(p->out, " codec ");
        trial_put_name(p, &(struct trial_name){j->codec, j->codec_pos, false});
    }
    trial_put_block(p, &block);
}

/* -- topics, stores, actors, secrets -- */

static void put_topic(struct trial_printer *p, const struct trial_topic *t,
                      const struct trial_comments *end_comments) {
    trial_put_name(p, &t->name);
    if (t->has_real_name) {
        base_put_str(p->out, " named ");
        trial_put_text(p, t->real_name);
    }
    trial_put_option(p, "partitions", &t->partitions);
    base_put_str(p->out, t->compact ? " compact" : "");
    base_put_str(p->out, visibility_word(t->visibility));
    trial_put_settings(p, &t->settings, end_comments, false);
}

static void put_store(struct trial_printer *p, const struct trial_store *s,
                      const struct trial_comments *end_comments) {
    static const char *const kinds[] = {"memory", "sqlite", "postgresql", "exec"};
    trial_put_name(p, &s->name);
    base_put_format(p->out, " %s", kinds[s->kind]);
    if (s->command) {
        base_put_u8(p->out, ' ');
        trial_put_text(p, s->command);
    }
    base_put_str(p->out, visibility_word(s->visibility));
    trial_put_settings(p, &s->settings, end_comments, false);
}

static void put_actor(struct trial_printer *p, const struct trial_actor *a,
                      const struct trial_comments *end_comments) {
    trial_put_name(p, &a->name);
    base_put_str(p->out, a->role == TRIAL_WRITER ? " to" : " from");
    for (size_t i = 0; i < a->target_count; i++) {
        base_put_str(p->out, i ? ", " : " ");
        if (a->targets[i].pattern) {
            base_put_str(p->out, "pattern ");
            trial_put_text(p, a->targets[i].pattern);
        } else {
            trial_put_name(p, &a->targets[i].name);
        }
    }
    if (a->role == TRIAL_CLIENT) {
        base_put_str(p->out, a->group.text ? " group " : " groupless");
        if (a->group.text) {
            trial_put_name(p, &a->group);
        }
    }
    if (a->store.text) {
        base_put_str(p->out, " into ");
        trial_put_name(p, &a->store);
    }
    if (a->command) {
        base_put_str(p->out, a->driver == TRIAL_DRIVER_EXEC ? " exec " : " verifiable ");
        trial_put_text(p, a->command);
    }
    if (a->principal.text) {
        base_put_str(p->out, " as ");
        trial_put_name(p, &a->principal);
    }
    trial_put_settings(p, &a->settings, end_comments, false);
}

static void put_secret(struct trial_printer *p, const struct trial_secret *s) {
    trial_put_name(p, &s->name);
    base_put_str(p->out, " in ");
    for (size_t i = 0; i < s->field_count; i++) {
        base_put_str(p->out, i ? ", " : "");
        trial_put_text(p, s->fields[i]);
    }
    base_put_str(p->out, s->strict ? " strict" : "");
    if (s->allow.text) {
        base_put_str(p->out, " allow ");
        trial_put_name(p, &s->allow);
    }
}

/* -- check, explore -- */

static const struct trial_comments *expect_comments(const void *owner, size_t index) {
    return &((const struct trial_check *)owner)->expects[index].comments;
}

static void put_expect_at(struct trial_printer *p, const void *owner, size_t index) {
    trial_put_expect(p, &((const struct trial_check *)owner)->expects[index]);
}

static void put_check(struct trial_printer *p, const struct trial_check *c) {
    struct trial_printed_block block = {c, c->expect_count, &c->end_comments, expect_comments,
                                        put_expect_at};
    base_put_str(p->out, "check");
    for (size_t i = 0; i < c->when_count; i++) {
        base_put_str(p->out, i ? " and " : " when ");
        trial_put_name(p, &c->when[i].name);
        base_put_str(p->out, " = ");
        trial_put_atom(p, &c->when[i].value);
    }
    trial_put_block(p, &block);
}

static void put_explore(struct trial_printer *p, const struct trial_explore *e) {
    base_put_format(p->out, "explore %s over ", e->kind.text);
    trial_put_names(p, e->over, e->over_count, ", ");
    trial_put_option(p, "runs", &e->runs);
}

static void put_item(struct trial_printer *p, const struct trial_item *item) {
    switch (item->kind) {
    case TRIAL_ITEM_TAGS:
    case TRIAL_ITEM_NEED:
        base_put_str(p->out, item->kind == TRIAL_ITEM_TAGS ? "tags " : "need ");
        trial_put_names(p, item->u.words.items, item->u.words.count, " ");
        break;
    case TRIAL_ITEM_MATRIX:
        base_put_str(p->out, "matrix ");
        put_matrix(p, &item->u.matrix);
        break;
    case TRIAL_ITEM_BUDGET:
    case TRIAL_ITEM_SEED:
        base_put_str(p->out, item->kind == TRIAL_ITEM_BUDGET ? "budget " : "seed ");
        trial_put_atom(p, &item->u.atom);
        break;
    case TRIAL_ITEM_CLUSTER:
        base_put_str(p->out, "cluster");
        trial_put_settings(p, &item->u.cluster, &item->end_comments, true);
        break;
    case TRIAL_ITEM_PRINCIPAL:
        base_put_str(p->out, "principal ");
        trial_put_name(p, &item->u.principal.name);
        base_put_str(p->out, " password ");
        trial_put_text(p, item->u.principal.password);
        break;
    case TRIAL_ITEM_ACL:
        base_put_str(p->out, "acl ");
        put_acl(p, &item->u.acl);
        break;
    case TRIAL_ITEM_JOURNAL:
        base_put_str(p->out, "journal ");
        put_journal(p, &item->u.journal, &item->end_comments);
        break;
    case TRIAL_ITEM_TOPIC:
        base_put_str(p->out, "topic ");
        put_topic(p, &item->u.topic, &item->end_comments);
        break;
    case TRIAL_ITEM_STORE:
        base_put_str(p->out, "store ");
        put_store(p, &item->u.store, &item->end_comments);
        break;
    case TRIAL_ITEM_ACTOR:
        base_put_str(p->out, item->u.actor.role == TRIAL_WRITER ? "writer " : "client ");
        put_actor(p, &item->u.actor, &item->end_comments);
        break;
    case TRIAL_ITEM_SECRET:
        base_put_str(p->out, "secret ");
        put_secret(p, &item->u.secret);
        break;
    case TRIAL_ITEM_FAULT:
        trial_put_fault(p, &item->u.fault);
        break;
    case TRIAL_ITEM_RUN:
        base_put_str(p->out, "run");
        trial_put_steps(p, item->u.run.steps, item->u.run.step_count, &item->u.run.end_comments);
        break;
    case TRIAL_ITEM_CHECK:
        put_check(p, &item->u.check);
        break;
    case TRIAL_ITEM_EXPLORE:
        put_explore(p, &item->u.explore);
        break;
    }
}

void trial_print(const struct trial_scenario *scenario, struct base_builder *ret_text) {
    struct trial_printer p = {ret_text, 0, ret_text->len, scenario->is_bound};
    trial_put_comments(&p, &scenario->comments);
    base_put_str(ret_text, "scenario ");
    trial_put_text(&p, scenario->name);
    trial_put_end(&p, &scenario->comments);
    for (size_t i = 0; i < scenario->item_count; i++) {
        trial_put_comments(&p, &scenario->items[i].comments);
        trial_put_indent(&p);
        put_item(&p, &scenario->items[i]);
        trial_put_end(&p, &scenario->items[i].comments);
    }
    trial_put_comments(&p, &scenario->end_comments);
}
