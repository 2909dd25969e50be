/* Checking a scenario whole, before anything runs: see lang.h. The subjects are in check_*.c. */
#include "harness/lang/check.h"

#include <strings.h>

#include "base/limits.h"
#include "harness/lang/bind.h"

static void check_topic(struct trial_checker *c, const struct trial_topic *t) {
    (void)trial_check_num(c, &t->partitions, 1, BASE_MAX_PARTITIONS, "the number of partitions");
    size_t len = strlen(t->real_name);
    bool good = len > 0 && len <= BASE_MAX_TOPIC_NAME_BYTES && strcmp(t->real_name, ".") != 0 &&
                strcmp(t->real_name, "..") != 0;
    for (size_t i = 0; i < len; i++) {
        char ch = t->real_name[i];
        good = good && ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                        (ch >= '0' && ch <= '9') || ch == '.' || ch == '_' || ch == '-');
    }
    if (!good) {
        trial_report(c->d, TRIAL_FAULTY, t->name.pos,
                     "'%s' is no topic name of Kafka: letters, digits, '.', '_', '-', at most %u",
                     t->real_name, BASE_MAX_TOPIC_NAME_BYTES);
    }
    trial_check_settings(c, TRIAL_SCOPE_TOPIC, &t->settings);
}

static void check_journal(struct trial_checker *c, const struct trial_journal *j) {
    char hint[TRIAL_HINT_BYTES];
    (void)trial_check_num(c, &j->partitions, 1, BASE_MAX_PARTITIONS, "the number of partitions");
    if (j->type_count == 0) {
        trial_report(c->d, TRIAL_FAULTY, j->name.pos, "journal '%s' has no types", j->name.text);
    }
    for (size_t i = 0; i < j->type_count; i++) {
        if (!trial_word_find(TRIAL_WORD_TYPE, j->types[i].text)) {
            trial_report(c->d, TRIAL_FAULTY, j->types[i].pos, "there is no object type '%s'%s",
                         j->types[i].text,
                         trial_word_hint(TRIAL_WORD_TYPE, j->types[i].text, hint));
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(j->types[i].text, j->types[k].text) == 0) {
                trial_report(c->d, TRIAL_FAULTY, j->types[i].pos, "type '%s' stands twice",
                             j->types[i].text);
            }
        }
    }
    if (!trial_word_find(TRIAL_WORD_CODEC, j->codec)) {
        trial_report(c->d, TRIAL_FAULTY, j->codec_pos, "there is no codec '%s'%s", j->codec,
                     trial_word_hint(TRIAL_WORD_CODEC, j->codec, hint));
    }
    trial_check_settings(c, TRIAL_SCOPE_JOURNAL, &j->settings);
}

static bool has_principal(const struct trial_scenario *s, const char *name) {
    for (size_t i = 0; s && i < s->item_count; i++) {
        if (s->items[i].kind == TRIAL_ITEM_PRINCIPAL &&
            strcmp(s->items[i].u.principal.name.text, name) == 0) {
            return true;
        }
    }
    return false;
}

static void suggest_principals(const struct trial_scenario *s, struct trial_suggestion *to) {
    for (size_t i = 0; s && i < s->item_count; i++) {
        if (s->items[i].kind == TRIAL_ITEM_PRINCIPAL) {
            trial_suggest(to, s->items[i].u.principal.name.text);
        }
    }
}

static void check_principal(struct trial_checker *c, const struct trial_name *name) {
    if (name->text && !has_principal(c->s, name->text) && !has_principal(c->context, name->text)) {
        char hint[TRIAL_HINT_BYTES];
        struct trial_suggestion s = trial_suggestion_of(name->text);
        suggest_principals(c->s, &s);
        suggest_principals(c->context, &s);
        trial_report(c->d, TRIAL_FAULTY, name->pos, "no principal is named '%s'%s", name->text,
                     trial_suggestion_hint(&s, hint));
    }
}

/* The cluster's listener; NULL where nothing tells (a line of `ktrial serve`). */
static const char *find_listener(const struct trial_checker *c) {
    const char *listener = c->is_fragment ? NULL : "PLAINTEXT";
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        const struct trial_setting *set = item->kind == TRIAL_ITEM_CLUSTER
                                              ? trial_find_setting(&item->u.cluster, "listener")
                                              : NULL;
        listener = set ? trial_atom_str(&set->value) : listener;
    }
    return listener;
}

