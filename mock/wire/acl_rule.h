/* An authorizer's rule, and a filter of rules, as CreateAcls, DescribeAcls and DeleteAcls carry
 * them. The numbers are those of mock/security/acl.h. */
#pragma once
#include "mock/wire/primitive.h"

struct mock_acl_rule {
    int8_t resource_type;
    struct base_slice resource_name; /* in a filter null: any; so are principal and host */
    int8_t pattern_type;
    struct base_slice principal;
    struct base_slice host;
    int8_t operation;
    int8_t permission;
};

/* The fields of a rule, without the tags of the structure that they are in. */
void mock_get_acl_rule(struct mock_decoder *d, struct mock_acl_rule *p);
void mock_put_acl_rule(struct mock_encoder *e, const struct mock_acl_rule *p);
void mock_get_acl_filter(struct mock_decoder *d, struct mock_acl_rule *p);
void mock_put_acl_filter(struct mock_encoder *e, const struct mock_acl_rule *p);
