/* The users of a cluster: see users.h. */
#include "mock/security/users.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

#define WITH_PASSWORD (MOCK_SASL_PLAIN | MOCK_SASL_SCRAM_SHA_256 | MOCK_SASL_SCRAM_SHA_512)

static uint32_t mechanism_of(enum mock_scram_hash hash) {
    return hash == MOCK_SCRAM_SHA_256 ? MOCK_SASL_SCRAM_SHA_256 : MOCK_SASL_SCRAM_SHA_512;
}

static void free_user(struct mock_users *users, struct mock_user *user) {
    HASH_DEL(users->by_name, user);
    base_free(user->name);
    base_free(user->password);
    base_free(user);
}

void mock_users_clean_up(struct mock_users *users) {
    struct mock_user *user, *next;
    HASH_ITER(hh, users->by_name, user, next) {
        free_user(users, user);
    }
}

struct mock_user *mock_users_find(const struct mock_users *users, struct base_slice name) {
    struct mock_user *user = NULL;
    if (name.len > 0) {
        HASH_FIND(hh, users->by_name, name.data, (unsigned)name.len, user);
    }
    return user;
}

/* The user of this name, a new one if there is none. */
static int get(struct mock_users *users, struct base_slice name, struct mock_user **ret_user,
               struct base_error *err) {
    *ret_user = mock_users_find(users, name);
    if (*ret_user) {
        return 0;
    }
    if (HASH_COUNT(users->by_name) >= BASE_MAX_PRINCIPALS) {
        return base_fail(err, BASE_LIMIT, "there are %u users, which is the limit",
                         BASE_MAX_PRINCIPALS);
    }
    struct mock_user *user = base_alloc_zero(sizeof(*user));
    char *copy = base_strndup((const char *)name.data, name.len);
    if (!user || !copy) {
        base_free(user);
        base_free(copy);
        return base_fail(err, BASE_NO_MEMORY, "no memory for a user");
    }
    user->name = copy;
    HASH_ADD_KEYPTR(hh, users->by_name, user->name, (unsigned)name.len, user);
    if (!base_hash_has(user->hh)) {
        base_free(user->name);
        base_free(user);
        return base_fail(err, BASE_NO_MEMORY, "no memory for a user");
    }
    *ret_user = user;
    return 0;
}

int mock_users_add(struct mock_users *users, struct base_slice name, struct base_slice password,
                   uint32_t mechanisms, int32_t iterations, struct base_error *err) {
    if (name.len == 0 || password.len == 0) {
        return base_fail(err, BASE_USAGE, "a user needs a name and a password");
    }
    if (mechanisms & ~WITH_PASSWORD) {
        return base_fail(err, BASE_USAGE,
                         "%.*s cannot log in with a password by another "
                         "mechanism than PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512",
                         (int)name.len, (const char *)name.data);
    }
    if (iterations != 0 && iterations < MOCK_SCRAM_MIN_ITERATIONS) {
        return base_fail(err, BASE_USAGE, "SCRAM needs %d iterations at least, not %d",
                         MOCK_SCRAM_MIN_ITERATIONS, (int)iterations);
    }
    char *copy = base_strndup((const char *)password.data, password.len);
    struct mock_user *user = NULL;
    int rc = copy ? get(users, name, &user, err)
                  : base_fail(err, BASE_NO_MEMORY, "no memory for a user");
    if (rc < 0) {
        base_free(copy);
        return rc;
    }
    base_free(user->password);
    user->password = copy;
    user->mechanisms = mechanisms ? mechanisms : WITH_PASSWORD;
    user->iterations = iterations ? iterations : MOCK_SCRAM_MIN_ITERATIONS;
    memset(user->scram, 0, sizeof(user->scram));
    return 0;
}

bool mock_users_login(const struct mock_users *users, struct base_slice name,
                      struct base_slice password) {
    const struct mock_user *user = mock_users_find(users, name);
    return user && user->password && (user->mechanisms & MOCK_SASL_PLAIN) &&
           mock_secret_equal(base_slice_str(user->password), password);
}

const struct mock_scram_credential *
mock_users_credential(struct mock_users *users, struct base_slice name, enum mock_scram_hash hash) {
    struct mock_user *user = mock_users_find(users, name);
    if (!user) {
        return NULL;
    }
    struct mock_scram_credential *credential = &user->scram[hash];
    if (!credential->known && user->password && (user->mechanisms & mechanism_of(hash)) &&
        mock_scram_credential_make(hash, base_slice_str(user->password), user->iterations,
                                   credential) < 0) {
        return NULL;
    }
    return credential->known ? credential : NULL;
}

int mock_users_set_credential(struct mock_users *users, struct base_slice name,
                              enum mock_scram_hash hash,
                              const struct mock_scram_credential *credential,
                              struct base_error *err) {
    struct mock_user *user = NULL;
    int rc = get(users, name, &user, err);
    if (rc == 0) {
        user->scram[hash] = *credential;
        user->scram[hash].known = true;
    }
    return rc;
}

bool mock_user_has_credential(const struct mock_user *user, enum mock_scram_hash hash,
                              int32_t *ret_iterations) {
    bool made = user->scram[hash].known;
    bool has = made || (user->password && (user->mechanisms & mechanism_of(hash)));
    if (has && ret_iterations) {
        *ret_iterations = made ? user->scram[hash].iterations : user->iterations;
    }
    return has;
}

bool mock_users_delete_credential(struct mock_users *users, struct base_slice name,
                                  enum mock_scram_hash hash) {
    struct mock_user *user = mock_users_find(users, name);
    if (!user || !mock_user_has_credential(user, hash, NULL)) {
        return false;
    }
    memset(&user->scram[hash], 0, sizeof(user->scram[hash]));
    user->mechanisms &= ~mechanism_of(hash);
    bool is_left = user->password && user->mechanisms;
    for (int i = 0; i < MOCK_SCRAM_HASH_COUNT; i++) {
        is_left = is_left || user->scram[i].known;
    }
    if (!is_left) {
        free_user(users, user);
    }
    return true;
}
