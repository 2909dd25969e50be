/* DescribeUserScramCredentials: see describe_user_scram_credentials.h. */
#include "mock/wire/describe_user_scram_credentials.h"

#include "mock/wire/primitive.h"

static void get_scram_user_name(struct mock_decoder *d, struct mock_scram_user_name *p) {
    p->name = mock_get_string(d);
    mock_get_tags(d);
}

static void put_scram_user_name(struct mock_encoder *e, const struct mock_scram_user_name *p) {
    mock_put_string(e, p->name);
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d,
                        struct mock_describe_user_scram_credentials_request *p) {
    p->users = mock_get_nullable_array(d, sizeof(*p->users), 1, &p->user_count, &p->all_users);
    for (size_t i = 0; i < p->user_count; i++) {
        get_scram_user_name(d, &p->users[i]);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e,
                        const struct mock_describe_user_scram_credentials_request *p) {
    if (p->all_users) {
        mock_put_null_array(e);
    } else {
        mock_put_count(e, p->user_count);
    }
    for (size_t i = 0; !p->all_users && i < p->user_count; i++) {
        put_scram_user_name(e, &p->users[i]);
    }
    mock_put_tags(e);
}

int mock_describe_user_scram_credentials_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_user_scram_credentials_request *ret_request) {
    struct mock_decoder d =
        mock_decoder_of(r, arena, MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS, version);
    struct mock_describe_user_scram_credentials_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_user_scram_credentials_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_user_scram_credentials_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS, version);
    put_request(&e, request);
}

static void get_scram_credential_info(struct mock_decoder *d,
                                      struct mock_scram_credential_info *p) {
    p->mechanism = base_read_i8(d->r);
    p->iterations = base_read_i32(d->r);
    mock_get_tags(d);
}

static void put_scram_credential_info(struct mock_encoder *e,
                                      const struct mock_scram_credential_info *p) {
    base_put_i8(e->b, p->mechanism);
    base_put_i32(e->b, p->iterations);
    mock_put_tags(e);
}

static void get_scram_user_description(struct mock_decoder *d,
                                       struct mock_scram_user_description *p) {
    p->user = mock_get_string(d);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->credentials = mock_get_array(d, sizeof(*p->credentials), 5, &p->credential_count);
    for (size_t i = 0; i < p->credential_count; i++) {
        get_scram_credential_info(d, &p->credentials[i]);
    }
    mock_get_tags(d);
}

static void put_scram_user_description(struct mock_encoder *e,
                                       const struct mock_scram_user_description *p) {
    mock_put_string(e, p->user);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_count(e, p->credential_count);
    for (size_t i = 0; i < p->credential_count; i++) {
        put_scram_credential_info(e, &p->credentials[i]);
    }
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d,
                         struct mock_describe_user_scram_credentials_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    p->results = mock_get_array(d, sizeof(*p->results), 5, &p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        get_scram_user_description(d, &p->results[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_describe_user_scram_credentials_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_count(e, p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        put_scram_user_description(e, &p->results[i]);
    }
    mock_put_tags(e);
}

int mock_describe_user_scram_credentials_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_user_scram_credentials_response *ret_response) {
    struct mock_decoder d =
        mock_decoder_of(r, arena, MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS, version);
    struct mock_describe_user_scram_credentials_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_user_scram_credentials_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_user_scram_credentials_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_USER_SCRAM_CREDENTIALS, version);
    put_response(&e, response);
}
