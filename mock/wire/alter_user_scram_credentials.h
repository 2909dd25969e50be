/* AlterUserScramCredentials (api 51), version 0: gives users credentials for SCRAM, or takes them.
 */
#pragma once
#include "mock/wire/message.h"

struct mock_scram_deletion {
    struct base_slice name;
    int8_t mechanism; /* 1: SCRAM-SHA-256, 2: SCRAM-SHA-512 */
};

struct mock_scram_upsertion {
    struct base_slice name;
    int8_t mechanism;
    int32_t iterations;
    struct base_slice salt;
    struct base_slice salted_password;
};

struct mock_alter_user_scram_credentials_request {
    struct mock_scram_deletion *deletions;
    size_t deletion_count;
    struct mock_scram_upsertion *upsertions;
    size_t upsertion_count;
};

struct mock_scram_alteration_result {
    struct base_slice user;
    int16_t error_code;
    struct base_slice error_message; /* null possible */
};

struct mock_alter_user_scram_credentials_response {
    int32_t throttle_time_ms;
    struct mock_scram_alteration_result *results;
    size_t result_count;
};

int mock_alter_user_scram_credentials_request_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_alter_user_scram_credentials_request *ret_request) BASE_MUST_USE;
void mock_alter_user_scram_credentials_request_encode(
    struct base_builder *b, int16_t version,
    const struct mock_alter_user_scram_credentials_request *request);
int mock_alter_user_scram_credentials_response_decode(
    struct base_reader *r, int16_t version, struct base_arena *arena,
    struct mock_alter_user_scram_credentials_response *ret_response) BASE_MUST_USE;
void mock_alter_user_scram_credentials_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_alter_user_scram_credentials_response *response);
