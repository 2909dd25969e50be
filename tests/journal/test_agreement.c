/* libjournal and the fixtures know the same definitions, and share no code: on every object that
 * there is they must agree about key, id, anonymized form and validity. */
#include <string.h>

#include "codec/codec.h"
#include "fixtures/fixture.h"
#include "suites.h"
#include "t_run.h"

struct tally {
    size_t count;
    size_t anonymized_count;
};

static void compare_ids(const struct fixture_object *theirs, const struct journal_object *ours) {
    uint8_t their_id[20];
    uint8_t our_id[JOURNAL_ID_BYTES];
    bool matches = false;
    if (theirs->type == FIXTURE_CONTENT || theirs->type == FIXTURE_SKIPPED_CONTENT) {
        return; /* not recomputed by either */
    }
    int their_code = fixture_id(theirs, their_id, &matches, NULL);
    int our_code = journal_object_id(ours, our_id, NULL);
    T_EQUAL_INT(our_code, their_code);
    if (their_code == 0 && our_code == 0) {
        T_EQUAL_BYTES(our_id, sizeof(our_id), their_id, sizeof(their_id));
        T_EQUAL_INT(journal_object_verify(ours, false, NULL) == 0, matches);
    }
}

static int compare(void *arg, const struct fixture_object *theirs, struct base_error *err) {
    struct tally *tally = arg;
    struct journal_object *ours = NULL;
    struct base_builder their_bytes;
    struct base_builder our_bytes;
    base_builder_init(&their_bytes, 1 << 24);
    base_builder_init(&our_bytes, 1 << 24);
    int type = journal_type_find(fixture_type_to_str(theirs->type));
    if (!T_EQUAL_INT(journal_object_decode(type, theirs->encoded, &ours, NULL), 0)) {
        goto out;
    }
    T_EQUAL_INT(journal_object_key(ours, &our_bytes, NULL),
                fixture_key(theirs, &their_bytes, NULL));
    T_EQUAL_BYTES(our_bytes.data, our_bytes.len, their_bytes.data, their_bytes.len);
    compare_ids(theirs, ours);
    base_builder_reset(&our_bytes);
    base_builder_reset(&their_bytes);
    int code = journal_object_anonymize(ours, NULL);
    T_EQUAL_INT(code, fixture_anonymize(theirs, &their_bytes, NULL));
    if (code == 0) {
        T_EQUAL_INT(journal_object_encode(ours, &our_bytes, NULL), 0);
        T_EQUAL_BYTES(our_bytes.data, our_bytes.len, their_bytes.data, their_bytes.len);
        tally->anonymized_count++;
    }
    tally->count++;
out:
    base_builder_clean_up(&our_bytes);
    base_builder_clean_up(&their_bytes);
    journal_object_free(ours);
    return 0;
}

static void on_every_sample(void) {
    struct tally tally = {0};
    struct base_error err = BASE_ERROR_INIT;
    T_EQUAL_INT(fixture_samples("all", compare, &tally, &err), 0);
    T_TRUE(tally.count >= FIXTURE_TYPE_COUNT);
    T_TRUE(tally.anonymized_count >= 2);
}

static void on_generated_objects(void) {
    struct tally tally = {0};
    struct fixture_generate_options options = FIXTURE_GENERATE_OPTIONS_INIT;
    options.seed = 7;
    options.count = 300;
    T_EQUAL_INT(fixture_generate(&options, compare, &tally, NULL), 0);
    T_EQUAL_INT(tally.count, 300);
    T_TRUE(tally.anonymized_count > 10);
}

CU_SuiteInfo *suite_journal_agreement(void) {
    static CU_TestInfo tests[] = {
        {"on_every_sample", on_every_sample},
        {"on_generated_objects", on_generated_objects},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"journal agrees with fixtures", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
