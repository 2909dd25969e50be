/*
 * The tree of a scenario: what the parser makes, the checker checks, the printer prints, and what
 * the runner and the judges are given once it is bound to an instance (bind.h).
 *
 * All memory of a tree is one arena, freed by trial_scenario_free. Nothing changes after parsing.
 * In a bound tree no atom is a variable any more, strings are interpolated, `repeat` is unrolled
 * and the `check when` blocks that do not apply are gone; everything else is the same.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

/* A place in the file: 1-based; length in bytes of the word there. */
struct trial_pos {
    uint32_t line;
    uint32_t column;
    uint32_t length;
};

enum trial_atom_kind {
    TRIAL_ATOM_NONE = 0, /* not given */
    TRIAL_ATOM_STRING,
    TRIAL_ATOM_BYTES,
    TRIAL_ATOM_INT,
    TRIAL_ATOM_DURATION,
    TRIAL_ATOM_ID,
    TRIAL_ATOM_VAR,
    TRIAL_ATOM_NULL /* the word null where a key stands: no key at all */
};

struct trial_atom {
    enum trial_atom_kind kind;
    struct trial_pos pos;
    /* STRING, BYTES: the content (a template's: with its variables, "\\" and "\$" still escaped);
     * ID: the word; VAR: its name without "$"; INT, DURATION: as spelled. Zero-terminated. */
    struct base_slice text;
    int64_t number;   /* INT; DURATION in milliseconds */
    bool is_template; /* a STRING that names a variable; never in a bound tree */
};
/* The text of an atom as a C string ("" for none). */
const char *trial_atom_str(const struct trial_atom *atom);
/* Its bytes; a null slice for none, and for the null key. */
struct base_slice trial_atom_bytes(const struct trial_atom *atom);

/* A word with its place. text is NULL when it was not given. */
struct trial_name {
    const char *text;
    struct trial_pos pos;
    bool is_string; /* written within quotes: a name that is no ID, or a foreign client's */
};

enum trial_value_kind { TRIAL_VALUE_BYTES, TRIAL_VALUE_NULL }; /* tombstone and null are the same */
struct trial_value {
    enum trial_value_kind kind;
    struct trial_atom atom;
};

enum trial_cmp { TRIAL_CMP_EQ, TRIAL_CMP_LT, TRIAL_CMP_LE, TRIAL_CMP_GT, TRIAL_CMP_GE };
struct trial_compare {
    bool given;
    enum trial_cmp cmp;
    struct trial_atom number;
};

/* ID [ "/" num ]: a topic, a journal, or journal.type; partition.kind is NONE when not given. */
struct trial_part {
    struct trial_name name; /* text NULL: no part given */
    struct trial_atom partition;
};

/* Whole-line comments before a thing and the comment at the end of its line, as written: "# …". An
 * empty string in `before` is an empty line. `after` keeps the blanks before its "#". */
struct trial_comments {
    const char **before;
    size_t before_count;
    const char *after;
};

struct trial_setting {
    struct trial_name name;
    struct trial_atom value;
    bool is_env; /* env NAME = value: an environment variable of the actor */
    struct trial_comments comments;
};
struct trial_settings {
    struct trial_setting *items;
    size_t count;
};

/* -- declarations -- */

struct trial_matrix {
    struct trial_name name;
    struct trial_atom *values;
    size_t count;
};

struct trial_journal {
    struct trial_name name;
    const char *prefix;
    const char *codec; /* "protobuf" when not given */
    bool has_codec;
    struct trial_pos codec_pos;
    struct trial_name *types;
    size_t type_count;
    struct trial_atom partitions; /* NONE: the cluster's num.partitions */
    bool compact;
    bool anonymize;
    struct trial_settings settings;
    struct trial_comments types_comments;
    struct trial_comments partitions_comments;
    struct trial_comments compact_comments;
    struct trial_comments anonymize_comments;
};

enum trial_visibility { TRIAL_VISIBILITY_DEFAULT, TRIAL_PUBLIC, TRIAL_PRIVATE };

struct trial_topic {
    struct trial_name name;
    const char *real_name; /* "named", else the name */
    bool has_real_name;
    struct trial_atom partitions;
    bool compact;
    enum trial_visibility visibility;
    struct trial_settings settings;
};

