/* Conditions, answered from the present state of broker and actors: see cond.h. */
#include "harness/run/cond.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "harness/run/plan.h"
#include "mock/wire/consumer_protocol.h"

/* The memory of one question: topic lists and assignments. */
#define QUESTION_BYTES (64u * BASE_MIB)

static bool compares(int64_t is, const struct trial_compare *compare) {
    int64_t wanted = compare->number.number;
    switch (compare->cmp) {
    case TRIAL_CMP_EQ:
        return is == wanted;
    case TRIAL_CMP_LT:
        return is < wanted;
    case TRIAL_CMP_LE:
        return is <= wanted;
    case TRIAL_CMP_GT:
        return is > wanted;
    case TRIAL_CMP_GE:
        return is >= wanted;
    }
    return false;
}

/* -- partitions -- */

struct place {
    const char *topic;
    int32_t partition;
};
struct places {
    struct place *items;
    size_t count;
    size_t cap;
    struct base_arena *arena;
};

static void add_place(struct places *places, const char *topic, int32_t partition) {
    if (places->count == places->cap) {
        size_t cap = places->cap ? places->cap * 2 : 16;
        struct place *items = base_arena_alloc_array(places->arena, cap, sizeof(*items));
        if (!items) {
            return;
        }
        if (places->count > 0) {
            memcpy(items, places->items, places->count * sizeof(*items));
        }
        places->items = items;
        places->cap = cap;
    }
    places->items[places->count++] = (struct place){topic, partition};
}

static bool has_place(const struct places *places, const char *topic, int32_t partition) {
    for (size_t i = 0; i < places->count; i++) {
        if (places->items[i].partition == partition && strcmp(places->items[i].topic, topic) == 0) {
            return true;
        }
    }
    return false;
}

static void add_topic(const struct trial_stage *stage, struct places *places, const char *topic) {
    int32_t count = mock_topic_partitions(stage->broker, topic);
    for (int32_t i = 0; i < count; i++) {
        if (!has_place(places, topic, i)) {
            add_place(places, topic, i);
        }
    }
}

/* What "rev", "rev/0", "swh.revision/1" stand for. */
static void part_places(struct trial_stage *stage, const struct trial_part *part,
                        struct places *places) {
    struct trial_real_topics topics;
    if (trial_resolve_topics(stage->bound, part->name.text, places->arena, &topics, NULL) != 0) {
        return;
    }
    for (size_t i = 0; i < topics.count; i++) {
        if (part->partition.kind) {
            add_place(places, topics.items[i].name, (int32_t)part->partition.number);
        } else {
            add_topic(stage, places, topics.items[i].name);
        }
    }
}

/* -- what a client reads -- */

struct pattern_visit {
    const struct trial_stage *stage;
    struct places *places;
    regex_t regex;
};

static void visit_topic(void *arg, const char *name, int32_t partitions) {
    struct pattern_visit *visit = arg;
    if (regexec(&visit->regex, name, 0, NULL, 0) == 0) {
        add_topic(visit->stage, visit->places, name);
    }
}

static void pattern_places(struct trial_stage *stage, const char *pattern, struct places *places) {
    struct pattern_visit visit = {.stage = stage, .places = places};
    if (regcomp(&visit.regex, pattern, REG_EXTENDED | REG_NOSUB) == 0) {
        mock_topics_each(stage->broker, visit_topic, &visit);
        regfree(&visit.regex);
    }
}

/* A privileged client reads the privileged copy where there is one, any other the public copy. */
static bool is_read_by(const struct trial_live *live, const struct trial_real_topic *topic) {
    bool has_twin =
        topic->journal && topic->journal->anonymize && trial_type_is_anonymized(topic->type);
    return !has_twin || topic->privileged == live->privileged;
}

static void source_places(struct trial_live *live, struct places *places) {
    for (size_t i = 0; i < live->actor->target_count; i++) {
        const struct trial_source *source = &live->actor->targets[i];
        if (!source->name.text) {
            pattern_places(live->stage, source->pattern, places);
            continue;
        }
        struct trial_real_topics topics;
        if (trial_resolve_topics(live->stage->bound, source->name.text, places->arena, &topics,
                                 NULL) != 0) {
            continue;
        }
        for (size_t j = 0; j < topics.count; j++) {
            if (is_read_by(live, &topics.items[j])) {
                add_topic(live->stage, places, topics.items[j].name);
            }
        }
    }
}

/* -- groups -- */

struct membership {
    bool is_stable;
    bool is_member;      /* the present incarnation of the actor */
    struct places owned; /* by anybody */
    struct places mine;
};

