/* Broker settings by Kafka's names: one table, read by mock_settings_set and mock_settings_each. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "mock/log/cleaner.h"
#include "mock/mock.h"

enum setting_type {
    TYPE_I32,
    TYPE_I64,
    TYPE_U64,
    TYPE_BOOL,
    TYPE_FIRST_SEQUENCE,
    TYPE_EXPIRY,
    TYPE_COMPACTION,
    TYPE_SELECTOR,
    TYPE_RACKS,
    TYPE_ASSIGNORS,
    TYPE_MIGRATION,
    TYPE_PROTOCOL, /* of security, from here on */
    TYPE_MECHANISMS,
    TYPE_CLIENT_AUTH,
    TYPE_SUPER_USERS,
    TYPE_AUTHORIZER
};

#define RACK_AWARE "org.apache.kafka.common.replica.RackAwareReplicaSelector"

struct setting {
    const char *name;
    enum setting_type type;
    size_t at; /* offset in struct mock_settings */
    int64_t min;
    int64_t max;
    const char *help;
};

#define MOCK_AUTHORIZER_NAME "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
#define AT(field) offsetof(struct mock_settings, field)

static const struct setting settings_table[] = {
    {"brokers", TYPE_I32, AT(brokers), 1, BASE_MAX_BROKERS, "number of brokers"},
    {"num.partitions", TYPE_I32, AT(num_partitions), 1, BASE_MAX_PARTITIONS,
     "partitions of a topic that does not say"},
    {"auto.create.topics.enable", TYPE_BOOL, AT(auto_create_topics_enable), 0, 1,
     "create a topic when a client asks for it"},
    {"group.initial.rebalance.delay.ms", TYPE_I64, AT(group_initial_rebalance_delay_ms), 0,
     INT32_MAX, "how long an empty group waits for more members"},
    {"message.max.bytes", TYPE_I64, AT(message_max_bytes), 0, INT32_MAX,
     "largest record batch that is accepted"},
    {"socket.request.max.bytes", TYPE_I64, AT(socket_request_max_bytes), 1, BASE_MAX_FRAME_BYTES,
     "largest request; a larger one closes its connection"},
    {"max.connections", TYPE_I64, AT(max_connections), 1, INT32_MAX,
     "connections at a time, of all brokers together; more wait until one closes"},
    {"max.connections.per.ip", TYPE_I64, AT(max_connections_per_ip), 0, INT32_MAX,
     "connections at a time from one address; more are closed"},
    {"connections.max.idle.ms", TYPE_I64, AT(connections_max_idle_ms), -1, INT64_MAX,
     "a connection on which nothing came for so long (real time) is closed; -1: never"},
    {"group.max.size", TYPE_I64, AT(group_max_size), 1, BASE_MAX_GROUP_MEMBERS,
     "members of one group; more are refused with GROUP_MAX_SIZE_REACHED"},
    {"group.min.session.timeout.ms", TYPE_I64, AT(group_min_session_timeout_ms), 1, INT32_MAX,
     "a shorter session timeout is refused with INVALID_SESSION_TIMEOUT"},
    {"group.max.session.timeout.ms", TYPE_I64, AT(group_max_session_timeout_ms), 1, INT32_MAX,
     "a longer session timeout is refused with INVALID_SESSION_TIMEOUT"},
    {"group.consumer.session.timeout.ms", TYPE_I32, AT(consumer_session_timeout_ms), 1, INT32_MAX,
     "how long a member of the consumer protocol (KIP-848) may be silent"},
    {"group.consumer.heartbeat.interval.ms", TYPE_I32, AT(consumer_heartbeat_interval_ms), 1,
     INT32_MAX, "how often members of the consumer protocol are told to send a heartbeat"},
    {"group.consumer.assignment.interval.ms", TYPE_I32, AT(consumer_assignment_interval_ms), 0,
     INT32_MAX, "least time between two assignments of a group of the consumer protocol"},
    {"group.consumer.max.size", TYPE_I64, AT(consumer_max_size), 1, BASE_MAX_GROUP_MEMBERS,
     "members of one group of the consumer protocol"},
    {"group.consumer.assignors", TYPE_ASSIGNORS, AT(consumer_assignors), 0, 0,
     "uniform,range or one of them; the first is used where members do not choose"},
    {"group.consumer.migration.policy", TYPE_MIGRATION, AT(migration), 0, 0,
     "may a group with members change from the classic to the consumer protocol (upgrade), and "
     "back: disabled, upgrade, downgrade, bidirectional"},
    {"log.max.bytes", TYPE_U64, AT(log_max_bytes), 1, INT64_MAX,
     "bytes of record batches that the cluster keeps before it refuses more"},
    {"first.sequence", TYPE_FIRST_SEQUENCE, AT(first_sequence), 0, 0,
     "what a partition that does not know a producer takes as its first sequence: any (Kafka 2.5 "
     "to 4.4) | zero-on-never-written (KAFKA-15591) | zero-always | unknown-producer-id"},
    {"session.expiry", TYPE_EXPIRY, AT(session_expiry_real), 0, 0,
     "when the session of a killed member ends: at-crash | real (its session timeout)"},
    {"compact.policy", TYPE_COMPACTION, AT(compact_adversarial), 0, 0,
     "when compacted topics are cleaned: exact (on command) | adversarial (after every append, as "
     "far "
     "as Kafka's rules allow)"},
    {"log.cleaner.dedupe.buffer.size", TYPE_I64, AT(log_cleaner_dedupe_buffer_size), 48, INT64_MAX,
     "bytes of the cleaner's key map, 24 a key, 90 % of it used: more keys take more passes"},
    {"offsets.retention.minutes", TYPE_I64, AT(offsets_retention_minutes), 1, INT32_MAX,
     "offsets that no group needs for so long (log time) are forgotten, and empty groups with "
     "them"},
    {"log.retention.ms", TYPE_I64, AT(log_retention_ms), -1, INT64_MAX,
     "retention.ms of topics that do not say it; -1: never"},
    {"producer.id.expiration.ms", TYPE_I64, AT(producer_id_expiration_ms), 1, INT64_MAX,
     "a producer not heard of for so long (log time) is forgotten"},
    {"transaction.max.timeout.ms", TYPE_I32, AT(transaction_max_timeout_ms), 1, INT32_MAX,
     "longest transaction.timeout.ms that a producer may ask for"},
    {"transactional.id.expiration.ms", TYPE_I64, AT(transactional_id_expiration_ms), 1, INT64_MAX,
     "a transactional id not used for so long (log time) is forgotten"},
    {"transaction.version", TYPE_I32, AT(transaction_version), 0, 2,
     "finalized level of that feature: 2 is Transactions V2 (KIP-890; Kafka 4.0 and later)"},
    {"listener", TYPE_PROTOCOL, AT(listener), 0, 0,
     "how clients connect: PLAINTEXT | SSL | SASL_PLAINTEXT | SASL_SSL"},
    {"sasl.enabled.mechanisms", TYPE_MECHANISMS, AT(sasl_mechanisms), 0, 0,
     "with SASL: some of PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER"},
    {"ssl.client.auth", TYPE_CLIENT_AUTH, AT(ssl_client_auth), 0, 0,
     "with SSL: is a client asked for a certificate: none | requested | required"},
    {"super.users", TYPE_SUPER_USERS, AT(super_users), 0, 0,
     "who may do everything: User:a;User:b; turns the authorizer on"},
    {"allow.everyone.if.no.acl.found", TYPE_BOOL, AT(allow_everyone_if_no_acl_found), 0, 1,
     "with an authorizer: may everybody do what no ACL speaks of"},
    {"authorizer.class.name", TYPE_AUTHORIZER, AT(has_authorizer), 0, 0,
     "none | " MOCK_AUTHORIZER_NAME ": refuse what no ACL allows"},
    {"connections.max.reauth.ms", TYPE_I64, AT(connections_max_reauth_ms), 0, INT64_MAX,
     "with SASL: a login holds so long, then the client has to log in again (KIP-368); 0: for "
     "ever"},
    {"default.replication.factor", TYPE_I32, AT(default_replication_factor), 0, BASE_MAX_BROKERS,
     "replicas of a topic that does not say; 0: 3, or as many as there are brokers"},
    {"min.insync.replicas", TYPE_I32, AT(min_insync_replicas), 1, BASE_MAX_BROKERS,
     "in-sync replicas that acks=all needs"},
    {"unclean.leader.election.enable", TYPE_BOOL, AT(unclean_leader_election_enable), 0, 1,
     "a replica that is not in sync may lead when no other can"},
    {"replica.selector.class", TYPE_SELECTOR, AT(replica_selector_is_rack_aware), 0, 0,
     "which replica a consumer reads from: leader | " RACK_AWARE},
    {"max.incremental.fetch.session.cache.slots", TYPE_I32, AT(fetch_session_slots), 0, INT32_MAX,
     "fetch sessions of one broker at a time; without a place a client is answered session 0"},
    {"broker.rack", TYPE_RACKS, AT(broker_rack), 0, 0,
     "the rack of each broker, with commas between"},
};

