/* Finding and reading scenario files. */
#pragma once
#include "base/error.h"
#include "base/builder.h"

/* Return non-zero to stop; that code is then returned. */
typedef int (*trial_file_fn)(void *arg, const char *path, struct base_error *err);

/* Calls visit for path itself, or, if it is a folder, for every *.scn below it, sorted by path.
 * BASE_NOT_FOUND when there is no such path, or no scenario below it; links to folders are not
 * followed. */
int trial_find_scenarios(const char *path, trial_file_fn visit, void *arg, struct base_error *err);
/* Appends the whole file; "-" is standard input. */
int trial_read_file(const char *path, struct base_builder *ret_text, struct base_error *err);
