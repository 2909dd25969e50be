/* Served and claimed, by partition: see claims.h. */
#include "harness/run/claims.h"

#include <string.h>

#include "base/memory.h"

static struct trial_claim *find(const struct trial_claims *claims, const char *topic,
                                int32_t partition) {
    for (size_t i = 0; i < claims->count; i++) {
        struct trial_claim *claim = &claims->items[i];
        if (claim->partition == partition && strcmp(claim->topic, topic) == 0) {
            return claim;
        }
    }
    return NULL;
}

static int get(struct trial_claims *claims, const char *topic, int32_t partition,
               struct trial_claim **ret_claim, struct base_error *err) {
    *ret_claim = find(claims, topic, partition);
    if (*ret_claim) {
        return 0;
    }
    char *name = base_strdup(topic);
    if (!name || base_grow((void **)&claims->items, &claims->cap, claims->count + 1,
                           sizeof(*claims->items)) != 0) {
        base_free(name);
        return base_fail(err, BASE_NO_MEMORY, "no memory for a partition");
    }
    *ret_claim = &claims->items[claims->count++];
    **ret_claim = (struct trial_claim){name, partition, -1, -1, -1};
    return 0;
}

int trial_claims_serve(struct trial_claims *claims, const struct mock_event *serve,
                       struct base_error *err) {
    struct trial_claim *claim;
    int rc = serve->batch ? get(claims, serve->topic, serve->partition, &claim, err) : 0;
    if (rc != 0 || !serve->batch) {
        return rc;
    }
    if (claim->first_asked < 0 || serve->offset < claim->first_asked) {
        claim->first_asked = serve->offset;
    }
    if (serve->batch->last_offset > claim->last_served) {
        claim->last_served = serve->batch->last_offset;
    }
    return 0;
}

int trial_claims_hear(struct trial_claims *claims, const char *topic, int32_t partition,
                      int64_t offset, struct base_error *err) {
    struct trial_claim *claim;
    int rc = topic ? get(claims, topic, partition, &claim, err) : 0;
    if (rc == 0 && topic && offset > claim->last_claimed) {
        claim->last_claimed = offset;
    }
    return rc;
}

int64_t trial_claims_heard(const struct trial_claims *claims, const char *topic,
                           int32_t partition) {
    const struct trial_claim *claim = find(claims, topic, partition);
    return claim ? claim->last_claimed : -1;
}

int64_t trial_claims_owed(const struct trial_claims *claims, const char *topic, int32_t partition,
                          int64_t last) {
    const struct trial_claim *claim = find(claims, topic, partition);
    bool was_served = claim && claim->first_asked >= 0 && claim->first_asked <= last &&
                      claim->last_served >= last;
    return was_served && claim->last_claimed < last ? last : -1;
}

void trial_claims_clean_up(struct trial_claims *claims) {
    for (size_t i = 0; i < claims->count; i++) {
        base_free(claims->items[i].topic);
    }
    base_free(claims->items);
    *claims = (struct trial_claims){0};
}
