/* Anonymization: leaks, exposure by policy, the anonymizer's own digest, positive control. */
#include "base/text.h"
#include "harness/check/digest.h"
#include "suites.h"
#include "world.h"

#define HEAD                                                                                      \
    "journal swh prefix \"j\" {\n types revision content origin\n anonymize\n}\n" \
    "topic dlq partitions 1 public\nstore db sqlite public\nwriter w1 to swh\n" \
    "client c1 from swh group g into db { journal.dead.letter.topic = dlq }\n"
#define AUTHOR "secret author in \"Person.fullname\"\nsecret mail in \"Person.email\"\n"

/* A generated revision with its key, its anonymized form and its author. */
struct subject {
    struct base_builder key;
    struct base_builder original;
    struct base_builder hidden;
    struct base_builder fullname;
    struct base_builder message;
};

static int note_field(void *arg, const struct fixture_field *field) {
    struct subject *s = arg;
    if (strcmp(field->field, "fullname") == 0 && s->fullname.len == 0) {
        base_put_slice(&s->fullname, field->value);
    } else if (strcmp(field->field, "message") == 0) {
        base_put_slice(&s->message, field->value);
    }
    return 0;
}

static int take_subject(void *arg, const struct fixture_object *object, struct base_error *err) {
    struct subject *s = arg;
    T_EQUAL_INT(fixture_key(object, &s->key, err), 0);
    base_put_slice(&s->original, object->encoded);
    T_EQUAL_INT(fixture_anonymize(object, &s->hidden, err), 0);
    T_EQUAL_INT(fixture_fields(object, note_field, s, err), 0);
    return 1;
}

static void subject_init(struct subject *s) {
    struct base_builder *all[] = {&s->key, &s->original, &s->hidden, &s->fullname, &s->message};
    for (size_t i = 0; i < 5; i++) {
        base_builder_init(all[i], 1 << 20);
    }
    struct fixture_generate_options o = {11, 5, 1u << FIXTURE_REVISION};
    (void)fixture_generate(&o, take_subject, s, NULL);
    T_TRUE(s->fullname.len >= 8);
}

static void subject_clean_up(struct subject *s) {
    struct base_builder *all[] = {&s->key, &s->original, &s->hidden, &s->fullname, &s->message};
    for (size_t i = 0; i < 5; i++) {
        base_builder_clean_up(all[i]);
    }
}

/* The revision written to both topics; the public copy is what is given. */
static void write_revision(struct world *w, struct subject *s, struct base_slice public_copy) {
    struct base_slice key = base_builder_slice(&s->key);
    world_start(w, "c1");
    world_object(w, "w1", 1, "revision", "j.revision", "j_privileged.revision", key,
                 base_builder_slice(&s->original));
    world_append_bytes(w, "w1", 1, "j_privileged.revision", 0, 1, key,
                       base_builder_slice(&s->original), 2);
    world_append_bytes(w, "w1", 1, "j.revision", 0, 1, key, public_copy, 3);
    world_outcome(w, "w1", 1, "ok");
    world_rest(w, "c1", true);
    world_row_bytes(w, "db", "j.revision", key, public_copy);
    world_read(w, "db");
}

#define CHECK                                                                                     \
    "check {\n guarantee anonymization of swh is pass\n secret author in privileged swh\n"         \
    " no secret author in public swh, topic dlq, store db, output w1, output c1, wire c1\n}\n"

static void anonymized_copies_are_clean(void) {
    struct world w;
    struct subject s;
    subject_init(&s);
    if (world_open(&w, HEAD AUTHOR CHECK)) {
        write_revision(&w, &s, base_builder_slice(&s.hidden));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "anonymization", "swh"), "pass");
        T_EQUAL_STR(world_finding(&w, "anonymization", "w1"), "pass");
        T_EQUAL_STR(world_finding(&w, "anonymization", "c1"), "pass");
        T_EQUAL_STR(world_finding(&w, "pairing", "w1"), "pass");
        T_EQUAL_STR(w.report->reason ? w.report->reason : "", "");
        /* Without the privileged hit nothing is proven. */
        trial_history_remove(w.history, world_find(&w, TRIAL_FACT_APPEND, 0));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "anonymization", "swh"), "not exercised");
        T_EQUAL_INT(w.report->verdict, TRIAL_ERROR);
        T_TRUE(strstr(w.report->reason, "vacuous") != NULL);
    }
    world_close(&w);
    subject_clean_up(&s);
}

