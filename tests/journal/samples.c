/* Samples: see samples.h. The values are those of the vectors, spelled out. */
#include "samples.h"

#include <string.h>

#include "base/text.h"
#include "objects.pb-c.h"
#include "t_run.h"

#define URL "https://example.invalid/\xc3\xa9"
#define TARGET "swh:1:cnt:1799a35b37c94df755d211e7de94b62f801eeb50"

void sample_unhex(const char *hex, uint8_t *ret_bytes, size_t len) {
    struct base_builder b;
    base_builder_init(&b, 4096);
    T_TRUE(base_put_hex_decoded(&b, base_slice_str(hex)));
    if (T_EQUAL_INT(b.len, len)) {
        memcpy(ret_bytes, b.data, len);
    }
    base_builder_clean_up(&b);
}

static ProtobufCBinaryData bytes(const char *text) {
    return (ProtobufCBinaryData){strlen(text), (uint8_t *)(uintptr_t)text};
}

static struct sample packed(enum journal_type type, const ProtobufCMessage *message,
                            const char *id) {
    struct sample s = {.type = type, .has_id = id != NULL};
    base_builder_init(&s.encoded, 1 << 20);
    if (id) {
        sample_unhex(id, s.id, sizeof(s.id));
    }
    size_t len = protobuf_c_message_get_packed_size(message);
    uint8_t *room = base_put_room(&s.encoded, len);
    if (T_TRUE(room != NULL)) {
        (void)protobuf_c_message_pack(message, room);
    }
    return s;
}

#define ID(message, hex)                                                                          \
    uint8_t id_bytes[JOURNAL_ID_BYTES];                                                           \
    sample_unhex((hex), id_bytes, sizeof(id_bytes));                                              \
    (message).has_id = 1;                                                                         \
    (message).id = (ProtobufCBinaryData){sizeof(id_bytes), id_bytes}

static void set_person(Journal__Person *p, const char *fullname) {
    journal__person__init(p);
    p->has_fullname = 1;
    p->fullname = bytes(fullname);
    p->has_name = 1;
    p->name = bytes("Ada Example");
    p->has_email = 1;
    p->email = bytes("ada@example.invalid");
}

static void set_date(Journal__TimestampWithTimezone *date, Journal__Timestamp *timestamp) {
    journal__timestamp__init(timestamp);
    timestamp->has_seconds = 1;
    timestamp->seconds = 1700000000;
    timestamp->has_microseconds = 1;
    timestamp->microseconds = 250000;
    journal__timestamp_with_timezone__init(date);
    date->timestamp = timestamp;
    date->has_offset_bytes = 1;
    date->offset_bytes = bytes("-0330");
}

static struct sample revision(const char *fullname, const char *message, const char *id) {
    Journal__Person person;
    Journal__Timestamp timestamp;
    Journal__TimestampWithTimezone date;
    set_person(&person, fullname);
    set_date(&date, &timestamp);
    uint8_t directory[20];
    uint8_t parent[20];
    sample_unhex("f4fa12ee616a5b74d01f5e3dd87224c472df7af4", directory, 20);
    memset(parent, 1, sizeof(parent));
    ProtobufCBinaryData parents[] = {{sizeof(parent), parent}};
    Journal__ExtraHeader header = JOURNAL__EXTRA_HEADER__INIT;
    Journal__ExtraHeader *headers[] = {&header};
    header.has_name = header.has_value = 1;
    header.name = bytes("gpgsig");
    header.value = bytes("l1\nl2");
    Journal__Revision r = JOURNAL__REVISION__INIT;
    ID(r, id);
    r.has_message = 1;
    r.message = bytes(message);
    r.author = r.committer = &person;
    r.date = r.committer_date = &date;
    r.has_type = 1;
    r.type = JOURNAL__REVISION_TYPE__REVISION_TYPE_GIT;
    r.has_directory = 1;
    r.directory = (ProtobufCBinaryData){sizeof(directory), directory};
    r.has_synthetic = 1;
    r.metadata = (char *)(uintptr_t) "{\"old\": true}";
    r.n_parents = 1;
    r.parents = parents;
    r.n_extra_headers = 1;
    r.extra_headers = headers;
    return packed(JOURNAL_REVISION, &r.base, id);
}

