/*
 * The forms that a secret takes when somebody writes it down: raw, hexadecimal, base64 at its three
 * alignments, percent-encoded, UTF-16, escaped in JSON, and digests. Each form is one pattern of
 * the automaton.
 */
#pragma once
#include "base/arena.h"
#include "base/slice.h"

/* Shorter secrets are not searched: they would be found everywhere. */
#define TRIAL_MIN_TOKEN_BYTES 8

enum trial_form {
    TRIAL_FORM_RAW,
    TRIAL_FORM_HEX,
    TRIAL_FORM_BASE64,
    TRIAL_FORM_PERCENT,
    TRIAL_FORM_UTF16,
    TRIAL_FORM_JSON,
    TRIAL_FORM_MD5,
    TRIAL_FORM_SHA1,
    TRIAL_FORM_SHA256,       /* as bytes: what the anonymizer itself writes */
    TRIAL_FORM_SHA256_TEXT,  /* in hexadecimal or base64 */
    TRIAL_FORM_COUNT
};
const char *trial_form_to_str(enum trial_form form);

struct trial_pattern {
    uint32_t token;
    enum trial_form form;
};
struct trial_encodings {
    struct base_arena arena;
    struct base_slice *bytes;       /* by pattern, for the automaton */
    struct trial_pattern *patterns; /* by pattern */
    size_t count;
    size_t bytes_cap;
    size_t pattern_cap;
};

void trial_encodings_init(struct trial_encodings *encodings);
void trial_encodings_clean_up(struct trial_encodings *encodings);
/* Adds every form of a token (at least TRIAL_MIN_TOKEN_BYTES long). 0 or BASE_NO_MEMORY,
 * BASE_LIMIT. */
int trial_encodings_add(struct trial_encodings *encodings, uint32_t token,
                        struct base_slice bytes);