/* Somebody logs in where one can, and must. An actor may say itself how it connects. */
static void check_login(struct trial_checker *c, const struct trial_actor *a) {
    const char *listener = c->has_run ? find_listener(c) : NULL;
    if (!listener || trial_find_setting(&a->settings, "security.protocol")) {
        return;
    }
    bool has_sasl = strncasecmp(listener, "SASL_", 5) == 0;
    if (a->principal.text && strcasecmp(listener, "PLAINTEXT") == 0) {
        trial_report(c->d, TRIAL_FAULTY, a->principal.pos,
                     "nobody logs in here: the cluster's listener is %s", listener);
    } else if (!a->principal.text && has_sasl) {
        trial_report(c->d, TRIAL_FAULTY, a->name.pos,
                     "'%s' logs in as nobody, and the cluster's listener is %s", a->name.text,
                     listener);
    }
}

static void check_actor(struct trial_checker *c, const struct trial_actor *a) {
    struct trial_target target;
    for (size_t i = 0; i < a->target_count; i++) {
        (void)trial_check_target(c, &a->targets[i].name, &target);
    }
    (void)trial_check_store(c, &a->store);
    check_principal(c, &a->principal);
    check_login(c, a);
    trial_check_settings(c, a->role == TRIAL_WRITER ? TRIAL_SCOPE_WRITER : TRIAL_SCOPE_CLIENT,
                         &a->settings);
}

static void check_operations(struct trial_checker *c, const struct trial_acl *acl) {
    char hint[TRIAL_HINT_BYTES];
    bool is_topic = strcmp(acl->resource_kind, "public") == 0 ||
                    strcmp(acl->resource_kind, "privileged") == 0;
    const char *resource = is_topic ? "topic" : acl->resource_kind;
    for (size_t i = 0; i < acl->operation_count; i++) {
        const struct trial_name *name = &acl->operations[i];
        const struct trial_word *word = trial_word_find(TRIAL_WORD_OPERATION, name->text);
        if (!word) {
            trial_report(c->d, TRIAL_FAULTY, name->pos, "there is no operation '%s'%s", name->text,
                         trial_word_hint(TRIAL_WORD_OPERATION, name->text, hint));
        } else if (!trial_list_has(word->fails, ' ', resource)) {
            trial_report(c->d, TRIAL_FAULTY, name->pos, "a %s has no operation '%s'", resource,
                         name->text);
        }
    }
}

/* `public` and `privileged` name the two copies of a journal. */
static void check_copies(struct trial_checker *c, const struct trial_acl *acl,
                         const struct trial_target *target) {
    if (strcmp(acl->resource_kind, "topic") == 0) {
        return;
    }
    if (!target->journal) {
        trial_report(c->d, TRIAL_FAULTY, acl->resource.pos,
                     "expected a journal, and '%s' is a topic", acl->resource.text);
    } else if (!target->journal->anonymize && strcmp(acl->resource_kind, "privileged") == 0) {
        trial_report(c->d, TRIAL_FAULTY, acl->resource.pos,
                     "'%s' has no privileged topics: it does not say `anonymize`",
                     acl->resource.text);
    }
}

static void check_acl(struct trial_checker *c, const struct trial_acl *acl) {
    struct trial_target target;
    bool is_topic = strcmp(acl->resource_kind, "topic") == 0 ||
                    strcmp(acl->resource_kind, "public") == 0 ||
                    strcmp(acl->resource_kind, "privileged") == 0;
    check_principal(c, &acl->principal);
    check_operations(c, acl);
    if (is_topic && trial_check_target(c, &acl->resource, &target)) {
        check_copies(c, acl, &target);
    } else if (!is_topic && strcmp(acl->resource_kind, "group") == 0) {
        trial_check_group(c, &acl->resource);
    }
}

static void check_secret(struct trial_checker *c, const struct trial_item *item) {
    const struct trial_secret *s = &item->u.secret;
    for (size_t i = 0; i < s->field_count; i++) {
        const char *dot = strchr(s->fields[i], '.');
        if (!dot || dot == s->fields[i] || dot[1] == '\0') {
            trial_report(c->d, TRIAL_FAULTY, item->pos,
                         "expected a field of a message, as in \"Person.fullname\", found \"%s\"",
                         s->fields[i]);
        }
    }
}