static void add_assignment(const struct mock_member_view *member, bool is_mine,
                           struct membership *membership) {
    struct mock_assignment assignment;
    if (mock_assignment_decode(member->assignment, membership->owned.arena, &assignment) != 0) {
        return;
    }
    for (size_t i = 0; i < assignment.topic_count; i++) {
        const struct mock_topic_partitions *topic = &assignment.topics[i];
        const char *name = base_arena_strndup(membership->owned.arena,
                                              (const char *)topic->topic.data, topic->topic.len);
        for (size_t j = 0; name && j < topic->partition_count; j++) {
            add_place(&membership->owned, name, topic->partitions[j]);
            if (is_mine) {
                add_place(&membership->mine, name, topic->partitions[j]);
            }
        }
    }
}

static void read_membership(const struct trial_live *live, struct base_arena *arena,
                            struct membership *ret_membership) {
    *ret_membership = (struct membership){.owned = {.arena = arena}, .mine = {.arena = arena}};
    const struct mock_groups *groups = mock_broker_groups(live->stage->broker);
    const char *group = live->actor->group.text;
    struct mock_group_view view;
    if (!group || !mock_groups_view(groups, group, &view)) {
        return;
    }
    ret_membership->is_stable = strcmp(view.state, "Stable") == 0;
    for (size_t i = 0; i < view.member_count; i++) {
        struct mock_member_view member;
        mock_groups_member(groups, group, i, &member);
        bool is_mine = member.actor && strcmp(member.actor, live->name) == 0 &&
                       (member.incarnation == live->incarnation || live->incarnation == 0);
        ret_membership->is_member = ret_membership->is_member || is_mine;
        add_assignment(&member, is_mine, ret_membership);
    }
}

/* -- drained -- */

static void say(struct base_builder *why, const char *format, ...) BASE_PRINTF(2, 3);
static void say(struct base_builder *why, const char *format, ...) {
    if (why) {
        char text[512];
        va_list args;
        va_start(args, format);
        (void)vsnprintf(text, sizeof(text), format, args);
        va_end(args);
        base_builder_reset(why);
        base_put_str(why, text);
    }
}

/* Without a group, what was fetched may still be on its way into the store: a client that says what
 * it has processed is waited for until it has said so of all. */
static bool claims_cover(const struct trial_live *live, const struct place *place, int64_t last,
                         struct base_builder *why) {
    bool speaks =
        live->has_claimed || (live->process && live->actor->driver == TRIAL_DRIVER_BUILTIN);
    int64_t owed =
        speaks ? trial_claims_owed(&live->claims, place->topic, place->partition, last) : -1;
    if (owed >= 0) {
        say(why, "%s has not said that it has processed %s/%d up to %lld", live->name, place->topic,
            (int)place->partition, (long long)owed);
    }
    return owed < 0;
}

/* Everything of one partition has been fetched and, in a group, committed. */
static bool place_is_drained(const struct trial_live *live, const struct place *place,
                             struct base_builder *why) {
    const struct mock_broker *broker = live->stage->broker;
    bool only_committed = trial_live_reads_committed(live);
    int64_t end =
        mock_partition_readable_end(broker, place->topic, place->partition, only_committed);
    /* What its last Fetch asked for. Whether that Fetch waits at this instant, or its wait has just
     * ended and the next is under way, makes no difference to what the client has seen. */
    int64_t position =
        mock_actor_position(broker, live->name, place->topic, place->partition, NULL);
    if (position < end) {
        say(why, "%s has not fetched up to the end of %s/%d: at %lld of %lld", live->name,
            place->topic, (int)place->partition, (long long)position, (long long)end);
        return false;
    }
    int64_t last =
        mock_partition_last_readable(broker, place->topic, place->partition, only_committed);
    if (!live->actor->group.text) {
        return claims_cover(live, place, last, why);
    }
    if (last < 0) {
        return true;
    }
    int64_t committed =
        mock_group_committed(broker, live->actor->group.text, place->topic, place->partition);
    if (committed <= last) {
        say(why, "%s has committed %lld of %s/%d, whose last record is at %lld", live->name,
            (long long)committed, place->topic, (int)place->partition, (long long)last);
        return false;
    }
    return true;
}

/* A client that ktrial did not start and that has left: what it committed is all there is to see.
 */
