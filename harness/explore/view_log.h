/* The batches of a view, as Kafka's cleaner would leave them. */
#pragma once
#include "harness/explore/views.h"

/* A non-zero return stops with that code. */
typedef int (*trial_view_batch_fn)(void *arg, struct base_slice batch, struct base_error *err);

/*
 * Visits the batches of one partition under a window. One that lost nothing is given as it was; one
 * that lost some is written anew with the same offsets, producer and codec, and, if it holds a
 * tombstone, with a delete horizon (attribute 0x40); one that lost all is empty, or left out
 * (trial_window_keeps_empty).
 */
int trial_view_batches(const struct trial_captured_part *part, const struct trial_window *window,
                       trial_view_batch_fn visit, void *arg, struct base_error *err) BASE_MUST_USE;
