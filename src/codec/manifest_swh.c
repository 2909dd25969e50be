/* The manifests that Software Heritage defines: snapshot, raw extrinsic metadata, extid. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "codec/message.h"

const char *journal_authority_to_str(int type) {
    switch (type) {
    case JOURNAL__METADATA_AUTHORITY_TYPE__METADATA_AUTHORITY_TYPE_DEPOSIT_CLIENT:
        return "deposit_client";
    case JOURNAL__METADATA_AUTHORITY_TYPE__METADATA_AUTHORITY_TYPE_FORGE:
        return "forge";
    case JOURNAL__METADATA_AUTHORITY_TYPE__METADATA_AUTHORITY_TYPE_REGISTRY:
        return "registry";
    default:
        return NULL;
    }
}

static const char *branch_target(const Journal__SnapshotBranch *branch) {
    if (!branch->has_target) {
        return "dangling";
    }
    switch ((int)branch->target_type) {
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_CONTENT:
        return "content";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_DIRECTORY:
        return "directory";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_REVISION:
        return "revision";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_RELEASE:
        return "release";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_SNAPSHOT:
        return "snapshot";
    case JOURNAL__OBJECT_TYPE__OBJECT_TYPE_ALIAS:
        return "alias";
    default:
        return NULL;
    }
}

static int compare_branches(const void *left, const void *right) {
    const Journal__SnapshotBranch *a = *(Journal__SnapshotBranch *const *)left;
    const Journal__SnapshotBranch *b = *(Journal__SnapshotBranch *const *)right;
    size_t common = a->name.len < b->name.len ? a->name.len : b->name.len;
    int order = common ? memcmp(a->name.data, b->name.data, common) : 0;
    return order ? order : (a->name.len > b->name.len) - (a->name.len < b->name.len);
}

static int put_snapshot(const Journal__Snapshot *s, struct base_builder *b,
                        struct base_error *err) {
    Journal__SnapshotBranch **sorted = base_alloc_array(s->n_branches, sizeof(*sorted));
    if (!sorted) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a manifest");
    }
    int code = 0;
    if (s->n_branches) {
        memcpy(sorted, s->branches, s->n_branches * sizeof(*sorted));
        qsort(sorted, s->n_branches, sizeof(*sorted), compare_branches);
    }
    for (size_t i = 0; i < s->n_branches && !code; i++) {
        const char *target = branch_target(sorted[i]);
        if (!target) {
            code = base_fail(err, BASE_MALFORMED, "a branch without a type of its target");
            break;
        }
        base_put_format(b, "%s ", target);
        base_put_slice(b, journal_bytes_of(sorted[i]->name));
        base_put_u8(b, 0);
        base_put_format(b, "%zu:", sorted[i]->target.len);
        base_put_slice(b, journal_bytes_of(sorted[i]->target));
    }
    base_free(sorted);
    return code;
}

static void put_text(struct base_builder *b, const char *name, const char *text) {
    if (text) {
        journal_put_header(b, base_slice_str(name), base_slice_str(text));
    }
}

/* "name first SP second", both escaped as one value. */
static int put_pair(struct base_builder *b, const char *name, const char *first,
                    const char *second) {
    struct base_builder value;
    base_builder_init(&value, JOURNAL_MAX_MANIFEST_BYTES);
    base_put_str(&value, first);
    base_put_u8(&value, ' ');
    base_put_str(&value, second);
    int failed = value.failed;
    journal_put_header(b, base_slice_str(name), base_builder_slice(&value));
    base_builder_clean_up(&value);
    return failed;
}

static int put_metadata(const Journal__RawExtrinsicMetadata *m, struct base_builder *b,
                        struct base_error *err) {
    const char *kind = m->authority && m->authority->has_type
                           ? journal_authority_to_str((int)m->authority->type)
                           : NULL;
    if (!m->target || !m->discovery_date || !kind || !m->authority->url || !m->fetcher ||
        !m->fetcher->name || !m->fetcher->version || !m->format) {
        return base_fail(err, BASE_MALFORMED, "a raw_extrinsic_metadata without a required field");
    }
    char number[24];
    put_text(b, "target", m->target);
    (void)snprintf(number, sizeof(number), "%" PRId64, m->discovery_date->seconds);
    put_text(b, "discovery_date", number);
    int failed = put_pair(b, "authority", kind, m->authority->url);
    failed |= put_pair(b, "fetcher", m->fetcher->name, m->fetcher->version);
    put_text(b, "format", m->format);
    put_text(b, "origin", m->origin);
    (void)snprintf(number, sizeof(number), "%" PRIu64, m->visit);
    put_text(b, "visit", m->has_visit ? number : NULL);
    put_text(b, "snapshot", m->snapshot);
    put_text(b, "release", m->release);
    put_text(b, "revision", m->revision);
    if (m->has_path) {
        journal_put_header(b, base_slice_str("path"), journal_bytes_of(m->path));
    }
    put_text(b, "directory", m->directory);
    base_put_u8(b, '\n');
    base_put_slice(b, journal_bytes_of(m->metadata));
    return failed ? base_fail(err, failed, "no memory for a manifest") : 0;
}

static int put_extid(const Journal__ExtID *e, struct base_builder *b, struct base_error *err) {
    if (!e->extid_type || !e->target) {
        return base_fail(err, BASE_MALFORMED, "an extid without a required field");
    }
    char number[24];
    (void)snprintf(number, sizeof(number), "%" PRId64, e->extid_version);
    put_text(b, "extid_type", e->extid_type);
    put_text(b, "extid_version", e->extid_version != 0 ? number : NULL);
    journal_put_header(b, base_slice_str("extid"), journal_bytes_of(e->extid));
    put_text(b, "target", e->target);
    put_text(b, "payload_type", e->payload_type);
    if (e->has_payload) {
        journal_put_header(b, base_slice_str("payload"), journal_bytes_of(e->payload));
    }
    return 0;
}

int journal_manifest_swh(const struct journal_object *object, struct base_builder *ret_body,
                         const char **ret_kind, struct base_error *err) {
    *ret_kind = journal_type_to_str(object->type);
    switch (object->type) {
    case JOURNAL_SNAPSHOT:
        return put_snapshot(object->of.snapshot, ret_body, err);
    case JOURNAL_RAW_EXTRINSIC_METADATA:
        return put_metadata(object->of.raw_extrinsic_metadata, ret_body, err);
    case JOURNAL_EXTID:
        return put_extid(object->of.extid, ret_body, err);
    default:
        return base_fail(err, BASE_UNSUPPORTED, "a %s has no manifest",
                         journal_type_to_str(object->type));
    }
}