static struct sample release(void) {
    Journal__Person person;
    Journal__Timestamp timestamp;
    Journal__TimestampWithTimezone date;
    set_person(&person, SAMPLE_AUTHOR);
    set_date(&date, &timestamp);
    uint8_t target[20];
    sample_unhex("712ce4256405eea4342777db5b23eda64f17ec3b", target, 20);
    const char *id = "e240d1317f5f5691b93ad5b453c8a8ffa6fb02b2";
    Journal__Release r = JOURNAL__RELEASE__INIT;
    ID(r, id);
    r.has_name = r.has_message = r.has_target = r.has_target_type = r.has_synthetic = 1;
    r.name = bytes("v1");
    r.message = bytes("m");
    r.target = (ProtobufCBinaryData){sizeof(target), target};
    r.target_type = JOURNAL__OBJECT_TYPE__OBJECT_TYPE_REVISION;
    r.author = &person;
    r.date = &date;
    return packed(JOURNAL_RELEASE, &r.base, id);
}

static struct sample directory(void) {
    uint8_t file[20];
    uint8_t tree[20];
    sample_unhex("1799a35b37c94df755d211e7de94b62f801eeb50", file, 20);
    memset(tree, 2, sizeof(tree));
    Journal__DirectoryEntry a = JOURNAL__DIRECTORY_ENTRY__INIT;
    Journal__DirectoryEntry b = JOURNAL__DIRECTORY_ENTRY__INIT;
    Journal__DirectoryEntry *entries[] = {&b, &a}; /* not in git's order */
    a.has_name = a.has_type = a.has_target = a.has_perms = 1;
    b = (Journal__DirectoryEntry){.base = b.base, .has_name = 1, .has_type = 1, .has_target = 1,
                                  .has_perms = 1};
    a.name = bytes("a");
    a.type = JOURNAL__DIRECTORY_ENTRY_TYPE__DIRECTORY_ENTRY_TYPE_FILE;
    a.target = (ProtobufCBinaryData){20, file};
    a.perms = 0100644;
    b.name = bytes("b");
    b.type = JOURNAL__DIRECTORY_ENTRY_TYPE__DIRECTORY_ENTRY_TYPE_DIR;
    b.target = (ProtobufCBinaryData){20, tree};
    b.perms = 040000;
    const char *id = "f4fa12ee616a5b74d01f5e3dd87224c472df7af4";
    Journal__Directory d = JOURNAL__DIRECTORY__INIT;
    ID(d, id);
    d.n_entries = 2;
    d.entries = entries;
    return packed(JOURNAL_DIRECTORY, &d.base, id);
}

static struct sample snapshot(void) {
    uint8_t target[20];
    sample_unhex("712ce4256405eea4342777db5b23eda64f17ec3b", target, 20);
    Journal__SnapshotBranch branches[3];
    Journal__SnapshotBranch *pointers[] = {&branches[2], &branches[0], &branches[1]};
    for (int i = 0; i < 3; i++) {
        journal__snapshot_branch__init(&branches[i]);
        branches[i].has_name = 1;
        branches[i].has_target = branches[i].has_target_type = i < 2;
    }
    branches[0].name = bytes("HEAD");
    branches[0].target = bytes("refs/heads/main");
    branches[0].target_type = JOURNAL__OBJECT_TYPE__OBJECT_TYPE_ALIAS;
    branches[1].name = bytes("refs/heads/main");
    branches[1].target = (ProtobufCBinaryData){20, target};
    branches[1].target_type = JOURNAL__OBJECT_TYPE__OBJECT_TYPE_REVISION;
    branches[2].name = bytes("gone");
    const char *id = "39fe9a08f9d3630df3b9824d53abeb6115655e0d";
    Journal__Snapshot s = JOURNAL__SNAPSHOT__INIT;
    ID(s, id);
    s.n_branches = 3;
    s.branches = pointers;
    return packed(JOURNAL_SNAPSHOT, &s.base, id);
}

