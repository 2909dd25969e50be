/* The manifests of git's own objects: directory (tree), revision (commit), release (tag). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "codec/message.h"

void journal_put_header(struct base_builder *b, struct base_slice name, struct base_slice value) {
    base_put_slice(b, name);
    base_put_u8(b, ' ');
    size_t from = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '\n') {
            base_put_bytes(b, value.data + from, i + 1 - from);
            base_put_u8(b, ' ');
            from = i + 1;
        }
    }
    base_put_bytes(b, value.data + from, value.len - from);
    base_put_u8(b, '\n');
}

static void put_hex_header(struct base_builder *b, const char *name, struct base_slice id) {
    base_put_str(b, name);
    base_put_u8(b, ' ');
    base_put_hex(b, id);
    base_put_u8(b, '\n');
}

/* "Ada <ada@…> 1700000000.25 -0330"; the date only if there is one. */
static int put_author(struct base_builder *b, const char *name, const Journal__Person *person,
                      const Journal__TimestampWithTimezone *date) {
    struct base_builder value;
    base_builder_init(&value, JOURNAL_MAX_MANIFEST_BYTES);
    base_put_slice(&value, journal_bytes_of(person->fullname));
    if (date) {
        int64_t seconds = date->timestamp ? date->timestamp->seconds : 0;
        uint32_t micros = date->timestamp ? date->timestamp->microseconds : 0;
        base_put_format(&value, " %" PRId64, seconds);
        if (micros) {
            char fraction[16];
            int len = snprintf(fraction, sizeof(fraction), ".%06" PRIu32, micros);
            while (len > 0 && fraction[len - 1] == '0') {
                len--;
            }
            base_put_bytes(&value, fraction, (size_t)len);
        }
        base_put_u8(&value, ' ');
        base_put_slice(&value, journal_bytes_of(date->offset_bytes));
    }
    int failed = value.failed;
    journal_put_header(b, base_slice_str(name), base_builder_slice(&value));
    base_builder_clean_up(&value);
    return failed;
}

static void put_message(struct base_builder *b, protobuf_c_boolean has, ProtobufCBinaryData bytes) {
    if (has) {
        base_put_u8(b, '\n');
        base_put_slice(b, journal_bytes_of(bytes));
    }
}

static int put_revision(const Journal__Revision *r, struct base_builder *b) {
    int failed = 0;
    put_hex_header(b, "tree", journal_bytes_of(r->directory));
    for (size_t i = 0; i < r->n_parents; i++) {
        if (r->parents[i].len) {
            put_hex_header(b, "parent", journal_bytes_of(r->parents[i]));
        }
    }
    if (r->author) {
        failed |= put_author(b, "author", r->author, r->date);
    }
    if (r->committer) {
        failed |= put_author(b, "committer", r->committer, r->committer_date);
    }
    for (size_t i = 0; i < r->n_extra_headers; i++) {
        journal_put_header(b, journal_bytes_of(r->extra_headers[i]->name),
                           journal_bytes_of(r->extra_headers[i]->value));
    }
    put_message(b, r->has_message, r->message);
    return failed;
}

static const char *tag_target(int type) {
    switch (type) {
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_CONTENT:
        return "blob";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_DIRECTORY:
        return "tree";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_REVISION:
        return "commit";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_RELEASE:
        return "tag";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_SNAPSHOT:
        return "refs";
    default:
        return NULL;
    }
}

static int put_release(const Journal__Release *r, struct base_builder *b, struct base_error *err) {
    const char *target = tag_target(r->has_target_type ? (int)r->target_type : 0);
    if (!target) {
        return base_fail(err, BASE_MALFORMED, "a release without a type of its target");
    }
    int failed = 0;
    put_hex_header(b, "object", journal_bytes_of(r->target));
    journal_put_header(b, base_slice_str("type"), base_slice_str(target));
    journal_put_header(b, base_slice_str("tag"), journal_bytes_of(r->name));
    if (r->author) {
        failed = put_author(b, "tagger", r->author, r->date);
    }
    put_message(b, r->has_message, r->message);
    return failed ? base_fail(err, failed, "no memory for a manifest") : 0;
}

/* git sorts the entries of a tree as if a directory's name ended in a slash. */
static int compare_entries(const void *left, const void *right) {
    const Journal__DirectoryEntry *a = *(Journal__DirectoryEntry *const *)left;
    const Journal__DirectoryEntry *b = *(Journal__DirectoryEntry *const *)right;
    size_t common = a->name.len < b->name.len ? a->name.len : b->name.len;
    int order = common ? memcmp(a->name.data, b->name.data, common) : 0;
    if (order) {
        return order;
    }
    int directory = JOURNAL__DIRECTORY_ENTRY_TYPE__DIRECTORY_ENTRY_TYPE_DIR;
    int at_a = a->name.len > common ? a->name.data[common] : (int)a->type == directory ? '/' : 0;
    int at_b = b->name.len > common ? b->name.data[common] : (int)b->type == directory ? '/' : 0;
    return at_a - at_b;
}

static int put_directory(const Journal__Directory *d, struct base_builder *b,
                         struct base_error *err) {
    Journal__DirectoryEntry **sorted = base_alloc_array(d->n_entries, sizeof(*sorted));
    if (!sorted) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a manifest");
    }
    if (d->n_entries) {
        memcpy(sorted, d->entries, d->n_entries * sizeof(*sorted));
        qsort(sorted, d->n_entries, sizeof(*sorted), compare_entries);
    }
    for (size_t i = 0; i < d->n_entries; i++) {
        base_put_format(b, "%" PRIo32 " ", sorted[i]->perms);
        base_put_slice(b, journal_bytes_of(sorted[i]->name));
        base_put_u8(b, 0);
        base_put_slice(b, journal_bytes_of(sorted[i]->target));
    }
    base_free(sorted);
    return 0;
}

int journal_manifest_git(const struct journal_object *object, struct base_builder *ret_body,
                         const char **ret_kind, struct base_error *err) {
    switch (object->type) {
    case JOURNAL_DIRECTORY:
        *ret_kind = "tree";
        return put_directory(object->of.directory, ret_body, err);
    case JOURNAL_REVISION: {
        *ret_kind = "commit";
        int failed = put_revision(object->of.revision, ret_body);
        return failed ? base_fail(err, failed, "no memory for a manifest") : 0;
    }
    case JOURNAL_RELEASE:
        *ret_kind = "tag";
        return put_release(object->of.release, ret_body, err);
    default:
        return base_fail(err, BASE_UNSUPPORTED, "a %s is no object of git",
                         journal_type_to_str(object->type));
    }
}
