/* What stage.c and stage_open.c share. */
#pragma once
#include <unistd.h>

#include "harness/run/stage.h"

/* The callbacks that the broker is given. */
void trial_stage_host(struct trial_stage *stage, struct mock_host *ret_host);
/* Starts the watchdog. */
void trial_stage_watch(struct trial_stage *stage);
