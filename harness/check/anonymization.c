/*
 * anonymization of a journal, a writer or a client: no secret in any public place. A journal
 * answers for all of them, whoever put a secret there; an actor for its own: its output, what it
 * was served, its public store and the plain public topics that it wrote to (dead letters).
 * Positive control: the secrets were found in a privileged topic.
 */
#include <string.h>

#include "harness/check/guarantee.h"

static const char *place_name(const struct trial_index *ix, const struct trial_secret_sink *sink) {
    switch (sink->place) {
    case TRIAL_PLACE_TOPIC:
        return ix->topics[sink->number].name;
    case TRIAL_PLACE_STORE:
        return ix->stores[sink->number].name;
    default:
        return ix->actors[sink->number].name;
    }
}

static const char *place_word(enum trial_place place) {
    static const char *const words[] = {"topic", "store", "output of", "bytes to"};
    return words[place];
}

/* A plain topic's leak is the actor's that appended it. */
static bool is_own(const struct trial_case *c, const struct trial_secret_sink *sink,
                   const struct trial_secret_hits *hits) {
    const struct trial_index *ix = c->ix;
    const struct trial_real_topic *real =
        sink->place == TRIAL_PLACE_TOPIC ? ix->topics[sink->number].real : NULL;
    if (c->kind == TRIAL_SUBJECT_JOURNAL) {
        return sink->place == TRIAL_PLACE_TOPIC && real && real->journal == c->journal;
    }
    switch (sink->place) {
    case TRIAL_PLACE_TOPIC: {
        const char *actor = trial_index_event(ix, hits->event)->actor;
        return !(real && real->journal) && actor && strcmp(actor, ix->actors[c->actor].name) == 0;
    }
    case TRIAL_PLACE_STORE:
        return ix->actors[c->actor].store == sink->number;
    default:
        return sink->number == c->actor;
    }
}

/* Counted as an anomaly where it belongs, so that no leak is counted twice. */
static int leak(struct trial_case *c, const struct trial_secrets *s,
                const struct trial_secret_sink *sink, uint32_t secret,
                const struct trial_secret_hits *hits) {
    trial_case_fail(c, "leak", TRIAL_NONE);
    trial_case_say(c, "secret %s in %s %s: %s, %s, %llu times", s->names[secret].name,
                   place_word(sink->place), place_name(c->ix, sink), hits->leak_field, hits->how,
                   (unsigned long long)hits->leaks);
    trial_case_event(c, hits->event);
    if (!is_own(c, sink, hits)) {
        return 0;
    }
    const struct trial_event *event = trial_index_event(c->ix, hits->event);
    uint32_t part = sink->place == TRIAL_PLACE_TOPIC
                        ? trial_index_find_part(c->ix, sink->number, event->partition)
                        : TRIAL_NONE;
    return trial_anomaly_add_at(c->court, "leak", part, BASE_SLICE_NULL, c->actor, hits->leaks,
                                hits->event);
}

static int judge_sinks(struct trial_case *c, const struct trial_secrets *s, uint64_t *ret_private,
                       uint64_t *ret_exposed) {
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < s->sink_numbers.count; i++) {
        const struct trial_secret_sink *sink = &s->sinks[i];
        for (uint32_t k = 0; rc == 0 && k < s->name_count; k++) {
            const struct trial_secret_hits *hits = &s->hits[i * s->name_count + k];
            if (hits->leaks + hits->exposures == 0) {
                continue;
            }
            bool is_control = !sink->is_public && sink->place == TRIAL_PLACE_TOPIC;
            bool counts = is_control && (c->kind != TRIAL_SUBJECT_JOURNAL || is_own(c, sink, hits));
            *ret_private += counts ? hits->leaks : 0;
            if (!sink->is_public || !(c->kind == TRIAL_SUBJECT_JOURNAL || is_own(c, sink, hits))) {
                continue;
            }
            *ret_exposed += hits->exposures;
            rc = hits->leaks ? leak(c, s, sink, k, hits) : 0;
        }
    }
    return rc;
}

int trial_judge_anonymization(struct trial_case *c, struct base_error *err) {
    struct trial_court *court = c->court;
    int rc = court->secrets ? 0 : trial_secrets_build(c->ix, &court->secrets, err);
    if (rc) {
        return rc;
    }
    const struct trial_secrets *s = court->secrets;
    uint64_t in_private = 0;
    uint64_t exposed = 0;
    uint64_t tokens = 0;
    for (size_t i = 0; i < s->name_count; i++) {
        tokens += s->names[i].token_count;
    }
    if (s->too_large) {
        c->exercised = true;
        trial_case_say(c, "%llu secrets are more than can be searched for",
                       (unsigned long long)tokens);
        trial_case_unknown(c, "unscanned", TRIAL_NONE);
        return 0;
    }
    rc = judge_sinks(c, s, &in_private, &exposed);
    c->exercised = in_private > 0 && (c->kind == TRIAL_SUBJECT_JOURNAL ||
                                      c->ix->actors[c->actor].first_event != TRIAL_NONE);
    trial_case_count(c, "secrets", tokens);
    trial_case_count(c, "seen in privileged", in_private);
    trial_case_count(c, "policy exposure", exposed);
    return rc ? base_fail(err, rc, "anonymization: %s", base_code_to_str(rc)) : 0;
}
