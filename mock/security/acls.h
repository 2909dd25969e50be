/*
 * The rules of a cluster and what follows from them, as Kafka's StandardAuthorizer decides. Private
 * to mock. No I/O; one thread.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"
#include "mock/security/acl.h"

bool mock_super_users_have(const char *super_users, struct base_slice principal);

/* The operations that a resource type has (AclEntry.supportedOperations), bit n for number n. */
uint32_t mock_acl_operations_of(enum mock_acl_resource resource);
/* May this rule be made? 0, or BASE_USAGE with the sentence of Kafka's INVALID_REQUEST (AclApis,
 * AclControlManager.validateNewAcl). */
int mock_acl_binding_check(const struct mock_acl_binding *binding,
                           struct base_error *err) BASE_MUST_USE;
bool mock_acl_binding_equal(const struct mock_acl_binding *a, const struct mock_acl_binding *b);
/* AclBindingFilter.matches */
bool mock_acl_filter_matches(const struct mock_acl_binding *filter,
                             const struct mock_acl_binding *rule);

struct mock_acls {
    struct mock_acl_binding *items; /* each with one allocation of its own, at name.data */
    size_t count, cap;
};
void mock_acls_clean_up(struct mock_acls *acls);
/* Copies a rule that was checked; one that is there already is not added again. 0, BASE_NO_MEMORY,
 * or BASE_LIMIT (BASE_MAX_ACLS). */
int mock_acls_add(struct mock_acls *acls, const struct mock_acl_binding *binding) BASE_MUST_USE;
void mock_acls_remove_at(struct mock_acls *acls, size_t index);

/* May principal, from this host, do operation to the resource? */
struct mock_acl_question {
    struct base_slice principal; /* "User:alice" */
    struct base_slice host;      /* "127.0.0.1" */
    enum mock_acl_operation operation;
    enum mock_acl_resource resource;
    struct base_slice name;
};
/* StandardAuthorizerData.authorize: super users; then DENY before ALLOW, of all rules whose pattern
 * covers the name; then allow_everyone where no rule covers it. */
bool mock_acls_allow(const struct mock_acls *acls, const char *super_users, bool allow_everyone,
                     const struct mock_acl_question *question);
/* May it be done to some resource of that type? The question's name does not count
 * (Authorizer.authorizeByResourceType, KIP-679). */
bool mock_acls_allow_some(const struct mock_acls *acls, const char *super_users,
                          bool allow_everyone, const struct mock_acl_question *question);
