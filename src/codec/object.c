/* Objects and their protobuf encoding; what of an object a replay removes. */
#include "base/limits.h"
#include "base/memory.h"
#include "codec/message.h"

static void *allocate(void *arg, size_t bytes) {
    return base_alloc(bytes);
}

static void release(void *arg, void *memory) {
    base_free(memory);
}

static ProtobufCAllocator allocator = {.alloc = allocate, .free = release};

static const ProtobufCMessageDescriptor *descriptor_of(enum journal_type type) {
    switch (type) {
    case JOURNAL_CONTENT:
        return &journal__content__descriptor;
    case JOURNAL_SKIPPED_CONTENT:
        return &journal__skipped_content__descriptor;
    case JOURNAL_DIRECTORY:
        return &journal__directory__descriptor;
    case JOURNAL_REVISION:
        return &journal__revision__descriptor;
    case JOURNAL_RELEASE:
        return &journal__release__descriptor;
    case JOURNAL_SNAPSHOT:
        return &journal__snapshot__descriptor;
    case JOURNAL_ORIGIN:
        return &journal__origin__descriptor;
    case JOURNAL_ORIGIN_VISIT:
        return &journal__origin_visit__descriptor;
    case JOURNAL_ORIGIN_VISIT_STATUS:
        return &journal__origin_visit_status__descriptor;
    case JOURNAL_METADATA_AUTHORITY:
        return &journal__metadata_authority__descriptor;
    case JOURNAL_METADATA_FETCHER:
        return &journal__metadata_fetcher__descriptor;
    case JOURNAL_RAW_EXTRINSIC_METADATA:
        return &journal__raw_extrinsic_metadata__descriptor;
    case JOURNAL_EXTID:
    case JOURNAL_TYPE_COUNT:
        break;
    }
    return &journal__ext_id__descriptor;
}

/* A field of number 0 is no field. protobuf-c refuses it only where its tag is one byte long; kept
 * as an unknown field it would be encoded as that byte, and nobody could decode the object again.
 */
static bool has_field_0(const ProtobufCMessage *message) {
    for (unsigned i = 0; i < message->n_unknown_fields; i++) {
        if (message->unknown_fields[i].tag == 0) {
            return true;
        }
    }
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
            continue;
        }
        const uint8_t *member = (const uint8_t *)message + field->offset;
        const void *const *items = (const void *const *)(const void *)member;
        size_t count = 1;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            items = *(const void *const *const *)(const void *)member;
            count = *(const size_t *)((const uint8_t *)message + field->quantifier_offset);
        }
        for (size_t k = 0; k < count; k++) {
            if (items[k] && has_field_0(items[k])) {
                return true;
            }
        }
    }
    return false;
}

int journal_object_decode(enum journal_type type, struct base_slice encoded,
                          struct journal_object **ret_object, struct base_error *err) {
    struct journal_object *object = base_alloc(sizeof(*object));
    if (!object) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for an object");
    }
    object->type = type;
    object->of.message =
        base_slice_is_null(encoded)
            ? NULL
            : protobuf_c_message_unpack(descriptor_of(type), &allocator, encoded.len, encoded.data);
    if (!object->of.message || has_field_0(object->of.message)) {
        journal_object_free(object);
        return base_fail(err, BASE_MALFORMED, "%zu bytes that are no encoded %s", encoded.len,
                         journal_type_to_str(type));
    }
    *ret_object = object;
    return 0;
}

void journal_object_free(struct journal_object *object) {
    if (object) {
        protobuf_c_message_free_unpacked(object->of.message, &allocator);
        base_free(object);
    }
}

enum journal_type journal_object_type(const struct journal_object *object) {
    return object->type;
}

int journal_object_encode(const struct journal_object *object, struct base_builder *ret_encoded,
                          struct base_error *err) {
    size_t len = protobuf_c_message_get_packed_size(object->of.message);
    uint8_t *room = base_put_room(ret_encoded, len);
    if (!room) {
        return base_fail(err, ret_encoded->failed, "no room for an encoded %s of %zu bytes",
                         journal_type_to_str(object->type), len);
    }
    (void)protobuf_c_message_pack(object->of.message, room);
    return 0;
}

#define ID_OF(m) ((m)->has_id ? journal_bytes_of((m)->id) : BASE_SLICE_NULL)

struct base_slice journal_object_stored_id(const struct journal_object *object) {
    switch (object->type) {
    case JOURNAL_DIRECTORY:
        return ID_OF(object->of.directory);
    case JOURNAL_REVISION:
        return ID_OF(object->of.revision);
    case JOURNAL_RELEASE:
        return ID_OF(object->of.release);
    case JOURNAL_SNAPSHOT:
        return ID_OF(object->of.snapshot);
    case JOURNAL_ORIGIN:
        return ID_OF(object->of.origin);
    case JOURNAL_RAW_EXTRINSIC_METADATA:
        return ID_OF(object->of.raw_extrinsic_metadata);
    case JOURNAL_EXTID:
        return ID_OF(object->of.extid);
    default:
        return BASE_SLICE_NULL;
    }
}

bool journal_object_strip(struct journal_object *object) {
    char **metadata = object->type == JOURNAL_REVISION ? &object->of.revision->metadata
                      : object->type == JOURNAL_ORIGIN_VISIT_STATUS
                          ? &object->of.origin_visit_status->metadata
                          : NULL;
    if (!metadata || !*metadata) {
        return false;
    }
    base_free(*metadata);
    *metadata = NULL;
    return true;
}

#define HASH_OF(m, field) ((m)->has_##field ? journal_bytes_of((m)->field) : BASE_SLICE_NULL)
#define HASHES_OF(m)                                                                              \
    ((struct journal_hashes){HASH_OF(m, sha1), HASH_OF(m, sha1_git), HASH_OF(m, sha256),          \
                             HASH_OF(m, blake2s256)})

bool journal_object_hashes(const struct journal_object *object,
                           struct journal_hashes *ret_hashes) {
    switch (object->type) {
    case JOURNAL_CONTENT:
        *ret_hashes = HASHES_OF(object->of.content);
        return true;
    case JOURNAL_SKIPPED_CONTENT:
        *ret_hashes = HASHES_OF(object->of.skipped_content);
        return true;
    default:
        return false;
    }
}
