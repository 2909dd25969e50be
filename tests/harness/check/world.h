/* Hand-written histories: a scenario in text, events one by one, and what the judges make of them.
 * */
#pragma once
#include "fixtures/fixture.h"
#include "harness/check/judge.h"
#include "harness/lang/lang.h"
#include "t_run.h"

struct world {
    struct trial_scenario *parsed;
    struct trial_scenario *bound;
    struct trial_history *history;
    struct trial_report *report;
    struct base_error err;
};

/* The scenario's text without its first line ("scenario …"). 1 when it went well. */
int world_open(struct world *w, const char *text);
void world_close(struct world *w);

void world_event(struct world *w, struct trial_event event);
/* A plain write: actor is told to write key = value (NULL: tombstone) to topic. */
void world_intent(struct world *w, const char *actor, uint64_t id, const char *topic,
                  const char *key, const char *value);
/* A write of an object to a journal's topics (privileged may be NULL). */
void world_object(struct world *w, const char *actor, uint64_t id, const char *type,
                  const char *topic, const char *privileged, struct base_slice key,
                  struct base_slice value);
void world_outcome(struct world *w, const char *actor, uint64_t id, const char *status);
/* One record in a batch of its own; intent 0: without the header. */
void world_append(struct world *w, const char *actor, uint32_t incarnation, const char *topic,
                  int64_t offset, uint64_t intent, const char *key, const char *value);
void world_append_bytes(struct world *w, const char *actor, uint32_t incarnation,
                        const char *topic, int64_t offset, uint64_t intent, struct base_slice key,
                        struct base_slice value, int codec);
/* The same within a transaction of the producer. */
void world_append_within(struct world *w, const char *actor, int64_t producer, const char *topic,
                         int64_t offset, uint64_t intent, const char *key, const char *value);
/* The marker that ends the producer's transaction in the topic's partition. */
void world_marker(struct world *w, int64_t producer, const char *topic, int64_t offset,
                  bool commit);
/* An intent that goes well: told, appended, ok. */
void world_write(struct world *w, const char *actor, uint64_t id, const char *topic,
                 int64_t offset, const char *key, const char *value);
/* The batch of the append at offset leaves to the actor, who asked for it. */
void world_serve(struct world *w, const char *actor, uint32_t incarnation, const char *topic,
                 int64_t offset);
void world_view(struct world *w, const char *store, uint64_t request, const char *topic,
                int64_t offset, const char *key, const char *row);
void world_committed(struct world *w, const char *actor, const char *group, const char *topic,
                     int64_t offset, uint64_t request);
void world_claim(struct world *w, enum trial_fact fact, const char *actor, const char *topic,
                 int64_t offset);
void world_row(struct world *w, const char *store, const char *topic, const char *key,
               const char *value);
void world_row_bytes(struct world *w, const char *store, const char *topic, struct base_slice key,
                     struct base_slice value);
void world_read(struct world *w, const char *store);
void world_rest(struct world *w, const char *actor, bool rests);
void world_start(struct world *w, const char *actor);
void world_exit(struct world *w, const char *actor, int status);
void world_fault(struct world *w, const char *name, int64_t stage);

/* Judges (again); 1 when a report came. */
int world_judge(struct world *w);
/* "pass", "fail because duplicate", "not exercised", "none". Valid until the next call. */
const char *world_finding(struct world *w, const char *guarantee, const char *of);
uint64_t world_anomaly(struct world *w, const char *name);
/* The place of the n-th (from 0) event of a kind; asserts that it is there. */
size_t world_find(struct world *w, enum trial_fact fact, size_t n);