enum trial_store_kind {
    TRIAL_STORE_MEMORY,
    TRIAL_STORE_SQLITE,
    TRIAL_STORE_POSTGRESQL,
    TRIAL_STORE_EXEC
};
struct trial_store {
    struct trial_name name;
    enum trial_store_kind kind;
    const char *command; /* exec */
    enum trial_visibility visibility;
    struct trial_settings settings;
};

enum trial_driver { TRIAL_DRIVER_BUILTIN, TRIAL_DRIVER_EXEC, TRIAL_DRIVER_VERIFIABLE };
enum trial_role { TRIAL_WRITER, TRIAL_CLIENT };

struct trial_source {
    struct trial_name name; /* a topic or a journal; text NULL for a pattern */
    const char *pattern;
    struct trial_pos pos;
};

struct trial_actor {
    enum trial_role role;
    struct trial_name name;
    struct trial_source *targets; /* a writer's "to", a client's "from" */
    size_t target_count;
    struct trial_name group;      /* client; text NULL when groupless */
    struct trial_name store;      /* client's "into"; text NULL if none */
    enum trial_driver driver;
    const char *command;          /* exec, verifiable */
    struct trial_name principal;  /* "as" */
    struct trial_settings settings;
};

struct trial_secret {
    struct trial_name name;
    const char **fields; /* "Person.fullname" */
    size_t field_count;
    bool strict;
    struct trial_name allow; /* a digest that may appear anywhere: sha256, … */
};

struct trial_principal {
    struct trial_name name;
    const char *password;
};

struct trial_acl {
    struct trial_name principal;
    bool may;
    struct trial_name *operations;
    size_t operation_count;
    const char *resource_kind; /* topic, public, privileged, group, transactional-id, cluster */
    struct trial_name resource;
};

/* -- conditions -- */

enum trial_term_kind {
    TRIAL_TERM_FIRED,
    TRIAL_TERM_INFLIGHT,
    TRIAL_TERM_POSITION,
    TRIAL_TERM_COMMITTED,
    TRIAL_TERM_ASSIGNED,
    TRIAL_TERM_FLUSHED,
    TRIAL_TERM_DRAINED,
    TRIAL_TERM_EXITED,
    TRIAL_TERM_END,
    TRIAL_TERM_QUIET
};
struct trial_term {
    enum trial_term_kind kind;
    struct trial_pos pos;
    struct trial_name name; /* the fault or the actor */
    struct trial_part part;
    struct trial_compare compare;
};
struct trial_cond {
    struct trial_term *terms;
    size_t count;
};

/* -- faults -- */

enum trial_event_kind {
    TRIAL_ON_CONNECT,
    TRIAL_ON_AUTHENTICATE,
    TRIAL_ON_API_VERSIONS,
    TRIAL_ON_METADATA,
    TRIAL_ON_INIT_PID,
    TRIAL_ON_PRODUCE,
    TRIAL_ON_APPEND,
    TRIAL_ON_FETCH,
    TRIAL_ON_DELIVER,
    TRIAL_ON_LIST_OFFSETS,
    TRIAL_ON_FIND_COORDINATOR,
    TRIAL_ON_JOIN,
    TRIAL_ON_SYNC,
    TRIAL_ON_ASSIGN,
    TRIAL_ON_REVOKE,
    TRIAL_ON_HEARTBEAT,
    TRIAL_ON_LEAVE,
    TRIAL_ON_COMMIT,
    TRIAL_ON_FETCH_OFFSETS,
    TRIAL_ON_ADD_PARTITIONS,
    TRIAL_ON_ADD_OFFSETS,
    TRIAL_ON_END_TXN,
    TRIAL_ON_ADMIN,
    TRIAL_ON_CLEAN,
    TRIAL_ON_EFFECT,
    TRIAL_ON_POINT,
    TRIAL_EVENT_KIND_COUNT
};
struct trial_event_pattern {
    enum trial_event_kind kind;
    struct trial_pos pos;
    const char *point;       /* of ON_POINT */
    struct trial_name from;  /* an actor */
    struct trial_part on;
    struct trial_atom key;
    struct trial_atom value;
    struct trial_atom offset;
    struct trial_atom attempt;
    struct trial_atom nth;
    bool is_bound;
};

