/* The parts of a history's JSON that have files of their own. Private to this folder. */
#pragma once
#include <jansson.h>

#include "base/arena.h"
#include "base/builder.h"
#include "harness/check/history.h"

/* NULL when memory is out. */
json_t *trial_batch_to_json(const struct mock_stored_batch *batch);
/* room is used for the bytes. 0, BASE_NO_MEMORY, BASE_LIMIT or BASE_MALFORMED. */
int trial_batch_of_json(const json_t *object, struct base_builder *room,
                        struct mock_stored_batch **ret_batch);

json_t *trial_clean_to_json(const struct trial_clean *clean);
/* The caller gives the batches' references back (trial_clean_unref_batches), also after a
 * failure when *ret_clean is set. */
int trial_clean_of_json(const json_t *object, struct base_builder *room, struct base_arena *arena,
                        struct trial_clean **ret_clean);