#define SETTING_COUNT (sizeof(settings_table) / sizeof(settings_table[0]))

void mock_settings_init(struct mock_settings *settings) {
    *settings = (struct mock_settings){
        .brokers = 3,
        .num_partitions = 1,
        .auto_create_topics_enable = true,
        .group_initial_rebalance_delay_ms = 0,
        .message_max_bytes = 1048588,
        .socket_request_max_bytes = BASE_MAX_FRAME_BYTES,
        .max_connections = INT32_MAX,
        .max_connections_per_ip = INT32_MAX,
        .connections_max_idle_ms = 600000,
        .group_max_size = BASE_MAX_GROUP_MEMBERS,
        .group_min_session_timeout_ms = 6000,
        .group_max_session_timeout_ms = 1800000,
        .log_max_bytes = BASE_MAX_LOG_BYTES,
        .first_sequence = MOCK_FIRST_SEQUENCE_ANY,
        .session_expiry_real = false,
        .compact_adversarial = false,
        .log_cleaner_dedupe_buffer_size = MOCK_CLEAN_BUFFER_BYTES,
        .consumer_session_timeout_ms = 45000,
        .consumer_heartbeat_interval_ms = 5000,
        .consumer_assignment_interval_ms = 0,
        .consumer_max_size = 1000,
        .consumer_assignors = "uniform,range",
        .migration = MOCK_MIGRATION_BIDIRECTIONAL,
        .offsets_retention_minutes = 7 * 24 * 60,
        .log_retention_ms = INT64_C(604800000),
        .producer_id_expiration_ms = MOCK_PRODUCER_EXPIRATION_MS,
        .transaction_max_timeout_ms = 900000,
        .transactional_id_expiration_ms = INT64_C(604800000),
        .transaction_version = 2,
        .listener = MOCK_SECURITY_PLAINTEXT,
        .sasl_mechanisms = MOCK_SASL_ALL,
        .min_insync_replicas = 1,
        .fetch_session_slots = 1000,
    };
}