enum trial_action_kind {
    TRIAL_DO_DROP_REQUEST,
    TRIAL_DO_DROP_RESPONSE,
    TRIAL_DO_RESET,
    TRIAL_DO_CLOSE,
    TRIAL_DO_ERROR,
    TRIAL_DO_APPLY_ERROR,
    TRIAL_DO_HOLD,
    TRIAL_DO_CRASH,
    TRIAL_DO_RESTART,
    TRIAL_DO_PAUSE,
    TRIAL_DO_RESUME,
    TRIAL_DO_FAIL_EFFECT,
    TRIAL_DO_DUPLICATE_RESPONSE,
    TRIAL_DO_CUT_RESPONSE,
    TRIAL_DO_SLICE_RESPONSE,
    TRIAL_DO_DELAY,
    TRIAL_DO_THROTTLE,
    TRIAL_DO_COMPACT,
    TRIAL_DO_ADVANCE,
    TRIAL_DO_LEADER,
    TRIAL_DO_COORDINATOR,
    TRIAL_DO_DOWN,
    TRIAL_DO_UP,
    TRIAL_DO_HOLD_REPLICATION,
    TRIAL_DO_RELEASE_REPLICATION,
    TRIAL_DO_SHRINK_ISR,
    TRIAL_DO_REBALANCE,
    TRIAL_DO_ROLL,
    TRIAL_DO_RETAIN,
    TRIAL_DO_DELETE_RECORDS,
    TRIAL_DO_CREATE_TOPIC,
    TRIAL_DO_DELETE_TOPIC,
    TRIAL_DO_ADD_PARTITIONS,
    TRIAL_DO_FENCE,
    TRIAL_DO_EXPIRE,
    TRIAL_ACTION_KIND_COUNT
};
struct trial_action {
    enum trial_action_kind kind;
    struct trial_pos pos;
    struct trial_atom word;   /* error: its name (ID or VAR) */
    struct trial_name name;   /* actor, group, transactional id, or the word of fail-effect */
    struct trial_part part; /* compact, leader, …; a topic alone where partitions make no sense */
    struct trial_atom number; /* cut, slice: bytes; leader, coordinator, down, up: broker id;
                                 delete-records: before; add-partitions: how many in all */
    struct trial_atom duration;
    struct trial_cond until;  /* hold */
};

struct trial_fault {
    struct trial_name name;
    struct trial_event_pattern event;
    struct trial_action *actions;
    size_t action_count;
    struct trial_atom times; /* NONE: once */
    bool once;               /* written out */
    bool always;
    bool optional;
};

/* -- run -- */

enum trial_step_kind {
    TRIAL_STEP_START,
    TRIAL_STEP_STOP,
    TRIAL_STEP_KILL,
    TRIAL_STEP_RESTART,
    TRIAL_STEP_PAUSE,
    TRIAL_STEP_RESUME,
    TRIAL_STEP_WRITE,
    TRIAL_STEP_LOAD_RECORDS,
    TRIAL_STEP_LOAD_OBJECTS,
    TRIAL_STEP_LOAD_GIT,
    TRIAL_STEP_LOAD_FIXTURE,
    TRIAL_STEP_DELETE,
    TRIAL_STEP_BEGIN,
    TRIAL_STEP_COMMIT,
    TRIAL_STEP_ABORT,
    TRIAL_STEP_AWAIT,
    TRIAL_STEP_ADVANCE,
    TRIAL_STEP_COMPACT,
    TRIAL_STEP_ROLL,
    TRIAL_STEP_HEAL,
    TRIAL_STEP_NOTE,
    TRIAL_STEP_LEADER,
    TRIAL_STEP_COORDINATOR,
    TRIAL_STEP_DOWN,
    TRIAL_STEP_UP,
    TRIAL_STEP_HOLD_REPLICATION,
    TRIAL_STEP_RELEASE_REPLICATION,
    TRIAL_STEP_SHRINK_ISR,
    TRIAL_STEP_ADD_PARTITIONS,
    TRIAL_STEP_CREATE_TOPIC,
    TRIAL_STEP_DELETE_TOPIC,
    TRIAL_STEP_CONFIGURE,
    TRIAL_STEP_DELETE_RECORDS,
    TRIAL_STEP_RETAIN,
    TRIAL_STEP_REBALANCE,
    TRIAL_STEP_FENCE,
    TRIAL_STEP_EXPIRE,
    TRIAL_STEP_PARALLEL,
    TRIAL_STEP_REPEAT, /* not in a bound tree */
    TRIAL_STEP_KIND_COUNT
};
struct trial_header {
    struct trial_atom name;
    struct trial_value value;
    struct trial_comments comments;
};
struct trial_step {
    enum trial_step_kind kind;
    struct trial_pos pos;
    struct trial_comments comments;
    struct trial_name actor; /* start … resume, write, load, begin …; coordinator, rebalance:
                                the group; fence, expire: a writer or a transactional id */
    struct trial_name target;    /* write, load, delete: topic, journal or journal.type */
    struct trial_atom key;
    struct trial_value value;
    struct trial_atom partition;
    struct trial_header *headers;
    size_t header_count;
    struct trial_name *secrets;
    size_t secret_count;
    struct trial_atom count;     /* load; repeat */
    struct trial_atom keys;      /* load … over N keys */
    struct trial_atom seed;
    const char *path;            /* load git, fixture; the text of note */
    struct trial_cond cond;      /* await */
    struct trial_atom duration;  /* advance */
    struct trial_part part;      /* compact, roll, leader, replication, delete-records, …; of
                                    add-partitions, create-topic …: the topic */
    struct trial_atom number;    /* leader, coordinator, down, up, replication: broker id;
                                    add-partitions: how many in all; delete-records: before */
    struct trial_settings settings; /* configure */
    struct trial_step *steps;    /* parallel, repeat */
    size_t step_count;
    struct trial_comments end_comments; /* before the closing brace */
    bool is_bound;
};

