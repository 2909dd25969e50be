/*
 * A broker on a loop of its own, in the test's thread: nothing moves but while a test turns the
 * loop, so commands may be given between any two steps. What the broker tells is kept; a fake host
 * answers conditions and takes actions. Whatever hangs is ended by an alarm that names its test.
 */
#pragma once
#include <stdio.h>
#include <uv.h>

#include "base/builder.h"
#include "base/limits.h"
#include "mock/mock.h"
#include "mock/wire/api.h"
#include "mock/wire/batch.h"
#include "mock/wire/build.h"
#include "mock/wire/error_names.h"
#include "t_run.h"

#define RIG_NAME_BYTES 64

/* An event, with copies of what it borrows. */
struct rig_event {
    enum mock_event_kind kind;
    uint64_t at_ns; /* when it was told, by the monotonic clock */
    uint64_t connection;
    uint64_t request;
    int32_t broker;
    int16_t api;
    int16_t error;
    bool dropped;
    bool idle;
    int32_t partition;
    int64_t offset;
    int32_t records; /* of its batch */
    char actor[RIG_NAME_BYTES];
    char topic[RIG_NAME_BYTES];
    char group[RIG_NAME_BYTES];
    char text[RIG_NAME_BYTES];
};

struct rig {
    uv_loop_t loop;
    uv_idle_t wake; /* ends the turn in which the host was called */
    struct mock_broker *broker;
    struct mock_listener *listener; /* of a test; nobody's: actors are named by client ids */
    struct rig_event *events;
    size_t event_count, event_cap;
    bool counts_only; /* events are counted by kind and not kept */
    uint64_t counts[MOCK_EVENT_KIND_COUNT];
    /* the fake host */
    bool refuses_acts;          /* an action ends the firing */
    struct mock_firing *acting; /* waits for mock_firing_continue */
    enum mock_action_kind act_kind;
    const char *act_name;
    int acts;
    void *gone_subject; /* of the last point_go */
    void *failed_subject;
    const char *failed_error;
    int64_t live_before;
    bool closed;
};

extern struct rig rig;

/* Suite set-up and tear-down: a broker with default settings. Tear-down finds every leak: of
 * memory, and of handles on the loop. */
int rig_set_up(void);
int rig_tear_down(void);
/* The same, and the mock cluster is destroyed, which takes librdkafka 2.0.2 a second. */
int rig_tear_down_whole(void);
/* The same with a setting changed: name, value, …, NULL. Returns 0 or -1. */
int rig_open(const char *name, ...);
/* Before and after each test: a listener of its own, no events, no faults, all brokers up. */
void rig_begin(void);
void rig_end(void);

/* Waits for what happens next, once. */
void rig_turn(void);
#define RIG_UNTIL(condition)                                                                       \
    do {                                                                                           \
        while (!(condition)) {                                                                     \
            rig_turn();                                                                            \
        }                                                                                          \
    } while (0)
/* Turns until nothing is under way in the broker. */
void rig_settle(void);

/* -- events -- */
void rig_forget_events(void);
/* Events of the kind since the last rig_forget_events; -1: any API. */
size_t rig_count(enum mock_event_kind kind, int16_t api);
/* The n-th of them, from 0; NULL. */
const struct rig_event *rig_event(enum mock_event_kind kind, int16_t api, size_t n);

/* -- topics, listeners -- */
/* A topic that no other test has; its first leader is broker 1 (of partition 0) by a move. */
const char *rig_topic(int32_t partitions, bool compact);
struct mock_listener *rig_listen(const char *actor, uint32_t incarnation);

/* -- faults; what is passed in is copied, its strings must be literals -- */
struct mock_trigger rig_on(enum mock_trigger_kind kind);
struct mock_fault *rig_arm(struct mock_trigger trigger, int32_t times,
                           const struct mock_action *actions, size_t count);
#define RIG_ARM(trigger, times, ...)                                                               \
    rig_arm((trigger), (times), (const struct mock_action[]){__VA_ARGS__},                         \
            sizeof((const struct mock_action[]){__VA_ARGS__}) / sizeof(struct mock_action))
/* A condition that is a variable: mock_action.until. Setting it makes the broker ask again. */
void rig_set(bool *condition);

/* -- a thread beside the loop, for clients with threads of their own -- */
/* Turns the loop until fn has returned in its thread; returns what it returned. */
int rig_beside(int (*fn)(void *arg), void *arg);
/* From within fn: runs this on the loop's thread and waits for it. */
void rig_on_loop(void (*fn)(void *arg), void *arg);
