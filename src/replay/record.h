/*
 * Inside the replayer: what one record means before any store sees it. Decoded, validated, without
 * the fields that a replay does not keep; and its form as a dead letter. No Kafka, no SQLite.
 */
#pragma once
#include <stdbool.h>

#include "base/builder.h"
#include "client/client.h"
#include "codec/codec.h"

struct journal_effect_input {
    struct journal_object *object; /* NULL: a delete, or not of a journal */
    struct base_builder encoded;   /* what is kept, where it differs from the record */
    struct base_slice value;       /* null: delete */
    bool has_hashes;
    struct journal_hashes hashes;
};

/* ret_invalid: NULL, or why the record is not applied: "undecodable", "id-mismatch"; then err has
 * the sentence. Returns only BASE_NO_MEMORY and the like. */
int journal_record_read(const struct journal_message *message, bool validate,
                        struct journal_effect_input *ret_input, const char **ret_invalid,
                        struct base_error *err) BASE_MUST_USE;
void journal_record_clean_up(struct journal_effect_input *input);

/* Appends what may stand on a dead-letter topic: the original bytes from a public source, the
 * anonymized object from a privileged one. *ret_null: a delete, or a privileged record that cannot
 * be decoded; then nothing is appended. */
int journal_record_dead_letter(const struct journal_message *message,
                               struct base_builder *ret_value, bool *ret_null,
                               struct base_error *err) BASE_MUST_USE;
