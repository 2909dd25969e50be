/* Fuzz target: what a journal record may carry. The first byte picks the type; whatever is decoded
 * must encode, and what was encoded must decode to the same bytes again; key, identifier,
 * anonymized form and dead letter are made or refused. */
#include <stdlib.h>

#include "base/limits.h"
#include "codec/codec.h"
#include "replay/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool encode(enum journal_type type, struct base_slice in, struct base_builder *out) {
    struct journal_object *object = NULL;
    base_builder_init(out, 64 * BASE_MIB);
    bool good = journal_object_decode(type, in, &object, NULL) == 0;
    if (good && journal_object_encode(object, out, NULL) != 0) {
        abort();
    }
    journal_object_free(object);
    return good;
}

static void round_trip(enum journal_type type, struct base_slice in) {
    struct base_builder once;
    struct base_builder twice;
    base_builder_init(&twice, 0);
    if (encode(type, in, &once) &&
        (!encode(type, base_builder_slice(&once), &twice) ||
         !base_slice_equal(base_builder_slice(&once), base_builder_slice(&twice)))) {
        abort();
    }
    base_builder_clean_up(&once);
    base_builder_clean_up(&twice);
}

static void use(enum journal_type type, struct base_slice in) {
    struct journal_object *object = NULL;
    struct journal_hashes hashes;
    uint8_t id[JOURNAL_ID_BYTES];
    struct base_builder key;
    base_builder_init(&key, BASE_MIB);
    if (journal_object_decode(type, in, &object, NULL) == 0) {
        (void)!journal_object_key(object, &key, NULL);
        (void)!journal_object_id(object, id, NULL);
        (void)!journal_object_verify(object, true, NULL);
        (void)journal_object_hashes(object, &hashes);
        if (journal_object_anonymize(object, NULL) == 0) {
            (void)journal_object_is_anonymized(object);
            (void)!journal_object_verify(object, true, NULL);
        }
        (void)journal_object_strip(object);
        (void)!journal_object_id(object, id, NULL);
    }
    journal_object_free(object);
    base_builder_clean_up(&key);
}

static void replay(enum journal_type type, bool privileged, struct base_slice in) {
    struct journal_message message = {.topic = "swh.journal.objects.revision",
                                      .key = base_slice_str("k"),
                                      .value = in,
                                      .type = (int)type,
                                      .privileged = privileged};
    struct journal_effect_input input = {0};
    const char *invalid = NULL;
    struct base_error err = BASE_ERROR_INIT;
    if (journal_record_read(&message, true, &input, &invalid, &err) == 0) {
        journal_record_clean_up(&input);
    }
    struct base_builder value;
    bool is_null = false;
    base_builder_init(&value, 64 * BASE_MIB);
    (void)!journal_record_dead_letter(&message, &value, &is_null, &err);
    base_builder_clean_up(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    if (len < 1) {
        return 0;
    }
    enum journal_type type = (enum journal_type)(data[0] % JOURNAL_TYPE_COUNT);
    struct base_slice in = base_slice_of(data + 1, len - 1);
    round_trip(type, in);
    use(type, in);
    replay(type, data[0] & 128, in);
    return 0;
}
