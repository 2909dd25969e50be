/*
 * What all message headers share: the types, and the contract of their four functions.
 *
 * mock_X_request_decode / mock_X_response_decode read the body that follows the header (header.h).
 * Bytes left over are ignored, as Kafka does (AbstractRequest.parseRequest never looks for them):
 * librdkafka to 2.16 leaves some behind a Metadata request of version 9 for all topics. They return
 * 0 or a negative enum base_code (BASE_UNSUPPORTED for a version that api.h does not list); the
 * output is untouched on failure. Arrays live in the arena, strings and bytes are views of the
 * input: both must outlive the message. A field that the version lacks gets Kafka's default. A
 * tagged field that the message does not name is skipped.
 * An empty array has count 0 and a pointer that must not be read.
 *
 * mock_X_request_encode / mock_X_response_encode append the body. A failure is sticky in the
 * builder: BASE_UNSUPPORTED for an unknown version, BASE_LIMIT for a string that the form cannot
 * carry. A null slice where Kafka allows none is written as the empty value; fields that the
 * version lacks are left out. A tagged field with Kafka's default is not written. Into a builder
 * that has failed no response is written at all: what it is made of is not looked at.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attrs.h"
#include "base/builder.h"
#include "base/reader.h"
#include "base/slice.h"

/* Kafka's topic ids; all zero means none. */
struct mock_uuid {
    uint8_t bytes[16];
};