static void originals_in_public_are_leaks(void) {
    struct world w;
    struct subject s;
    subject_init(&s);
    if (world_open(&w, HEAD CHECK AUTHOR)) {
        write_revision(&w, &s, base_builder_slice(&s.original));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "anonymization", "swh"), "fail because leak");
        T_EQUAL_STR(world_finding(&w, "anonymization", "c1"), "fail because leak");
        T_EQUAL_INT(w.report->verdict, TRIAL_FAIL);
        T_TRUE(world_anomaly(&w, "leak") > 0);
    }
    world_close(&w);
    /* The same without declared secrets: persons are what anonymize is about. */
    if (world_open(&w, HEAD)) {
        write_revision(&w, &s, base_builder_slice(&s.original));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "anonymization", "swh"), "fail because leak");
    }
    world_close(&w);
    subject_clean_up(&s);
}

static void dead_letters_output_and_wire_are_searched(void) {
    for (int sink = 0; sink < 5; sink++) {
        struct world w;
        struct subject s;
        subject_init(&s);
        if (world_open(&w, HEAD AUTHOR)) {
            write_revision(&w, &s, base_builder_slice(&s.hidden));
            struct base_builder text;
            base_builder_init(&text, 4096);
            base_put_str(&text, "prefix ");
            base_put_slice(&text, base_builder_slice(&s.fullname));
            base_put_u8(&text, 0);
            struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_CELL);
            switch (sink) {
            case 0: /* the privileged original as a dead letter */
                world_append_bytes(&w, "c1", 1, "dlq", 0, 0, base_builder_slice(&s.key),
                                   base_builder_slice(&s.original), 0);
                break;
            case 1: /* the key */
                world_append_bytes(&w, "c1", 1, "dlq", 0, 0, base_builder_slice(&s.fullname),
                                   base_slice_of("", 0), 0);
                break;
            case 2: /* split over two reads of the output */
                e.fact = TRIAL_FACT_OUTPUT;
                e.actor = "c1";
                e.text = "stderr";
                e.value = base_slice_of(text.data, 12);
                world_event(&w, e);
                e.value = base_slice_of(text.data + 12, text.len - 12);
                world_event(&w, e);
                break;
            case 3: /* served without the right to read it */
                world_serve(&w, "c1", 1, "j_privileged.revision", 0);
                break;
            default:
                e.text = "db";
                e.text2 = "log.line";
                e.value = base_builder_slice(&text);
                world_event(&w, e);
            }
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "anonymization", "c1"), "fail because leak");
            T_EQUAL_STR(world_finding(&w, "anonymization", "swh"), "fail because leak");
            base_builder_clean_up(&text);
        }
        world_close(&w);
        subject_clean_up(&s);
    }
}

static void the_anonymizers_digest_is_allowed_in_its_field_only(void) {
    struct world w;
    struct subject s;
    subject_init(&s);
    uint8_t sum[TRIAL_DIGEST_MAX_BYTES];
    size_t len = trial_digest_of(TRIAL_SHA256, base_builder_slice(&s.fullname), sum);
    static const char *const secrets[] = {
        HEAD "secret author in \"Person.fullname\"\n",
        HEAD "secret author in \"Person.fullname\" allow sha256\n"};
    for (int allowed = 0; allowed < 2; allowed++) {
        if (world_open(&w, secrets[allowed])) {
            write_revision(&w, &s, base_builder_slice(&s.hidden));
            world_append_bytes(&w, "c1", 1, "dlq", 0, 0, base_slice_of(sum, len),
                               base_slice_of("", 0), 0);
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "anonymization", "swh"),
                        allowed ? "pass" : "fail because leak");
            T_EQUAL_STR(world_finding(&w, "anonymization", "c1"),
                        allowed ? "pass" : "fail because leak");
        }
        world_close(&w);
    }
    subject_clean_up(&s);
}

/* A protobuf field of bytes behind what is there: field 2 of Revision is its message. */
static void put_message(struct base_builder *b, struct base_slice text) {
    base_put_u8(b, 2 << 3 | 2);
    base_put_uvarint32(b, (uint32_t)text.len);
    base_put_slice(b, text);
}