static struct sample raw_metadata(void) {
    Journal__Datetime date = JOURNAL__DATETIME__INIT;
    date.has_seconds = 1;
    date.seconds = 1704164645;
    Journal__MetadataAuthority authority = JOURNAL__METADATA_AUTHORITY__INIT;
    authority.has_type = 1;
    authority.type = JOURNAL__METADATA_AUTHORITY_TYPE__METADATA_AUTHORITY_TYPE_FORGE;
    authority.url = (char *)(uintptr_t) "https://f.invalid/";
    Journal__MetadataFetcher fetcher = JOURNAL__METADATA_FETCHER__INIT;
    fetcher.name = (char *)(uintptr_t) "fetch";
    fetcher.version = (char *)(uintptr_t) "1.2";
    const char *id = "bc4db72075899fce9222f18349299efc601dd946";
    Journal__RawExtrinsicMetadata m = JOURNAL__RAW_EXTRINSIC_METADATA__INIT;
    ID(m, id);
    m.target = (char *)(uintptr_t)TARGET;
    m.discovery_date = &date;
    m.authority = &authority;
    m.fetcher = &fetcher;
    m.format = (char *)(uintptr_t) "json";
    m.has_metadata = m.has_visit = m.has_path = 1;
    m.metadata = bytes("{}");
    m.origin = (char *)(uintptr_t)URL;
    m.visit = 7;
    m.path = bytes("/x");
    return packed(JOURNAL_RAW_EXTRINSIC_METADATA, &m.base, id);
}

static struct sample extid(void) {
    uint8_t value[20];
    memset(value, 5, sizeof(value));
    const char *id = "1a8ea12653f1f4d34bb7444a9973cbed997b6368";
    Journal__ExtID e = JOURNAL__EXT_ID__INIT;
    ID(e, id);
    e.extid_type = (char *)(uintptr_t) "hg-nodeid";
    e.has_extid = e.has_extid_version = 1;
    e.extid = (ProtobufCBinaryData){sizeof(value), value};
    e.target = (char *)(uintptr_t) "swh:1:rev:712ce4256405eea4342777db5b23eda64f17ec3b";
    e.extid_version = 1;
    return packed(JOURNAL_EXTID, &e.base, id);
}

static struct sample origin_and_visits(enum journal_type type) {
    Journal__Datetime date = JOURNAL__DATETIME__INIT;
    date.has_seconds = date.has_microseconds = 1;
    date.seconds = 1704164645; /* 2024-01-02T03:04:05Z */
    date.microseconds = 678901;
    if (type == JOURNAL_ORIGIN) {
        const char *id = "f27ad824939a7a330106ae6ae9e5296d45865502";
        Journal__Origin o = JOURNAL__ORIGIN__INIT;
        ID(o, id);
        o.url = (char *)(uintptr_t)URL;
        return packed(type, &o.base, id);
    }
    if (type == JOURNAL_ORIGIN_VISIT) {
        Journal__OriginVisit v = JOURNAL__ORIGIN_VISIT__INIT;
        v.origin = (char *)(uintptr_t)URL;
        v.date = &date;
        v.type = (char *)(uintptr_t) "git";
        v.has_visit = 1;
        v.visit = 7;
        return packed(type, &v.base, NULL);
    }
    date.seconds++;
    date.microseconds = 0;
    Journal__OriginVisitStatus s = JOURNAL__ORIGIN_VISIT_STATUS__INIT;
    s.origin = (char *)(uintptr_t)URL;
    s.has_visit = s.has_status = 1;
    s.visit = 7;
    s.date = &date;
    s.status = JOURNAL__ORIGIN_VISIT_STATE__ORIGIN_VISIT_STATE_FULL;
    s.metadata = (char *)(uintptr_t) "{}";
    return packed(type, &s.base, NULL);
}

