/* What one run of the journal program is to do: from KTRIAL_CONFIG, or from the command line. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "client/client.h"
#include "client/settings.h"
#include "replay/replayer.h"

struct tool_target {
    const char *name;
    struct journal_source source;
    bool anonymize;
};

enum tool_verb { TOOL_WRITE, TOOL_CONSUME, TOOL_REPLAY, TOOL_COPY };

struct tool_config {
    enum tool_verb verb;
    bool is_actor; /* JSON lines on standard input and output, points, no end at EOF of the log */
    bool text;     /* by hand: keys and values are text, not base64 */
    const char *name;
    const char *brokers;
    struct journal_pair *pairs;
    size_t pair_count, pair_cap;
    struct tool_target *targets;
    size_t target_count, target_cap;
    const char *group; /* NULL: groupless */
    bool privileged;
    const char *store_path; /* NULL: no store */
    unsigned points;        /* bits (1 << enum journal_point) to wait at */
    json_t *root;           /* owns the strings of a configuration file */
};

void tool_config_clean_up(struct tool_config *config);
/* Reads the file; BASE_USAGE says what is wrong with it. */
int tool_config_read(struct tool_config *config, const char *path, struct base_error *err);
/* Reads the command line after the verb. *ret_help: --help was asked for. */
int tool_config_from_options(struct tool_config *config, int argc, char **argv, bool *ret_help,
                             struct base_error *err);
int tool_config_add_pair(struct tool_config *config, const char *name, const char *value,
                         struct base_error *err);
int tool_config_add_target(struct tool_config *config, const struct tool_target *target,
                           struct base_error *err);
struct journal_settings tool_config_settings(const struct tool_config *config);
/* The target of that name, or NULL. */
const struct tool_target *tool_config_find(const struct tool_config *config, const char *name);
