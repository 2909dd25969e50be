/* DescribeUserScramCredentials, AlterUserScramCredentials (KIP-554): ScramImage and
 * ScramControlManager in Kafka. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"

/* ScramMechanism's numbers. */
#define SHA_256 1
#define SHA_512 2

#define TWICE "A user credential cannot be altered twice in the same request"

static bool hash_of(int8_t mechanism, enum mock_scram_hash *ret_hash) {
    *ret_hash = mechanism == SHA_256 ? MOCK_SCRAM_SHA_256 : MOCK_SCRAM_SHA_512;
    return mechanism == SHA_256 || mechanism == SHA_512;
}

static bool may(struct mock_request *r, enum mock_acl_operation operation) {
    return mock_request_may(r, operation, MOCK_ACL_CLUSTER, base_slice_str(MOCK_ACL_CLUSTER_NAME));
}

static struct base_builder *answer(struct mock_request *r) {
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    return b;
}

/* -- DescribeUserScramCredentials -- */

int mock_describe_scram_users_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_user_scram_credentials_request_decode(
        body, r->header.api_version, &r->arena, &r->u.describe_scram_users);
}

void mock_describe_scram_users_refuse(struct mock_request *r, int16_t error) {
    const struct mock_describe_user_scram_credentials_request *q = &r->u.describe_scram_users;
    struct mock_describe_user_scram_credentials_response response = {
        .throttle_time_ms = r->throttle_ms, .error_code = error};
    /* Each user with the error, too. */
    response.results = base_arena_alloc_array(&r->arena, q->user_count, sizeof(*response.results));
    for (size_t i = 0; response.results && i < q->user_count; i++) {
        response.results[response.result_count++] =
            (struct mock_scram_user_description){.user = q->users[i].name, .error_code = error};
    }
    mock_describe_user_scram_credentials_response_encode(answer(r), r->header.api_version,
                                                         &response);
}

static void fail_user(struct mock_request *r, struct mock_scram_user_description *out,
                      int16_t error, const char *what) {
    char text[256];
    (void)snprintf(text, sizeof(text), "%s: %.*s", what, (int)out->user.len,
                   (const char *)out->user.data);
    out->error_code = error;
    out->error_message = base_slice_str(base_arena_strdup(&r->arena, text));
}

/* False: it has no credentials. */
static bool fill_user(struct mock_request *r, const struct mock_user *user,
                      struct mock_scram_user_description *out) {
    out->credentials =
        base_arena_alloc_array(&r->arena, MOCK_SCRAM_HASH_COUNT, sizeof(*out->credentials));
    for (int i = 0; out->credentials && i < MOCK_SCRAM_HASH_COUNT; i++) {
        int32_t iterations = 0;
        if (user && mock_user_has_credential(user, (enum mock_scram_hash)i, &iterations)) {
            out->credentials[out->credential_count++] =
                (struct mock_scram_credential_info){(int8_t)(SHA_256 + i), iterations};
        }
    }
    return out->credential_count > 0;
}

static bool is_named_before(const struct mock_describe_user_scram_credentials_request *q,
                            size_t index) {
    for (size_t i = 0; i < index; i++) {
        if (base_slice_equal(q->users[i].name, q->users[index].name)) {
            return true;
        }
    }
    return false;
}

static bool is_named_after(const struct mock_describe_user_scram_credentials_request *q,
                           size_t index) {
    for (size_t i = index + 1; i < q->user_count; i++) {
        if (base_slice_equal(q->users[i].name, q->users[index].name)) {
            return true;
        }
    }
    return false;
}

