#include "tool/verbs.h"
int tool_read(const struct tool_config *config, struct tool_loop *loop) { tool_complain("not yet"); return TOOL_EXIT_FAILED; }
