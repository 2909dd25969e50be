/* How a writer's twin turns an object into records: as it should, but for its fault. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "fixtures/fixture.h"
#include "twin.h"

void twin_copy_clean_up(struct twin_copy *copy) {
    base_free(copy->key);
    base_free(copy->value);
    copy->key = NULL;
    copy->value = NULL;
}

static void name_topic(struct twin_copy *copy, const json_t *target, bool privileged,
                       const char *type) {
    (void)snprintf(copy->topic, sizeof(copy->topic), "%s%s.%s",
                   json_string_value(json_object_get(target, "prefix")),
                   privileged ? "_privileged" : "", type);
}

/* The key of a delete is given; that of an object follows from it. */
static bool find_key(const json_t *command, const struct fixture_object *object,
                     struct twin_copy *copy) {
    if (!object->encoded.data) {
        copy->key = twin_bytes(json_object_get(command, "key"), &copy->key_len);
        return copy->key != NULL;
    }
    struct base_builder key;
    base_builder_init(&key, BASE_KIB);
    bool ok = fixture_key(object, &key, NULL) == 0;
    copy->key = ok ? base_builder_take(&key, &copy->key_len) : NULL;
    base_builder_clean_up(&key);
    return ok;
}

static bool find_public_value(const struct fixture_object *object, bool anonymize,
                              enum twin_fault fault, struct twin_copy *copy) {
    struct base_builder value;
    if (!object->encoded.data) {
        return true;
    }
    base_builder_init(&value, 64 * BASE_MIB);
    int rc = 0;
    if (fault == TWIN_WRITES_GARBAGE) {
        base_put_str(&value, "\xff\xff this is no object");
    } else if (anonymize && fault != TWIN_ANONYMIZES_NOTHING) {
        rc = fixture_anonymize(object, &value, NULL);
    } else {
        base_put_bytes(&value, object->encoded.data, object->encoded.len);
    }
    copy->value = rc == 0 ? base_builder_take(&value, &copy->value_len) : NULL;
    base_builder_clean_up(&value);
    return rc == 0;
}

bool twin_object_copies(const struct twin_config *config, const json_t *command,
                        enum twin_fault fault, struct twin_copy *ret_public,
                        struct twin_copy *ret_privileged) {
    memset(ret_public, 0, sizeof(*ret_public));
    memset(ret_privileged, 0, sizeof(*ret_privileged));
    const char *type = json_string_value(json_object_get(command, "type"));
    const json_t *target =
        twin_target(config, json_string_value(json_object_get(command, "journal")));
    int number = type ? fixture_type_find(type) : -1;
    if (number < 0 || !target) {
        return false;
    }
    size_t len = 0;
    uint8_t *bytes = twin_bytes(json_object_get(command, "object"), &len);
    struct fixture_object object = {(enum fixture_type)number,
                                    bytes ? base_slice_of(bytes, len) : BASE_SLICE_NULL};
    bool anonymize = json_is_true(json_object_get(target, "anonymize")) &&
                     fixture_type_is_anonymized(object.type);
    bool has_twin = anonymize && fault != TWIN_FORGETS_PRIVILEGED &&
                    (bytes || fault != TWIN_FORGETS_TOMBSTONE);
    name_topic(ret_public, target, false, type);
    bool ok = find_key(command, &object, ret_public) &&
              find_public_value(&object, anonymize, fault, ret_public);
    if (ok && has_twin) {
        name_topic(ret_privileged, target, true, type);
        ret_privileged->key_len = ret_public->key_len;
        ret_privileged->key = base_memdup(ret_public->key, ret_public->key_len);
        ret_privileged->value_len = len;
        ret_privileged->value = bytes;
        bytes = NULL;
    }
    base_free(bytes);
    if (!ok) {
        twin_copy_clean_up(ret_public);
    }
    return ok;
}
