/* SCRAM's arithmetic against the examples of its RFCs. */
#include <string.h>

#include "base/text.h"
#include "mock/security/scram.h"
#include "suites.h"
#include "t_run.h"

/* RFC 7677, section 3: SCRAM-SHA-256, user "user", password "pencil". */
#define AUTH_256                                                                                   \
    "n=user,r=rOprNGfwEbeRWgbNEkqO,"                                                               \
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"      \
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

static struct base_slice decoded(struct base_builder *b, const char *text) {
    base_builder_reset(b);
    T_TRUE(base_put_base64_decoded(b, base_slice_str(text)));
    return base_builder_slice(b);
}

static void the_example_of_rfc_7677(void) {
    struct base_builder b;
    base_builder_init(&b, 4096);
    uint8_t salted[64], proof[64], signature[64];
    struct mock_scram_credential credential = {0};
    struct base_slice auth = base_slice_str(AUTH_256);
    T_EQUAL_INT(mock_scram_salt_password(MOCK_SCRAM_SHA_256, base_slice_str("pencil"),
                                         decoded(&b, "W22ZaJ0SNY7soEsUEjb6gQ=="), 4096, salted),
                0);
    T_EQUAL_INT(mock_scram_derive(MOCK_SCRAM_SHA_256, salted, &credential), 0);
    T_EQUAL_INT(mock_scram_prove(MOCK_SCRAM_SHA_256, salted, auth, proof), 0);
    struct base_slice want = decoded(&b, "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    T_EQUAL_BYTES(proof, 32, want.data, want.len);
    T_TRUE(mock_scram_proof_holds(MOCK_SCRAM_SHA_256, &credential, auth, proof));
    T_EQUAL_INT(mock_scram_sign(MOCK_SCRAM_SHA_256, &credential, auth, signature), 0);
    want = decoded(&b, "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    T_EQUAL_BYTES(signature, 32, want.data, want.len);
    base_builder_clean_up(&b);
}

/* RFC 6070's idea for HMAC-SHA-512: PBKDF2("password", "salt", 4096). */
static void many_rounds_of_sha_512(void) {
    static const char hex[] = "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
                              "143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5";
    struct base_builder b;
    base_builder_init(&b, 4096);
    uint8_t salted[64];
    T_TRUE(base_put_hex_decoded(&b, base_slice_str(hex)));
    T_EQUAL_INT(mock_scram_salt_password(MOCK_SCRAM_SHA_512, base_slice_str("password"),
                                         base_slice_str("salt"), 4096, salted),
                0);
    T_EQUAL_BYTES(salted, 64, b.data, b.len);
    base_builder_clean_up(&b);
}

static void one_wrong_bit_of_a_proof_is_seen(void) {
    for (int hash = 0; hash < MOCK_SCRAM_HASH_COUNT; hash++) {
        enum mock_scram_hash h = (enum mock_scram_hash)hash;
        uint8_t salted[64], proof[64];
        struct mock_scram_credential credential = {0};
        T_EQUAL_INT(
            mock_scram_salt_password(h, base_slice_str("x"), base_slice_str("salt"), 4096, salted),
            0);
        T_EQUAL_INT(mock_scram_derive(h, salted, &credential), 0);
        T_EQUAL_INT(mock_scram_prove(h, salted, base_slice_str("auth"), proof), 0);
        T_TRUE(mock_scram_proof_holds(h, &credential, base_slice_str("auth"), proof));
        T_TRUE(!mock_scram_proof_holds(h, &credential, base_slice_str("Auth"), proof));
        proof[mock_scram_hash_bytes(h) - 1] ^= 1;
        T_TRUE(!mock_scram_proof_holds(h, &credential, base_slice_str("auth"), proof));
    }
}

static CU_TestInfo tests[] = {
    {"the_example_of_rfc_7677", the_example_of_rfc_7677},
    {"many_rounds_of_sha_512", many_rounds_of_sha_512},
    {"one_wrong_bit_of_a_proof_is_seen", one_wrong_bit_of_a_proof_is_seen},
    CU_TEST_INFO_NULL,
};

CU_SuiteInfo *suite_mock_security_scram(void) {
    static CU_SuiteInfo suites[] = {
        {"mock/security scram", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