/* -- check -- */

enum trial_verdict {
    TRIAL_PASS,
    TRIAL_FAIL,
    TRIAL_UNKNOWN,
    TRIAL_SKIP,
    TRIAL_ERROR,
    TRIAL_NOT_EXERCISED
};

enum trial_expect_kind {
    TRIAL_EXPECT_GUARANTEE,
    TRIAL_EXPECT_ANOMALY,
    TRIAL_EXPECT_LOG,
    TRIAL_EXPECT_OUTCOME,
    TRIAL_EXPECT_STORE_HAS,
    TRIAL_EXPECT_STORE_LACKS,
    TRIAL_EXPECT_STORE_MATCHES,
    TRIAL_EXPECT_STORE_COUNT,
    TRIAL_EXPECT_COMMITTED,
    TRIAL_EXPECT_FIRED,
    TRIAL_EXPECT_EXIT,
    TRIAL_EXPECT_SECRET,
    TRIAL_EXPECT_TRACE
};
struct trial_log_line {
    struct trial_pos pos;
    struct trial_atom offset;
    struct trial_atom key;
    struct trial_value value;
    struct trial_comments comments;
};
enum trial_sink_kind {
    TRIAL_SINK_TOPIC,
    TRIAL_SINK_PUBLIC,
    TRIAL_SINK_PRIVILEGED,
    TRIAL_SINK_STORE,
    TRIAL_SINK_OUTPUT,
    TRIAL_SINK_WIRE,
    TRIAL_SINK_EVERYWHERE
};
struct trial_sink {
    enum trial_sink_kind kind;
    struct trial_name name;
};
enum trial_trace_kind { TRIAL_TRACE_THEN, TRIAL_TRACE_NEXT, TRIAL_TRACE_NEVER, TRIAL_TRACE_ANY };
struct trial_trace_line {
    enum trial_trace_kind kind;
    struct trial_pos pos;
    struct trial_event_pattern *events; /* one, or those of any */
    size_t event_count;
    struct trial_comments comments;
};
struct trial_expect {
    enum trial_expect_kind kind;
    struct trial_pos pos;
    struct trial_comments comments;
    bool negated;               /* "no" anomaly, "no" secret; a test may set it on any */
    struct trial_name id;       /* guarantee, anomaly, secret or fault name */
    struct trial_name of;       /* what the guarantee is of; an actor; a store; a group */
    struct trial_atom verdict;  /* ID or VAR: pass fail unknown; ok failed unknown for outcome */
    struct trial_name because;
    struct trial_part part;     /* anomaly, log, committed */
    bool whole;                 /* log … is (not has) */
    struct trial_atom key;      /* anomaly, outcome, store */
    struct trial_value value;   /* store has */
    struct trial_name matches;  /* store … matches: a topic or journal */
    struct trial_compare compare;
    struct trial_atom exit_status;
    struct trial_name exit_signal;
    struct trial_log_line *lines;
    size_t line_count;
    struct trial_sink *sinks;
    size_t sink_count;
    struct trial_trace_line *trace;
    size_t trace_count;
    struct trial_comments end_comments;
};
struct trial_when {
    struct trial_name name;
    struct trial_atom value;
};
struct trial_check {
    struct trial_when *when;
    size_t when_count;
    struct trial_expect *expects;
    size_t expect_count;
    struct trial_comments end_comments;
};

