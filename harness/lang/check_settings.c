/* Settings: known, on the right side, of the right type. */
#include "harness/lang/check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

static const char *scope_words(enum trial_setting_scope scope) {
    static const char *const words[] = {"the cluster", "a topic",  "a journal",
                                        "a store",     "a writer", "a client"};
    return words[scope];
}

static bool is_actor(enum trial_setting_scope scope) {
    return scope == TRIAL_SCOPE_WRITER || scope == TRIAL_SCOPE_CLIENT;
}

static void report_unknown(struct trial_checker *c, enum trial_setting_scope scope,
                           const struct trial_name *name) {
    char hint[TRIAL_HINT_BYTES];
    size_t count;
    struct trial_suggestion s = trial_suggestion_of(name->text);
    const struct trial_setting_info *own = trial_settings_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (own[i].scope == scope) {
            trial_suggest(&s, own[i].name);
        }
    }
    const struct trial_setting_info *theirs = trial_rdkafka_table(&count);
    for (size_t i = 0; is_actor(scope) && i < count; i++) {
        if (theirs[i].side == 'B' || theirs[i].side == (scope == TRIAL_SCOPE_WRITER ? 'P' : 'C')) {
            trial_suggest(&s, theirs[i].name);
        }
    }
    trial_report(c->d, TRIAL_FAULTY, name->pos, "%s has no setting '%s'%s", scope_words(scope),
                 name->text, trial_suggestion_hint(&s, hint));
}

/* Refuses what ktrial sets itself. True when it did. */
static bool refuse_ours(struct trial_checker *c, const struct trial_name *name) {
    static const struct {
        const char *name;
        const char *why;
    } ours[] = {{"bootstrap.servers", "ktrial sets it"},
                {"metadata.broker.list", "ktrial sets it"},
                {"group.id", "say it with `group`"}};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (strcmp(ours[i].name, name->text) == 0) {
            trial_report(c->d, TRIAL_FAULTY, name->pos, "'%s' cannot be set here: %s", name->text,
                         ours[i].why);
            return true;
        }
    }
    return false;
}

static const struct trial_setting_info *find_rdkafka(struct trial_checker *c,
                                                     enum trial_setting_scope scope,
                                                     const struct trial_name *name) {
    if (refuse_ours(c, name)) {
        return NULL;
    }
    const struct trial_setting_info *info = trial_rdkafka_find(name->text);
    if (!info) {
        report_unknown(c, scope, name);
        return NULL;
    }
    if (info->type == TRIAL_SETTING_CALLBACK) {
        trial_report(c->d, TRIAL_FAULTY, name->pos, "'%s' can be set by a program only",
                     name->text);
        return NULL;
    }
    char side = scope == TRIAL_SCOPE_WRITER ? 'P' : 'C';
    if (info->side != 'B' && info->side != side) {
        trial_report(c->d, TRIAL_FAULTY, name->pos, "'%s' is a %s setting, and this is a %s",
                     name->text, info->side == 'P' ? "producer" : "consumer",
                     side == 'P' ? "writer" : "client");
        return NULL;
    }
    return info;
}

/* The info of a setting, after reporting what is wrong with its name. */
static const struct trial_setting_info *
find_info(struct trial_checker *c, enum trial_setting_scope scope, const struct trial_name *name) {
    const struct trial_setting_info *info = trial_setting_info_find(scope, name->text);
    if (info) {
        return info;
    }
    if (!is_actor(scope)) {
        report_unknown(c, scope, name);
        return NULL;
    }
    enum trial_setting_scope other =
        scope == TRIAL_SCOPE_WRITER ? TRIAL_SCOPE_CLIENT : TRIAL_SCOPE_WRITER;
    if (trial_setting_info_find(other, name->text)) {
        trial_report(c->d, TRIAL_FAULTY, name->pos, "'%s' is a setting of %s, and this is %s",
                     name->text, scope_words(other), scope_words(scope));
        return NULL;
    }
    return find_rdkafka(c, scope, name);
}

static bool is_one_of(const char *list, const char *text, size_t len) {
    while (*list) {
        size_t part = strcspn(list, ",");
        if (part == len && strncasecmp(list, text, len) == 0) {
            return true;
        }
        list += part + (list[part] ? 1 : 0);
    }
    return false;
}

/* True for a setting whose name ends in ".ms", which may be given as a duration. */
static bool is_in_ms(const struct trial_setting_info *info) {
    size_t len = strlen(info->name);
    return info->type == TRIAL_SETTING_DURATION ||
           (len > 3 && strcmp(info->name + len - 3, ".ms") == 0);
}

static void check_range(struct trial_checker *c, const struct trial_setting *s,
                        const struct trial_setting_info *info, double value) {
    if (value < (double)info->minimum || value > (double)info->maximum) {
        trial_report(c->d, TRIAL_FAULTY, s->value.pos,
                     "'%s' must be from %" PRId64 " to %" PRId64 "%s", info->name, info->minimum,
                     info->maximum, is_in_ms(info) ? " ms" : "");
    }
}

