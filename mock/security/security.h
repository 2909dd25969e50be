/*
 * The words of a listener's security, by Kafka's names: protocols, SASL mechanisms, whether TLS
 * clients show a certificate.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* SecurityProtocol in Kafka. */
enum mock_security_protocol {
    MOCK_SECURITY_DEFAULT = 0, /* the broker's setting; only in struct mock_listener_options */
    MOCK_SECURITY_PLAINTEXT = 1,
    MOCK_SECURITY_SSL = 2,
    MOCK_SECURITY_SASL_PLAINTEXT = 3,
    MOCK_SECURITY_SASL_SSL = 4
};
/* "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"; "?" for any other number. */
const char *mock_security_protocol_to_str(enum mock_security_protocol protocol);
bool mock_security_protocol_find(const char *name, enum mock_security_protocol *ret_protocol);
bool mock_security_has_sasl(enum mock_security_protocol protocol);
bool mock_security_has_tls(enum mock_security_protocol protocol);

/* SASL mechanisms, one bit each. */
enum mock_sasl_mechanism {
    MOCK_SASL_PLAIN = 1,
    MOCK_SASL_SCRAM_SHA_256 = 2,
    MOCK_SASL_SCRAM_SHA_512 = 4,
    MOCK_SASL_OAUTHBEARER = 8
};
#define MOCK_SASL_ALL 15u
#define MOCK_SASL_MECHANISM_COUNT 4
/* "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"; "?" for any other number. */
const char *mock_sasl_mechanism_to_str(enum mock_sasl_mechanism mechanism);
bool mock_sasl_mechanism_find(const char *name, enum mock_sasl_mechanism *ret_mechanism);
/* The set that "PLAIN,SCRAM-SHA-256" names; false for an unknown or no name. */
bool mock_sasl_mechanisms_find(const char *names, uint32_t *ret_set);

/* ssl.client.auth: is a client asked for its certificate, and turned away without one? */
enum mock_client_auth {
    MOCK_CLIENT_AUTH_NONE,
    MOCK_CLIENT_AUTH_REQUESTED,
    MOCK_CLIENT_AUTH_REQUIRED
};
