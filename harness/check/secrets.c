/* The secrets of a trial and where they were found: see secrets.h. Harvesting; scan.c searches. */
#include "harness/check/secrets.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

#define MAX_SECRET_BYTES ((size_t)1024 * BASE_MIB)

/* What is secret when a scenario says `anonymize` and declares nothing. */
static const char *const default_fields[] = {"Person.fullname", "Person.name", "Person.email"};

static int add_name(struct trial_secrets *s, const char *name,
                    const struct trial_secret *declared) {
    int rc = base_grow((void **)&s->names, &s->name_cap, s->name_count + 1, sizeof(*s->names));
    if (rc == 0) {
        s->names[s->name_count++] = (struct trial_secret_name){
            .name = name, .declared = declared, .strict = declared && declared->strict};
    }
    return rc;
}

uint32_t trial_secrets_find_name(const struct trial_secrets *secrets, const char *name) {
    for (size_t i = 0; i < secrets->name_count; i++) {
        if (strcmp(secrets->names[i].name, name) == 0) {
            return (uint32_t)i;
        }
    }
    return TRIAL_NONE;
}

static int declare(struct trial_secrets *s) {
    const struct trial_scenario *scenario = s->ix->scenario;
    bool anonymizes = false;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < scenario->item_count; i++) {
        const struct trial_item *item = &scenario->items[i];
        if (item->kind == TRIAL_ITEM_SECRET) {
            rc = add_name(s, item->u.secret.name.text, &item->u.secret);
        }
        anonymizes = anonymizes ||
                     (item->kind == TRIAL_ITEM_JOURNAL && item->u.journal.anonymize);
    }
    if (rc == 0 && s->name_count == 0 && anonymizes) {
        rc = add_name(s, "person", NULL);
    }
    return rc;
}

static int add_token(struct trial_secrets *s, uint32_t secret, struct base_slice bytes) {
    if (bytes.len == 0 ||
        trial_table_find(&s->token_numbers, secret, bytes) != TRIAL_TABLE_NONE) {
        return 0;
    }
    struct base_slice own = base_arena_slice(&s->arena, bytes);
    uint32_t number;
    int rc = s->arena.failed ? s->arena.failed
                             : trial_table_intern(&s->token_numbers, secret, own, &number);
    rc = rc ? rc : base_grow((void **)&s->tokens, &s->token_cap, s->token_numbers.count,
                             sizeof(*s->tokens));
    if (rc) {
        return rc;
    }
    s->tokens[number] = (struct trial_secret_token){own, secret};
    if (own.len < TRIAL_MIN_TOKEN_BYTES) {
        s->unsearchable_count++;
        return 0;
    }
    s->names[secret].token_count++;
    return trial_encodings_add(&s->encodings, number, own);
}

static bool names_field(const struct trial_secret_name *name, const struct fixture_field *field) {
    const char *const *fields = name->declared ? name->declared->fields : default_fields;
    size_t count = name->declared ? name->declared->field_count : 3;
    size_t len = strlen(field->message);
    for (size_t i = 0; i < count; i++) {
        if (strncmp(fields[i], field->message, len) == 0 && fields[i][len] == '.' &&
            strcmp(fields[i] + len + 1, field->field) == 0) {
            return true;
        }
    }
    return false;
}

struct harvest {
    struct trial_secrets *s;
    int rc;
};

static int visit_field(void *arg, const struct fixture_field *field) {
    struct harvest *h = arg;
    for (uint32_t i = 0; h->rc == 0 && i < h->s->name_count; i++) {
        if (names_field(&h->s->names[i], field)) {
            h->rc = add_token(h->s, i, field->value);
        }
    }
    return h->rc;
}

/* The names that a write step gives: "author,mail". */
static int harvest_named(struct trial_secrets *s, const struct trial_event *event) {
    const char *at = event->text2;
    int rc = 0;
    while (rc == 0 && at && *at) {
        size_t len = strcspn(at, ",");
        char *name = base_arena_strndup(&s->arena, at, len);
        if (!name) {
            return s->arena.failed;
        }
        uint32_t secret = trial_secrets_find_name(s, name);
        if (secret == TRIAL_NONE) {
            secret = (uint32_t)s->name_count;
            rc = add_name(s, name, NULL);
        }
        rc = rc ? rc : add_token(s, secret, event->value);
        at += len + (at[len] == ',');
    }
    return rc;
}

static int harvest_all(struct trial_secrets *s, struct base_error *err) {
    int rc = declare(s);
    size_t count = trial_history_count(s->ix->history);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct trial_event *event = trial_history_at(s->ix->history, i);
        if (event->fact != TRIAL_FACT_INTENT || !event->value.data) {
            continue;
        }
        rc = harvest_named(s, event);
        int type = event->type ? fixture_type_find(event->type) : -1;
        if (rc == 0 && type >= 0 && s->name_count) {
            struct harvest h = {s, 0};
            struct fixture_object object = {(enum fixture_type)type, event->value};
            (void)fixture_fields(&object, visit_field, &h, NULL);
            rc = h.rc;
        }
    }
    return rc ? base_fail(err, rc, "secrets: %s", base_code_to_str(rc)) : 0;
}

int trial_secrets_build(struct trial_index *ix, struct trial_secrets **ret_secrets,
                        struct base_error *err) {
    struct trial_secrets *s = base_alloc_zero(sizeof(*s));
    if (!s) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the secrets");
    }
    s->ix = ix;
    base_arena_init(&s->arena, MAX_SECRET_BYTES);
    trial_encodings_init(&s->encodings);
    int rc = harvest_all(s, err);
    rc = rc ? rc : trial_secrets_scan(s, err);
    if (rc) {
        trial_secrets_free(s);
        return rc;
    }
    *ret_secrets = s;
    return 0;
}

void trial_secrets_free(struct trial_secrets *secrets) {
    if (!secrets) {
        return;
    }
    trial_automaton_clean_up(&secrets->automaton);
    trial_encodings_clean_up(&secrets->encodings);
    trial_table_clean_up(&secrets->token_numbers);
    trial_table_clean_up(&secrets->sink_numbers);
    base_free(secrets->names);
    base_free(secrets->tokens);
    base_free(secrets->sinks);
    base_free(secrets->hits);
    base_arena_clean_up(&secrets->arena);
    base_free(secrets);
}

const struct trial_secret_hits *trial_secrets_find(const struct trial_secrets *secrets,
                                                   uint32_t secret, enum trial_place place,
                                                   uint32_t number) {
    uint32_t sink = trial_table_find(&secrets->sink_numbers, ((uint64_t)place << 32) | number,
                                     BASE_SLICE_NULL);
    return sink == TRIAL_TABLE_NONE ? NULL : &secrets->hits[sink * secrets->name_count + secret];
}