static void describe_named(struct mock_request *r,
                           struct mock_describe_user_scram_credentials_response *response) {
    const struct mock_describe_user_scram_credentials_request *q = &r->u.describe_scram_users;
    const struct mock_users *users = &r->connection->broker->users;
    for (size_t i = 0; i < q->user_count; i++) {
        if (is_named_before(q, i)) {
            continue;
        }
        struct mock_scram_user_description *out = &response->results[response->result_count++];
        out->user = q->users[i].name;
        if (is_named_after(q, i)) {
            fail_user(r, out, MOCK_ERROR_DUPLICATE_RESOURCE,
                      "Cannot describe SCRAM credentials for the same user twice in a single "
                      "request");
        } else if (!fill_user(r, mock_users_find(users, out->user), out)) {
            fail_user(r, out, MOCK_ERROR_RESOURCE_NOT_FOUND,
                      "Attempt to describe a user credential that does not exist");
        }
    }
}

void mock_describe_scram_users_apply(struct mock_request *r) {
    const struct mock_describe_user_scram_credentials_request *q = &r->u.describe_scram_users;
    const struct mock_users *users = &r->connection->broker->users;
    int16_t error = !may(r, MOCK_ACL_DESCRIBE)            ? MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED
                    : q->user_count > BASE_MAX_PRINCIPALS ? MOCK_ERROR_INVALID_REQUEST
                                                          : MOCK_ERROR_NONE;
    if (error) {
        mock_describe_scram_users_refuse(r, error);
        mock_request_answered(r, error);
        return;
    }
    struct mock_describe_user_scram_credentials_response response = {.throttle_time_ms =
                                                                         r->throttle_ms};
    size_t most = q->user_count ? q->user_count : HASH_COUNT(users->by_name);
    response.results = base_arena_alloc_array(&r->arena, most, sizeof(*response.results));
    if (response.results && q->user_count) {
        describe_named(r, &response);
    } else if (response.results) {
        for (const struct mock_user *u = users->by_name; u; u = u->hh.next) {
            struct mock_scram_user_description *out = &response.results[response.result_count];
            out->user = base_slice_str(u->name);
            response.result_count += fill_user(r, u, out);
        }
    }
    mock_describe_user_scram_credentials_response_encode(answer(r), r->header.api_version,
                                                         &response);
    mock_request_answered(r, MOCK_ERROR_NONE);
}

/* -- AlterUserScramCredentials -- */

int mock_alter_scram_users_decode(struct mock_request *r, struct base_reader *body) {
    return mock_alter_user_scram_credentials_request_decode(body, r->header.api_version, &r->arena,
                                                            &r->u.alter_scram_users);
}

/* The n-th user that the request names: deletions first. */
static struct base_slice name_at(const struct mock_alter_user_scram_credentials_request *q,
                                 size_t index) {
    return index < q->deletion_count ? q->deletions[index].name
                                     : q->upsertions[index - q->deletion_count].name;
}

static size_t first_of(const struct mock_alter_user_scram_credentials_request *q, size_t index) {
    size_t first = 0;
    while (!base_slice_equal(name_at(q, first), name_at(q, index))) {
        first++;
    }
    return first;
}

static void set_result(struct mock_scram_alteration_result *out, int16_t error,
                       const char *message) {
    out->error_code = error;
    out->error_message = base_slice_str(message);
}