static const char *const client_auths[] = {"none", "requested", "required"};

static int parse_number(const struct setting *s, const char *value, int64_t *ret_number,
                        struct base_error *err) {
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < s->min || number > s->max) {
        return base_fail(err, BASE_USAGE,
                         "%s must be a number from %" PRId64 " to %" PRId64 ", not '%s'", s->name,
                         s->min, s->max, value);
    }
    *ret_number = number;
    return 0;
}

static int set_word(struct mock_settings *settings, const struct setting *s, const char *value,
                    struct base_error *err) {
    if (s->type == TYPE_FIRST_SEQUENCE) {
        if (!mock_first_sequence_find(value, &settings->first_sequence)) {
            return base_fail(err, BASE_USAGE,
                             "first.sequence must be any, zero-on-never-written, "
                             "zero-always or unknown-producer-id, not '%s'",
                             value);
        }
        return 0;
    }
    const char *const *words = s->type == TYPE_BOOL     ? (const char *const[]){"false", "true"}
                               : s->type == TYPE_EXPIRY ? (const char *const[]){"at-crash", "real"}
                               : s->type == TYPE_SELECTOR
                                   ? (const char *const[]){"leader", RACK_AWARE}
                                   : (const char *const[]){"exact", "adversarial"};
    bool *at = (bool *)((char *)settings + s->at);
    if (strcmp(value, words[0]) != 0 && strcmp(value, words[1]) != 0) {
        return base_fail(err, BASE_USAGE, "%s must be %s or %s, not '%s'", s->name, words[0],
                         words[1], value);
    }
    *at = strcmp(value, words[1]) == 0;
    return 0;
}

static int set_client_auth(struct mock_settings *settings, const char *value,
                           struct base_error *err) {
    for (size_t i = 0; i < sizeof(client_auths) / sizeof(client_auths[0]); i++) {
        if (strcmp(value, client_auths[i]) == 0) {
            settings->ssl_client_auth = (enum mock_client_auth)i;
            return 0;
        }
    }
    return base_fail(err, BASE_USAGE,
                     "ssl.client.auth must be none, requested or required, not '%s'", value);
}

