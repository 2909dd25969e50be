/* The protocols (assignors) of members, and the vote for one: see group_private.h. */
#include <assert.h>

#include "mock/group/group_private.h"

/* One more of those that there is room for. */
static int add_copy(struct mock_member_protocols *protocols, struct base_slice name,
                    struct base_slice metadata) {
    struct mock_member_protocol *to = &protocols->items[protocols->count++];
    to->name = base_strndup((const char *)name.data, name.len);
    to->metadata = base_memdup(metadata.data, metadata.len);
    to->metadata_len = metadata.len;
    return to->name && to->metadata ? 0 : BASE_NO_MEMORY;
}

static int finish_copy(struct mock_member_protocols *copy, int rc,
                       struct mock_member_protocols *ret_protocols) {
    if (rc) {
        mock_protocols_clean_up(copy);
        return rc;
    }
    *ret_protocols = *copy;
    return 0;
}

int mock_protocols_copy(const struct mock_join_group_request *request,
                        struct mock_member_protocols *ret_protocols) {
    struct mock_member_protocols copy = {NULL, 0};
    copy.items = base_alloc_array(request->protocol_count, sizeof(*copy.items));
    int rc = copy.items ? 0 : BASE_NO_MEMORY;
    for (size_t i = 0; rc == 0 && i < request->protocol_count; i++) {
        rc = add_copy(&copy, request->protocols[i].name, request->protocols[i].metadata);
    }
    return finish_copy(&copy, rc, ret_protocols);
}

int mock_protocols_clone(const struct mock_member_protocols *protocols,
                         struct mock_member_protocols *ret_protocols) {
    struct mock_member_protocols copy = {NULL, 0};
    copy.items = base_alloc_array(protocols->count, sizeof(*copy.items));
    int rc = copy.items ? 0 : BASE_NO_MEMORY;
    for (size_t i = 0; rc == 0 && i < protocols->count; i++) {
        const struct mock_member_protocol *from = &protocols->items[i];
        rc = add_copy(&copy, base_slice_str(from->name),
                      base_slice_of(from->metadata, from->metadata_len));
    }
    return finish_copy(&copy, rc, ret_protocols);
}

void mock_protocols_clean_up(struct mock_member_protocols *protocols) {
    for (size_t i = 0; i < protocols->count; i++) {
        base_free(protocols->items[i].name);
        base_free(protocols->items[i].metadata);
    }
    base_free(protocols->items);
    *protocols = (struct mock_member_protocols){NULL, 0};
}

bool mock_protocols_match(const struct mock_member_protocols *protocols,
                          const struct mock_join_group_request *request) {
    if (protocols->count != request->protocol_count) {
        return false;
    }
    for (size_t i = 0; i < protocols->count; i++) {
        const struct mock_member_protocol *mine = &protocols->items[i];
        const struct mock_join_group_protocol *theirs = &request->protocols[i];
        if (!base_slice_equal_str(theirs->name, mine->name) ||
            mine->metadata_len != theirs->metadata.len ||
            (mine->metadata_len &&
             memcmp(mine->metadata, theirs->metadata.data, mine->metadata_len) != 0)) {
            return false;
        }
    }
    return true;
}

bool mock_member_has_protocol(const struct mock_member *member, struct base_slice name) {
    for (size_t i = 0; i < member->protocols.count; i++) {
        if (base_slice_equal_str(name, member->protocols.items[i].name)) {
            return true;
        }
    }
    return false;
}

static bool all_have(const struct mock_group *group, struct base_slice name) {
    for (size_t i = 0; i < group->member_count; i++) {
        if (!mock_member_has_protocol(group->members[i], name)) {
            return false;
        }
    }
    return true;
}

bool mock_group_supports(const struct mock_group *group,
                         const struct mock_join_group_request *request) {
    if (group->state == MOCK_GROUP_EMPTY) {
        return request->protocol_type.len > 0 && request->protocol_count > 0;
    }
    if (!group->protocol_type ||
        !base_slice_equal_str(request->protocol_type, group->protocol_type)) {
        return false;
    }
    for (size_t i = 0; i < request->protocol_count; i++) {
        if (all_have(group, request->protocols[i].name)) {
            return true;
        }
    }
    return false;
}

/* A candidate in the list of the first member, whose votes are counted there. */
static struct mock_member_protocol *find_candidate(struct mock_member_protocols *candidates,
                                                   const char *name) {
    for (size_t i = 0; i < candidates->count; i++) {
        if (strcmp(candidates->items[i].name, name) == 0) {
            return &candidates->items[i];
        }
    }
    return NULL;
}

#define NOT_A_CANDIDATE SIZE_MAX

const char *mock_group_select_protocol(struct mock_group *group) {
    assert(group->member_count);
    struct mock_member_protocols *candidates = &group->members[0]->protocols;
    for (size_t i = 0; i < candidates->count; i++) {
        struct mock_member_protocol *candidate = &candidates->items[i];
        candidate->votes = all_have(group, base_slice_str(candidate->name)) ? 0 : NOT_A_CANDIDATE;
    }
    for (size_t i = 0; i < group->member_count; i++) {
        const struct mock_member_protocols *mine = &group->members[i]->protocols;
        for (size_t k = 0; k < mine->count; k++) {
            struct mock_member_protocol *candidate =
                find_candidate(candidates, mine->items[k].name);
            if (candidate && candidate->votes != NOT_A_CANDIDATE) {
                candidate->votes++;
                break;
            }
        }
    }
    /* Kafka leaves a tie to the order of a hash map; here the oldest member decides. */
    const struct mock_member_protocol *best = NULL;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct mock_member_protocol *candidate = &candidates->items[i];
        if (candidate->votes != NOT_A_CANDIDATE && (!best || candidate->votes > best->votes)) {
            best = candidate;
        }
    }
    assert(best);
    return best->name;
}
