/* ListGroups: see list_groups.h. */
#include "mock/wire/list_groups.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_list_groups_request *p) {
    if (d->version >= 4) {
        p->states = mock_get_string_array(d, &p->state_count);
    }
    if (d->version >= 5) {
        p->types = mock_get_string_array(d, &p->type_count);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_list_groups_request *p) {
    if (e->version >= 4) {
        mock_put_string_array(e, p->states, p->state_count);
    }
    if (e->version >= 5) {
        mock_put_string_array(e, p->types, p->type_count);
    }
    mock_put_tags(e);
}

int mock_list_groups_request_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_list_groups_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_GROUPS, version);
    struct mock_list_groups_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_list_groups_request_encode(struct base_builder *b, int16_t version,
                                     const struct mock_list_groups_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_GROUPS, version);
    put_request(&e, request);
}

static void get_listed_group(struct mock_decoder *d, struct mock_listed_group *p) {
    p->group_id = mock_get_string(d);
    p->protocol_type = mock_get_string(d);
    p->state = d->version >= 4 ? mock_get_string(d) : base_slice_str("");
    p->type = d->version >= 5 ? mock_get_string(d) : base_slice_str("");
    mock_get_tags(d);
}

static void put_listed_group(struct mock_encoder *e, const struct mock_listed_group *p) {
    mock_put_string(e, p->group_id);
    mock_put_string(e, p->protocol_type);
    if (e->version >= 4) {
        mock_put_string(e, p->state);
    }
    if (e->version >= 5) {
        mock_put_string(e, p->type);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_list_groups_response *p) {
    p->throttle_time_ms = d->version >= 1 ? base_read_i32(d->r) : 0;
    p->error_code = base_read_i16(d->r);
    p->groups = mock_get_array(d, sizeof(*p->groups), 3, &p->group_count);
    for (size_t i = 0; i < p->group_count; i++) {
        get_listed_group(d, &p->groups[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_list_groups_response *p) {
    if (e->version >= 1) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    base_put_i16(e->b, p->error_code);
    mock_put_count(e, p->group_count);
    for (size_t i = 0; i < p->group_count; i++) {
        put_listed_group(e, &p->groups[i]);
    }
    mock_put_tags(e);
}

int mock_list_groups_response_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_list_groups_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LIST_GROUPS, version);
    struct mock_list_groups_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_list_groups_response_encode(struct base_builder *b, int16_t version,
                                      const struct mock_list_groups_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LIST_GROUPS, version);
    put_response(&e, response);
}
