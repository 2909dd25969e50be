/* Finding and reading scenario files. */
#pragma once
#include <stdio.h>

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
/* Makes the file anew, with exactly these bytes. BASE_IO: it is not whole (the disk is full, …). */
int trial_write_file(const char *path, struct base_slice bytes, struct base_error *err);
/* Closes what was written through file; 0 only when all of it arrived. name: in the sentence. */
int trial_close_file(FILE *file, const char *name, struct base_error *err);
