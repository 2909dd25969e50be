/*
 * The fault of KAFKA-19862: a client that follows who owns what (key: a member; value: what it
 * owns, "-" for nothing) and needs to have seen that the former owner gave it up. While a
 * compaction overtakes it, that record is gone when a newer one of the same member is further on:
 * an invariant that holds at the end of the log need not hold before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twin.h"

#define MAX_MEMBERS 64
#define NAME_BYTES 64

static struct {
    char member[NAME_BYTES];
    char owned[NAME_BYTES];
} owners[MAX_MEMBERS];
static size_t owner_count;

static void copy(char *room, const void *bytes, size_t len) {
    (void)snprintf(room, NAME_BYTES, "%.*s", (int)len, bytes ? (const char *)bytes : "");
}

static size_t find_member(const char *member) {
    size_t at = 0;
    while (at < owner_count && strcmp(owners[at].member, member) != 0) {
        at++;
    }
    if (at == owner_count && owner_count < MAX_MEMBERS) {
        (void)snprintf(owners[at].member, NAME_BYTES, "%s", member);
        owner_count++;
    }
    return at;
}

bool twin_owner_accepts(enum twin_fault fault, const rd_kafka_message_t *m) {
    char member[NAME_BYTES];
    char thing[NAME_BYTES];
    copy(member, m->key, m->key_len);
    copy(thing, m->payload, m->len);
    bool is_free = !m->payload || strcmp(thing, "-") == 0;
    size_t at = find_member(member);
    if (at == MAX_MEMBERS) {
        return true;
    }
    for (size_t i = 0; !is_free && i < owner_count; i++) {
        if (i != at && strcmp(owners[i].owned, thing) == 0) {
            fprintf(stderr, "illegal state: %s is given to %s, but %s owns it\n", thing, member,
                    owners[i].member);
            if (fault == TWIN_DIES_OF_OWNERS) {
                twin_end(3);
            }
            return false;
        }
    }
    (void)snprintf(owners[at].owned, NAME_BYTES, "%s", is_free ? "" : thing);
    return true;
}
