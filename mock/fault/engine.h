/*
 * The fault engine's own structures. Private to mock/fault.
 */
#pragma once
#include "mock/gateway/gateway.h"

/* How often the record with this identity was sent (attempt). */
struct mock_sends {
    uint8_t *identity;
    uint32_t count;
    UT_hash_handle hh;
};

struct mock_fault {
    struct mock_broker *broker;
    struct mock_fault_spec spec;
    struct mock_sends *sends;
    uint32_t seen;    /* events that match all but nth */
    uint32_t matched; /* applications begun */
    uint32_t fired;   /* applications whose actions are all done */
    bool armed;
};

enum mock_firing_wait {
    MOCK_FIRING_RUNS,
    MOCK_FIRING_HOLDS,   /* for a condition */
    MOCK_FIRING_DELAYS,  /* for the clock */
    MOCK_FIRING_APPLIES, /* for its request to be applied */
    MOCK_FIRING_ACTS     /* for the host */
};

struct mock_firing {
    struct mock_firing *prev, *next;
    struct mock_fault *fault;
    struct mock_request *request;       /* NULL: none, or gone */
    struct mock_connection *connection; /* of a connect fault */
    void *subject;                      /* of a point */
    char *actor;                        /* that the event was of */
    size_t index;                       /* of the next action */
    enum mock_firing_wait wait;
    uint64_t deadline_ms;
    const char *fail_effect; /* word for the actor */
    bool lost;               /* the request went before its fate was carried out */
    bool running;            /* guards against running itself */
};

/* -- match.c: does an event match? Counts attempts and nth; changes nothing else. -- */
bool mock_fault_matches_request(struct mock_fault *fault, struct mock_request *r,
                                enum mock_trigger_kind kind);
bool mock_fault_matches_connection(struct mock_fault *fault, const struct mock_connection *c);
bool mock_fault_matches_clean(struct mock_fault *fault, const struct mock_clean_report *report);
bool mock_fault_matches_point(struct mock_fault *fault, const struct mock_point *point);
void mock_sends_free(struct mock_fault *fault);

/* -- action.c: carries out the actions of a firing until one must wait, or all are done -- */
void mock_firing_run(struct mock_firing *firing);
