/* Telling a writer to write: the intent's fact first, then the command. */
#pragma once
#include "harness/run/live.h"

/* Where a step writes: a plain topic, or one type of a journal. */
struct trial_place {
    const char *target;  /* as the scenario says */
    const char *topic;   /* real topic of the (public) copy */
    const char *topic2;  /* of the privileged copy; NULL */
    const char *journal; /* NULL: a plain topic */
    const char *type;
};

struct trial_write {
    const struct trial_place *place;
    struct base_slice key;
    struct base_slice value; /* null: a tombstone */
    int32_t partition;       /* -1: the writer's choice */
    const struct trial_header *headers;
    size_t header_count;
    const char *secrets;     /* names, comma-separated; NULL */
};

/* The places of a target, one a type; memory of arena. */
int trial_write_places(const struct trial_stage *stage, const char *target,
                       struct base_arena *arena, struct trial_place **ret_places, size_t *ret_count,
                       struct base_error *err) BASE_MUST_USE;
/* Makes the intent, and tells the actor; an actor that was killed gets nothing and the intent's
 * outcome is unknown. */
int trial_write_tell(struct trial_live *live, const struct trial_write *write,
                     struct base_error *err) BASE_MUST_USE;
/* The single write or delete of a step. */
int trial_write_step(struct trial_live *live, const struct trial_step *step, struct base_error *err)
    BASE_MUST_USE;
