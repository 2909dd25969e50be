/* The search for many strings, and the forms that a secret takes. */
#include <stdlib.h>

#include "base/builder.h"
#include "base/text.h"
#include "harness/check/automaton.h"
#include "harness/check/digest.h"
#include "harness/check/encodings.h"
#include "suites.h"
#include "t_run.h"

struct hits {
    size_t count;
    uint64_t sum; /* of pattern and place, to compare two searches */
    uint32_t forms;
    const struct trial_encodings *encodings;
};

static int found(void *arg, uint32_t pattern, size_t end) {
    struct hits *hits = arg;
    hits->count++;
    hits->sum += (pattern + 1) * 1000003ull + end;
    if (hits->encodings) {
        hits->forms |= 1u << hits->encodings->patterns[pattern].form;
    }
    return 0;
}

static struct hits search(const struct base_slice *patterns, size_t count, const char *text) {
    struct hits hits = {0};
    struct trial_automaton a;
    if (T_EQUAL_INT(trial_automaton_init(&a, patterns, count, 100000, NULL), 0)) {
        T_EQUAL_INT(trial_automaton_search(&a, base_slice_str(text), found, &hits), 0);
        trial_automaton_clean_up(&a);
    }
    return hits;
}

static void overlapping_and_nested_strings_are_all_found(void) {
    struct base_slice words[] = {base_slice_str("he"), base_slice_str("she"),
                                 base_slice_str("his"), base_slice_str("hers"),
                                 base_slice_str("e"), base_slice_str("he")};
    /* "ushers": she, he twice, e, hers. */
    T_EQUAL_INT(search(words, 6, "ushers").count, 5);
    T_EQUAL_INT(search(words, 6, "").count, 0);
    T_EQUAL_INT(search(words, 0, "ushers").count, 0);
    T_EQUAL_INT(search(words, 6, "hhishe").count, 5);
}

/* Against the plain way, on a small alphabet where everything overlaps. */
static void it_finds_what_a_plain_search_finds(void) {
    srand(7);
    for (int round = 0; round < 200; round++) {
        char room[12][6];
        struct base_slice words[12];
        for (int i = 0; i < 12; i++) {
            size_t len = 1 + (size_t)rand() % 5;
            for (size_t k = 0; k < len; k++) {
                room[i][k] = (char)('a' + rand() % 2);
            }
            words[i] = base_slice_of(room[i], len);
        }
        char text[65] = {0};
        for (int i = 0; i < 64; i++) {
            text[i] = (char)('a' + rand() % 2);
        }
        struct hits expected = {0};
        for (uint32_t i = 0; i < 12; i++) {
            for (size_t at = 0; at + words[i].len <= 64; at++) {
                if (memcmp(text + at, words[i].data, words[i].len) == 0) {
                    found(&expected, i, at + words[i].len);
                }
            }
        }
        struct hits actual = search(words, 12, text);
        if (!T_EQUAL_INT(actual.count, expected.count) || !T_TRUE(actual.sum == expected.sum)) {
            break;
        }
    }
}

static void too_many_states_are_a_limit(void) {
    struct base_slice word = base_slice_str("abcdefgh");
    struct trial_automaton a;
    T_EQUAL_INT(trial_automaton_init(&a, &word, 1, 8, NULL), BASE_LIMIT);
}

#define TOKEN "S\xc3\xa9" "cret \"Na/me\" <x@y.org>?"

/* The forms of TOKEN that are found in bytes. */
static uint32_t forms_in(struct base_slice bytes) {
    struct trial_encodings e;
    trial_encodings_init(&e);
    struct hits hits = {.encodings = &e};
    struct trial_automaton a;
    if (T_EQUAL_INT(trial_encodings_add(&e, 0, base_slice_str(TOKEN)), 0) &&
        T_EQUAL_INT(trial_automaton_init(&a, e.bytes, e.count, 100000, NULL), 0)) {
        T_EQUAL_INT(trial_automaton_search(&a, bytes, found, &hits), 0);
        trial_automaton_clean_up(&a);
    }
    trial_encodings_clean_up(&e);
    return hits.forms;
}

static uint32_t forms_in_text(const char *text) {
    return forms_in(base_slice_str(text));
}

