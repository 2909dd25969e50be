/* Fuzz target: what a client says to log in. The first byte picks the mechanism; the tokens follow,
 * each behind two bytes of length. Nobody logs in by PLAIN or SCRAM who does not know a password.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "mock/security/sasl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define NOW_MS 1700000000000

static struct mock_users users;

static void make_users(void) {
    uint8_t password[32];
    if (users.by_name || mock_scram_random(password, sizeof(password)) < 0) {
        return;
    }
    for (size_t i = 0; i < sizeof(password); i++) {
        password[i] = (uint8_t)('a' + password[i] % 26);
    }
    if (mock_users_add(&users, base_slice_str("alice"), base_slice_of(password, sizeof(password)),
                       0, 0, NULL) < 0) {
        abort();
    }
}

static void log_in(enum mock_sasl_mechanism mechanism, const uint8_t *data, size_t len) {
    struct mock_sasl sasl;
    struct base_builder answer;
    enum mock_sasl_step step = MOCK_SASL_GOES_ON;
    mock_sasl_init(&sasl, mechanism, &users);
    sasl.required_scope = len % 2 ? "read write" : "";
    base_builder_init(&answer, 65536);
    while (step == MOCK_SASL_GOES_ON && len >= 2) {
        size_t part = (size_t)(data[0] << 8 | data[1]);
        part = part < len - 2 ? part : len - 2;
        uint8_t *copy = base_memdup(data + 2, part); /* of exactly its size */
        step = mock_sasl_take(&sasl, base_slice_of(copy, part), NOW_MS, &answer);
        base_free(copy);
        data += 2 + part;
        len -= 2 + part;
    }
    if (step == MOCK_SASL_DONE && mechanism != MOCK_SASL_OAUTHBEARER) {
        abort();
    }
    mock_sasl_clean_up(&sasl);
    base_builder_clean_up(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    make_users();
    if (len > 0) {
        log_in((enum mock_sasl_mechanism)(1u << data[0] % MOCK_SASL_MECHANISM_COUNT), data + 1,
               len - 1);
    }
    return 0;
}
