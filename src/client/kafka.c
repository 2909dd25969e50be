/* From settings to a librdkafka configuration; librdkafka's log lines to ours. */
#include "client/kafka.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_LOG_LINE_BYTES 1024

void journal_log(const struct journal_logger *logger, int level, const char *format, ...) {
    if (!logger || !logger->log) {
        return;
    }
    char line[MAX_LOG_LINE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    logger->log(logger->arg, level, line);
}

static void on_log(const rd_kafka_t *rk, int level, const char *facility, const char *text) {
    /* Old versions call it a producer's, but a consumer's retries use it just as well. */
    if (strcmp(facility, "CONFWARN") == 0 && strstr(text, "retry.backoff.ms")) {
        return;
    }
    journal_log(rd_kafka_opaque(rk), level, "librdkafka %s: %s", facility, text);
}

static int set(rd_kafka_conf_t *conf, const char *name, const char *value,
               struct base_error *err) {
    char reason[512];
    if (rd_kafka_conf_set(conf, name, value, reason, sizeof(reason)) != RD_KAFKA_CONF_OK) {
        return base_fail(err, BASE_USAGE, "setting %s: %s", name, reason);
    }
    return 0;
}

/* librdkafka has two names for some settings; the user may have used either. */
static bool is_set(struct journal_settings settings, const char *name) {
    static const char *const aliases[][2] = {
        {"bootstrap.servers", "metadata.broker.list"},
        {"acks", "request.required.acks"},
        {"linger.ms", "queue.buffering.max.ms"},
        {"max.in.flight", "max.in.flight.requests.per.connection"},
    };
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (strcmp(aliases[i][0], name) == 0 && journal_settings_find(settings, aliases[i][1])) {
            return true;
        }
    }
    return journal_settings_find(settings, name) != NULL;
}

static int set_unless_given(rd_kafka_conf_t *conf, struct journal_settings settings,
                            const char *name, const char *value, struct base_error *err) {
    return value && !is_set(settings, name) ? set(conf, name, value, err) : 0;
}

static int set_all(rd_kafka_conf_t *conf, const struct journal_handle_plan *plan,
                   struct base_error *err) {
    int code = set_unless_given(conf, plan->settings, "bootstrap.servers", plan->brokers, err);
    code = code ? code
                : set_unless_given(conf, plan->settings, "client.id", plan->client_id, err);
    for (size_t i = 0; i < plan->default_count && !code; i++) {
        code = set_unless_given(conf, plan->settings, plan->defaults[i].name,
                                plan->defaults[i].value, err);
    }
    for (size_t i = 0; i < plan->settings.count && !code; i++) {
        const struct journal_pair *pair = &plan->settings.pairs[i];
        if (strncmp(pair->name, "journal.", 8) != 0) {
            code = set(conf, pair->name, pair->value, err);
        }
    }
    for (size_t i = 0; i < plan->forced_count && !code; i++) {
        code = set(conf, plan->forced[i].name, plan->forced[i].value, err);
    }
    return code;
}

int journal_kafka_conf(const struct journal_handle_plan *plan, struct journal_logger *logger,
                       rd_kafka_conf_t **ret_conf, struct base_error *err) {
    int code = journal_settings_check(plan->settings, plan->side, err);
    if (code) {
        return code;
    }
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    code = set_all(conf, plan, err);
    if (code) {
        rd_kafka_conf_destroy(conf);
        return code;
    }
    rd_kafka_conf_set_opaque(conf, logger);
    rd_kafka_conf_set_log_cb(conf, on_log);
    *ret_conf = conf;
    return 0;
}