static void every_encoding_is_found(void) {
    T_EQUAL_INT(forms_in_text("..." TOKEN "..."), 1u << TRIAL_FORM_RAW);
    T_EQUAL_INT(forms_in_text("another secret altogether, of the same length"), 0);
    struct base_builder b;
    base_builder_init(&b, 4096);
    base_put_hex(&b, base_slice_str(TOKEN));
    T_EQUAL_INT(forms_in(base_builder_slice(&b)), 1u << TRIAL_FORM_HEX);
    for (size_t i = 0; i < b.len; i++) {
        b.data[i] = (uint8_t)(b.data[i] >= 'a' ? b.data[i] - 32 : b.data[i]);
    }
    T_EQUAL_INT(forms_in(base_builder_slice(&b)), 1u << TRIAL_FORM_HEX);
    base_builder_reset(&b);
    for (const char *c = TOKEN; *c; c++) {
        base_put_u8(&b, (uint8_t)*c);
        base_put_u8(&b, 0);
    }
    T_EQUAL_INT(forms_in(base_builder_slice(&b)), 1u << TRIAL_FORM_UTF16);
    base_builder_clean_up(&b);
    uint32_t percent = 1u << TRIAL_FORM_PERCENT;
    T_EQUAL_INT(forms_in_text("S%C3%A9cret%20%22Na%2Fme%22%20%3Cx%40y.org%3E%3F"), percent);
    T_EQUAL_INT(forms_in_text("S%c3%a9cret%20%22Na%2fme%22%20%3cx%40y.org%3e%3f"), percent);
    T_EQUAL_INT(forms_in_text("S%C3%A9cret+%22Na%2Fme%22+%3Cx%40y.org%3E%3F"), percent);
    uint32_t json = 1u << TRIAL_FORM_JSON;
    T_EQUAL_INT(forms_in_text("\"S\xc3\xa9" "cret \\\"Na/me\\\" <x@y.org>?\""), json);
    T_EQUAL_INT(forms_in_text("\"S\xc3\xa9" "cret \\\"Na\\/me\\\" <x@y.org>?\""), json);
    T_EQUAL_INT(forms_in_text("\"S\\u00e9cret \\\"Na/me\\\" <x@y.org>?\""), json);
}

static void base64_is_found_at_every_alignment_in_both_alphabets(void) {
    static const char *const before[] = {"", "x", "xy", "xyz", "\xff\xff\xff\xff"};
    static const char *const after[] = {"", "!", "!!", "!!!"};
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 4; k++) {
            struct base_builder plain;
            struct base_builder text;
            base_builder_init(&plain, 4096);
            base_builder_init(&text, 4096);
            base_put_str(&plain, before[i]);
            base_put_str(&plain, TOKEN);
            base_put_str(&plain, after[k]);
            base_put_base64(&text, base_builder_slice(&plain));
            T_EQUAL_INT(forms_in(base_builder_slice(&text)), 1u << TRIAL_FORM_BASE64);
            for (size_t c = 0; c < text.len; c++) {
                text.data[c] = text.data[c] == '+'   ? '-'
                               : text.data[c] == '/' ? '_'
                                                     : text.data[c];
            }
            T_EQUAL_INT(forms_in(base_builder_slice(&text)), 1u << TRIAL_FORM_BASE64);
            base_builder_clean_up(&plain);
            base_builder_clean_up(&text);
        }
    }
}

static void digests_are_found_as_bytes_and_as_text(void) {
    static const enum trial_form raw[] = {TRIAL_FORM_MD5, TRIAL_FORM_SHA1, TRIAL_FORM_SHA256};
    for (int digest = 0; digest < TRIAL_DIGEST_COUNT; digest++) {
        uint8_t sum[TRIAL_DIGEST_MAX_BYTES];
        size_t len = trial_digest_of((enum trial_digest)digest, base_slice_str(TOKEN), sum);
        T_TRUE(len >= 16);
        T_EQUAL_INT(forms_in(base_slice_of(sum, len)), 1u << raw[digest]);
        struct base_builder text;
        base_builder_init(&text, 4096);
        base_put_hex(&text, base_slice_of(sum, len));
        T_EQUAL_INT(forms_in(base_builder_slice(&text)),
                    1u << (digest == TRIAL_SHA256 ? TRIAL_FORM_SHA256_TEXT : raw[digest]));
        base_builder_clean_up(&text);
    }
    /* The digest of nothing, as everybody knows it. */
    uint8_t sum[TRIAL_DIGEST_MAX_BYTES];
    T_EQUAL_INT(trial_digest_of(TRIAL_SHA1, base_slice_of("", 0), sum), 20);
    T_EQUAL_BYTES(sum, 4, "\xda\x39\xa3\xee", 4);
}

CU_SuiteInfo *suite_check_automaton(void) {
    static CU_TestInfo tests[] = {
        {"overlapping_and_nested_strings_are_all_found",
         overlapping_and_nested_strings_are_all_found},
        {"it_finds_what_a_plain_search_finds", it_finds_what_a_plain_search_finds},
        {"too_many_states_are_a_limit", too_many_states_are_a_limit},
        {"every_encoding_is_found", every_encoding_is_found},
        {"base64_is_found_at_every_alignment_in_both_alphabets",
         base64_is_found_at_every_alignment_in_both_alphabets},
        {"digests_are_found_as_bytes_and_as_text", digests_are_found_as_bytes_and_as_text},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/automaton", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
