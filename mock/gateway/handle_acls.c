/* DescribeAcls, CreateAcls, DeleteAcls: the authorizer's rules over the wire (AclApis). */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"

#define NO_AUTHORIZER "No Authorizer is configured."

/* For the whole request: may it, is there an authorizer, and is it of a size that can be worked off
 * against all rules (Kafka: MAX_RECORDS_PER_USER_OP)? */
static int16_t check(struct mock_request *r, enum mock_acl_operation operation, size_t count) {
    if (!mock_request_may(r, operation, MOCK_ACL_CLUSTER, base_slice_str(MOCK_ACL_CLUSTER_NAME))) {
        return MOCK_ERROR_CLUSTER_AUTHORIZATION_FAILED;
    }
    if (!r->connection->broker->authorizes) {
        return MOCK_ERROR_SECURITY_DISABLED;
    }
    return count > BASE_MAX_ACLS ? MOCK_ERROR_INVALID_REQUEST : MOCK_ERROR_NONE;
}

static struct base_slice message_of(int16_t error) {
    return error == MOCK_ERROR_SECURITY_DISABLED ? base_slice_str(NO_AUTHORIZER) : BASE_SLICE_NULL;
}

/* Where Kafka sets none, its messages have their default, which is not null. */
#define NO_MESSAGE base_slice_str("")

static struct base_builder *answer(struct mock_request *r) {
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    return b;
}

static struct mock_acl_binding binding_of(const struct mock_acl_rule *asked) {
    return (struct mock_acl_binding){
        .resource = (enum mock_acl_resource)asked->resource_type,
        .pattern = (enum mock_acl_pattern)asked->pattern_type,
        .name = asked->resource_name,
        .principal = asked->principal,
        .host = asked->host,
        .operation = (enum mock_acl_operation)asked->operation,
        .permission = (enum mock_acl_permission)asked->permission,
    };
}

static struct mock_acl_rule rule_of(const struct mock_acl_binding *binding) {
    return (struct mock_acl_rule){
        .resource_type = (int8_t)binding->resource,
        .resource_name = binding->name,
        .pattern_type = (int8_t)binding->pattern,
        .principal = binding->principal,
        .host = binding->host,
        .operation = (int8_t)binding->operation,
        .permission = (int8_t)binding->permission,
    };
}

/* -- DescribeAcls -- */

int mock_describe_acls_decode(struct mock_request *r, struct base_reader *body) {
    return mock_describe_acls_request_decode(body, r->header.api_version, &r->arena,
                                             &r->u.describe_acls);
}

static bool same_resource(const struct mock_acl_binding *a, const struct mock_acl_binding *b) {
    return a->resource == b->resource && a->pattern == b->pattern &&
           base_slice_equal(a->name, b->name);
}

static void describe(struct mock_acl_resource_description *out,
                     const struct mock_acl_binding *rule) {
    out->acls[out->acl_count++] = (struct mock_acl_description){
        .principal = rule->principal,
        .host = rule->host,
        .operation = (int8_t)rule->operation,
        .permission = (int8_t)rule->permission,
    };
}

/* The rules that match, those of one pattern together: every rule begins a resource or joins one
 * that an earlier rule began. */
static void list_rules(struct mock_request *r, const struct mock_acl_binding *filter,
                       struct mock_describe_acls_response *response) {
    const struct mock_acls *acls = &r->connection->broker->acls;
    response->resources =
        base_arena_alloc_array(&r->arena, acls->count, sizeof(*response->resources));
    for (size_t i = 0; response->resources && i < acls->count; i++) {
        const struct mock_acl_binding *rule = &acls->items[i];
        bool is_told = !mock_acl_filter_matches(filter, rule);
        for (size_t k = 0; k < i && !is_told; k++) {
            is_told = same_resource(&acls->items[k], rule) &&
                      mock_acl_filter_matches(filter, &acls->items[k]);
        }
        if (is_told) {
            continue;
        }
        struct mock_acl_resource_description *out = &response->resources[response->resource_count];
        out->resource_type = (int8_t)rule->resource;
        out->resource_name = rule->name;
        out->pattern_type = (int8_t)rule->pattern;
        out->acls = base_arena_alloc_array(&r->arena, acls->count - i, sizeof(*out->acls));
        for (size_t k = i; out->acls && k < acls->count; k++) {
            if (same_resource(rule, &acls->items[k]) &&
                mock_acl_filter_matches(filter, &acls->items[k])) {
                describe(out, &acls->items[k]);
            }
        }
        response->resource_count++;
    }
}

