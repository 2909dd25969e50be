/*
 * Steps that the broker carries out, at once: what an administrator, time or an accident does to a
 * cluster. They are steps of a run, orders of `ktrial serve`, and actions of a fault.
 */
#pragma once
#include "harness/run/stage.h"

/* Carries out one step: compact, roll, retain, delete-records, create-topic, delete-topic,
 * configure, add-partitions, leader, coordinator, rebalance, fence, expire, down, up, advance, heal
 * and those of replication. A part without a partition stands for all of them, a journal for all of
 * its topics. BASE_UNSUPPORTED for any other step; else what the broker says (BASE_NOT_FOUND: no
 * such topic). */
int trial_broker_do(struct trial_stage *stage, const struct trial_step *step,
                    struct base_error *err) BASE_MUST_USE;
