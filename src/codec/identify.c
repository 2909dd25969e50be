/* Identifiers: SHA-1 over a manifest, and whether an object carries the right one. */

#include "base/text.h"
#include "codec/message.h"

#define RAW_OF(m) ((m)->has_raw_manifest ? journal_bytes_of((m)->raw_manifest) : BASE_SLICE_NULL)

static struct base_slice raw_manifest(const struct journal_object *object) {
    switch (object->type) {
    case JOURNAL_DIRECTORY:
        return RAW_OF(object->of.directory);
    case JOURNAL_REVISION:
        return RAW_OF(object->of.revision);
    case JOURNAL_RELEASE:
        return RAW_OF(object->of.release);
    default:
        return BASE_SLICE_NULL;
    }
}

static int id_of_manifest(const struct journal_object *object, uint8_t *ret_id,
                          struct base_error *err) {
    bool is_git = object->type == JOURNAL_DIRECTORY || object->type == JOURNAL_REVISION ||
                  object->type == JOURNAL_RELEASE;
    const char *kind = NULL;
    struct base_builder body;
    struct base_builder whole;
    base_builder_init(&body, JOURNAL_MAX_MANIFEST_BYTES);
    base_builder_init(&whole, JOURNAL_MAX_MANIFEST_BYTES);
    int code = is_git ? journal_manifest_git(object, &body, &kind, err)
                      : journal_manifest_swh(object, &body, &kind, err);
    if (code) {
        goto out;
    }
    base_put_format(&whole, "%s %zu", kind, base_builder_slice(&body).len);
    base_put_u8(&whole, 0);
    base_put_slice(&whole, base_builder_slice(&body));
    if (!base_builder_ok(&body) || !base_builder_ok(&whole)) {
        code = base_fail(err, body.failed ? body.failed : whole.failed,
                         "the manifest of a %s does not fit",
                         journal_type_to_str(object->type));
        goto out;
    }
    code = journal_sha1(base_builder_slice(&whole), ret_id, err);
out:
    base_builder_clean_up(&whole);
    base_builder_clean_up(&body);
    return code;
}

int journal_object_id(const struct journal_object *object, uint8_t ret_id[JOURNAL_ID_BYTES],
                      struct base_error *err) {
    struct base_slice raw = raw_manifest(object);
    if (!base_slice_is_null(raw)) {
        return journal_sha1(raw, ret_id, err);
    }
    if (object->type == JOURNAL_ORIGIN) {
        const char *url = object->of.origin->url;
        return url ? journal_sha1(base_slice_str(url), ret_id, err)
                   : base_fail(err, BASE_MALFORMED, "an origin without url");
    }
    return id_of_manifest(object, ret_id, err);
}

static bool type_has_id(enum journal_type type) {
    switch (type) {
    case JOURNAL_DIRECTORY:
    case JOURNAL_REVISION:
    case JOURNAL_RELEASE:
    case JOURNAL_SNAPSHOT:
    case JOURNAL_ORIGIN:
    case JOURNAL_RAW_EXTRINSIC_METADATA:
    case JOURNAL_EXTID:
        return true;
    default:
        return false;
    }
}

int journal_object_verify(const struct journal_object *object, bool accept_anonymized,
                          struct base_error *err) {
    if (!type_has_id(object->type)) {
        return 0;
    }
    uint8_t computed[JOURNAL_ID_BYTES];
    int code = journal_object_id(object, computed, err);
    if (code) {
        return code;
    }
    struct base_slice stored = journal_object_stored_id(object);
    if (base_slice_equal(stored, base_slice_of(computed, sizeof(computed)))) {
        return 0;
    }
    if (accept_anonymized && journal_object_is_anonymized(object)) {
        return 0;
    }
    struct base_builder text;
    base_builder_init(&text, 1024);
    base_put_hex(&text, base_slice_of(stored.data, stored.len < 32 ? stored.len : 32));
    base_put_str(&text, ", but it should be ");
    base_put_hex(&text, base_slice_of(computed, sizeof(computed)));
    struct base_slice s = base_builder_slice(&text);
    code = base_fail(err, BASE_MALFORMED, "a %s has id %.*s", journal_type_to_str(object->type),
                     (int)s.len, (const char *)s.data);
    base_builder_clean_up(&text);
    return code;
}
