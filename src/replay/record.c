/* Records before and beside the store: see record.h. */
#include "replay/record.h"

#include "base/limits.h"

static int keep_stripped(struct journal_effect_input *input, struct base_error *err) {
    if (!journal_object_strip(input->object)) {
        return 0;
    }
    int code = journal_object_encode(input->object, &input->encoded, err);
    input->value = base_builder_slice(&input->encoded);
    return code;
}

int journal_record_read(const struct journal_message *message, bool validate,
                        struct journal_effect_input *ret_input, const char **ret_invalid,
                        struct base_error *err) {
    *ret_input = (struct journal_effect_input){.value = message->value};
    base_builder_init(&ret_input->encoded, BASE_MAX_FRAME_BYTES);
    *ret_invalid = NULL;
    if (message->type < 0 || base_slice_is_null(message->value)) {
        return 0;
    }
    int code = journal_object_decode(message->type, message->value, &ret_input->object, err);
    if (code == BASE_MALFORMED) {
        *ret_invalid = "undecodable";
        return 0;
    }
    if (code) {
        return code;
    }
    if (validate) {
        code = journal_object_verify(ret_input->object, !message->privileged, err);
        if (code == BASE_MALFORMED) {
            *ret_invalid = "id-mismatch";
            return 0;
        }
        if (code) {
            return code;
        }
    }
    ret_input->has_hashes = journal_object_hashes(ret_input->object, &ret_input->hashes);
    return keep_stripped(ret_input, err);
}

void journal_record_clean_up(struct journal_effect_input *input) {
    journal_object_free(input->object);
    base_builder_clean_up(&input->encoded);
    *input = (struct journal_effect_input){.object = NULL};
}

int journal_record_dead_letter(const struct journal_message *message,
                               struct base_builder *ret_value, bool *ret_null,
                               struct base_error *err) {
    *ret_null = base_slice_is_null(message->value);
    if (*ret_null) {
        return 0;
    }
    if (!message->privileged) {
        base_put_slice(ret_value, message->value);
        return ret_value->failed ? base_fail(err, ret_value->failed, "no room for a dead letter")
                                 : 0;
    }
    int type = message->type >= 0 ? message->type : journal_type_of_topic(message->topic);
    struct journal_object *object = NULL;
    int code = type >= 0 ? journal_object_decode(type, message->value, &object, err)
                         : BASE_MALFORMED;
    if (!code && journal_type_is_anonymized(type)) {
        code = journal_object_anonymize(object, err);
    }
    code = code ? code : journal_object_encode(object, ret_value, err);
    journal_object_free(object);
    *ret_null = code == BASE_MALFORMED;
    return code == BASE_MALFORMED ? 0 : code;
}
