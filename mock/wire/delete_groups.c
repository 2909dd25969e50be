/* DeleteGroups: see delete_groups.h. */
#include "mock/wire/delete_groups.h"

#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_delete_groups_request *p) {
    p->groups = mock_get_string_array(d, &p->group_count);
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_delete_groups_request *p) {
    mock_put_string_array(e, p->groups, p->group_count);
    mock_put_tags(e);
}

int mock_delete_groups_request_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_delete_groups_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DELETE_GROUPS, version);
    struct mock_delete_groups_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_delete_groups_request_encode(struct base_builder *b, int16_t version,
                                       const struct mock_delete_groups_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DELETE_GROUPS, version);
    put_request(&e, request);
}

static void get_result(struct mock_decoder *d, struct mock_deleted_group *p) {
    p->group_id = mock_get_string(d);
    p->error_code = base_read_i16(d->r);
    p->error_message = d->version >= 3 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_result(struct mock_encoder *e, const struct mock_deleted_group *p) {
    mock_put_string(e, p->group_id);
    base_put_i16(e->b, p->error_code);
    if (e->version >= 3) {
        mock_put_nullable_string(e, p->error_message);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_delete_groups_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->results = mock_get_array(d, sizeof(*p->results), 4, &p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        get_result(d, &p->results[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_delete_groups_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        put_result(e, &p->results[i]);
    }
    mock_put_tags(e);
}

int mock_delete_groups_response_decode(struct base_reader *r, int16_t version,
                                       struct base_arena *arena,
                                       struct mock_delete_groups_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DELETE_GROUPS, version);
    struct mock_delete_groups_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_delete_groups_response_encode(struct base_builder *b, int16_t version,
                                        const struct mock_delete_groups_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DELETE_GROUPS, version);
    put_response(&e, response);
}
