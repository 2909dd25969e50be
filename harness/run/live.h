/*
 * An actor on the stage: a declaration of the scenario, and its incarnations, one after the other.
 * Each incarnation is a process, and has listeners of its own, so that a connection belongs to
 * exactly one incarnation.
 *
 *            start            ready or first connection
 *   ABSENT ─────────► STARTING ─────────────────────────► RUNNING ──stop──► STOPPING
 *     ▲                  │  kill                            │ kill             │ exit
 *     └──────────────────┴──────────► DYING ◄───────────────┘                  │
 *                    reaped             │                                      │
 *   ABSENT ◄────────────────────────────┴──────────────────────────────────────┘
 *
 * None of these functions waits; whoever waits asks for the state at the next turn.
 */
#pragma once
#include "harness/run/claims.h"
#include "harness/run/stage.h"

enum trial_live_state {
    TRIAL_LIVE_ABSENT,
    TRIAL_LIVE_STARTING,
    TRIAL_LIVE_RUNNING,
    TRIAL_LIVE_STOPPING,
    TRIAL_LIVE_DYING
};

/* One of the real topics that an actor writes or reads. */
struct trial_live {
    struct trial_stage *stage;
    const struct trial_actor *actor;
    const char *name;
    const char *folder;           /* working directory of a foreign program */
    enum trial_live_state state;
    uint32_t incarnation;         /* of the present or last process; 0: never started */
    struct trial_process *process;
    struct mock_listener *listener;
    bool is_paused;
    bool has_spoken;              /* this incarnation said `ready` */
    bool restart_wanted;          /* start again as soon as this one is gone */
    bool was_killed;              /* by us */
    bool was_stopped;             /* by us */
    bool waits_at_point;
    bool privileged;
    int exit_status;
    /* standard output and error of this incarnation */
    struct base_builder output[2];
    struct base_builder line;
    bool skips_line;              /* the rest of a line that was too long */
    struct base_builder commands; /* queued until ready */
    const char **points;          /* that the scenario's faults use */
    size_t point_count;
    /* intents */
    size_t open_intents;
    uint64_t last_intent;
    uint64_t flush_up_to;         /* last intent that a flush was sent for */
    size_t flushes_pending;
    /* a client without a group */
    struct trial_claims claims;   /* of this incarnation */
    bool has_claimed;             /* any incarnation said `processed` or `skipped` */
    /* quiescence at the moment of stop */
    bool rested_at_stop;
    int64_t appended_at_stop;
};

/* Makes the actor known; it lives as long as the stage. */
int trial_live_new(struct trial_stage *stage, const struct trial_actor *actor,
                   struct trial_live **ret_live, struct base_error *err) BASE_MUST_USE;
void trial_live_free(struct trial_live *live);

int trial_live_start(struct trial_live *live, struct base_error *err) BASE_MUST_USE;
/* Tells it to finish. */
void trial_live_stop(struct trial_live *live);
/* The race-free crash: its connections are frozen, then the whole group is stopped and killed. */
void trial_live_kill(struct trial_live *live);
void trial_live_restart(struct trial_live *live);
void trial_live_pause(struct trial_live *live);
void trial_live_resume(struct trial_live *live);
/* Sends a command, or queues it until the actor is ready. */
void trial_live_command(struct trial_live *live, struct base_slice json_line);
void trial_live_flush(struct trial_live *live);
/* An event of the broker that belongs to this actor: a program that never speaks is ready when
 * it has connected. */
void trial_live_saw_connection(struct trial_live *live);
/* Bytes of commands that it has not taken yet. */
size_t trial_live_unwritten(const struct trial_live *live);
/* A client with isolation.level = read_committed; one that does not say is known by what it asks
 * for on the wire. */
bool trial_live_reads_committed(const struct trial_live *live);

/* points: mock_host's */
void trial_live_point_go(struct trial_live *live, const char *error);

/* live_lines.c: what it says. */
void trial_live_said(struct trial_live *live, struct base_slice bytes);
/* live_config.c: environment and configuration file of the next incarnation, in arena. */
int trial_live_configure(struct trial_live *live, struct base_arena *arena, char ***ret_environment,
                         struct base_error *err) BASE_MUST_USE;
/* The program and its arguments, NULL-terminated. */
int trial_live_arguments(struct trial_live *live, struct base_arena *arena, char ***ret_arguments,
                         const char **ret_directory, struct base_error *err) BASE_MUST_USE;
/* live_lines.c, for live.c */
void trial_live_ready(struct trial_live *live);

/* intent.c: gives the next id to live, open. */
int trial_intent_open(struct trial_live *live, uint64_t *ret_id, struct base_error *err)
    BASE_MUST_USE;
/* What the writer said of it. False: it is not its intent, or not open any more. */
bool trial_intent_settle(struct trial_live *live, uint64_t id);
/* All its open intents: recorded as unknown (killed), or given up because nothing will come. */
void trial_intents_give_up(struct trial_live *live, uint64_t up_to, bool killed);