static int set_security(struct mock_settings *settings, const struct setting *s, const char *value,
                        struct base_error *err) {
    switch (s->type) {
    case TYPE_PROTOCOL:
        return mock_security_protocol_find(value, &settings->listener)
                   ? 0
                   : base_fail(err, BASE_USAGE,
                               "listener must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, "
                               "not '%s'",
                               value);
    case TYPE_MECHANISMS:
        return mock_sasl_mechanisms_find(value, &settings->sasl_mechanisms)
                   ? 0
                   : base_fail(err, BASE_USAGE,
                               "sasl.enabled.mechanisms must be some of PLAIN,SCRAM-SHA-256,"
                               "SCRAM-SHA-512,OAUTHBEARER, not '%s'",
                               value);
    case TYPE_CLIENT_AUTH:
        return set_client_auth(settings, value, err);
    case TYPE_AUTHORIZER:
        settings->has_authorizer = strcmp(value, MOCK_AUTHORIZER_NAME) == 0;
        return settings->has_authorizer || strcmp(value, "none") == 0
                   ? 0
                   : base_fail(err, BASE_USAGE,
                               "authorizer.class.name must be none or " MOCK_AUTHORIZER_NAME
                               ", not '%s'",
                               value);
    default:
        break;
    }
    int len = snprintf(settings->super_users, sizeof(settings->super_users), "%s", value);
    if (len >= (int)sizeof(settings->super_users)) {
        settings->super_users[0] = 0;
        return base_fail(err, BASE_LIMIT, "super.users has more than %u bytes",
                         BASE_MAX_SUPER_USERS_BYTES - 1);
    }
    return mock_super_users_are_legal(value)
               ? 0
               : base_fail(err, BASE_USAGE, "super.users must be User:a;User:b;…, not '%s'", value);
}

static bool is_number(enum setting_type type) {
    return type == TYPE_I32 || type == TYPE_I64 || type == TYPE_U64;
}

/* Each of the list is an assignor, and none is there twice. */
static int set_assignors(struct mock_settings *settings, const char *value,
                         struct base_error *err) {
    static const char *const lists[] = {"uniform,range", "range,uniform", "uniform", "range"};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (strcmp(value, lists[i]) == 0) {
            memcpy(settings->consumer_assignors, value, strlen(value) + 1);
            return 0;
        }
    }
    return base_fail(err, BASE_USAGE,
                     "group.consumer.assignors must be uniform,range or range,uniform or one of "
                     "them, not '%s'",
                     value);
}

static const char *const migration_policies[] = {
    [MOCK_MIGRATION_DISABLED] = "disabled",
    [MOCK_MIGRATION_UPGRADE] = "upgrade",
    [MOCK_MIGRATION_DOWNGRADE] = "downgrade",
    [MOCK_MIGRATION_BIDIRECTIONAL] = "bidirectional",
};

static int set_migration(struct mock_settings *settings, const char *value,
                         struct base_error *err) {
    for (int i = MOCK_MIGRATION_DISABLED; i <= MOCK_MIGRATION_BIDIRECTIONAL; i++) {
        if (strcmp(value, migration_policies[i]) == 0) {
            settings->migration = (enum mock_migration)i;
            return 0;
        }
    }
    return base_fail(err, BASE_USAGE,
                     "group.consumer.migration.policy must be disabled, upgrade, downgrade or "
                     "bidirectional, not '%s'",
                     value);
}

static int set_racks(struct mock_settings *settings, const char *value, struct base_error *err) {
    if (strlen(value) >= sizeof(settings->broker_rack)) {
        return base_fail(err, BASE_USAGE, "broker.rack has more than %zu bytes",
                         sizeof(settings->broker_rack) - 1);
    }
    memcpy(settings->broker_rack, value, strlen(value) + 1);
    return 0;
}