static bool commits_cover_all(const struct trial_live *live, const struct places *sources,
                              struct base_builder *why) {
    const struct mock_broker *broker = live->stage->broker;
    for (size_t i = 0; i < sources->count; i++) {
        const struct place *place = &sources->items[i];
        int64_t last = mock_partition_last_readable(broker, place->topic, place->partition,
                                                    trial_live_reads_committed(live));
        int64_t committed =
            mock_group_committed(broker, live->actor->group.text, place->topic, place->partition);
        if (last >= 0 && committed <= last) {
            say(why,
                "%s is not there, and group %s has committed %lld of %s/%d, whose last record "
                "is at %lld",
                live->name, live->actor->group.text, (long long)committed, place->topic,
                (int)place->partition, (long long)last);
            return false;
        }
    }
    return true;
}

static bool group_is_drained(struct trial_live *live, struct base_arena *arena,
                             const struct places *sources, struct base_builder *why) {
    struct membership membership;
    read_membership(live, arena, &membership);
    if (live->stage->has_foreign_actors && !membership.is_member) {
        return commits_cover_all(live, sources, why);
    }
    if (!membership.is_stable || !membership.is_member) {
        say(why,
            membership.is_stable ? "%s is not a member of group %s"
                                 : "%s waits: group %s is not stable",
            live->name, live->actor->group.text);
        return false;
    }
    for (size_t i = 0; i < sources->count; i++) {
        const struct place *place = &sources->items[i];
        if (!has_place(&membership.owned, place->topic, place->partition)) {
            say(why, "nobody in group %s owns %s/%d", live->actor->group.text, place->topic,
                (int)place->partition);
            return false;
        }
        if (has_place(&membership.mine, place->topic, place->partition) &&
            !place_is_drained(live, place, why)) {
            return false;
        }
    }
    return true;
}

static bool is_drained(struct trial_live *live, struct base_builder *why) {
    bool is_up = live->state == TRIAL_LIVE_RUNNING || live->stage->has_foreign_actors;
    if (!is_up || live->is_paused) {
        say(why, "%s is %s", live->name, live->is_paused ? "paused" : "not running");
        return false;
    }
    if (mock_actor_is_held(live->stage->broker, live->name)) {
        say(why, "a request of %s is held", live->name);
        return false;
    }
    struct base_arena arena;
    base_arena_init(&arena, QUESTION_BYTES);
    struct places sources = {.arena = &arena};
    source_places(live, &sources);
    bool drained = true;
    if (live->actor->group.text) {
        drained = group_is_drained(live, &arena, &sources, why);
    } else {
        for (size_t i = 0; drained && i < sources.count; i++) {
            drained = place_is_drained(live, &sources.items[i], why);
        }
    }
    drained = drained && !arena.failed;
    base_arena_clean_up(&arena);
    return drained;
}

/* -- the terms -- */

static bool is_flushed(const struct trial_live *live, struct base_builder *why) {
    if (live->open_intents > 0 || live->flushes_pending > 0) {
        say(why, "%zu intents of %s have no outcome", live->open_intents, live->name);
        return false;
    }
    return true;
}

bool trial_live_rests(struct trial_live *live, struct base_builder *why) {
    return live->actor->role == TRIAL_WRITER ? is_flushed(live, why) : is_drained(live, why);
}

struct sum_visit {
    const struct trial_stage *stage;
    int64_t sum;
};

static void add_ends(void *arg, const char *name, int32_t partitions) {
    struct sum_visit *visit = arg;
    for (int32_t i = 0; i < partitions; i++) {
        visit->sum += mock_partition_end(visit->stage->broker, name, i);
    }
}

int64_t trial_stage_appended(const struct trial_stage *stage) {
    struct sum_visit visit = {.stage = stage};
    mock_topics_each(stage->broker, add_ends, &visit);
    return visit.sum;
}

/* A number that a term compares, summed where it names several partitions. */
static int64_t place_number(const struct trial_stage *stage, const struct trial_term *term,
                            const struct place *place) {
    bool waits = false;
    switch (term->kind) {
    case TRIAL_TERM_POSITION:
        return mock_actor_position(stage->broker, term->name.text, place->topic, place->partition,
                                   &waits);
    case TRIAL_TERM_COMMITTED:
        return mock_group_committed(stage->broker, trial_plan_group(stage->bound, term->name.text),
                                    place->topic, place->partition);
    default:
        return mock_partition_end(stage->broker, place->topic, place->partition);
    }
}

static int64_t part_number(struct trial_stage *stage, const struct trial_term *term) {
    struct base_arena arena;
    base_arena_init(&arena, QUESTION_BYTES);
    struct places places = {.arena = &arena};
    part_places(stage, &term->part, &places);
    int64_t sum = places.count == 1 ? place_number(stage, term, &places.items[0]) : 0;
    for (size_t i = 0; places.count > 1 && i < places.count; i++) {
        int64_t number = place_number(stage, term, &places.items[i]);
        sum += number > 0 ? number : 0;
    }
    base_arena_clean_up(&arena);
    return sum;
}

