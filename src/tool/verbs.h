/* The verbs of the program; each returns the exit status. */
#pragma once
#include "client/settings.h"
#include "tool/config.h"
#include "tool/loop.h"

enum { TOOL_EXIT_OK = 0, TOOL_EXIT_FAILED = 1, TOOL_EXIT_USAGE = 64 };

int tool_write(const struct tool_config *config, struct tool_loop *loop);
/* consume and replay */
int tool_read(const struct tool_config *config, struct tool_loop *loop);
int tool_copy(const struct tool_config *config, struct tool_loop *loop);

/* "journal: sentence" on standard error, in one write; may be called from any thread. */
void tool_complain(const char *format, ...) BASE_PRINTF(1, 2);
void tool_log(void *arg, int level, const char *line);
/* Complains and gives the exit status for the error. */
int tool_fail(const struct base_error *err);