/* Takes the credential away, or (dry) says only whether there is one. */
static void take_away(struct mock_request *r, const struct mock_scram_deletion *d, bool dry,
                      struct mock_scram_alteration_result *out) {
    struct mock_users *users = &r->connection->broker->users;
    const struct mock_user *user = mock_users_find(users, d->name);
    enum mock_scram_hash hash;
    if (d->name.len == 0) {
        set_result(out, MOCK_ERROR_UNACCEPTABLE_CREDENTIAL, "Username must not be empty");
    } else if (!hash_of(d->mechanism, &hash)) {
        set_result(out, MOCK_ERROR_UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism");
    } else if (dry ? !user || !mock_user_has_credential(user, hash, NULL)
                   : !mock_users_delete_credential(users, d->name, hash)) {
        set_result(out, MOCK_ERROR_RESOURCE_NOT_FOUND,
                   "Attempt to delete a user credential that does not exist");
    }
}

static void upsert(struct mock_request *r, const struct mock_scram_upsertion *u, bool dry,
                   struct mock_scram_alteration_result *out) {
    enum mock_scram_hash hash;
    if (u->name.len == 0) {
        set_result(out, MOCK_ERROR_UNACCEPTABLE_CREDENTIAL, "Username must not be empty");
        return;
    }
    if (!hash_of(u->mechanism, &hash)) {
        set_result(out, MOCK_ERROR_UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism");
        return;
    }
    if (u->iterations > MOCK_SCRAM_MAX_ITERATIONS) {
        set_result(out, MOCK_ERROR_UNACCEPTABLE_CREDENTIAL, "Too many iterations");
        return;
    }
    if (u->iterations < MOCK_SCRAM_MIN_ITERATIONS) {
        set_result(out, MOCK_ERROR_UNACCEPTABLE_CREDENTIAL, "Too few iterations");
        return;
    }
    struct mock_scram_credential credential = {.iterations = u->iterations,
                                               .salt_len = u->salt.len};
    if (u->salt.len > sizeof(credential.salt) ||
        u->salted_password.len != mock_scram_hash_bytes(hash)) {
        set_result(out, MOCK_ERROR_UNACCEPTABLE_CREDENTIAL,
                   "the salt is too long, or the salted password is none of this mechanism");
        return;
    }
    if (u->salt.len > 0) {
        memcpy(credential.salt, u->salt.data, u->salt.len);
    }
    if (dry) {
        return;
    }
    if (mock_scram_derive(hash, u->salted_password.data, &credential) < 0 ||
        mock_users_set_credential(&r->connection->broker->users, u->name, hash, &credential, NULL) <
            0) {
        set_result(out, MOCK_ERROR_UNKNOWN_SERVER_ERROR, "no memory");
    }
}

/* error: for every user, and nothing is changed; 0: carried out. */
static void answer_alteration(struct mock_request *r, int16_t error) {
    const struct mock_alter_user_scram_credentials_request *q = &r->u.alter_scram_users;
    size_t count = q->deletion_count + q->upsertion_count;
    struct mock_alter_user_scram_credentials_response response = {.throttle_time_ms =
                                                                      r->throttle_ms};
    response.results = base_arena_alloc_array(&r->arena, count, sizeof(*response.results));
    /* Too many to be compared with each other are refused one by one. */
    bool is_large = count > BASE_MAX_PRINCIPALS;
    error = error || !is_large ? error : MOCK_ERROR_INVALID_REQUEST;
    size_t *times = base_arena_alloc_array(&r->arena, count, sizeof(*times));
    for (size_t i = 0; response.results && times && i < count; i++) {
        times[is_large ? i : first_of(q, i)]++;
    }
    for (size_t i = 0; response.results && times && i < count; i++) {
        if (times[i] == 0) {
            continue; /* told where it was named first */
        }
        struct mock_scram_alteration_result *out = &response.results[response.result_count++];
        out->user = name_at(q, i);
        if (error) {
            out->error_code = error;
        } else if (i < q->deletion_count) {
            take_away(r, &q->deletions[i], times[i] > 1, out);
        } else {
            upsert(r, &q->upsertions[i - q->deletion_count], times[i] > 1, out);
        }
        /* What is wrong with the first alteration of a user comes before the others. */
        if (times[i] > 1 && !out->error_code) {
            set_result(out, MOCK_ERROR_DUPLICATE_RESOURCE, TWICE);
        }
        r->error = r->error ? r->error : out->error_code;
    }
    mock_alter_user_scram_credentials_response_encode(answer(r), r->header.api_version, &response);
}

void mock_alter_scram_users_refuse(struct mock_request *r, int16_t error) {
    answer_alteration(r, error);
}

void mock_alter_scram_users_apply(struct mock_request *r) {
    answer_alteration(r, may(r, MOCK_ACL_ALTER) ? MOCK_ERROR_NONE
                                                : MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED);
    mock_request_answered(r, r->error);
}
