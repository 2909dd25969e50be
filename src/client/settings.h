/*
 * Settings of writers and clients: librdkafka's own names, passed on as they are, and the stack's,
 * which begin with "journal." and stand in one table.
 *
 * Everything is text until it is used. A value of the user's wins over our defaults; an unknown
 * name, a wrong value and a setting of the other side are errors that name what is accepted.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"

enum journal_side { JOURNAL_SIDE_WRITER = 1, JOURNAL_SIDE_CLIENT = 2 };

enum journal_setting_type {
    JOURNAL_SETTING_INTEGER, /* min to max */
    JOURNAL_SETTING_CHOICE,  /* one of choices */
    JOURNAL_SETTING_BOOLEAN, /* true or false */
    JOURNAL_SETTING_TEXT     /* any; empty = not set */
};

struct journal_setting {
    const char *name;
    unsigned sides; /* bits of enum journal_side */
    enum journal_setting_type type;
    const char *choices; /* separated by " | " */
    int64_t min, max;
    const char *fallback; /* the default, as text */
    const char *doc;
};

/* The table of journal.* settings. */
const struct journal_setting *journal_setting_table(size_t *ret_count);
const struct journal_setting *journal_setting_find(const char *name);

/* One setting that the user made; borrowed. */
struct journal_pair {
    const char *name;
    const char *value;
};

struct journal_settings {
    const struct journal_pair *pairs;
    size_t count;
};

/* What the user set (the last one wins), or NULL. */
const char *journal_settings_find(struct journal_settings settings, const char *name);
/* What the user set, or the default; the name must be in the table, the settings checked. */
const char *journal_settings_text(struct journal_settings settings, const char *name);
int64_t journal_settings_integer(struct journal_settings settings, const char *name);
bool journal_settings_flag(struct journal_settings settings, const char *name);

/* Of the connection, and so of a client's writers too: security.*, ssl.*, socket.*, … */
bool journal_setting_is_shared(const char *name);
/* Checks every journal.* setting, and that none is one that the stack itself must decide
 * (enable.auto.commit, …). BASE_USAGE or BASE_UNSUPPORTED. librdkafka's names are
 * checked when the writer or client is made. */
int journal_settings_check(struct journal_settings settings, enum journal_side side,
                           struct base_error *err) BASE_MUST_USE;

/* One line about something that happened: level as syslog's (3 error, 4 warning, 5 notice, 6 info).
 * May be called from any thread. Never contains a key or a value. */
typedef void journal_log_fn(void *arg, int level, const char *line);
