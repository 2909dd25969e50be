/*
 * What the handlers of administration share: errors with Kafka's sentences, names that occur twice,
 * assignments of replicas, and settings as DescribeConfigs and CreateTopics tell them.
 */
#pragma once
#include "base/attrs.h"
#include "mock/gateway/handlers.h"

/* Kafka's ApiError. */
struct mock_admin_error {
    int16_t code;
    struct base_slice message; /* null: none; lives in the request's arena */
};
#define MOCK_ADMIN_OK ((struct mock_admin_error){MOCK_ERROR_NONE, {NULL, 0}})

struct mock_admin_error mock_admin_say(struct mock_request *r, int16_t code, const char *format,
                                       ...) BASE_PRINTF(3, 4);
/* Without a sentence. */
static inline struct mock_admin_error mock_admin_code(int16_t code) {
    return (struct mock_admin_error){code, {NULL, 0}};
}
/* With what Kafka says of that code where it has nothing to add; null for codes that no handler
 * answers without words of its own. */
struct mock_admin_error mock_admin_general(int16_t code);
/* A refusal of mock_log_config_alter or mock_log_config_check_altered: INVALID_CONFIG. */
struct mock_admin_error mock_admin_invalid_config(struct mock_request *r,
                                                  const struct base_error *err);
/* Keeps the answer's first error. */
void mock_admin_note(struct mock_request *r, int16_t code);
/* Topic.validate: INVALID_TOPIC_EXCEPTION and why. */
struct mock_admin_error mock_admin_check_name(struct mock_request *r, struct base_slice name);
/* ReplicationControlManager.validateManualPartitionAssignment; expected: how many the partitions
 * before have, -1: none. */
struct mock_admin_error mock_admin_check_replicas(struct mock_request *r, const int32_t *brokers,
                                                  size_t count, int32_t expected);

/* How often does the name at each place occur? ret_place: 0 once, 1 the first of several, 2 a later
 * one. NULL: memory is out (the arena has failed). name_at gives the i-th. */
uint8_t *mock_admin_repeats(struct mock_request *r, size_t count,
                            struct base_slice (*name_at)(const void *items, size_t i),
                            const void *items);

/* -- settings (admin_configs.c) -- */

/* A setting as an answer tells it; all text lives in the request's arena. */
struct mock_admin_config {
    const char *name;
    const char *value;
    const char *default_value;
    const char *synonym;      /* of the broker; NULL: none */
    const char *broker_value; /* the broker's own, where it is not the default; NULL: it is */
    const char *help;
    int8_t source; /* enum mock_config_source */
    int8_t type;   /* enum mock_config_type */
    bool read_only;
};
/* Those of a topic with this configuration, sorted by name; NULL: memory is out. */
struct mock_admin_config *mock_admin_topic_configs(struct mock_request *r,
                                                   const struct mock_log_config *log,
                                                   size_t *ret_count);
/* Those of the broker that Kafka has, too. */
struct mock_admin_config *mock_admin_broker_configs(struct mock_request *r, size_t *ret_count);
/* The broker's value of a setting, in the arena; NULL: it has none of this name. ret_is_default:
 * Kafka's, too. */
const char *mock_admin_broker_value(struct mock_request *r, const char *name, bool *ret_is_default);
