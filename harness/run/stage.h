/*
 * The stage of one trial: the loop, the broker, the actors, the faults, the stores and the history
 * that they all write. The runner and `ktrial serve` both play on it; what they do differs in
 * runner.c and serve.c only.
 *
 * Everything here belongs to the loop's thread. Waiting is done by asking: whatever changes calls
 * trial_stage_nudge, and one loop turn later the owner is asked to go on (stage.on_turn).
 */
#pragma once
#include <stdbool.h>
#include <uv.h>

#include "base/error.h"
#include "harness/check/history.h"
#include "harness/lang/resolve.h"
#include "harness/lang/tree.h"
#include "harness/run/guard.h"
#include "harness/run/process.h"
#include "harness/store/store.h"
#include "mock/mock.h"

struct trial_live;

struct trial_stage_options {
    const struct trial_scenario *bound;
    const char *directory;       /* exists; all files of the trial lie there */
    const char *journal_program; /* the built-in actors; NULL: there are none */
    bool valgrind;               /* built-in actors run under valgrind */
    bool keep_process;           /* the process goes on after the trial: the mock cluster is
                                    destroyed too, which may take a second */
    const struct trial_guard *guard;
    /* What the scenario's own settings are put on; NULL: the defaults. */
    const struct mock_settings *settings;
    /* Each event as it enters the history; may be NULL. */
    void (*observe)(void *arg, const struct trial_event *event);
    void *observe_arg;
};

/* A fault of the scenario and its armed counterpart, NULL before it is armed. */
struct trial_armed {
    const struct trial_fault *fault;
    struct mock_fault *armed;
};

/* What a fault asked for and what is not done yet. */
struct trial_firing {
    struct trial_firing *next;
    struct mock_firing *firing;
    enum mock_action_kind kind;
    struct trial_live *live; /* NULL: a step of the broker's, done at once */
};

struct trial_shelf {
    const struct trial_store *store;
    struct trial_store_reader *reader;
};

/* What became of an intent. */
enum trial_intent_state { TRIAL_INTENT_OPEN, TRIAL_INTENT_TOLD, TRIAL_INTENT_GIVEN_UP };
struct trial_intent {
    struct trial_live *live;
    enum trial_intent_state state;
};

struct trial_stage {
    struct trial_stage_options options;
    const struct trial_scenario *bound;
    struct base_arena arena;
    uv_loop_t loop;
    bool loop_is_open;
    uv_idle_t turn;        /* runs once after a nudge */
    uv_timer_t watchdog;
    struct trial_reaper reaper;
    struct mock_broker *broker;
    enum mock_security_protocol security; /* of its listeners */
    uint32_t mechanisms;                  /* of SASL: a set of MOCK_SASL_* */
    const char *ca_path;                  /* with TLS; else NULL */
    struct trial_history *history;
    bool has_foreign_actors; /* ktrial serve: somebody else starts and stops them */
    struct trial_live **lives;
    size_t live_count;
    size_t live_cap;
    struct trial_armed *faults;
    size_t fault_count;
    size_t fault_cap;
    struct trial_shelf *shelves;
    size_t shelf_count;
    struct trial_firing *firings;
    struct trial_intent *intents; /* by id - 1 */
    size_t intent_count;
    size_t intent_cap;
    uint64_t loads;        /* load steps so far: each has a seed of its own */
    int64_t budget_ms;
    uint64_t active_ms;    /* loop time of the last event that was not idle */
    bool is_closing;
    /* The first thing that makes the trial itself impossible; the owner ends then. */
    int failed;
    struct base_error error;
    /* The owner: asked after every change; told when the budget is spent. */
    void *owner;
    void (*on_turn)(void *owner);
    void (*on_budget)(void *owner);
};

/* Opens loop, history, broker, topics, stores; arms the faults. Nothing is started. */
int trial_stage_open(struct trial_stage *stage, const struct trial_stage_options *options,
                     struct base_error *err) BASE_MUST_USE;
/* Closes everything but the history and frees it; runs the loop until it is empty. */
void trial_stage_close(struct trial_stage *stage);
/* Runs the loop until the owner stops it (uv_stop). */
void trial_stage_play(struct trial_stage *stage);

/* Adds to the history. A history that is full fails the stage. */
void trial_stage_record(struct trial_stage *stage, const struct trial_event *event);
void trial_stage_note(struct trial_stage *stage, const char *format, ...) BASE_PRINTF(2, 3);
/* Something happened that is not idle: the budget starts again. */
void trial_stage_touch(struct trial_stage *stage);
void trial_stage_nudge(struct trial_stage *stage);
void trial_stage_fail(struct trial_stage *stage, int code, const char *format, ...)
    BASE_PRINTF(3, 4);
/* Creates the topics of one declaration (a topic or a journal; NULL: all). */
int trial_stage_create_topics(struct trial_stage *stage, const char *target,
                              struct base_error *err) BASE_MUST_USE;
/* Makes a fault known and arms it; names: the scenario in which its names are looked up. Both
 * must live as long as the stage. */
int trial_stage_arm(struct trial_stage *stage, const struct trial_scenario *names,
                    const struct trial_fault *fault, struct base_error *err) BASE_MUST_USE;

struct trial_live *trial_stage_find_live(const struct trial_stage *stage, const char *name);
struct trial_armed *trial_stage_find_fault(const struct trial_stage *stage, const char *name);
struct trial_shelf *trial_stage_find_shelf(const struct trial_stage *stage, const char *name);

/* views.c: what a client's store holds while its commit waits. */
void trial_stage_view_store(struct trial_stage *stage, const struct mock_event *commit);
/* Key and value of one record in the log; null slices if it is not there. Valid until the
 * iterator's owner cleans up: copies in the arena given. */
void trial_stage_read_record(const struct trial_stage *stage, const char *topic, int32_t partition,
                             int64_t offset, struct base_arena *arena, struct base_slice *ret_key,
                             struct base_slice *ret_value);
