/*
 * The anonymized form of objects that hold persons.
 *
 * swh-model's policy: fullname becomes SHA-256(fullname), name and email go; nothing else of the
 * object changes. Beyond it: fields that this version of the schema does not know are dropped,
 * because nobody can say that they hold no person.
 */

#include "base/memory.h"
#include "codec/message.h"

static void drop_unknown_fields(ProtobufCMessage *message) {
    for (unsigned i = 0; i < message->n_unknown_fields; i++) {
        base_free(message->unknown_fields[i].data);
    }
    base_free(message->unknown_fields);
    message->unknown_fields = NULL;
    message->n_unknown_fields = 0;
}

static void drop_bytes(protobuf_c_boolean *has, ProtobufCBinaryData *bytes) {
    base_free(bytes->data);
    *bytes = (ProtobufCBinaryData){0, NULL};
    *has = 0;
}

/* A person without fullname is named as git would: "name <email>", whichever there is. */
static void put_fullname(struct base_builder *b, const Journal__Person *person) {
    if (person->has_fullname) {
        base_put_slice(b, journal_bytes_of(person->fullname));
        return;
    }
    if (person->has_name) {
        base_put_slice(b, journal_bytes_of(person->name));
    }
    if (person->has_email) {
        base_put_str(b, person->has_name ? " <" : "<");
        base_put_slice(b, journal_bytes_of(person->email));
        base_put_str(b, ">");
    }
}

static int anonymize_person(Journal__Person *person, struct base_error *err) {
    if (!person) {
        return 0;
    }
    struct base_builder fullname;
    base_builder_init(&fullname, JOURNAL_MAX_MANIFEST_BYTES);
    uint8_t *digest = base_alloc(JOURNAL_SHA256_BYTES);
    put_fullname(&fullname, person);
    int code = digest && base_builder_ok(&fullname)
                   ? journal_sha256(base_builder_slice(&fullname), digest, err)
                   : base_fail(err, BASE_NO_MEMORY, "no memory for an anonymized person");
    base_builder_clean_up(&fullname);
    if (code) {
        base_free(digest);
        return code;
    }
    drop_bytes(&person->has_fullname, &person->fullname);
    drop_bytes(&person->has_name, &person->name);
    drop_bytes(&person->has_email, &person->email);
    drop_unknown_fields(&person->base);
    person->has_fullname = 1;
    person->fullname = (ProtobufCBinaryData){JOURNAL_SHA256_BYTES, digest};
    return 0;
}

static void clean_date(Journal__TimestampWithTimezone *date) {
    if (date) {
        drop_unknown_fields(&date->base);
        if (date->timestamp) {
            drop_unknown_fields(&date->timestamp->base);
        }
    }
}

int journal_object_anonymize(struct journal_object *object, struct base_error *err) {
    int code = 0;
    if (object->type == JOURNAL_REVISION) {
        Journal__Revision *revision = object->of.revision;
        code = anonymize_person(revision->author, err);
        code = code ? code : anonymize_person(revision->committer, err);
        clean_date(revision->date);
        clean_date(revision->committer_date);
        for (size_t i = 0; i < revision->n_extra_headers; i++) {
            drop_unknown_fields(&revision->extra_headers[i]->base);
        }
    } else if (object->type == JOURNAL_RELEASE) {
        code = anonymize_person(object->of.release->author, err);
        clean_date(object->of.release->date);
    } else {
        return base_fail(err, BASE_UNSUPPORTED, "a %s has no anonymized form",
                         journal_type_to_str(object->type));
    }
    if (!code) {
        drop_unknown_fields(object->of.message);
    }
    return code;
}

static bool person_is_anonymized(const Journal__Person *person) {
    return person->has_fullname && person->fullname.len == JOURNAL_SHA256_BYTES &&
           !person->has_name && !person->has_email;
}

bool journal_object_is_anonymized(const struct journal_object *object) {
    if (object->type == JOURNAL_REVISION) {
        const Journal__Person *author = object->of.revision->author;
        const Journal__Person *committer = object->of.revision->committer;
        return (author || committer) && (!author || person_is_anonymized(author)) &&
               (!committer || person_is_anonymized(committer));
    }
    if (object->type == JOURNAL_RELEASE) {
        const Journal__Person *author = object->of.release->author;
        return author && person_is_anonymized(author);
    }
    return false;
}
