/*
 * Who may do what on the stage: the scenario's principals and ACLs are given to the broker, and
 * each actor what it needs to log in. A password is told to the broker and written to the actor's
 * configuration, which only its owner may read; it enters no history and no report.
 */
#pragma once
#include <jansson.h>

#include "harness/run/live.h"

/* The principals and ACLs of the bound scenario, and with TLS the authority's certificate as a file
 * of the trial. */
int trial_secure_open(struct trial_stage *stage, struct base_error *err) BASE_MUST_USE;
/* One principal or ACL; names: the scenario in which its names are looked up. */
int trial_secure_add(struct trial_stage *stage, const struct trial_scenario *names,
                     const struct trial_item *item, struct base_error *err) BASE_MUST_USE;
/* Puts the settings by which the actor connects into json: protocol, the authority's certificate,
 * and its principal's login. */
int trial_secure_settings(const struct trial_live *live, json_t *json, struct base_error *err)
    BASE_MUST_USE;
/* Puts into json what a client that the stage does not start needs to be that principal, and cannot
 * know: with SSL its certificate, made now. Nothing else is to be told. */
int trial_secure_tell(const struct trial_stage *stage, const struct trial_principal *principal,
                      json_t *json, struct base_error *err) BASE_MUST_USE;
/* The protocol by Kafka's spelling, whatever the case; the word itself when there is none. */
const char *trial_secure_protocol(const char *word);