static void check_number(struct trial_checker *c, const struct trial_setting *s,
                         const struct trial_setting_info *info) {
    const struct trial_atom *v = &s->value;
    if (info->words[0] && is_one_of(info->words, trial_atom_str(v), v->text.len)) {
        return;
    }
    bool in_ms = is_in_ms(info);
    if (v->kind != TRIAL_ATOM_INT && !(in_ms && v->kind == TRIAL_ATOM_DURATION)) {
        trial_report(c->d, TRIAL_FAULTY, v->pos, "'%s' wants a %s%s%s, not '%s'", info->name,
                     in_ms ? "duration or milliseconds" : "number", info->words[0] ? " or " : "",
                     info->words, trial_atom_str(v));
        return;
    }
    check_range(c, s, info, (double)v->number);
}

static void check_words(struct trial_checker *c, const struct trial_setting *s,
                        const struct trial_setting_info *info) {
    const char *text = trial_atom_str(&s->value);
    bool list = info->type == TRIAL_SETTING_FLAGS;
    bool more = true;
    while (more) {
        size_t len = list ? strcspn(text, ",") : strlen(text);
        if (!is_one_of(info->words, text, len)) {
            trial_report(c->d, TRIAL_FAULTY, s->value.pos, "'%s' must be %s %s, not '%.*s'",
                         info->name, list ? "some of" : "one of", info->words, (int)len, text);
            return;
        }
        more = text[len] == ',';
        text += len + (more ? 1 : 0);
    }
}

/* A number with a fraction is written as a string. */
static void check_fraction(struct trial_checker *c, const struct trial_setting *s,
                           const struct trial_setting_info *info) {
    char *end = NULL;
    const char *text = trial_atom_str(&s->value);
    double value = strtod(text, &end);
    if (s->value.kind == TRIAL_ATOM_DURATION && is_in_ms(info)) {
        check_range(c, s, info, (double)s->value.number);
    } else if (!text[0] || *end != '\0') {
        trial_report(c->d, TRIAL_FAULTY, s->value.pos, "'%s' wants a number, not '%s'", info->name,
                     text);
    } else {
        check_range(c, s, info, value);
    }
}

static void check_value(struct trial_checker *c, const struct trial_setting *s,
                        const struct trial_setting_info *info) {
    struct trial_target target;
    struct trial_name name = {trial_atom_str(&s->value), s->value.pos, false};
    const char *text = trial_atom_str(&s->value);
    switch (info->type) {
    case TRIAL_SETTING_INTEGER:
    case TRIAL_SETTING_DURATION:
        check_number(c, s, info);
        break;
    case TRIAL_SETTING_BOOLEAN:
        if (!is_one_of("true,false", text, strlen(text))) {
            trial_report(c->d, TRIAL_FAULTY, s->value.pos, "'%s' must be true or false, not '%s'",
                         info->name, text);
        }
        break;
    case TRIAL_SETTING_NUMBER:
        check_fraction(c, s, info);
        break;
    case TRIAL_SETTING_WORD:
    case TRIAL_SETTING_FLAGS:
        check_words(c, s, info);
        break;
    case TRIAL_SETTING_TOPIC_NAME:
        if (trial_check_target(c, &name, &target) && !target.topic) {
            trial_report(c->d, TRIAL_FAULTY, name.pos, "'%s' wants a topic, and '%s' is a journal",
                         info->name, name.text);
        }
        break;
    case TRIAL_SETTING_TEXT:
    case TRIAL_SETTING_CALLBACK:
        break;
    }
}

static void check_once(struct trial_checker *c, const struct trial_settings *settings, size_t at) {
    const struct trial_setting *s = &settings->items[at];
    for (size_t k = 0; k < at; k++) {
        if (settings->items[k].is_env == s->is_env &&
            strcmp(settings->items[k].name.text, s->name.text) == 0) {
            trial_report(c->d, TRIAL_FAULTY, s->name.pos, "'%s' is set twice (line %u)",
                         s->name.text, settings->items[k].name.pos.line);
        }
    }
}

static void check_settings(struct trial_checker *c, enum trial_setting_scope scope,
                           const struct trial_settings *settings, bool may_reset) {
    for (size_t i = 0; i < settings->count; i++) {
        const struct trial_setting *s = &settings->items[i];
        check_once(c, settings, i);
        if (memchr(s->value.text.data ? (const char *)s->value.text.data : "", '\0',
                   s->value.text.len)) {
            trial_report(c->d, TRIAL_FAULTY, s->value.pos, "a zero byte is not possible here");
        }
        if (s->is_env) {
            if (!is_actor(scope)) {
                trial_report(c->d, TRIAL_FAULTY, s->name.pos, "%s has no environment",
                             scope_words(scope));
            }
            continue;
        }
        const struct trial_setting_info *info = find_info(c, scope, &s->name);
        if (info && !(may_reset && trial_setting_resets(s))) {
            check_value(c, s, info);
        }
    }
}

void trial_check_settings(struct trial_checker *c, enum trial_setting_scope scope,
                          const struct trial_settings *settings) {
    check_settings(c, scope, settings, false);
}

void trial_check_changes(struct trial_checker *c, enum trial_setting_scope scope,
                         const struct trial_settings *settings) {
    for (size_t i = 0; i < settings->count; i++) {
        const struct trial_setting *s = &settings->items[i];
        if (strcmp(s->name.text, "replication.factor") == 0) {
            trial_report(c->d, TRIAL_FAULTY, s->name.pos, "'%s' cannot be changed", s->name.text);
        }
    }
    check_settings(c, scope, settings, true);
}
