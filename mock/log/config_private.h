/* The table of settings, for config.c and config_text.c alone. */
#pragma once
#include <stddef.h>

#include "mock/log/config.h"

enum mock_config_kind {
    MOCK_CONFIG_NUMBER,
    MOCK_CONFIG_TIME,
    MOCK_CONFIG_RATIO,
    MOCK_CONFIG_BOOL,
    MOCK_CONFIG_POLICY,
    MOCK_CONFIG_WORD,   /* one of words; an enum or a bool by its place in them */
    MOCK_CONFIG_DEFAULT /* Kafka's, and not honoured: only its default, words[0], may be set */
};

struct mock_config_row {
    const char *name;
    enum mock_config_kind kind;
    enum mock_config_type type;
    size_t at;   /* in struct mock_log_config */
    size_t size; /* there */
    int64_t min;
    int64_t max;
    int64_t client_min; /* Kafka's, where ours is lower */
    const char *const *words;
    const char *synonym; /* the broker's setting; NULL: none */
    bool is_own;         /* no setting of Kafka's */
    const char *help;
};

const struct mock_config_row *mock_config_rows(size_t *ret_count);
/* NULL: none of this name. */
const struct mock_config_row *mock_config_row_find(struct base_slice name);
void mock_config_mark(struct mock_log_config *config, const struct mock_config_row *row, bool set);
/* Its value as text. */
void mock_config_text(const struct mock_log_config *config, const struct mock_config_row *row,
                      char *text, size_t size);
/* Its field from a number: of a number, a time, a bool or the place of a word. */
void mock_config_put(struct mock_log_config *config, const struct mock_config_row *row,
                     int64_t number);
/* "delete, compact": any of the two, perhaps none; false: something else. */
bool mock_config_put_policy(struct mock_log_config *config, const char *value);