static int64_t assigned_count(const struct trial_live *live) {
    struct base_arena arena;
    base_arena_init(&arena, QUESTION_BYTES);
    struct membership membership;
    read_membership(live, &arena, &membership);
    int64_t count = (int64_t)membership.mine.count;
    base_arena_clean_up(&arena);
    return count;
}

static bool compared(int64_t is, const struct trial_term *term, const char *what,
                     struct base_builder *why) {
    if (compares(is, &term->compare)) {
        return true;
    }
    say(why, "%s is %lld", what, (long long)is);
    return false;
}

static bool has_fired(const struct trial_stage *stage, const struct trial_term *term,
                      struct base_builder *why) {
    const struct trial_armed *fault = trial_stage_find_fault(stage, term->name.text);
    uint32_t fired = fault && fault->armed ? mock_fault_fired(fault->armed) : 0;
    if (fired == 0) {
        say(why, "fault %s has not fired", term->name.text);
    }
    return fired > 0;
}

static bool term_holds(struct trial_stage *stage, const struct trial_term *term,
                       struct base_builder *why) {
    struct trial_live *live =
        term->name.text ? trial_stage_find_live(stage, term->name.text) : NULL;
    switch (term->kind) {
    case TRIAL_TERM_FIRED:
        return has_fired(stage, term, why);
    case TRIAL_TERM_INFLIGHT:
        return compared(mock_actor_inflight(stage->broker, term->name.text), term, "inflight", why);
    case TRIAL_TERM_POSITION:
        return compared(part_number(stage, term), term, "the position", why);
    case TRIAL_TERM_COMMITTED:
        return compared(part_number(stage, term), term, "the committed offset", why);
    case TRIAL_TERM_END:
        return compared(part_number(stage, term), term, "the end", why);
    case TRIAL_TERM_ASSIGNED:
        return compared(live ? assigned_count(live) : 0, term, "the number of partitions", why);
    case TRIAL_TERM_FLUSHED:
        return !live || is_flushed(live, why);
    case TRIAL_TERM_DRAINED:
        return live && is_drained(live, why);
    case TRIAL_TERM_EXITED:
        if (live && (live->process || live->incarnation == 0)) {
            say(why, "%s has not exited", live->name);
            return false;
        }
        return true;
    case TRIAL_TERM_QUIET:
        if (!mock_is_quiet(stage->broker)) {
            say(why, "requests are under way");
            return false;
        }
        return true;
    }
    return false;
}

bool trial_cond_holds(struct trial_stage *stage, const struct trial_cond *cond,
                      struct base_builder *why) {
    for (size_t i = 0; i < cond->count; i++) {
        if (!term_holds(stage, &cond->terms[i], why)) {
            return false;
        }
    }
    return true;
}

void trial_cond_pursue(struct trial_stage *stage, const struct trial_cond *cond) {
    for (size_t i = 0; i < cond->count; i++) {
        struct trial_live *live = cond->terms[i].kind == TRIAL_TERM_FLUSHED
                                      ? trial_stage_find_live(stage, cond->terms[i].name.text)
                                      : NULL;
        /* Intents newer than the last flush would wait for ever: a writer never flushes by
         * itself. */
        if (live && live->open_intents > 0 && live->flush_up_to < live->last_intent &&
            live->flushes_pending == 0 && live->state == TRIAL_LIVE_RUNNING) {
            trial_live_flush(live);
        }
    }
}

static bool may_be_started_by_fault(const struct trial_stage *stage, const char *actor) {
    for (size_t i = 0; i < stage->fault_count; i++) {
        const struct trial_fault *fault = stage->faults[i].fault;
        for (size_t j = 0; j < fault->action_count; j++) {
            if (fault->actions[j].kind == TRIAL_DO_RESTART &&
                strcmp(fault->actions[j].name.text, actor) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool trial_cond_is_hopeless(struct trial_stage *stage, const struct trial_cond *cond,
                            struct base_builder *why) {
    for (size_t i = 0; i < cond->count; i++) {
        const struct trial_term *term = &cond->terms[i];
        if (term->kind != TRIAL_TERM_DRAINED && term->kind != TRIAL_TERM_ASSIGNED) {
            continue;
        }
        struct trial_live *live = trial_stage_find_live(stage, term->name.text);
        if (live && live->incarnation > 0 && !live->process && !term_holds(stage, term, NULL) &&
            !may_be_started_by_fault(stage, live->name)) {
            say(why, "%s has exited", live->name);
            return true;
        }
    }
    return false;
}
