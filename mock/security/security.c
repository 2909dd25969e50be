/* The words of a listener's security: see security.h. */
#include "mock/security/security.h"

#include <string.h>

static const char *const protocols[] = {
    [MOCK_SECURITY_PLAINTEXT] = "PLAINTEXT",
    [MOCK_SECURITY_SSL] = "SSL",
    [MOCK_SECURITY_SASL_PLAINTEXT] = "SASL_PLAINTEXT",
    [MOCK_SECURITY_SASL_SSL] = "SASL_SSL",
};
#define PROTOCOL_COUNT (sizeof(protocols) / sizeof(protocols[0]))

static const char *const mechanisms[MOCK_SASL_MECHANISM_COUNT] = {
    "PLAIN",
    "SCRAM-SHA-256",
    "SCRAM-SHA-512",
    "OAUTHBEARER",
};

const char *mock_security_protocol_to_str(enum mock_security_protocol protocol) {
    bool known = protocol > MOCK_SECURITY_DEFAULT && (size_t)protocol < PROTOCOL_COUNT;
    return known ? protocols[protocol] : "?";
}

bool mock_security_protocol_find(const char *name, enum mock_security_protocol *ret_protocol) {
    for (size_t i = MOCK_SECURITY_PLAINTEXT; i < PROTOCOL_COUNT; i++) {
        if (strcmp(protocols[i], name) == 0) {
            *ret_protocol = (enum mock_security_protocol)i;
            return true;
        }
    }
    return false;
}

bool mock_security_has_sasl(enum mock_security_protocol protocol) {
    return protocol == MOCK_SECURITY_SASL_PLAINTEXT || protocol == MOCK_SECURITY_SASL_SSL;
}

bool mock_security_has_tls(enum mock_security_protocol protocol) {
    return protocol == MOCK_SECURITY_SSL || protocol == MOCK_SECURITY_SASL_SSL;
}

const char *mock_sasl_mechanism_to_str(enum mock_sasl_mechanism mechanism) {
    for (int i = 0; i < MOCK_SASL_MECHANISM_COUNT; i++) {
        if (mechanism == 1u << i) {
            return mechanisms[i];
        }
    }
    return "?";
}

static bool find_mechanism(const char *name, size_t len, uint32_t *ret_bit) {
    for (int i = 0; i < MOCK_SASL_MECHANISM_COUNT; i++) {
        if (strlen(mechanisms[i]) == len && memcmp(mechanisms[i], name, len) == 0) {
            *ret_bit = 1u << i;
            return true;
        }
    }
    return false;
}

bool mock_sasl_mechanism_find(const char *name, enum mock_sasl_mechanism *ret_mechanism) {
    uint32_t bit;
    if (!find_mechanism(name, strlen(name), &bit)) {
        return false;
    }
    *ret_mechanism = (enum mock_sasl_mechanism)bit;
    return true;
}

bool mock_sasl_mechanisms_find(const char *names, uint32_t *ret_set) {
    uint32_t set = 0;
    for (const char *at = names;; at++) {
        size_t len = strcspn(at, ",");
        uint32_t bit;
        if (!find_mechanism(at, len, &bit)) {
            return false;
        }
        set |= bit;
        at += len;
        if (!*at) {
            *ret_set = set;
            return true;
        }
    }
}
