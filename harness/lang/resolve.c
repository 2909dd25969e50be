/* From the names of a scenario to real topics: see resolve.h. */
#include "harness/lang/resolve.h"

#include <stdio.h>
#include <string.h>

bool trial_type_is_anonymized(const char *type) {
    return strcmp(type, "revision") == 0 || strcmp(type, "release") == 0;
}

bool trial_is_compacted(bool says_compact, const struct trial_settings *settings) {
    const struct trial_setting *policy = trial_find_setting(settings, "cleanup.policy");
    return says_compact || (policy && strstr(trial_atom_str(&policy->value), "compact"));
}

static const char *topic_name(struct base_arena *arena, const char *prefix, const char *middle,
                              const char *type) {
    size_t len = strlen(prefix) + strlen(middle) + strlen(type) + 2;
    char *name = base_arena_alloc(arena, len);
    if (name) {
        (void)snprintf(name, len, "%s%s.%s", prefix, middle, type);
    }
    return name;
}

static void add_type(const struct trial_journal *journal, const char *type,
                     struct base_arena *arena, struct trial_real_topics *topics) {
    struct trial_real_topic topic = {
        .name = topic_name(arena, journal->prefix, "", type),
        .type = type,
        .journal = journal,
        .partitions = journal->partitions.kind ? (int32_t)journal->partitions.number : -1,
        .compact = trial_is_compacted(journal->compact, &journal->settings),
        .is_public = true,
    };
    topics->items[topics->count++] = topic;
    if (journal->anonymize && trial_type_is_anonymized(type)) {
        topic.name = topic_name(arena, journal->prefix, "_privileged", type);
        topic.privileged = true;
        topic.is_public = false;
        topics->items[topics->count++] = topic;
    }
}

static void add_topic(const struct trial_topic *topic, struct trial_real_topics *topics) {
    topics->items[topics->count++] = (struct trial_real_topic){
        .name = topic->real_name,
        .topic = topic,
        .partitions = topic->partitions.kind ? (int32_t)topic->partitions.number : -1,
        .compact = trial_is_compacted(topic->compact, &topic->settings),
        .is_public = topic->visibility != TRIAL_PRIVATE,
    };
}

/* Adds what one item contributes to target (NULL: anything). */
static void add_item(const struct trial_item *item, const char *target, struct base_arena *arena,
                     struct trial_real_topics *topics) {
    if (item->kind == TRIAL_ITEM_TOPIC) {
        if (!target || strcmp(item->u.topic.name.text, target) == 0) {
            add_topic(&item->u.topic, topics);
        }
        return;
    }
    const struct trial_journal *journal = &item->u.journal;
    size_t len = strlen(journal->name.text);
    bool all = !target || strcmp(target, journal->name.text) == 0;
    const char *only = !all && strncmp(target, journal->name.text, len) == 0 && target[len] == '.'
                           ? target + len + 1
                           : NULL;
    for (size_t i = 0; (all || only) && i < journal->type_count; i++) {
        if (all || strcmp(only, journal->types[i].text) == 0) {
            add_type(journal, journal->types[i].text, arena, topics);
        }
    }
}

int trial_resolve_topics(const struct trial_scenario *scenario, const char *target,
                         struct base_arena *arena, struct trial_real_topics *ret_topics,
                         struct base_error *err) {
    size_t most = 0;
    for (size_t i = 0; i < scenario->item_count; i++) {
        const struct trial_item *item = &scenario->items[i];
        most += item->kind == TRIAL_ITEM_TOPIC     ? 1
                : item->kind == TRIAL_ITEM_JOURNAL ? 2 * item->u.journal.type_count
                                                   : 0;
    }
    struct trial_real_topics topics = {NULL, 0};
    topics.items = base_arena_alloc_array(arena, most, sizeof(*topics.items));
    for (size_t i = 0; topics.items && i < scenario->item_count; i++) {
        const struct trial_item *item = &scenario->items[i];
        if (item->kind == TRIAL_ITEM_TOPIC || item->kind == TRIAL_ITEM_JOURNAL) {
            add_item(item, target, arena, &topics);
        }
    }
    if (arena->failed) {
        return base_fail(err, arena->failed, "no memory for the topics of the scenario");
    }
    if (target && topics.count == 0) {
        return base_fail(err, BASE_NOT_FOUND, "'%s' is no topic, journal or journal.type", target);
    }
    *ret_topics = topics;
    return 0;
}
