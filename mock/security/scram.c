/* The arithmetic of SCRAM over OpenSSL: see scram.h. */
#include "mock/security/scram.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/error.h"

#define SALT_BYTES 24

static const EVP_MD *md_of(enum mock_scram_hash hash) {
    return hash == MOCK_SCRAM_SHA_256 ? EVP_sha256() : EVP_sha512();
}

size_t mock_scram_hash_bytes(enum mock_scram_hash hash) {
    return hash == MOCK_SCRAM_SHA_256 ? 32 : 64;
}

static int hmac(enum mock_scram_hash hash, const uint8_t *key, struct base_slice text,
                uint8_t *ret) {
    unsigned len = 0;
    const uint8_t *done =
        HMAC(md_of(hash), key, (int)mock_scram_hash_bytes(hash), text.data, text.len, ret, &len);
    return done ? 0 : BASE_NO_MEMORY;
}

static int digest(enum mock_scram_hash hash, const uint8_t *bytes, uint8_t *ret) {
    return EVP_Digest(bytes, mock_scram_hash_bytes(hash), ret, NULL, md_of(hash), NULL) == 1
               ? 0
               : BASE_NO_MEMORY;
}

int mock_scram_salt_password(enum mock_scram_hash hash, struct base_slice password,
                             struct base_slice salt, int32_t iterations, uint8_t *ret_salted) {
    int done =
        PKCS5_PBKDF2_HMAC((const char *)password.data, (int)password.len, salt.data, (int)salt.len,
                          iterations, md_of(hash), (int)mock_scram_hash_bytes(hash), ret_salted);
    return done == 1 ? 0 : BASE_NO_MEMORY;
}

int mock_scram_derive(enum mock_scram_hash hash, const uint8_t *salted,
                      struct mock_scram_credential *credential) {
    uint8_t client_key[MOCK_SCRAM_MAX_HASH_BYTES];
    int rc = hmac(hash, salted, base_slice_str("Client Key"), client_key);
    rc = rc ? rc : digest(hash, client_key, credential->stored_key);
    return rc ? rc : hmac(hash, salted, base_slice_str("Server Key"), credential->server_key);
}

int mock_scram_random(uint8_t *ret_bytes, size_t len) {
    return RAND_bytes(ret_bytes, (int)len) == 1 ? 0 : BASE_NO_MEMORY;
}

int mock_scram_credential_make(enum mock_scram_hash hash, struct base_slice password,
                               int32_t iterations, struct mock_scram_credential *ret_credential) {
    struct mock_scram_credential made = {
        .known = true, .iterations = iterations, .salt_len = SALT_BYTES};
    uint8_t salted[MOCK_SCRAM_MAX_HASH_BYTES];
    int rc = mock_scram_random(made.salt, made.salt_len);
    rc = rc ? rc
            : mock_scram_salt_password(hash, password, base_slice_of(made.salt, made.salt_len),
                                       iterations, salted);
    rc = rc ? rc : mock_scram_derive(hash, salted, &made);
    if (rc == 0) {
        *ret_credential = made;
    }
    return rc;
}

static void add_bits(uint8_t *to, const uint8_t *bits, size_t len) {
    for (size_t i = 0; i < len; i++) {
        to[i] ^= bits[i];
    }
}

bool mock_scram_proof_holds(enum mock_scram_hash hash,
                            const struct mock_scram_credential *credential,
                            struct base_slice auth_message, const uint8_t *proof) {
    size_t len = mock_scram_hash_bytes(hash);
    uint8_t key[MOCK_SCRAM_MAX_HASH_BYTES];
    uint8_t stored[MOCK_SCRAM_MAX_HASH_BYTES];
    if (hmac(hash, credential->stored_key, auth_message, key) < 0) {
        return false;
    }
    add_bits(key, proof, len); /* the client's key, if the proof is right */
    return digest(hash, key, stored) == 0 &&
           CRYPTO_memcmp(stored, credential->stored_key, len) == 0;
}

int mock_scram_sign(enum mock_scram_hash hash, const struct mock_scram_credential *credential,
                    struct base_slice auth_message, uint8_t *ret_signature) {
    return hmac(hash, credential->server_key, auth_message, ret_signature);
}

int mock_scram_prove(enum mock_scram_hash hash, const uint8_t *salted,
                     struct base_slice auth_message, uint8_t *ret_proof) {
    uint8_t client_key[MOCK_SCRAM_MAX_HASH_BYTES];
    uint8_t stored[MOCK_SCRAM_MAX_HASH_BYTES];
    int rc = hmac(hash, salted, base_slice_str("Client Key"), client_key);
    rc = rc ? rc : digest(hash, client_key, stored);
    rc = rc ? rc : hmac(hash, stored, auth_message, ret_proof);
    if (rc == 0) {
        add_bits(ret_proof, client_key, mock_scram_hash_bytes(hash));
    }
    return rc;
}

bool mock_secret_equal(struct base_slice a, struct base_slice b) {
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.data, b.data, a.len) == 0);
}