void mock_describe_acls_refuse(struct mock_request *r, int16_t error) {
    struct mock_describe_acls_response response = {
        .throttle_time_ms = r->throttle_ms,
        .error_code = error,
        .error_message = message_of(error),
    };
    mock_describe_acls_response_encode(answer(r), r->header.api_version, &response);
}

void mock_describe_acls_apply(struct mock_request *r) {
    const struct mock_describe_acls_request *q = &r->u.describe_acls;
    int16_t error = check(r, MOCK_ACL_DESCRIBE, 1);
    if (error) {
        mock_describe_acls_refuse(r, error);
        mock_request_answered(r, error);
        return;
    }
    struct mock_acl_binding filter = binding_of(&q->filter);
    struct mock_describe_acls_response response = {.throttle_time_ms = r->throttle_ms,
                                                   .error_message = NO_MESSAGE};
    list_rules(r, &filter, &response);
    mock_describe_acls_response_encode(answer(r), r->header.api_version, &response);
    mock_request_answered(r, MOCK_ERROR_NONE);
}

/* -- CreateAcls -- */

int mock_create_acls_decode(struct mock_request *r, struct base_reader *body) {
    return mock_create_acls_request_decode(body, r->header.api_version, &r->arena,
                                           &r->u.create_acls);
}

void mock_create_acls_refuse(struct mock_request *r, int16_t error) {
    size_t count = r->u.create_acls.creation_count;
    struct mock_create_acls_response response = {.throttle_time_ms = r->throttle_ms,
                                                 .result_count = count};
    response.results = base_arena_alloc_array(&r->arena, count, sizeof(*response.results));
    for (size_t i = 0; response.results && i < count; i++) {
        response.results[i] = (struct mock_acl_creation_result){error, message_of(error)};
    }
    mock_create_acls_response_encode(answer(r), r->header.api_version, &response);
}

static struct mock_acl_creation_result create(struct mock_request *r,
                                              const struct mock_acl_rule *asked) {
    struct base_error err = BASE_ERROR_INIT;
    struct mock_acl_binding binding = binding_of(asked);
    int rc = mock_acl_add(r->connection->broker, &binding, &err);
    if (rc == 0) {
        return (struct mock_acl_creation_result){MOCK_ERROR_NONE, NO_MESSAGE};
    }
    return (struct mock_acl_creation_result){
        rc == BASE_USAGE ? MOCK_ERROR_INVALID_REQUEST : MOCK_ERROR_UNKNOWN_SERVER_ERROR,
        base_slice_str(base_arena_strdup(&r->arena, err.text))};
}

/* CreateAclsRequest.validate: what only filters have, and what nobody knows, fails in its
 * constructor. */
static bool is_creatable(const struct mock_acl_rule *c) {
    return c->resource_type >= MOCK_ACL_TOPIC && c->resource_type <= MOCK_ACL_USER &&
           (c->pattern_type == MOCK_ACL_LITERAL || c->pattern_type == MOCK_ACL_PREFIXED) &&
           c->operation >= MOCK_ACL_ALL && c->operation <= MOCK_ACL_TWO_PHASE_COMMIT &&
           (c->permission == MOCK_ACL_DENY || c->permission == MOCK_ACL_ALLOW);
}

