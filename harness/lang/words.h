/* Looking words up in verbs.def. For the parts of this folder. */
#pragma once
#include "harness/lang/diagnostics.h"
#include "harness/lang/lang.h"

/* What an event is and what a trigger may select by. */
enum trial_event_flag {
    TRIAL_IS_REQUEST = 1 << 0, /* it has an answer */
    TRIAL_IS_WIRE = 1 << 1,    /* it belongs to a connection, without an answer of its own */
    TRIAL_IS_ANSWER = 1 << 2,  /* an answer that is about to leave */
    TRIAL_IS_POINT = 1 << 3,   /* the actor waits, not the wire */
    TRIAL_IS_BROKER = 1 << 4,  /* nobody's */
    TRIAL_IS_GROUP = 1 << 5,   /* of members of a group only */
    TRIAL_HAS_PART = 1 << 8,
    TRIAL_HAS_RECORD = 1 << 9, /* key, value */
    TRIAL_HAS_OFFSET = 1 << 10,
    TRIAL_HAS_ATTEMPT = 1 << 11
};
/* The events that an action is possible at. */
#define TRIAL_AT_REQUEST TRIAL_IS_REQUEST
#define TRIAL_AT_ANSWER TRIAL_IS_ANSWER
#define TRIAL_AT_CONNECTION (TRIAL_IS_REQUEST | TRIAL_IS_WIRE | TRIAL_IS_ANSWER)
#define TRIAL_AT_POINT TRIAL_IS_POINT
#define TRIAL_AT_ANY (TRIAL_AT_CONNECTION | TRIAL_IS_POINT | TRIAL_IS_BROKER)

enum trial_of {
    TRIAL_OF_NOBODY = 0,
    TRIAL_OF_WRITER = 1 << 0,
    TRIAL_OF_CLIENT = 1 << 1,
    TRIAL_OF_BOTH = TRIAL_OF_WRITER | TRIAL_OF_CLIENT,
    TRIAL_OF_TOPIC = 1 << 2,
    TRIAL_OF_JOURNAL = 1 << 3
};

enum trial_word_class {
    TRIAL_WORD_ITEM,
    TRIAL_WORD_EVENT,
    TRIAL_WORD_ACTION,
    TRIAL_WORD_TERM,
    TRIAL_WORD_STEP,
    TRIAL_WORD_EXPECT,
    TRIAL_WORD_SINK,
    TRIAL_WORD_GUARANTEE,
    TRIAL_WORD_UNKNOWN_REASON,
    TRIAL_WORD_ANOMALY,
    TRIAL_WORD_OPERATION,
    TRIAL_WORD_TYPE,
    TRIAL_WORD_CODEC,
    TRIAL_WORD_FEATURE,
    TRIAL_WORD_ERROR, /* Kafka's error names */
    TRIAL_WORD_CLASS_COUNT
};
struct trial_word {
    const char *word;
    int value;        /* of the class's enum */
    const char *form; /* how it is written */
    const char *help;
    unsigned flags;    /* event: trial_event_flag; action: where it is possible */
    unsigned of;       /* event: whose; guarantee: of what */
    const char *fails; /* guarantee: reasons; operation: resources; separated by blanks */
    const char *unknowns;
    bool supported; /* codec, feature */
};
/* The words of a class, in the order of verbs.def. */
const struct trial_word *trial_words(enum trial_word_class word_class, size_t *ret_count);
/* The first of that spelling; NULL if there is none. */
const struct trial_word *trial_word_find(enum trial_word_class word_class, const char *text);
const struct trial_word *trial_word_of(enum trial_word_class word_class, int value);
/* "; did you mean …?" among the words of a class. */
const char *trial_word_hint(enum trial_word_class word_class, const char *text,
                            char ret_hint[TRIAL_HINT_BYTES]);
/* True when word is one of those separated by `separator` in list; "x*" stands for any that begin
 * so. */
bool trial_list_has(const char *list, char separator, const char *word);

enum trial_setting_scope {
    TRIAL_SCOPE_CLUSTER,
    TRIAL_SCOPE_TOPIC,
    TRIAL_SCOPE_JOURNAL,
    TRIAL_SCOPE_STORE,
    TRIAL_SCOPE_WRITER,
    TRIAL_SCOPE_CLIENT,
    TRIAL_SCOPE_COUNT
};
enum trial_setting_type {
    TRIAL_SETTING_INTEGER,
    TRIAL_SETTING_DURATION,
    TRIAL_SETTING_BOOLEAN,
    TRIAL_SETTING_NUMBER,
    TRIAL_SETTING_WORD,
    TRIAL_SETTING_FLAGS,
    TRIAL_SETTING_TEXT,
    TRIAL_SETTING_CALLBACK,
    TRIAL_SETTING_TOPIC_NAME
};
struct trial_setting_info {
    const char *name;
    enum trial_setting_scope scope; /* of our own ones */
    char side;                      /* librdkafka's: P, C, B */
    enum trial_setting_type type;
    int64_t minimum;
    int64_t maximum;
    const char *words;   /* separated by commas */
    const char *missing; /* the feature that it needs; "" when it works */
    const char *help;
};
const struct trial_setting_info *trial_settings_table(size_t *ret_count);
const struct trial_setting_info *trial_rdkafka_table(size_t *ret_count);
/* Of our own table; NULL if there is none. */
const struct trial_setting_info *trial_setting_info_find(enum trial_setting_scope scope,
                                                         const char *name);
const struct trial_setting_info *trial_rdkafka_find(const char *name);