int mock_settings_set(struct mock_settings *settings, const char *name, const char *value,
                      struct base_error *err) {
    const struct setting *s = NULL;
    for (size_t i = 0; i < SETTING_COUNT && !s; i++) {
        s = strcmp(settings_table[i].name, name) == 0 ? &settings_table[i] : NULL;
    }
    if (!s) {
        return base_fail(err, BASE_NOT_FOUND, "'%s' is no broker setting", name);
    }
    if (s->type >= TYPE_PROTOCOL) {
        return set_security(settings, s, value, err);
    }
    if (s->type == TYPE_ASSIGNORS) {
        return set_assignors(settings, value, err);
    }
    if (s->type == TYPE_MIGRATION) {
        return set_migration(settings, value, err);
    }
    if (s->type == TYPE_RACKS) {
        return set_racks(settings, value, err);
    }
    if (!is_number(s->type)) {
        return set_word(settings, s, value, err);
    }
    int64_t number = 0;
    int rc = parse_number(s, value, &number, err);
    if (rc < 0) {
        return rc;
    }
    char *at = (char *)settings + s->at;
    if (s->type == TYPE_I32) {
        *(int32_t *)(void *)at = (int32_t)number;
    } else if (s->type == TYPE_U64) {
        *(uint64_t *)(void *)at = (uint64_t)number;
    } else {
        *(int64_t *)(void *)at = number;
    }
    return 0;
}

static void mechanisms_text(uint32_t set, char *text, size_t size) {
    size_t at = 0;
    text[0] = 0;
    for (uint32_t bit = 1; bit <= MOCK_SASL_ALL && at < size; bit <<= 1) {
        if (set & bit) {
            at += (size_t)snprintf(text + at, size - at, "%s%s", at ? "," : "",
                                   mock_sasl_mechanism_to_str((enum mock_sasl_mechanism)bit));
        }
    }
}

static void value_text(const struct mock_settings *settings, const struct setting *s, char *text,
                       size_t size) {
    const char *at = (const char *)settings + s->at;
    switch (s->type) {
    case TYPE_I32:
        (void)snprintf(text, size, "%" PRId32, *(const int32_t *)(const void *)at);
        return;
    case TYPE_I64:
        (void)snprintf(text, size, "%" PRId64, *(const int64_t *)(const void *)at);
        return;
    case TYPE_U64:
        (void)snprintf(text, size, "%" PRIu64, *(const uint64_t *)(const void *)at);
        return;
    case TYPE_BOOL:
        (void)snprintf(text, size, "%s", *(const bool *)at ? "true" : "false");
        return;
    case TYPE_EXPIRY:
        (void)snprintf(text, size, "%s", *(const bool *)at ? "real" : "at-crash");
        return;
    case TYPE_COMPACTION:
        (void)snprintf(text, size, "%s", *(const bool *)at ? "adversarial" : "exact");
        return;
    case TYPE_SELECTOR:
        (void)snprintf(text, size, "%s", *(const bool *)at ? RACK_AWARE : "leader");
        return;
    case TYPE_ASSIGNORS:
        (void)snprintf(text, size, "%s", settings->consumer_assignors);
        return;
    case TYPE_MIGRATION:
        (void)snprintf(text, size, "%s", migration_policies[settings->migration]);
        return;
    case TYPE_RACKS:
        (void)snprintf(text, size, "%s", at);
        return;
    case TYPE_FIRST_SEQUENCE:
        (void)snprintf(text, size, "%s", mock_first_sequence_to_str(settings->first_sequence));
        return;
    case TYPE_PROTOCOL:
        (void)snprintf(text, size, "%s", mock_security_protocol_to_str(settings->listener));
        return;
    case TYPE_MECHANISMS:
        mechanisms_text(settings->sasl_mechanisms, text, size);
        return;
    case TYPE_CLIENT_AUTH:
        (void)snprintf(text, size, "%s", client_auths[settings->ssl_client_auth]);
        return;
    case TYPE_SUPER_USERS:
        (void)snprintf(text, size, "%s", settings->super_users);
        return;
    case TYPE_AUTHORIZER:
        (void)snprintf(text, size, "%s", settings->has_authorizer ? MOCK_AUTHORIZER_NAME : "none");
        return;
    }
}

void mock_settings_each(void (*visit)(void *arg, const char *name, const char *value,
                                      const char *help),
                        void *arg) {
    struct mock_settings defaults;
    mock_settings_init(&defaults);
    mock_settings_each_of(&defaults, visit, arg);
}

void mock_settings_each_of(const struct mock_settings *settings,
                           void (*visit)(void *arg, const char *name, const char *value,
                                         const char *help),
                           void *arg) {
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char text[BASE_MAX_SUPER_USERS_BYTES];
        value_text(settings, &settings_table[i], text, sizeof(text));
        visit(arg, settings_table[i].name, text, settings_table[i].help);
    }
}
