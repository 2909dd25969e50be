/*
 * The secrets of a trial: harvested from the intents, searched in every encoding in every sink, in
 * one pass. What was found is kept as counts by (secret, sink) with the first place.
 *
 * Private to this folder (and its tests).
 */
#pragma once
#include "harness/check/automaton.h"
#include "harness/check/encodings.h"
#include "harness/check/index.h"

/* A place where bytes can be found; numbers of sinks are in the order of their making. */
enum trial_place { TRIAL_PLACE_TOPIC, TRIAL_PLACE_STORE, TRIAL_PLACE_OUTPUT, TRIAL_PLACE_WIRE };

struct trial_secret_sink {
    enum trial_place place;
    uint32_t number;   /* topic, store; actor of output and wire (TRIAL_NONE: nobody's) */
    bool is_public;
};

struct trial_secret_hits {
    uint64_t leaks;     /* in a private sink: just found */
    uint64_t exposures; /* left there by the journal's policy */
    uint32_t event;     /* of the first leak, else of the first exposure */
    const char *how;    /* "value, base64" */
    const char *leak_field;
};

struct trial_secret_name {
    const char *name;
    const struct trial_secret *declared; /* NULL: the default, or named by a write only */
    bool strict;
    uint64_t token_count;
    bool was_private; /* found in a private topic: the positive control */
};

struct trial_secret_token {
    struct base_slice bytes;
    uint32_t secret;
};

struct trial_secrets {
    struct trial_index *ix;
    struct base_arena arena;
    struct trial_secret_name *names;
    size_t name_count;
    size_t name_cap;
    struct trial_secret_token *tokens;
    struct trial_table token_numbers; /* tag secret, bytes token */
    size_t token_cap;
    struct trial_secret_sink *sinks;
    struct trial_table sink_numbers; /* tag place, bytes number */
    size_t sink_cap;
    struct trial_secret_hits *hits; /* by sink * name_count + secret; made when the scan begins */
    size_t hits_cap;
    struct trial_encodings encodings;
    struct trial_automaton automaton;
    uint64_t unsearchable_count;
    uint64_t policy_exposure_count;
    uint64_t searched_bytes;
    bool too_large;   /* more secrets than can be searched for: nothing was */
};

/* Harvests and searches. */
int trial_secrets_build(struct trial_index *ix, struct trial_secrets **ret_secrets,
                        struct base_error *err);
void trial_secrets_free(struct trial_secrets *secrets);
/* The hits of a secret in a sink; NULL when the sink was never seen. */
const struct trial_secret_hits *trial_secrets_find(const struct trial_secrets *secrets,
                                                   uint32_t secret, enum trial_place place,
                                                   uint32_t number);
/* A secret by name; TRIAL_NONE. */
uint32_t trial_secrets_find_name(const struct trial_secrets *secrets, const char *name);

/* -- scan.c, for secrets.c -- */
int trial_secrets_scan(struct trial_secrets *s, struct base_error *err);
