/* The sources of a client: see sources.h. */
#include "harness/explore/sources.h"

#include <regex.h>
#include <string.h>

#include "base/limits.h"
#include "harness/lang/resolve.h"

/* The list of topics of one scenario. */
#define QUESTION_BYTES (16u * BASE_MIB)

static bool is_privileged(const struct trial_actor *client) {
    const struct trial_setting *setting =
        trial_find_setting(&client->settings, "journal.privileged");
    return setting && strcmp(trial_atom_str(&setting->value), "true") == 0;
}

/* A privileged client reads the privileged copy where there is one, any other the public copy. */
static bool is_its_copy(const struct trial_actor *client, const struct trial_real_topic *topic) {
    bool has_twin =
        topic->journal && topic->journal->anonymize && trial_type_is_anonymized(topic->type);
    return !has_twin || topic->privileged == is_privileged(client);
}

static bool is_compacted(const struct trial_real_topic *topic) {
    const struct trial_settings *settings =
        topic->topic ? &topic->topic->settings : &topic->journal->settings;
    const struct trial_setting *policy = trial_find_setting(settings, "cleanup.policy");
    return topic->compact || (policy && strstr(trial_atom_str(&policy->value), "compact"));
}

static bool matches(const char *pattern, const char *topic) {
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    bool found = regexec(&regex, topic, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

static int reads(const struct trial_scenario *bound, const struct trial_actor *client,
                 const struct trial_source *source, const char *topic, struct base_arena *arena,
                 bool *ret_reads, struct base_error *err) {
    if (!source->name.text) {
        *ret_reads = *ret_reads || matches(source->pattern, topic);
        return 0;
    }
    struct trial_real_topics topics;
    int rc = trial_resolve_topics(bound, source->name.text, arena, &topics, err);
    for (size_t i = 0; rc == 0 && i < topics.count; i++) {
        if (strcmp(topics.items[i].name, topic) == 0 && is_its_copy(client, &topics.items[i])) {
            *ret_reads = true;
        }
    }
    return rc;
}

int trial_source_find(const struct trial_scenario *bound, const struct trial_actor *client,
                      const char *topic, bool *ret_is_read, bool *ret_is_compacted,
                      struct base_error *err) {
    struct base_arena arena;
    base_arena_init(&arena, QUESTION_BYTES);
    bool is_read = false;
    bool compacted = false;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < client->target_count; i++) {
        rc = reads(bound, client, &client->targets[i], topic, &arena, &is_read, err);
    }
    struct trial_real_topics all;
    rc = rc ? rc : trial_resolve_topics(bound, NULL, &arena, &all, err);
    for (size_t i = 0; rc == 0 && i < all.count; i++) {
        compacted = compacted ||
                    (strcmp(all.items[i].name, topic) == 0 && is_compacted(&all.items[i]));
    }
    base_arena_clean_up(&arena);
    if (rc == 0) {
        *ret_is_read = is_read;
        *ret_is_compacted = compacted;
    }
    return rc;
}