struct sample sample_content(uint8_t sha1, uint8_t sha1_git, uint8_t sha256, uint8_t blake2s256) {
    uint8_t hashes[4][32];
    const uint8_t fill[4] = {sha1, sha1_git, sha256, blake2s256};
    for (int i = 0; i < 4; i++) {
        memset(hashes[i], fill[i], 32);
    }
    Journal__Content c = JOURNAL__CONTENT__INIT;
    c.has_sha1 = c.has_sha1_git = c.has_sha256 = c.has_blake2s256 = 1;
    c.sha1 = (ProtobufCBinaryData){20, hashes[0]};
    c.sha1_git = (ProtobufCBinaryData){20, hashes[1]};
    c.sha256 = (ProtobufCBinaryData){32, hashes[2]};
    c.blake2s256 = (ProtobufCBinaryData){32, hashes[3]};
    c.has_length = c.has_status = 1;
    c.length = 14;
    c.status = JOURNAL__CONTENT_STATUS__CONTENT_STATUS_VISIBLE;
    return packed(JOURNAL_CONTENT, &c.base, NULL);
}

static struct sample named(enum journal_type type) {
    if (type == JOURNAL_METADATA_AUTHORITY) {
        Journal__MetadataAuthority a = JOURNAL__METADATA_AUTHORITY__INIT;
        a.has_type = 1;
        a.type = JOURNAL__METADATA_AUTHORITY_TYPE__METADATA_AUTHORITY_TYPE_FORGE;
        a.url = (char *)(uintptr_t) "https://f.invalid/";
        return packed(type, &a.base, NULL);
    }
    if (type == JOURNAL_METADATA_FETCHER) {
        Journal__MetadataFetcher f = JOURNAL__METADATA_FETCHER__INIT;
        f.name = (char *)(uintptr_t) "fetch";
        f.version = (char *)(uintptr_t) "1.2";
        return packed(type, &f.base, NULL);
    }
    uint8_t hash[20];
    memset(hash, 0xaa, sizeof(hash));
    Journal__SkippedContent s = JOURNAL__SKIPPED_CONTENT__INIT;
    s.has_sha1_git = 1;
    s.sha1_git = (ProtobufCBinaryData){sizeof(hash), hash};
    s.has_length = 1;
    s.length = -1;
    s.reason = (char *)(uintptr_t) "too large";
    return packed(type, &s.base, NULL);
}

struct sample sample_of(enum journal_type type) {
    switch (type) {
    case JOURNAL_CONTENT:
        return sample_content(1, 2, 3, 4);
    case JOURNAL_DIRECTORY:
        return directory();
    case JOURNAL_REVISION:
        return revision(SAMPLE_AUTHOR, "msg\n", "712ce4256405eea4342777db5b23eda64f17ec3b");
    case JOURNAL_RELEASE:
        return release();
    case JOURNAL_SNAPSHOT:
        return snapshot();
    case JOURNAL_ORIGIN:
    case JOURNAL_ORIGIN_VISIT:
    case JOURNAL_ORIGIN_VISIT_STATUS:
        return origin_and_visits(type);
    case JOURNAL_RAW_EXTRINSIC_METADATA:
        return raw_metadata();
    case JOURNAL_EXTID:
        return extid();
    default:
        return named(type);
    }
}

struct journal_object *sample_decode(const struct sample *sample) {
    struct journal_object *object = NULL;
    struct base_error err = BASE_ERROR_INIT;
    int code = journal_object_decode(sample->type, base_builder_slice(&sample->encoded), &object,
                                     &err);
    T_EQUAL_STR(code ? err.text : "", "");
    return object;
}
