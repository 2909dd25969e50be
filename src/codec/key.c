/* Record keys: the raw id of an object that has one, a KeyMap sorted by name for the others. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "codec/message.h"

#define MAX_ENTRIES 4
/* "-292277022657-01-27 08:29:52.999999+00:00" is the longest moment there is. */
#define DATE_TEXT_BYTES 192

/* Entries are put in the order of their names by the callers; finish() checks that. */
struct map {
    Journal__KeyEntry entries[MAX_ENTRIES];
    Journal__KeyEntry *pointers[MAX_ENTRIES];
    size_t count;
    const char *missing; /* the first required field that is absent */
};

static Journal__KeyEntry *add(struct map *map, const char *name) {
    Journal__KeyEntry *entry = &map->entries[map->count];
    journal__key_entry__init(entry);
    entry->name = (char *)(uintptr_t)name;
    map->pointers[map->count++] = entry;
    return entry;
}

static void add_text(struct map *map, const char *name, const char *text) {
    if (!text) {
        map->missing = map->missing ? map->missing : name;
        return;
    }
    Journal__KeyEntry *entry = add(map, name);
    entry->value_case = JOURNAL__KEY_ENTRY__VALUE_TEXT;
    entry->text = (char *)(uintptr_t)text;
}

static void add_hash(struct map *map, const char *name, struct base_slice hash, bool required) {
    if (base_slice_is_null(hash)) {
        if (required) {
            map->missing = map->missing ? map->missing : name;
        } else {
            (void)add(map, name);
        }
        return;
    }
    Journal__KeyEntry *entry = add(map, name);
    entry->value_case = JOURNAL__KEY_ENTRY__VALUE_BYTES;
    entry->bytes = (ProtobufCBinaryData){hash.len, (uint8_t *)(uintptr_t)hash.data};
}

/* Python's str(datetime) in UTC, as swh writes dates into keys. The civil date of a day count, by
 * eras of 400 years: gmtime would do, but not for every 64-bit second. */
static const char *date_text(const Journal__Datetime *date, char *ret_text) {
    if (!date || !date->has_seconds) {
        return NULL;
    }
    int64_t days = date->seconds / 86400 - (date->seconds % 86400 < 0);
    int64_t second = date->seconds - days * 86400;
    int64_t shifted = days + 719468; /* days since 0000-03-01 */
    int64_t era = shifted / 146097 - (shifted % 146097 < 0);
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_index = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month_index + 2) / 5 + 1;
    int64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    char fraction[16] = "";
    if (date->has_microseconds && date->microseconds != 0) {
        (void)snprintf(fraction, sizeof(fraction), ".%06" PRIu32, date->microseconds);
    }
    (void)snprintf(ret_text, DATE_TEXT_BYTES,
                   "%04" PRId64 "-%02" PRId64 "-%02" PRId64 " %02" PRId64 ":%02" PRId64
                   ":%02" PRId64 "%s+00:00",
                   year, month, day, second / 3600, second / 60 % 60, second % 60, fraction);
    return ret_text;
}

static int finish(struct map *map, enum journal_type type, struct base_builder *ret_key,
                  struct base_error *err) {
    if (map->missing) {
        return base_fail(err, BASE_MALFORMED, "a %s without %s has no key",
                         journal_type_to_str(type), map->missing);
    }
    Journal__KeyMap message = JOURNAL__KEY_MAP__INIT;
    message.n_entries = map->count;
    message.entries = map->pointers;
    size_t len = journal__key_map__get_packed_size(&message);
    uint8_t *room = base_put_room(ret_key, len);
    if (!room) {
        return base_fail(err, ret_key->failed, "no room for a key of %zu bytes", len);
    }
    (void)journal__key_map__pack(&message, room);
    return 0;
}

static int put_id(const struct journal_object *object, struct base_builder *ret_key,
                  struct base_error *err) {
    struct base_slice id = journal_object_stored_id(object);
    if (id.len != JOURNAL_ID_BYTES) {
        return base_fail(err, BASE_MALFORMED, "a %s whose id has %zu bytes, not %d",
                         journal_type_to_str(object->type), id.len, JOURNAL_ID_BYTES);
    }
    base_put_slice(ret_key, id);
    return ret_key->failed ? base_fail(err, ret_key->failed, "no room for a key") : 0;
}

int journal_object_key(const struct journal_object *object, struct base_builder *ret_key,
                       struct base_error *err) {
    struct map map = {.count = 0};
    char date[DATE_TEXT_BYTES];
    char visit[24];
    struct journal_hashes hashes;
    switch (object->type) {
    case JOURNAL_CONTENT:
    case JOURNAL_SKIPPED_CONTENT: {
        bool required = object->type == JOURNAL_CONTENT;
        (void)journal_object_hashes(object, &hashes);
        add_hash(&map, "blake2s256", hashes.blake2s256, required);
        add_hash(&map, "sha1", hashes.sha1, required);
        add_hash(&map, "sha1_git", hashes.sha1_git, required);
        add_hash(&map, "sha256", hashes.sha256, required);
        break;
    }
    case JOURNAL_ORIGIN:
        add_text(&map, "url", object->of.origin->url);
        break;
    case JOURNAL_ORIGIN_VISIT:
        add_text(&map, "date", date_text(object->of.origin_visit->date, date));
        add_text(&map, "origin", object->of.origin_visit->origin);
        break;
    case JOURNAL_ORIGIN_VISIT_STATUS: {
        const Journal__OriginVisitStatus *status = object->of.origin_visit_status;
        (void)snprintf(visit, sizeof(visit), "%" PRIu64, status->visit);
        add_text(&map, "date", date_text(status->date, date));
        add_text(&map, "origin", status->origin);
        add_text(&map, "visit", status->has_visit ? visit : NULL);
        break;
    }
    case JOURNAL_METADATA_AUTHORITY: {
        const Journal__MetadataAuthority *authority = object->of.metadata_authority;
        int kind = authority->has_type ? (int)authority->type : 0;
        add_text(&map, "type", journal_authority_to_str(kind));
        add_text(&map, "url", authority->url);
        break;
    }
    case JOURNAL_METADATA_FETCHER:
        add_text(&map, "name", object->of.metadata_fetcher->name);
        add_text(&map, "version", object->of.metadata_fetcher->version);
        break;
    default:
        return put_id(object, ret_key, err);
    }
    return finish(&map, object->type, ret_key, err);
}
