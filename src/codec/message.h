/* Inside the codec: what an object is made of, and the two digests. Not for other folders. */
#pragma once
#include <protobuf-c/protobuf-c.h>

#include "codec/codec.h"
#include "key.pb-c.h"
#include "objects.pb-c.h"

struct journal_object {
    enum journal_type type;
    union {
        ProtobufCMessage *message;
        Journal__Content *content;
        Journal__SkippedContent *skipped_content;
        Journal__Directory *directory;
        Journal__Revision *revision;
        Journal__Release *release;
        Journal__Snapshot *snapshot;
        Journal__Origin *origin;
        Journal__OriginVisit *origin_visit;
        Journal__OriginVisitStatus *origin_visit_status;
        Journal__MetadataAuthority *metadata_authority;
        Journal__MetadataFetcher *metadata_fetcher;
        Journal__RawExtrinsicMetadata *raw_extrinsic_metadata;
        Journal__ExtID *extid;
    } of;
};

/* One manifest may not grow beyond this: the largest record, and a little. */
#define JOURNAL_MAX_MANIFEST_BYTES (128u * 1024u * 1024u)

static inline struct base_slice journal_bytes_of(ProtobufCBinaryData bytes) {
    return base_slice_of(bytes.data ? bytes.data : (const uint8_t *)"", bytes.len);
}

/* The id field of the object; null when absent or when the type has none. */
struct base_slice journal_object_stored_id(const struct journal_object *object);
const char *journal_authority_to_str(int type);

/* digest.c, the only user of OpenSSL. */
int journal_sha1(struct base_slice bytes, uint8_t ret_digest[JOURNAL_ID_BYTES],
                 struct base_error *err) BASE_MUST_USE;
int journal_sha256(struct base_slice bytes, uint8_t ret_digest[JOURNAL_SHA256_BYTES],
                   struct base_error *err) BASE_MUST_USE;

/* manifest_git.c, manifest_swh.c: append the body; ret_kind is the word before the length. */
int journal_manifest_git(const struct journal_object *object, struct base_builder *ret_body,
                         const char **ret_kind, struct base_error *err) BASE_MUST_USE;
int journal_manifest_swh(const struct journal_object *object, struct base_builder *ret_body,
                         const char **ret_kind, struct base_error *err) BASE_MUST_USE;
/* Appends "name SP value LF", a line feed inside the value followed by a space. */
void journal_put_header(struct base_builder *b, struct base_slice name, struct base_slice value);
