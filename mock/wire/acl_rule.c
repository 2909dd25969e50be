/* Rules of an authorizer, and filters: see acl_rule.h. */
#include "mock/wire/acl_rule.h"

void mock_get_acl_rule(struct mock_decoder *d, struct mock_acl_rule *p) {
    p->resource_type = base_read_i8(d->r);
    p->resource_name = mock_get_string(d);
    p->pattern_type = base_read_i8(d->r);
    p->principal = mock_get_string(d);
    p->host = mock_get_string(d);
    p->operation = base_read_i8(d->r);
    p->permission = base_read_i8(d->r);
}

void mock_put_acl_rule(struct mock_encoder *e, const struct mock_acl_rule *p) {
    base_put_i8(e->b, p->resource_type);
    mock_put_string(e, p->resource_name);
    base_put_i8(e->b, p->pattern_type);
    mock_put_string(e, p->principal);
    mock_put_string(e, p->host);
    base_put_i8(e->b, p->operation);
    base_put_i8(e->b, p->permission);
}

void mock_get_acl_filter(struct mock_decoder *d, struct mock_acl_rule *p) {
    p->resource_type = base_read_i8(d->r);
    p->resource_name = mock_get_nullable_string(d);
    p->pattern_type = base_read_i8(d->r);
    p->principal = mock_get_nullable_string(d);
    p->host = mock_get_nullable_string(d);
    p->operation = base_read_i8(d->r);
    p->permission = base_read_i8(d->r);
}

void mock_put_acl_filter(struct mock_encoder *e, const struct mock_acl_rule *p) {
    base_put_i8(e->b, p->resource_type);
    mock_put_nullable_string(e, p->resource_name);
    base_put_i8(e->b, p->pattern_type);
    mock_put_nullable_string(e, p->principal);
    mock_put_nullable_string(e, p->host);
    base_put_i8(e->b, p->operation);
    base_put_i8(e->b, p->permission);
}
