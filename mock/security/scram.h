/*
 * The arithmetic of SCRAM (RFC 5802, RFC 7677) over OpenSSL: what is kept of a password, and what
 * proves it. Nothing here knows the messages (scram_server.h).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/slice.h"

enum mock_scram_hash { MOCK_SCRAM_SHA_256, MOCK_SCRAM_SHA_512, MOCK_SCRAM_HASH_COUNT };
#define MOCK_SCRAM_MAX_HASH_BYTES 64
#define MOCK_SCRAM_MAX_SALT_BYTES 256
/* ScramMechanism.minIterations, and DescribeUserScramCredentials' MAX_ITERATIONS. */
#define MOCK_SCRAM_MIN_ITERATIONS 4096
#define MOCK_SCRAM_MAX_ITERATIONS 16384

size_t mock_scram_hash_bytes(enum mock_scram_hash hash);

/* What a server keeps of a password. */
struct mock_scram_credential {
    bool known;
    int32_t iterations;
    uint8_t salt[MOCK_SCRAM_MAX_SALT_BYTES];
    size_t salt_len;
    uint8_t stored_key[MOCK_SCRAM_MAX_HASH_BYTES];
    uint8_t server_key[MOCK_SCRAM_MAX_HASH_BYTES];
};

/* All of these return 0, or BASE_NO_MEMORY when OpenSSL does not do it; outputs have
 * mock_scram_hash_bytes. */

/* Hi(password, salt, iterations). */
int mock_scram_salt_password(enum mock_scram_hash hash, struct base_slice password,
                             struct base_slice salt, int32_t iterations,
                             uint8_t *ret_salted) BASE_MUST_USE;
/* The keys that follow from a salted password: sets stored_key and server_key. */
int mock_scram_derive(enum mock_scram_hash hash, const uint8_t *salted,
                      struct mock_scram_credential *credential) BASE_MUST_USE;
/* A credential of a password, with a salt of its own. */
int mock_scram_credential_make(enum mock_scram_hash hash, struct base_slice password,
                               int32_t iterations,
                               struct mock_scram_credential *ret_credential) BASE_MUST_USE;
/* Does the client's proof show that it knows the password? */
bool mock_scram_proof_holds(enum mock_scram_hash hash,
                            const struct mock_scram_credential *credential,
                            struct base_slice auth_message, const uint8_t *proof);
/* ServerSignature: shows that the server knows it too. */
int mock_scram_sign(enum mock_scram_hash hash, const struct mock_scram_credential *credential,
                    struct base_slice auth_message, uint8_t *ret_signature) BASE_MUST_USE;
/* ClientProof, for clients: tests and tools. */
int mock_scram_prove(enum mock_scram_hash hash, const uint8_t *salted,
                     struct base_slice auth_message, uint8_t *ret_proof) BASE_MUST_USE;
int mock_scram_random(uint8_t *ret_bytes, size_t len) BASE_MUST_USE;
/* Takes as long whatever differs. */
bool mock_secret_equal(struct base_slice a, struct base_slice b);