static void check_item(struct trial_checker *c, const struct trial_item *item) {
    switch (item->kind) {
    case TRIAL_ITEM_BUDGET:
        if (trial_check_dur(c, &item->u.atom) && item->u.atom.number == 0) {
            trial_report(c->d, TRIAL_FAULTY, item->u.atom.pos, "a budget of nothing");
        }
        break;
    case TRIAL_ITEM_SEED:
        (void)trial_check_num(c, &item->u.atom, 0, INT64_MAX, "a seed");
        break;
    case TRIAL_ITEM_CLUSTER:
        trial_check_settings(c, TRIAL_SCOPE_CLUSTER, &item->u.cluster);
        break;
    case TRIAL_ITEM_PRINCIPAL:
        if (!item->u.principal.password[0]) {
            trial_report(c->d, TRIAL_FAULTY, item->u.principal.name.pos,
                         "an empty password is none");
        }
        break;
    case TRIAL_ITEM_ACL:
        check_acl(c, &item->u.acl);
        break;
    case TRIAL_ITEM_JOURNAL:
        check_journal(c, &item->u.journal);
        break;
    case TRIAL_ITEM_TOPIC:
        check_topic(c, &item->u.topic);
        break;
    case TRIAL_ITEM_STORE:
        trial_check_settings(c, TRIAL_SCOPE_STORE, &item->u.store.settings);
        break;
    case TRIAL_ITEM_ACTOR:
        check_actor(c, &item->u.actor);
        break;
    case TRIAL_ITEM_SECRET:
        check_secret(c, item);
        break;
    case TRIAL_ITEM_FAULT:
        trial_check_fault(c, &item->u.fault);
        break;
    case TRIAL_ITEM_RUN:
        trial_check_steps(c, item->u.run.steps, item->u.run.step_count);
        trial_check_spans(c, item->u.run.steps, item->u.run.step_count);
        break;
    case TRIAL_ITEM_CHECK:
        for (size_t i = 0; i < item->u.check.expect_count; i++) {
            trial_check_expect(c, &item->u.check.expects[i]);
        }
        break;
    case TRIAL_ITEM_EXPLORE:
        for (size_t i = 0; i < item->u.explore.over_count; i++) {
            (void)trial_check_actor(c, &item->u.explore.over[i], TRIAL_OF_BOTH,
                                    "writer or client");
        }
        (void)trial_check_num(c, &item->u.explore.runs, 1, INT64_MAX, "the number of runs");
        break;
    default:
        break;
    }
}

static bool has_run(const struct trial_scenario *s) {
    for (size_t i = 0; i < s->item_count; i++) {
        if (s->items[i].kind == TRIAL_ITEM_RUN) {
            return true;
        }
    }
    return false;
}

static void check_instance(struct trial_checker *c, size_t instance) {
    struct trial_scenario *bound = NULL;
    struct base_error err = BASE_ERROR_INIT;
    struct trial_bind_options options = {c->d, true};
    const struct trial_scenario *whole = c->s;
    int rc = trial_bind_with(c->s, instance, &options, &bound, &err);
    if (rc != 0) {
        if (c->d->error_count == 0) {
            trial_report(c->d, TRIAL_FAULTY, c->s->name_pos, "%s", err.text);
        }
        return;
    }
    c->s = bound;
    for (size_t i = 0; i < bound->item_count; i++) {
        check_item(c, &bound->items[i]);
    }
    c->s = whole;
    trial_scenario_free(bound);
}

int trial_check(const struct trial_scenario *scenario, const struct trial_scenario *context,
                struct trial_diagnostics *d) {
    struct trial_checker c = {.s = scenario, .context = context, .d = d,
                              .has_run = has_run(scenario), .is_fragment = context != NULL};
    size_t before = d->error_count;
    trial_check_unbound(&c);
    size_t instances = trial_instance_count(scenario);
    instances = instances > BASE_MAX_INSTANCES ? 1 : instances; /* reported; one shows the rest */
    for (size_t i = 0; i < instances && d->count < TRIAL_MAX_DIAGNOSTICS; i++) {
        check_instance(&c, i);
    }
    trial_diagnostics_sort(d);
    return d->error_count > before ? BASE_MALFORMED : 0;
}
