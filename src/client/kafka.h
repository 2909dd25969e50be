/* Inside libjournal: making a librdkafka handle from settings. */
#pragma once
#include <librdkafka/rdkafka.h>

#include "client/settings.h"

/* Who logs for a handle; the first member of every opaque that is given to librdkafka. */
struct journal_logger {
    journal_log_fn *log; /* NULL: nobody */
    void *arg;
};

/* How a handle is made: its side, its defaults (the user's settings win), what is forced on it. */
struct journal_handle_plan {
    enum journal_side side;
    const char *brokers;   /* NULL: the settings say */
    const char *client_id; /* NULL: the settings say */
    struct journal_settings settings;
    const struct journal_pair *defaults;
    size_t default_count;
    const struct journal_pair *forced;
    size_t forced_count;
};

/* A configuration without callbacks; owned by the caller until rd_kafka_new takes it. */
int journal_kafka_conf(const struct journal_handle_plan *plan, struct journal_logger *logger,
                       rd_kafka_conf_t **ret_conf, struct base_error *err) BASE_MUST_USE;
void journal_log(const struct journal_logger *logger, int level, const char *format, ...)
    BASE_PRINTF(3, 4);
