/* Bytes as text: base64 (RFC 4648, padded) and lower-case hexadecimal. */
#pragma once
#include <stdbool.h>

#include "attrs.h"
#include "builder.h"
#include "slice.h"

void base_put_base64(struct base_builder *b, struct base_slice bytes);
/* Appends the decoded bytes; false (nothing appended) if text is not padded standard base64. */
bool base_put_base64_decoded(struct base_builder *b, struct base_slice text) BASE_MUST_USE;
void base_put_hex(struct base_builder *b, struct base_slice bytes);
/* Accepts both cases; false (nothing appended) on an odd length or another character. */
bool base_put_hex_decoded(struct base_builder *b, struct base_slice text) BASE_MUST_USE;
/* For people and scenarios: printable ASCII within double quotes, the rest as \n, \t or \xHH;
 * null is the word null. */
void base_put_quoted(struct base_builder *b, struct base_slice bytes);
