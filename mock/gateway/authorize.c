/* Asks the authorizer on behalf of a request, and keeps its rules for the owner. */
#include <stdio.h>

#include "mock/gateway/gateway.h"

/* Of what a refusal says about names. */
#define SAID_BYTES 512

/* Who the connection is, "User:alice"; borrowed. */
static struct base_slice principal_of(const struct mock_connection *c) {
    return base_slice_str(c->principal ? c->principal : MOCK_ANONYMOUS);
}

static struct mock_acl_question question_of(const struct mock_request *r,
                                            enum mock_acl_operation operation,
                                            enum mock_acl_resource resource,
                                            struct base_slice name) {
    const struct mock_connection *c = r->connection;
    return (struct mock_acl_question){
        .principal = principal_of(c),
        .host = base_slice_str(c->host[0] == '/' ? c->host + 1 : c->host),
        .operation = operation,
        .resource = resource,
        .name = name,
    };
}

static void tell(const struct mock_request *r, const struct mock_acl_question *q) {
    char text[SAID_BYTES];
    (void)snprintf(text, sizeof(text), "%.*s %s %s:%.*s", (int)q->principal.len,
                   (const char *)q->principal.data, mock_acl_operation_to_str(q->operation),
                   mock_acl_resource_to_str(q->resource), (int)q->name.len,
                   q->name.data ? (const char *)q->name.data : "");
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_DENY, &event);
    event.text = text;
    mock_broker_emit(r->connection->broker, &event);
}

bool mock_request_would(const struct mock_request *r, enum mock_acl_operation operation,
                        enum mock_acl_resource resource, struct base_slice name) {
    const struct mock_broker *broker = r->connection->broker;
    if (!broker->authorizes) {
        return true;
    }
    struct mock_acl_question q = question_of(r, operation, resource, name);
    return mock_acls_allow(&broker->acls, broker->settings.super_users,
                           broker->settings.allow_everyone_if_no_acl_found, &q);
}

bool mock_request_may(struct mock_request *r, enum mock_acl_operation operation,
                      enum mock_acl_resource resource, struct base_slice name) {
    if (mock_request_would(r, operation, resource, name)) {
        return true;
    }
    struct mock_acl_question q = question_of(r, operation, resource, name);
    tell(r, &q);
    return false;
}

bool mock_request_may_some(struct mock_request *r, enum mock_acl_operation operation,
                           enum mock_acl_resource resource) {
    const struct mock_broker *broker = r->connection->broker;
    if (!broker->authorizes) {
        return true;
    }
    struct mock_acl_question q = question_of(r, operation, resource, base_slice_str("*"));
    bool may = mock_acls_allow_some(&broker->acls, broker->settings.super_users,
                                    broker->settings.allow_everyone_if_no_acl_found, &q);
    if (!may) {
        tell(r, &q);
    }
    return may;
}

int32_t mock_request_operations(const struct mock_request *r, enum mock_acl_resource resource,
                                struct base_slice name) {
    uint32_t operations = mock_acl_operations_of(resource);
    for (uint32_t i = 0; i < 32; i++) {
        if ((operations & (1u << i)) &&
            !mock_request_would(r, (enum mock_acl_operation)i, resource, name)) {
            operations &= ~(1u << i);
        }
    }
    return (int32_t)operations;
}

int mock_acl_add(struct mock_broker *broker, const struct mock_acl_binding *binding,
                 struct base_error *err) {
    int rc = mock_acl_binding_check(binding, err);
    if (rc == 0) {
        rc = mock_acls_add(&broker->acls, binding);
        if (rc < 0) {
            base_fail(err, rc,
                      rc == BASE_LIMIT ? "there are %u ACLs, which is the limit"
                                       : "no memory for one more ACL after %u",
                      rc == BASE_LIMIT ? BASE_MAX_ACLS : (unsigned)broker->acls.count);
        }
    }
    broker->authorizes = broker->authorizes || rc == 0;
    return rc;
}