void mock_create_acls_apply(struct mock_request *r) {
    const struct mock_create_acls_request *q = &r->u.create_acls;
    int16_t error = MOCK_ERROR_NONE;
    for (size_t i = 0; i < q->creation_count && !error; i++) {
        error = is_creatable(&q->creations[i]) ? MOCK_ERROR_NONE : MOCK_ERROR_UNKNOWN_SERVER_ERROR;
    }
    error = error ? error : check(r, MOCK_ACL_ALTER, q->creation_count);
    if (error) {
        mock_create_acls_refuse(r, error);
        mock_request_answered(r, error);
        return;
    }
    struct mock_create_acls_response response = {.throttle_time_ms = r->throttle_ms,
                                                 .result_count = q->creation_count};
    response.results =
        base_arena_alloc_array(&r->arena, q->creation_count, sizeof(*response.results));
    for (size_t i = 0; response.results && i < q->creation_count; i++) {
        response.results[i] = create(r, &q->creations[i]);
        error = error ? error : response.results[i].error_code;
    }
    mock_create_acls_response_encode(answer(r), r->header.api_version, &response);
    mock_request_answered(r, error);
}

/* -- DeleteAcls -- */

int mock_delete_acls_decode(struct mock_request *r, struct base_reader *body) {
    return mock_delete_acls_request_decode(body, r->header.api_version, &r->arena,
                                           &r->u.delete_acls);
}

void mock_delete_acls_refuse(struct mock_request *r, int16_t error) {
    size_t count = r->u.delete_acls.filter_count;
    struct mock_delete_acls_response response = {.throttle_time_ms = r->throttle_ms,
                                                 .result_count = count};
    response.results = base_arena_alloc_array(&r->arena, count, sizeof(*response.results));
    for (size_t i = 0; response.results && i < count; i++) {
        response.results[i] = (struct mock_delete_acls_filter_result){
            .error_code = error, .error_message = message_of(error)};
    }
    mock_delete_acls_response_encode(answer(r), r->header.api_version, &response);
}

/* All filters look at the rules as they were before; then what any of them matched is gone. */
static void match(struct mock_request *r, const struct mock_acl_rule *asked, bool *is_gone,
                  struct mock_delete_acls_filter_result *out) {
    const struct mock_acls *acls = &r->connection->broker->acls;
    struct mock_acl_binding filter = binding_of(asked);
    *out = (struct mock_delete_acls_filter_result){0};
    out->acls = base_arena_alloc_array(&r->arena, acls->count, sizeof(*out->acls));
    for (size_t i = 0; out->acls && i < acls->count; i++) {
        const struct mock_acl_binding *rule = &acls->items[i];
        if (!mock_acl_filter_matches(&filter, rule)) {
            continue;
        }
        is_gone[i] = true;
        out->acls[out->acl_count++] = (struct mock_deleted_acl){.rule = rule_of(rule)};
    }
}

void mock_delete_acls_apply(struct mock_request *r) {
    const struct mock_delete_acls_request *q = &r->u.delete_acls;
    struct mock_acls *acls = &r->connection->broker->acls;
    int16_t error = check(r, MOCK_ACL_ALTER, q->filter_count);
    if (error) {
        mock_delete_acls_refuse(r, error);
        mock_request_answered(r, error);
        return;
    }
    struct mock_delete_acls_response response = {.throttle_time_ms = r->throttle_ms,
                                                 .result_count = q->filter_count};
    bool *is_gone = base_arena_alloc_array(&r->arena, acls->count, sizeof(*is_gone));
    response.results =
        base_arena_alloc_array(&r->arena, q->filter_count, sizeof(*response.results));
    for (size_t i = 0; is_gone && response.results && i < q->filter_count; i++) {
        match(r, &q->filters[i], is_gone, &response.results[i]);
    }
    mock_delete_acls_response_encode(answer(r), r->header.api_version, &response);
    for (size_t i = acls->count; is_gone && !r->arena.failed && i-- > 0;) {
        if (is_gone[i]) {
            mock_acls_remove_at(acls, i);
        }
    }
    mock_request_answered(r, MOCK_ERROR_NONE);
}
