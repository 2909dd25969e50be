/* The tables made of verbs.def, and looking words up in them: see words.h. */
#include "harness/lang/words.h"

#include "mock/wire/error_names.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct trial_word items[] = {
#define TRIAL_ITEM(v, w, f, h) {.word = w, .value = v, .form = f, .help = h},
#include "harness/lang/verbs.def"
};
static const struct trial_word events[] = {
#define TRIAL_EVENT(v, w, c, s, h)                                                                 \
    {.word = w, .value = v, .form = w, .help = h, .flags = c, .of = s},
#include "harness/lang/verbs.def"
};
static const struct trial_word actions[] = {
#define TRIAL_ACTION(v, w, f, a, h) {.word = w, .value = v, .form = f, .help = h, .flags = a},
#include "harness/lang/verbs.def"
};
static const struct trial_word terms[] = {
#define TRIAL_TERM(v, w, f, h) {.word = w, .value = v, .form = f, .help = h},
#include "harness/lang/verbs.def"
};
static const struct trial_word steps[] = {
#define TRIAL_STEP(v, w, f, h) {.word = w, .value = v, .form = f, .help = h},
#include "harness/lang/verbs.def"
};
static const struct trial_word expects[] = {
#define TRIAL_EXPECT(v, w, f, h) {.word = w, .value = v, .form = f, .help = h},
#include "harness/lang/verbs.def"
};
static const struct trial_word sinks[] = {
#define TRIAL_SINK(v, w, h) {.word = w, .value = v, .form = w, .help = h},
#include "harness/lang/verbs.def"
};
static const struct trial_word guarantees[] = {
#define TRIAL_GUARANTEE(w, o, f, u, h)                                                             \
    {.word = w, .form = w, .help = h, .of = o, .fails = f, .unknowns = u},
#include "harness/lang/verbs.def"
};
static const struct trial_word unknown_reasons[] = {
#define TRIAL_UNKNOWN_REASON(w, h) {.word = w, .form = w, .help = h},
#include "harness/lang/verbs.def"
};
static const struct trial_word anomalies[] = {
#define TRIAL_ANOMALY(w, h) {.word = w, .form = w, .help = h},
#include "harness/lang/verbs.def"
};
static const struct trial_word operations[] = {
#define TRIAL_OPERATION(w, o, h) {.word = w, .form = w, .help = h, .fails = o},
#include "harness/lang/verbs.def"
};
static const struct trial_word types[] = {
#define TRIAL_TYPE(w) {.word = w, .form = w, .help = ""},
#include "harness/lang/verbs.def"
};
static const struct trial_word codecs[] = {
#define TRIAL_CODEC(w, s, h) {.word = w, .form = w, .help = h, .supported = s},
#include "harness/lang/verbs.def"
};
static const struct trial_word features[] = {
#define TRIAL_FEATURE(w, s, h) {.word = w, .form = w, .help = h, .supported = s},
#include "harness/lang/verbs.def"
};
/* NONE is no error that a broker could answer with. */
static const struct trial_word errors[] = {
#define ERROR_WORD(code, name) {.word = #name, .value = (code), .form = #name, .help = ""},
    MOCK_ERROR_LIST(ERROR_WORD)
#undef ERROR_WORD
};

static const struct trial_setting_info own_settings[] = {
#define TRIAL_SETTING(s, n, t, lo, hi, w, m, h)                                                    \
    {.name = n,                                                                                    \
     .scope = TRIAL_SCOPE_##s,                                                                     \
     .type = TRIAL_SETTING_##t,                                                                    \
     .minimum = lo,                                                                                \
     .maximum = hi,                                                                                \
     .words = w,                                                                                   \
     .missing = m,                                                                                 \
     .help = h},
#include "harness/lang/verbs.def"
};
#define SIDE_P 'P'
#define SIDE_C 'C'
#define SIDE_B 'B'
static const struct trial_setting_info rdkafka_settings[] = {
#define RDKAFKA_SETTING(n, s, t, lo, hi, w, since)                                                 \
    {.name = n,                                                                                    \
     .side = SIDE_##s,                                                                             \
     .type = TRIAL_SETTING_##t,                                                                    \
     .minimum = lo,                                                                                \
     .maximum = hi,                                                                                \
     .words = w,                                                                                   \
     .missing = "",                                                                                \
     .help = since},
#include "harness/lang/rdkafka_settings.def"
#undef RDKAFKA_SETTING
};

