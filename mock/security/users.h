/*
 * The users of a cluster: their passwords (PLAIN) and what is kept of them (SCRAM). No I/O; one
 * thread.
 */
#pragma once
#include "base/error.h"
#include "base/hash.h"
#include "mock/security/scram.h"
#include "mock/security/security.h"

struct mock_user {
    char *name;
    char *password;      /* NULL: only credentials, from AlterUserScramCredentials */
    uint32_t mechanisms; /* of PLAIN and SCRAM, that may use the password */
    int32_t iterations;  /* of credentials that are yet to be made of it */
    struct mock_scram_credential scram[MOCK_SCRAM_HASH_COUNT];
    UT_hash_handle hh; /* by name */
};

struct mock_users {
    struct mock_user *by_name;
};
void mock_users_clean_up(struct mock_users *users);
struct mock_user *mock_users_find(const struct mock_users *users, struct base_slice name);
/* Adds a user, or replaces its password. mechanisms 0: all three; iterations 0: the least. 0, or
 * BASE_USAGE (no name, no password, too few iterations), BASE_LIMIT, BASE_NO_MEMORY. */
int mock_users_add(struct mock_users *users, struct base_slice name, struct base_slice password,
                   uint32_t mechanisms, int32_t iterations, struct base_error *err) BASE_MUST_USE;
/* May this password log in by PLAIN? */
bool mock_users_login(const struct mock_users *users, struct base_slice name,
                      struct base_slice password);
/* The user's credential for SCRAM, made of its password when first asked for; NULL: it has none, or
 * there is no memory. */
const struct mock_scram_credential *
mock_users_credential(struct mock_users *users, struct base_slice name, enum mock_scram_hash hash);
/* AlterUserScramCredentials: keeps a credential, of a user that need not be there yet. */
int mock_users_set_credential(struct mock_users *users, struct base_slice name,
                              enum mock_scram_hash hash,
                              const struct mock_scram_credential *credential,
                              struct base_error *err) BASE_MUST_USE;
/* False: the user has no such credential. One without password and credentials is gone. */
bool mock_users_delete_credential(struct mock_users *users, struct base_slice name,
                                  enum mock_scram_hash hash);
/* Does the user have one (without making it)? ret_iterations may be NULL. */
bool mock_user_has_credential(const struct mock_user *user, enum mock_scram_hash hash,
                              int32_t *ret_iterations);
