/* Freeing a tree and finding things in it: see tree.h. */
#include "harness/lang/tree.h"

#include "base/memory.h"

#define DEFAULT_BUDGET_MS 30000

const char *trial_atom_str(const struct trial_atom *atom) {
    return atom->kind != TRIAL_ATOM_NONE && atom->text.data ? (const char *)atom->text.data : "";
}

struct base_slice trial_atom_bytes(const struct trial_atom *atom) {
    if (atom->kind == TRIAL_ATOM_NONE || atom->kind == TRIAL_ATOM_NULL) {
        return BASE_SLICE_NULL;
    }
    return base_slice_of(atom->text.data ? (const void *)atom->text.data : "", atom->text.len);
}

bool trial_setting_resets(const struct trial_setting *setting) {
    return setting->value.kind == TRIAL_ATOM_ID &&
           base_slice_equal_str(setting->value.text, "default");
}

void trial_scenario_free(struct trial_scenario *scenario) {
    if (scenario) {
        base_arena_clean_up(&scenario->arena);
        base_free(scenario);
    }
}

const struct trial_name *trial_declared_name(const struct trial_item *item) {
    switch (item->kind) {
    case TRIAL_ITEM_MATRIX:
        return &item->u.matrix.name;
    case TRIAL_ITEM_PRINCIPAL:
        return &item->u.principal.name;
    case TRIAL_ITEM_JOURNAL:
        return &item->u.journal.name;
    case TRIAL_ITEM_TOPIC:
        return &item->u.topic.name;
    case TRIAL_ITEM_STORE:
        return &item->u.store.name;
    case TRIAL_ITEM_ACTOR:
        return &item->u.actor.name;
    case TRIAL_ITEM_SECRET:
        return &item->u.secret.name;
    case TRIAL_ITEM_FAULT:
        return &item->u.fault.name;
    default:
        return NULL;
    }
}

static const struct trial_item *find_item(const struct trial_scenario *s, enum trial_item_kind kind,
                                          const char *name) {
    for (size_t i = 0; name && i < s->item_count; i++) {
        const struct trial_name *declared = trial_declared_name(&s->items[i]);
        if (s->items[i].kind == kind && declared && declared->text &&
            strcmp(declared->text, name) == 0) {
            return &s->items[i];
        }
    }
    return NULL;
}

const struct trial_journal *trial_find_journal(const struct trial_scenario *s, const char *name) {
    const struct trial_item *item = find_item(s, TRIAL_ITEM_JOURNAL, name);
    return item ? &item->u.journal : NULL;
}

const struct trial_topic *trial_find_topic(const struct trial_scenario *s, const char *name) {
    const struct trial_item *item = find_item(s, TRIAL_ITEM_TOPIC, name);
    return item ? &item->u.topic : NULL;
}

const struct trial_store *trial_find_store(const struct trial_scenario *s, const char *name) {
    const struct trial_item *item = find_item(s, TRIAL_ITEM_STORE, name);
    return item ? &item->u.store : NULL;
}

const struct trial_actor *trial_find_actor(const struct trial_scenario *s, const char *name) {
    const struct trial_item *item = find_item(s, TRIAL_ITEM_ACTOR, name);
    return item ? &item->u.actor : NULL;
}

const struct trial_explore *trial_find_views(const struct trial_scenario *s, const char *actor) {
    for (size_t i = 0; i < s->item_count; i++) {
        const struct trial_explore *line = &s->items[i].u.explore;
        if (s->items[i].kind != TRIAL_ITEM_EXPLORE || strcmp(line->kind.text, "views") != 0) {
            continue;
        }
        for (size_t k = 0; k < line->over_count; k++) {
            if (strcmp(line->over[k].text, actor) == 0) {
                return line;
            }
        }
    }
    return NULL;
}

const struct trial_secret *trial_find_secret(const struct trial_scenario *s, const char *name) {
    const struct trial_item *item = find_item(s, TRIAL_ITEM_SECRET, name);
    return item ? &item->u.secret : NULL;
}

const struct trial_fault *trial_find_fault(const struct trial_scenario *s, const char *name) {
    const struct trial_item *item = find_item(s, TRIAL_ITEM_FAULT, name);
    return item ? &item->u.fault : NULL;
}

/* One type of a journal: the journal's name, a dot, the type. */
static bool find_journal_type(const struct trial_journal *journal, const char *name,
                              struct trial_target *ret_target) {
    size_t len = strlen(journal->name.text);
    if (strncmp(name, journal->name.text, len) != 0 || name[len] != '.') {
        return false;
    }
    for (size_t i = 0; i < journal->type_count; i++) {
        if (strcmp(journal->types[i].text, name + len + 1) == 0) {
            *ret_target = (struct trial_target){.journal = journal, .type = journal->types[i].text};
            return true;
        }
    }
    return false;
}

bool trial_find_target(const struct trial_scenario *s, const char *name,
                       struct trial_target *ret_target) {
    const struct trial_topic *topic = trial_find_topic(s, name);
    const struct trial_journal *journal = trial_find_journal(s, name);
    if (topic || journal) {
        *ret_target = (struct trial_target){.topic = topic, .journal = topic ? NULL : journal};
        return true;
    }
    for (size_t i = 0; i < s->item_count; i++) {
        if (s->items[i].kind == TRIAL_ITEM_JOURNAL && s->items[i].u.journal.name.text &&
            find_journal_type(&s->items[i].u.journal, name, ret_target)) {
            return true;
        }
    }
    return false;
}

const struct trial_setting *trial_find_setting(const struct trial_settings *settings,
                                               const char *name) {
    for (size_t i = 0; i < settings->count; i++) {
        if (!settings->items[i].is_env && strcmp(settings->items[i].name.text, name) == 0) {
            return &settings->items[i];
        }
    }
    return NULL;
}

static const struct trial_atom *find_atom(const struct trial_scenario *s,
                                          enum trial_item_kind kind) {
    for (size_t i = 0; i < s->item_count; i++) {
        if (s->items[i].kind == kind) {
            return &s->items[i].u.atom;
        }
    }
    return NULL;
}

int64_t trial_scenario_budget_ms(const struct trial_scenario *s) {
    const struct trial_atom *atom = find_atom(s, TRIAL_ITEM_BUDGET);
    return atom && atom->kind == TRIAL_ATOM_DURATION ? atom->number : DEFAULT_BUDGET_MS;
}

uint64_t trial_scenario_seed(const struct trial_scenario *s) {
    const struct trial_atom *atom = find_atom(s, TRIAL_ITEM_SEED);
    return atom && atom->kind == TRIAL_ATOM_INT ? (uint64_t)atom->number : 0;
}

bool trial_scenario_has_tag(const struct trial_scenario *s, const char *tag) {
    for (size_t i = 0; i < s->item_count; i++) {
        const struct trial_words *words = &s->items[i].u.words;
        for (size_t k = 0; s->items[i].kind == TRIAL_ITEM_TAGS && k < words->count; k++) {
            if (strcmp(words->items[k].text, tag) == 0) {
                return true;
            }
        }
    }
    return false;
}
