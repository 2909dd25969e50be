/* Expectations about secrets: found in each of the sinks that are named, or in none of them. */
#include <string.h>

#include "harness/check/expect.h"

struct search {
    struct trial_expect_case *c;
    const struct trial_secrets *s;
    uint32_t secret;
    uint64_t found;
    const struct trial_secret_hits *hits;
};

static void add(struct search *search, enum trial_place place, uint32_t number) {
    const struct trial_secret_hits *hits =
        number == TRIAL_NONE ? NULL
                             : trial_secrets_find(search->s, search->secret, place, number);
    if (hits && hits->leaks) {
        search->found += hits->leaks;
        search->hits = search->hits ? search->hits : hits;
    }
}

static int add_topics(struct search *search, const struct trial_sink *sink) {
    struct trial_index *ix = search->c->ix;
    struct trial_real_topics topics;
    struct base_error why = BASE_ERROR_INIT;
    if (trial_resolve_topics(search->c->context, sink->name.text, &ix->arena, &topics, &why)) {
        return trial_expect_set(search->c, TRIAL_ERROR, "%s", why.text);
    }
    for (size_t i = 0; i < topics.count; i++) {
        const struct trial_real_topic *topic = &topics.items[i];
        if (sink->kind == TRIAL_SINK_TOPIC ||
            (sink->kind == TRIAL_SINK_PUBLIC && topic->is_public) ||
            (sink->kind == TRIAL_SINK_PRIVILEGED && !topic->is_public)) {
            add(search, TRIAL_PLACE_TOPIC, trial_index_find_topic(ix, topic->name));
        }
    }
    return 0;
}

/* What reached an actor over the wire: what was found there, and the public topics it reads. */
static void add_wire(struct search *search, uint32_t actor) {
    const struct trial_index *ix = search->c->ix;
    add(search, TRIAL_PLACE_WIRE, actor);
    uint32_t group = actor == TRIAL_NONE ? TRIAL_NONE : ix->actors[actor].group;
    for (uint32_t i = 0; group != TRIAL_NONE && i < ix->topic_names.count; i++) {
        if (ix->groups[group].is_source[i] && ix->topics[i].is_public) {
            add(search, TRIAL_PLACE_TOPIC, i);
        }
    }
}

static void add_everywhere(struct search *search) {
    for (size_t i = 0; i < search->s->sink_numbers.count; i++) {
        const struct trial_secret_sink *sink = &search->s->sinks[i];
        if (sink->is_public) {
            add(search, sink->place, sink->number);
        }
    }
}

static int search_sink(struct search *search, const struct trial_sink *sink) {
    const struct trial_index *ix = search->c->ix;
    switch (sink->kind) {
    case TRIAL_SINK_TOPIC:
    case TRIAL_SINK_PUBLIC:
    case TRIAL_SINK_PRIVILEGED:
        return add_topics(search, sink);
    case TRIAL_SINK_STORE: {
        uint32_t store = trial_index_find_store(ix, sink->name.text);
        if (store != TRIAL_NONE &&
            (ix->stores[store].read_event == TRIAL_NONE || ix->stores[store].problem)) {
            trial_expect_set(search->c, TRIAL_UNKNOWN, "store %s could not be read",
                             sink->name.text);
        }
        add(search, TRIAL_PLACE_STORE, store);
        return 0;
    }
    case TRIAL_SINK_OUTPUT:
        add(search, TRIAL_PLACE_OUTPUT, trial_index_find_actor(ix, sink->name.text));
        return 0;
    case TRIAL_SINK_WIRE:
        add_wire(search, trial_index_find_actor(ix, sink->name.text));
        return 0;
    default:
        add_everywhere(search);
        return 0;
    }
}

/* "no secret" is the negation of "secret in any of them"; "secret" wants it in each. The negation
 * itself is the dispatcher's, so that here a hit is a PASS and its absence a FAIL. */
int trial_expect_secret(struct trial_expect_case *c, struct base_error *err) {
    struct trial_court *court = c->court;
    int rc = court->secrets ? 0 : trial_secrets_build(c->ix, &court->secrets, err);
    if (rc) {
        return rc;
    }
    const struct trial_expect *e = c->expect;
    struct search search = {c, court->secrets,
                            trial_secrets_find_name(court->secrets, e->id.text), 0, NULL};
    if (search.secret == TRIAL_NONE || court->secrets->names[search.secret].token_count == 0) {
        return trial_expect_set(c, TRIAL_ERROR, "vacuous: no value of secret %s was ever written",
                                e->id.text);
    }
    if (court->secrets->too_large) {
        return trial_expect_set(c, TRIAL_ERROR, "more secrets than can be searched for");
    }
    uint64_t before = 0;
    for (size_t i = 0; i < e->sink_count; i++) {
        rc = search_sink(&search, &e->sinks[i]);
        if (rc) {
            return rc;
        }
        if (!e->negated && search.found == before) {
            trial_expect_set(c, TRIAL_FAIL, "it is not in sink %zu of the list", i + 1);
        }
        before = search.found;
    }
    if (e->negated && !court->secrets->names[search.secret].was_private) {
        return trial_expect_set(c, TRIAL_ERROR,
                                "vacuous: secret %s was not seen in any privileged topic",
                                e->id.text);
    }
    if (e->negated && search.found == 0) {
        return trial_expect_set(c, TRIAL_FAIL, "it is nowhere there");
    }
    return 0;
}
