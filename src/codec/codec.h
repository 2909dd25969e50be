/*
 * Journal objects as journal records carry them: their types and topics, their keys, their
 * identifiers, their anonymized form, and the protobuf encoding of all that.
 *
 * Not responsible for sending or storing anything. No global state; an object belongs to one
 * thread at a time.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/builder.h"
#include "base/error.h"
#include "base/slice.h"

enum journal_type {
    JOURNAL_CONTENT,
    JOURNAL_SKIPPED_CONTENT,
    JOURNAL_DIRECTORY,
    JOURNAL_REVISION,
    JOURNAL_RELEASE,
    JOURNAL_SNAPSHOT,
    JOURNAL_ORIGIN,
    JOURNAL_ORIGIN_VISIT,
    JOURNAL_ORIGIN_VISIT_STATUS,
    JOURNAL_METADATA_AUTHORITY,
    JOURNAL_METADATA_FETCHER,
    JOURNAL_RAW_EXTRINSIC_METADATA,
    JOURNAL_EXTID,
    JOURNAL_TYPE_COUNT
};

/* The prefix of topics unless the user names one. */
#define JOURNAL_DEFAULT_PREFIX "swh.journal.objects"
#define JOURNAL_ID_BYTES 20
#define JOURNAL_SHA256_BYTES 32

/* -- types and topics -- */

/* "content", …, as in topic names. journal_type_find gives -1 for another name. */
const char *journal_type_to_str(enum journal_type type);
int journal_type_find(const char *name);
/* The type of a topic: what follows its last dot; -1 if that is no type. */
int journal_type_of_topic(const char *topic);
/* True for the types that hold persons, and so have a privileged and a public topic. */
bool journal_type_is_anonymized(enum journal_type type);
/* {prefix}.{type}, or {prefix}_privileged.{type}; owned by the caller (base_free), NULL without
 * memory. */
char *journal_topic_name(const char *prefix, bool privileged, enum journal_type type);
/* True for {anything}_privileged.{type}, whatever the prefix. */
bool journal_topic_is_privileged(const char *topic);

/* -- objects -- */

struct journal_object;

/* BASE_MALFORMED when the bytes are not an object of that type. */
int journal_object_decode(enum journal_type type, struct base_slice encoded,
                          struct journal_object **ret_object, struct base_error *err)
    BASE_MUST_USE;
void journal_object_free(struct journal_object *object);
enum journal_type journal_object_type(const struct journal_object *object);
/* Appends the encoding. */
int journal_object_encode(const struct journal_object *object, struct base_builder *ret_encoded,
                          struct base_error *err) BASE_MUST_USE;

/* Appends the record key: the raw id, or the KeyMap with its entries sorted by name.
 * BASE_MALFORMED names what the object lacks. */
int journal_object_key(const struct journal_object *object, struct base_builder *ret_key,
                       struct base_error *err) BASE_MUST_USE;

/* Replaces every person by its anonymized form, in place, and drops fields that this version does
 * not know (they might hold a person). Id, message, extra headers, metadata and the raw manifest
 * stay: that is the policy. BASE_UNSUPPORTED for a type without persons. */
int journal_object_anonymize(struct journal_object *object, struct base_error *err) BASE_MUST_USE;
/* True if there is a person in it, and every one is anonymized: 32 bytes of fullname, no name, no
 * email. */
bool journal_object_is_anonymized(const struct journal_object *object);

/* Computes the identifier from the fields. BASE_UNSUPPORTED for a type whose objects have none, or
 * cannot be recomputed without the content's bytes; BASE_MALFORMED when a field is missing. */
int journal_object_id(const struct journal_object *object, uint8_t ret_id[JOURNAL_ID_BYTES],
                      struct base_error *err) BASE_MUST_USE;
/* 0 if the id inside is the computed one, or the type has none; BASE_MALFORMED otherwise, with both
 * ids in the sentence. accept_anonymized: an anonymized object, which cannot verify, is right. */
int journal_object_verify(const struct journal_object *object, bool accept_anonymized,
                          struct base_error *err) BASE_MUST_USE;

/* Removes what a replay does not keep (metadata of revision and of origin_visit_status).
 * True if there was something. */
bool journal_object_strip(struct journal_object *object);

/* The hashes of a content or skipped_content, borrowed, null where absent; else false. */
struct journal_hashes {
    struct base_slice sha1, sha1_git, sha256, blake2s256;
};
bool journal_object_hashes(const struct journal_object *object, struct journal_hashes *ret_hashes);
