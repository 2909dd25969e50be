/* AlterUserScramCredentials: see alter_user_scram_credentials.h. */
#include "mock/wire/alter_user_scram_credentials.h"

#include "mock/wire/primitive.h"

static void get_scram_deletion(struct mock_decoder *d, struct mock_scram_deletion *p) {
    p->name = mock_get_string(d);
    p->mechanism = base_read_i8(d->r);
    mock_get_tags(d);
}

static void put_scram_deletion(struct mock_encoder *e, const struct mock_scram_deletion *p) {
    mock_put_string(e, p->name);
    base_put_i8(e->b, p->mechanism);
    mock_put_tags(e);
}

static void get_scram_upsertion(struct mock_decoder *d, struct mock_scram_upsertion *p) {
    p->name = mock_get_string(d);
    p->mechanism = base_read_i8(d->r);
    p->iterations = base_read_i32(d->r);
    p->salt = mock_get_bytes(d);
    p->salted_password = mock_get_bytes(d);
    mock_get_tags(d);
}

static void put_scram_upsertion(struct mock_encoder *e, const struct mock_scram_upsertion *p) {
    mock_put_string(e, p->name);
    base_put_i8(e->b, p->mechanism);
    base_put_i32(e->b, p->iterations);
    mock_put_bytes(e, p->salt);
    mock_put_bytes(e, p->salted_password);
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d,
                        struct mock_alter_user_scram_credentials_request *p) {
    p->deletions = mock_get_array(d, sizeof(*p->deletions), 2, &p->deletion_count);
    for (size_t i = 0; i < p->deletion_count; i++) {
        get_scram_deletion(d, &p->deletions[i]);
    }
    p->upsertions = mock_get_array(d, sizeof(*p->upsertions), 8, &p->upsertion_count);
    for (size_t i = 0; i < p->upsertion_count; i++) {
        get_scram_upsertion(d, &p->upsertions[i]);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e,
                        const struct mock_alter_user_scram_credentials_request *p) {
    mock_put_count(e, p->deletion_count);
    for (size_t i = 0; i < p->deletion_count; i++) {
        put_scram_deletion(e, &p->deletions[i]);
    }
    mock_put_count(e, p->upsertion_count);
    for (size_t i = 0; i < p->upsertion_count; i++) {
        put_scram_upsertion(e, &p->upsertions[i]);
    }
    mock_put_tags(e);
}

int mock_alter_user_scram_credentials_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_alter_user_scram_credentials_request *ret_request) {
    struct mock_decoder d =
        mock_decoder_of(r, arena, MOCK_API_ALTER_USER_SCRAM_CREDENTIALS, version);
    struct mock_alter_user_scram_credentials_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_alter_user_scram_credentials_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_alter_user_scram_credentials_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ALTER_USER_SCRAM_CREDENTIALS, version);
    put_request(&e, request);
}

static void get_scram_alteration_result(struct mock_decoder *d,
                                        struct mock_scram_alteration_result *p) {
    p->user = mock_get_string(d);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_scram_alteration_result(struct mock_encoder *e,
                                        const struct mock_scram_alteration_result *p) {
    mock_put_string(e, p->user);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d,
                         struct mock_alter_user_scram_credentials_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->results = mock_get_array(d, sizeof(*p->results), 4, &p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        get_scram_alteration_result(d, &p->results[i]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e,
                         const struct mock_alter_user_scram_credentials_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    mock_put_count(e, p->result_count);
    for (size_t i = 0; i < p->result_count; i++) {
        put_scram_alteration_result(e, &p->results[i]);
    }
    mock_put_tags(e);
}

int mock_alter_user_scram_credentials_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_alter_user_scram_credentials_response *ret_response) {
    struct mock_decoder d =
        mock_decoder_of(r, arena, MOCK_API_ALTER_USER_SCRAM_CREDENTIALS, version);
    struct mock_alter_user_scram_credentials_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_alter_user_scram_credentials_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_alter_user_scram_credentials_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_ALTER_USER_SCRAM_CREDENTIALS, version);
    put_response(&e, response);
}