static const struct {
    const struct trial_word *words;
    size_t count;
} classes[TRIAL_WORD_CLASS_COUNT] = {
    [TRIAL_WORD_ITEM] = {items, COUNT(items)},
    [TRIAL_WORD_EVENT] = {events, COUNT(events)},
    [TRIAL_WORD_ACTION] = {actions, COUNT(actions)},
    [TRIAL_WORD_TERM] = {terms, COUNT(terms)},
    [TRIAL_WORD_STEP] = {steps, COUNT(steps)},
    [TRIAL_WORD_EXPECT] = {expects, COUNT(expects)},
    [TRIAL_WORD_SINK] = {sinks, COUNT(sinks)},
    [TRIAL_WORD_GUARANTEE] = {guarantees, COUNT(guarantees)},
    [TRIAL_WORD_UNKNOWN_REASON] = {unknown_reasons, COUNT(unknown_reasons)},
    [TRIAL_WORD_ANOMALY] = {anomalies, COUNT(anomalies)},
    [TRIAL_WORD_OPERATION] = {operations, COUNT(operations)},
    [TRIAL_WORD_TYPE] = {types, COUNT(types)},
    [TRIAL_WORD_CODEC] = {codecs, COUNT(codecs)},
    [TRIAL_WORD_FEATURE] = {features, COUNT(features)},
    [TRIAL_WORD_ERROR] = {errors, COUNT(errors)},
};

const struct trial_word *trial_words(enum trial_word_class word_class, size_t *ret_count) {
    *ret_count = classes[word_class].count;
    return classes[word_class].words;
}

const struct trial_word *trial_word_find(enum trial_word_class word_class, const char *text) {
    for (size_t i = 0; i < classes[word_class].count; i++) {
        if (strcmp(classes[word_class].words[i].word, text) == 0) {
            return &classes[word_class].words[i];
        }
    }
    return NULL;
}

const struct trial_word *trial_word_of(enum trial_word_class word_class, int value) {
    for (size_t i = 0; i < classes[word_class].count; i++) {
        if (classes[word_class].words[i].value == value) {
            return &classes[word_class].words[i];
        }
    }
    return NULL;
}

const char *trial_word_hint(enum trial_word_class word_class, const char *text,
                            char ret_hint[TRIAL_HINT_BYTES]) {
    struct trial_suggestion s = trial_suggestion_of(text);
    for (size_t i = 0; i < classes[word_class].count; i++) {
        trial_suggest(&s, classes[word_class].words[i].word);
    }
    return trial_suggestion_hint(&s, ret_hint);
}

bool trial_list_has(const char *list, char separator, const char *word) {
    size_t len = strlen(word);
    while (*list) {
        const char *end = strchr(list, separator);
        size_t part = end ? (size_t)(end - list) : strlen(list);
        bool open = part > 0 && list[part - 1] == '*';
        size_t compared = open ? part - 1 : part;
        if ((open ? len > compared : len == compared) && strncmp(list, word, compared) == 0) {
            return true;
        }
        list += part + (end ? 1 : 0);
    }
    return false;
}

const struct trial_setting_info *trial_settings_table(size_t *ret_count) {
    *ret_count = COUNT(own_settings);
    return own_settings;
}

const struct trial_setting_info *trial_rdkafka_table(size_t *ret_count) {
    *ret_count = COUNT(rdkafka_settings);
    return rdkafka_settings;
}

const struct trial_setting_info *trial_setting_info_find(enum trial_setting_scope scope,
                                                         const char *name) {
    for (size_t i = 0; i < COUNT(own_settings); i++) {
        if (own_settings[i].scope == scope && strcmp(own_settings[i].name, name) == 0) {
            return &own_settings[i];
        }
    }
    return NULL;
}

const struct trial_setting_info *trial_rdkafka_find(const char *name) {
    for (size_t i = 0; i < COUNT(rdkafka_settings); i++) {
        if (strcmp(rdkafka_settings[i].name, name) == 0) {
            return &rdkafka_settings[i];
        }
    }
    return NULL;
}

static const char *word_str(enum trial_word_class word_class, int value) {
    const struct trial_word *word = trial_word_of(word_class, value);
    return word ? word->word : "?";
}

const char *trial_event_kind_to_str(enum trial_event_kind kind) {
    return word_str(TRIAL_WORD_EVENT, (int)kind);
}

const char *trial_action_kind_to_str(enum trial_action_kind kind) {
    return kind == TRIAL_DO_APPLY_ERROR ? "apply error" : word_str(TRIAL_WORD_ACTION, (int)kind);
}

const char *trial_step_kind_to_str(enum trial_step_kind kind) {
    return word_str(TRIAL_WORD_STEP, (int)kind);
}

const char *trial_verdict_to_str(enum trial_verdict verdict) {
    static const char *const words[] = {"pass", "fail",  "unknown",
                                        "skip", "error", "not exercised"};
    return (size_t)verdict < COUNT(words) ? words[verdict] : "?";
}

const char *trial_cmp_to_str(enum trial_cmp cmp) {
    static const char *const words[] = {"=", "<", "<=", ">", ">="};
    return (size_t)cmp < COUNT(words) ? words[cmp] : "?";
}