static void what_policy_leaves_is_exposure_unless_strict(void) {
    static const char *const secrets[] = {
        HEAD "secret author in \"Person.fullname\"\n",
        HEAD "secret author in \"Person.fullname\" strict\n"};
    for (int strict = 0; strict < 2; strict++) {
        struct world w;
        struct subject s;
        subject_init(&s);
        if (world_open(&w, secrets[strict])) {
            /* The message names the author, as a signed-off-by line does. */
            put_message(&s.original, base_builder_slice(&s.fullname));
            put_message(&s.hidden, base_builder_slice(&s.fullname));
            write_revision(&w, &s, base_builder_slice(&s.hidden));
            struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_CELL);
            e.text = "db";
            e.text2 = "journal_row.value";
            e.value = base_builder_slice(&s.hidden);
            world_event(&w, e);
            world_append_bytes(&w, "c1", 1, "dlq", 0, 0, base_builder_slice(&s.key),
                               base_builder_slice(&s.hidden), 0);
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "anonymization", "swh"),
                        strict ? "fail because leak" : "pass");
            T_EQUAL_STR(world_finding(&w, "anonymization", "c1"),
                        strict ? "fail because leak" : "pass");
            T_TRUE(strict ? w.report->policy_exposure_count == 0
                          : w.report->policy_exposure_count >= 4);
        }
        world_close(&w);
        subject_clean_up(&s);
    }
}

/* A field that the schema does not know hides nothing. */
static void a_secret_in_an_unknown_field_is_a_leak(void) {
    struct world w;
    struct subject s;
    subject_init(&s);
    if (world_open(&w, HEAD AUTHOR)) {
        base_put_uvarint32(&s.hidden, 99 << 3 | 2);
        base_put_uvarint32(&s.hidden, (uint32_t)s.fullname.len);
        base_put_slice(&s.hidden, base_builder_slice(&s.fullname));
        write_revision(&w, &s, base_builder_slice(&s.hidden));
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "anonymization", "swh"), "fail because leak");
    }
    world_close(&w);
    subject_clean_up(&s);
}

#define NAMED                                                                                     \
    "topic open partitions 1 public\ntopic shut partitions 1 private\nwriter w1 to open, shut\n" \
    "secret token in \"Person.fullname\"\n"

static void secrets_of_a_write_are_searched_in_plain_topics(void) {
    struct world w;
    for (int leaks = 0; leaks < 2; leaks++) {
        if (world_open(&w, NAMED)) {
            struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_INTENT);
            e.actor = "w1";
            e.intent = 1;
            e.text = e.topic = "shut";
            e.text2 = "token";
            e.key = base_slice_str("k");
            e.value = base_slice_str("correct horse");
            world_event(&w, e);
            world_append(&w, "w1", 1, "shut", 0, 1, "k", "correct horse");
            world_append(&w, "w1", 1, "open", 0, 0, "k",
                         leaks ? "Y29ycmVjdCBob3JzZQ==" : "Y29ycmVjdCBzaGVlcA==");
            world_judge(&w);
            T_EQUAL_STR(world_finding(&w, "anonymization", "w1"),
                        leaks ? "fail because leak" : "pass");
        }
        world_close(&w);
    }
}

static void short_values_are_counted_and_not_searched(void) {
    struct world w;
    if (world_open(&w, NAMED)) {
        struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_INTENT);
        e.actor = "w1";
        e.intent = 1;
        e.text = e.topic = "shut";
        e.text2 = "token,other";
        e.value = base_slice_str("root");
        world_event(&w, e);
        world_append(&w, "w1", 1, "open", 0, 0, "k", "root");
        world_judge(&w);
        T_EQUAL_STR(world_finding(&w, "anonymization", "w1"), "not exercised");
        T_EQUAL_INT(w.report->unsearchable_count, 2);
    }
    world_close(&w);
}

CU_SuiteInfo *suite_check_secrets(void) {
    static CU_TestInfo tests[] = {
        {"anonymized_copies_are_clean", anonymized_copies_are_clean},
        {"originals_in_public_are_leaks", originals_in_public_are_leaks},
        {"dead_letters_output_and_wire_are_searched", dead_letters_output_and_wire_are_searched},
        {"the_anonymizers_digest_is_allowed_in_its_field_only",
         the_anonymizers_digest_is_allowed_in_its_field_only},
        {"what_policy_leaves_is_exposure_unless_strict",
         what_policy_leaves_is_exposure_unless_strict},
        {"a_secret_in_an_unknown_field_is_a_leak", a_secret_in_an_unknown_field_is_a_leak},
        {"secrets_of_a_write_are_searched_in_plain_topics",
         secrets_of_a_write_are_searched_in_plain_topics},
        {"short_values_are_counted_and_not_searched", short_values_are_counted_and_not_searched},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"check/secrets", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