/* The guarantee that only exploring can judge. */
#define TRIAL_VIEW_SAFE "view-safe"

struct trial_explore {
    struct trial_name kind;
    struct trial_name *over;
    size_t over_count;
    struct trial_atom runs;
};

/* -- the whole -- */

enum trial_item_kind {
    TRIAL_ITEM_TAGS,
    TRIAL_ITEM_NEED,
    TRIAL_ITEM_MATRIX,
    TRIAL_ITEM_BUDGET,
    TRIAL_ITEM_SEED,
    TRIAL_ITEM_CLUSTER,
    TRIAL_ITEM_PRINCIPAL,
    TRIAL_ITEM_ACL,
    TRIAL_ITEM_JOURNAL,
    TRIAL_ITEM_TOPIC,
    TRIAL_ITEM_STORE,
    TRIAL_ITEM_ACTOR,
    TRIAL_ITEM_SECRET,
    TRIAL_ITEM_FAULT,
    TRIAL_ITEM_RUN,
    TRIAL_ITEM_CHECK,
    TRIAL_ITEM_EXPLORE
};
struct trial_words {
    struct trial_name *items;
    size_t count;
};
struct trial_run {
    struct trial_step *steps;
    size_t step_count;
    struct trial_comments end_comments;
};
struct trial_item {
    enum trial_item_kind kind;
    struct trial_pos pos;
    struct trial_comments comments;
    struct trial_comments end_comments; /* before the closing brace of its block */
    union {
        struct trial_words words; /* tags, need */
        struct trial_matrix matrix;
        struct trial_atom atom;   /* budget, seed */
        struct trial_settings cluster;
        struct trial_principal principal;
        struct trial_acl acl;
        struct trial_journal journal;
        struct trial_topic topic;
        struct trial_store store;
        struct trial_actor actor;
        struct trial_secret secret;
        struct trial_fault fault;
        struct trial_run run;
        struct trial_check check;
        struct trial_explore explore;
    } u;
};

/* Texts that are no atoms (prefix, named, command, pattern, fields, password, point, path, note)
 * hold "\\" and "\$" escaped until the tree is bound, and are final in a bound tree. */
struct trial_scenario {
    struct base_arena arena;
    bool is_bound;
    const char *path;   /* as given to the parser; "-" for none */
    const char *source; /* the whole text, zero-terminated, for messages */
    size_t source_len;
    struct trial_pos name_pos;
    const char *name;   /* the claim */
    struct trial_comments comments;
    struct trial_comments end_comments;
    struct trial_item *items; /* in file order */
    size_t item_count;
};

void trial_scenario_free(struct trial_scenario *scenario);

/* The name that an item declares; NULL: it is of a kind that declares none. */
const struct trial_name *trial_declared_name(const struct trial_item *item);
/* Finders over the items of a tree; NULL when there is none of that name. */
const struct trial_journal *trial_find_journal(const struct trial_scenario *s, const char *name);
const struct trial_topic *trial_find_topic(const struct trial_scenario *s, const char *name);
const struct trial_store *trial_find_store(const struct trial_scenario *s, const char *name);
const struct trial_actor *trial_find_actor(const struct trial_scenario *s, const char *name);
/* The first `explore views` line over the actor. */
const struct trial_explore *trial_find_views(const struct trial_scenario *s, const char *actor);
const struct trial_secret *trial_find_secret(const struct trial_scenario *s, const char *name);
const struct trial_fault *trial_find_fault(const struct trial_scenario *s, const char *name);

/* What "rev", "swh" or "swh.revision" names: a topic, a journal, or one type of a journal. */
struct trial_target {
    const struct trial_topic *topic;
    const struct trial_journal *journal;
    const char *type; /* NULL: the whole journal */
};
/* False (output untouched) when it names nothing. A name that is declared as it stands wins. */
bool trial_find_target(const struct trial_scenario *s, const char *name,
                       struct trial_target *ret_target);

/* A setting by name; NULL when it is not given. */
/* Of `configure`: NAME = default. */
bool trial_setting_resets(const struct trial_setting *setting);
const struct trial_setting *trial_find_setting(const struct trial_settings *settings,
                                               const char *name);
/* budget in milliseconds (30 000 when not given) and seed (0) of the scenario. */
int64_t trial_scenario_budget_ms(const struct trial_scenario *s);
uint64_t trial_scenario_seed(const struct trial_scenario *s);
bool trial_scenario_has_tag(const struct trial_scenario *s, const char *tag);
