/* DescribeUserScramCredentials (api 50), version 0: which users may log in with SCRAM. */
#pragma once
#include "mock/wire/message.h"

struct mock_scram_user_name {
    struct base_slice name;
};

struct mock_describe_user_scram_credentials_request {
    bool all_users; /* the array is null */
    struct mock_scram_user_name *users;
    size_t user_count;
};

struct mock_scram_credential_info {
    int8_t mechanism; /* 1: SCRAM-SHA-256, 2: SCRAM-SHA-512 */
    int32_t iterations;
};

struct mock_scram_user_description {
    struct base_slice user;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct mock_scram_credential_info *credentials;
    size_t credential_count;
};

struct mock_describe_user_scram_credentials_response {
    int32_t throttle_time_ms;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
    struct mock_scram_user_description *results;
    size_t result_count;
};

int mock_describe_user_scram_credentials_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_user_scram_credentials_request *ret_request) BASE_MUST_USE;
void mock_describe_user_scram_credentials_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_user_scram_credentials_request *request);
int mock_describe_user_scram_credentials_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_describe_user_scram_credentials_response *ret_response) BASE_MUST_USE;
void mock_describe_user_scram_credentials_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_user_scram_credentials_response *response);
