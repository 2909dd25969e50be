/* Tests of what a record means to a replay, and of its form as a dead letter. */
#include "replay/record.h"

#include <string.h>

#include "samples.h"
#include "suites.h"
#include "t_run.h"

static struct journal_message message_of(const struct sample *s, bool privileged) {
    return (struct journal_message){
        .topic = privileged ? "p_privileged.revision" : "p.revision",
        .key = base_slice_of(s->id, sizeof(s->id)),
        .value = base_builder_slice(&s->encoded),
        .type = s->type,
        .privileged = privileged,
    };
}

/* NULL when the record is fit to be applied. */
static const char *invalidity(const struct journal_message *message, bool validate) {
    struct journal_effect_input input;
    const char *invalid = NULL;
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(journal_record_read(message, validate, &input, &invalid, &err), 0);
    journal_record_clean_up(&input);
    return invalid;
}

static void anonymize(struct sample *s) {
    struct journal_object *object = sample_decode(s);
    T_EQUAL_INT(journal_object_anonymize(object, NULL), 0);
    base_builder_reset(&s->encoded);
    T_EQUAL_INT(journal_object_encode(object, &s->encoded, NULL), 0);
    journal_object_free(object);
}

static void a_right_id_is_accepted_and_a_wrong_one_is_not(void) {
    struct sample s = sample_of(JOURNAL_REVISION);
    struct journal_message message = message_of(&s, false);
    T_EQUAL_STR(invalidity(&message, true), NULL);
    s.encoded.data[3] ^= 1;
    T_EQUAL_STR(invalidity(&message, true), "id-mismatch");
    T_EQUAL_STR(invalidity(&message, false), NULL);
    base_builder_clean_up(&s.encoded);
}

static void an_anonymized_object_is_accepted_from_a_public_topic_only(void) {
    struct sample s = sample_of(JOURNAL_REVISION);
    anonymize(&s);
    struct journal_message from_public = message_of(&s, false);
    struct journal_message from_privileged = message_of(&s, true);
    T_EQUAL_STR(invalidity(&from_public, true), NULL);
    T_EQUAL_STR(invalidity(&from_privileged, true), "id-mismatch");
    base_builder_clean_up(&s.encoded);
}

static void what_is_no_object_is_undecodable_even_without_validation(void) {
    struct journal_message message = {.topic = "p.revision", .type = JOURNAL_REVISION,
                                      .value = base_slice_str("\x0a\xff")};
    T_EQUAL_STR(invalidity(&message, false), "undecodable");
    message.type = -1;
    T_EQUAL_STR(invalidity(&message, true), NULL); /* a plain topic holds any bytes */
}

static void a_kept_revision_has_no_metadata_and_a_delete_no_value(void) {
    struct sample s = sample_of(JOURNAL_REVISION);
    struct journal_message message = message_of(&s, false);
    struct journal_effect_input input;
    const char *invalid = NULL;
    T_EQUAL_INT(journal_record_read(&message, true, &input, &invalid, NULL), 0);
    T_TRUE(memmem(message.value.data, message.value.len, "{\"old\"", 6) != NULL);
    T_TRUE(memmem(input.value.data, input.value.len, "{\"old\"", 6) == NULL);
    T_TRUE(input.value.len < message.value.len);
    journal_record_clean_up(&input);
    message.value = BASE_SLICE_NULL;
    T_EQUAL_INT(journal_record_read(&message, true, &input, &invalid, NULL), 0);
    T_TRUE(base_slice_is_null(input.value));
    journal_record_clean_up(&input);
    base_builder_clean_up(&s.encoded);
}

/* The letter's value into b; true if it is null. */
static bool bury(const struct journal_message *message, struct base_builder *b) {
    bool is_null = false;
    base_builder_init(b, 1 << 20);
    T_EQUAL_INT(journal_record_dead_letter(message, b, &is_null, NULL), 0);
    return is_null;
}

static void a_dead_letter_from_a_public_source_is_the_original_bytes(void) {
    struct journal_message message = {.topic = "p.revision", .type = JOURNAL_REVISION,
                                      .value = base_slice_str("\x0a\xff")};
    struct base_builder b;
    T_TRUE(!bury(&message, &b));
    T_EQUAL_BYTES(b.data, b.len, "\x0a\xff", 2);
    base_builder_clean_up(&b);
}

static void a_dead_letter_from_a_privileged_source_is_anonymized(void) {
    struct sample s = sample_of(JOURNAL_REVISION);
    struct journal_message message = message_of(&s, true);
    struct base_builder b;
    T_TRUE(memmem(message.value.data, message.value.len, "Ada", 3) != NULL);
    T_TRUE(!bury(&message, &b));
    T_TRUE(memmem(b.data, b.len, "Ada", 3) == NULL);
    anonymize(&s);
    T_EQUAL_BYTES(b.data, b.len, s.encoded.data, s.encoded.len);
    base_builder_clean_up(&b);
    /* Reached by a pattern, so of no known type: the topic's name still says what it is. */
    struct sample again = sample_of(JOURNAL_REVISION);
    message = message_of(&again, true);
    message.type = -1;
    T_TRUE(!bury(&message, &b));
    T_EQUAL_BYTES(b.data, b.len, s.encoded.data, s.encoded.len);
    base_builder_clean_up(&b);
    base_builder_clean_up(&again.encoded);
    base_builder_clean_up(&s.encoded);
}

static void a_privileged_record_that_cannot_be_decoded_is_buried_without_value(void) {
    struct journal_message message = {.topic = "p_privileged.revision", .type = JOURNAL_REVISION,
                                      .value = base_slice_str("\x0a\xff"), .privileged = true};
    struct base_builder b;
    T_TRUE(bury(&message, &b));
    T_EQUAL_INT(b.len, 0);
    base_builder_clean_up(&b);
    message.topic = "p_privileged.unheard_of";
    message.type = -1;
    T_TRUE(bury(&message, &b));
    base_builder_clean_up(&b);
}

CU_SuiteInfo *suite_journal_record(void) {
    static CU_TestInfo tests[] = {
        {"a_right_id_is_accepted_and_a_wrong_one_is_not",
         a_right_id_is_accepted_and_a_wrong_one_is_not},
        {"an_anonymized_object_is_accepted_from_a_public_topic_only",
         an_anonymized_object_is_accepted_from_a_public_topic_only},
        {"what_is_no_object_is_undecodable_even_without_validation",
         what_is_no_object_is_undecodable_even_without_validation},
        {"a_kept_revision_has_no_metadata_and_a_delete_no_value",
         a_kept_revision_has_no_metadata_and_a_delete_no_value},
        {"a_dead_letter_from_a_public_source_is_the_original_bytes",
         a_dead_letter_from_a_public_source_is_the_original_bytes},
        {"a_dead_letter_from_a_privileged_source_is_anonymized",
         a_dead_letter_from_a_privileged_source_is_anonymized},
        {"a_privileged_record_that_cannot_be_decoded_is_buried_without_value",
         a_privileged_record_that_cannot_be_decoded_is_buried_without_value},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal records", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
