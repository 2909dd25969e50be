/*
 * The guard: a small process that cleans up after ktrial, however ktrial ends.
 *
 * It is forked once, before anything else runs. It makes the directory in which all temporary
 * files lie, and reads a pipe on which it is told process groups. When every writing end of the
 * pipe is closed — ktrial and all processes that it forked are gone, killed or not — it kills the
 * groups that are left and removes the directory. Tellings are single writes below PIPE_BUF, so
 * that they come whole from any number of processes, also between fork and exec.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/attrs.h"
#include "base/error.h"

struct trial_guard;

/* Forks the guard and waits until its directory ("$TMPDIR/ktrial-XXXXXX") is there. */
int trial_guard_start(struct trial_guard **ret_guard, struct base_error *err) BASE_MUST_USE;
const char *trial_guard_directory(const struct trial_guard *guard);
/* A process group began or is gone; of the calling process. Safe between fork and exec. NULL:
 * nothing. */
void trial_guard_tell(const struct trial_guard *guard, pid_t owner, pid_t group, bool alive);
/* A process that was told of as owner has died: its groups are killed and its directory
 * (trial_guard_directory/<owner>) is removed, before this returns. */
void trial_guard_clean(struct trial_guard *guard, pid_t owner);
/* Closes this process's end; in the process that started the guard, waits until all is clean.
 * NULL-safe. */
void trial_guard_finish(struct trial_guard *guard);

/* Removes a file or a folder with all that it holds; what is not there is no error. */
int trial_remove_tree(const char *path, struct base_error *err);
