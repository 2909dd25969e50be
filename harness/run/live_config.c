/*
 * What an actor is told before it begins: its command line, its environment and the JSON file that
 * KTRIAL_CONFIG names. The file stays in the trial's directory, for people who keep it.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "harness/run/secure.h"

extern char **environ;

/* A small trial should take milliseconds: what librdkafka's defaults would wait for. A setting
 * of the scenario wins. */
struct quick_setting {
    const char *name;
    const char *value;
    enum trial_role role;
    bool is_both;
};
static const struct quick_setting quick_settings[] = {
    {"socket.nagle.disable", "true", TRIAL_WRITER, true},
    {"retry.backoff.ms", "10", TRIAL_WRITER, false},
    {"reconnect.backoff.ms", "5", TRIAL_WRITER, true},
    {"reconnect.backoff.max.ms", "100", TRIAL_WRITER, true},
    {"topic.metadata.refresh.fast.interval.ms", "20", TRIAL_WRITER, true},
    {"heartbeat.interval.ms", "100", TRIAL_CLIENT, false},
    {"fetch.error.backoff.ms", "10", TRIAL_CLIENT, false},
};

/* Under Valgrind everything takes longer, a TLS handshake by seconds: the default, as often as the
 * budget is taken (stage_open.c). */
#define READY_TIMEOUT_UNDER_VALGRIND_MS "200000"

/* -- the configuration file -- */

/* A setting as librdkafka wants it: a duration in milliseconds. */
static json_t *setting_json(const struct trial_atom *atom) {
    if (atom->kind == TRIAL_ATOM_DURATION) {
        return json_sprintf("%" PRId64, atom->number);
    }
    return json_stringn((const char *)atom->text.data, atom->text.len);
}

static bool is_ours(const char *name) {
    return strcmp(name, "intent.header") == 0 || strcmp(name, "journal.dead.letter.topic") == 0 ||
           strcmp(name, "journal.copy.topic") == 0 || strcmp(name, "journal.privileged") == 0;
}

static json_t *settings_json(const struct trial_live *live, struct base_error *err) {
    json_t *json = json_object();
    if (trial_secure_settings(live, json, err) != 0) {
        json_decref(json);
        return NULL;
    }
    for (size_t i = 0; i < sizeof(quick_settings) / sizeof(quick_settings[0]); i++) {
        const struct quick_setting *quick = &quick_settings[i];
        if (live->actor->driver == TRIAL_DRIVER_BUILTIN &&
            (quick->is_both || quick->role == live->actor->role)) {
            (void)json_object_set_new(json, quick->name, json_string(quick->value));
        }
    }
    if (live->stage->options.valgrind && live->actor->driver == TRIAL_DRIVER_BUILTIN) {
        (void)json_object_set_new(json, "journal.ready.timeout.ms",
                                  json_string(READY_TIMEOUT_UNDER_VALGRIND_MS));
    }
    for (size_t i = 0; i < live->actor->settings.count; i++) {
        const struct trial_setting *setting = &live->actor->settings.items[i];
        if (!setting->is_env && !is_ours(setting->name.text)) {
            (void)json_object_set_new(json, setting->name.text, setting_json(&setting->value));
        }
    }
    return json;
}

static json_t *journal_json(const struct trial_journal *journal) {
    json_t *types = json_array();
    for (size_t i = 0; i < journal->type_count; i++) {
        (void)json_array_append_new(types, json_string(journal->types[i].text));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:b}", "name", journal->name.text, "kind",
                     "journal", "prefix", journal->prefix, "codec", journal->codec, "types", types,
                     "anonymize", journal->anonymize);
}

static json_t *target_json(const struct trial_stage *stage, const struct trial_source *target) {
    if (!target->name.text) {
        return json_pack("{s:s, s:s, s:s}", "name", "", "kind", "pattern", "pattern",
                         target->pattern);
    }
    const struct trial_topic *topic = trial_find_topic(stage->bound, target->name.text);
    if (topic) {
        return json_pack("{s:s, s:s, s:s, s:s}", "name", topic->name.text, "kind", "topic", "topic",
                         topic->real_name, "codec", "raw");
    }
    const char *dot = strchr(target->name.text, '.');
    const struct trial_journal *journal = trial_find_journal(stage->bound, target->name.text);
    if (journal || !dot) {
        return journal ? journal_json(journal) : NULL;
    }
    /* journal.type */
    char name[256];
    (void)snprintf(name, sizeof(name), "%.*s", (int)(dot - target->name.text), target->name.text);
    journal = trial_find_journal(stage->bound, name);
    json_t *json = journal ? journal_json(journal) : NULL;
    if (json) {
        (void)json_object_set_new(json, "types", json_pack("[s]", dot + 1));
    }
    return json;
}

static json_t *targets_json(const struct trial_live *live) {
    json_t *json = json_array();
    for (size_t i = 0; i < live->actor->target_count; i++) {
        (void)json_array_append_new(json, target_json(live->stage, &live->actor->targets[i]));
    }
    return json;
}

static json_t *store_json(const struct trial_live *live) {
    const struct trial_store *store =
        live->actor->store.text ? trial_find_store(live->stage->bound, live->actor->store.text)
                                : NULL;
    if (!store) {
        return json_null();
    }
    if (store->kind == TRIAL_STORE_SQLITE) {
        json_t *path = json_sprintf("%s/%s.sqlite", live->stage->options.directory,
                                    store->name.text);
        return json_pack("{s:s, s:o}", "kind", "sqlite", "path", path);
    }
    return json_pack("{s:s}", "kind", store->kind == TRIAL_STORE_EXEC ? "exec" : "memory");
}

/* The real topic that a setting names; null when it is not set. */
static json_t *topic_json(const struct trial_live *live, const char *name_of_setting) {
    const struct trial_setting *setting =
        trial_find_setting(&live->actor->settings, name_of_setting);
    if (!setting) {
        return json_null();
    }
    const char *name = trial_atom_str(&setting->value);
    const struct trial_topic *topic = trial_find_topic(live->stage->bound, name);
    return json_string(topic ? topic->real_name : name);
}

static json_t *config_json(const struct trial_live *live, struct base_error *err) {
    json_t *settings = settings_json(live, err);
    if (!settings) {
        return NULL;
    }
    json_t *points = json_array();
    for (size_t i = 0; i < live->point_count; i++) {
        (void)json_array_append_new(points, json_string(live->points[i]));
    }
    return json_pack("{s:s, s:s, s:i, s:o, s:o, s:s?, s:b, s:o, s:o, s:o, s:o}", "name", live->name,
                     "role", live->actor->role == TRIAL_WRITER ? "writer" : "client", "incarnation",
                     (int)live->incarnation, "settings", settings, "targets", targets_json(live),
                     "group", live->actor->group.text, "privileged", live->privileged, "store",
                     store_json(live), "dead.letter.topic",
                     topic_json(live, "journal.dead.letter.topic"), "copy.topic",
                     topic_json(live, "journal.copy.topic"), "points", points);
}

static const char *config_path(const struct trial_live *live, struct base_arena *arena) {
    size_t len = strlen(live->stage->options.directory) + strlen(live->name) + 32;
    char *path = base_arena_alloc(arena, len);
    if (path) {
        (void)snprintf(path, len, "%s/%s.%" PRIu32 ".json", live->stage->options.directory,
                       live->name, live->incarnation);
    }
    return path;
}

/* -- the environment -- */

static char *env_entry(struct base_arena *arena, const char *name, const char *value) {
    size_t len = strlen(name) + strlen(value) + 2;
    char *entry = base_arena_alloc(arena, len);
    if (entry) {
        (void)snprintf(entry, len, "%s=%s", name, value);
    }
    return entry;
}

static bool has_name(const char *entry, const char *name) {
    size_t len = strlen(name);
    return strncmp(entry, name, len) == 0 && entry[len] == '=';
}

struct environment {
    char **entries;
    size_t count;
    struct base_arena *arena;
};

static void set_env(struct environment *environment, const char *name, const char *value) {
    char *entry = env_entry(environment->arena, name, value);
    for (size_t i = 0; i < environment->count; i++) {
        if (has_name(environment->entries[i], name)) {
            environment->entries[i] = entry;
            return;
        }
    }
    environment->entries[environment->count++] = entry;
}

static char **make_environment(struct trial_live *live, const char *config,
                               struct base_arena *arena) {
    size_t inherited = 0;
    while (environ[inherited]) {
        inherited++;
    }
    struct environment environment = {
        .entries = base_arena_alloc_array(arena, inherited + live->actor->settings.count + 4,
                                          sizeof(char *)),
        .arena = arena,
    };
    if (!environment.entries) {
        return NULL;
    }
    for (size_t i = 0; i < inherited; i++) {
        environment.entries[environment.count++] = environ[i];
    }
    set_env(&environment, "KTRIAL_BOOTSTRAP", mock_listener_bootstrap(live->listener));
    set_env(&environment, "KTRIAL_CONFIG", config);
    for (size_t i = 0; i < live->actor->settings.count; i++) {
        const struct trial_setting *setting = &live->actor->settings.items[i];
        if (setting->is_env) {
            set_env(&environment, setting->name.text, trial_atom_str(&setting->value));
        }
    }
    return environment.entries;
}

/* A login may be in it: only its owner may read it. */
static int dump(const json_t *json, const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int result = fd < 0 ? -1 : json_dumpfd(json, fd, JSON_INDENT(2));
    if (fd >= 0) {
        (void)close(fd);
    }
    return result;
}

int trial_live_configure(struct trial_live *live, struct base_arena *arena, char ***ret_environment,
                         struct base_error *err) {
    const char *path = config_path(live, arena);
    char **environment = path ? make_environment(live, path, arena) : NULL;
    json_t *json = config_json(live, err);
    int result = 0;
    if (!json && err->code) {
        result = err->code;
    } else if (!environment || arena->failed || !json) {
        result = base_fail(err, BASE_NO_MEMORY, "no memory for the configuration");
    } else if (dump(json, path) != 0) {
        result = base_fail(err, BASE_IO, "cannot write '%s'", path);
    } else {
        *ret_environment = environment;
    }
    json_decref(json);
    return result;
}

/* -- the command line -- */

static int builtin_arguments(struct trial_live *live, struct base_arena *arena, char **argv,
                             struct base_error *err) {
    const struct trial_stage_options *options = &live->stage->options;
    size_t n = 0;
    if (!options->journal_program) {
        return base_fail(err, BASE_NOT_FOUND,
                         "the journal program is not there; KTRIAL_JOURNAL names it");
    }
    if (options->valgrind) {
        size_t len = strlen(options->directory) + strlen(live->name) + 64;
        char *log = base_arena_alloc(arena, len);
        if (!log) {
            return base_fail(err, BASE_NO_MEMORY, "no memory for a command line");
        }
        (void)snprintf(log, len, "--log-file=%s/%s.%" PRIu32 ".valgrind", options->directory,
                       live->name, live->incarnation);
        argv[n++] = (char *)"/usr/bin/env";
        argv[n++] = (char *)"valgrind";
        argv[n++] = (char *)"-q";
        argv[n++] = (char *)"--error-exitcode=97";
        argv[n++] = (char *)"--leak-check=full";
        argv[n++] = (char *)"--errors-for-leak-kinds=definite";
        argv[n++] = (char *)"--show-leak-kinds=definite";
        argv[n++] = log;
    }
    bool copies = trial_find_setting(&live->actor->settings, "journal.copy.topic") != NULL;
    argv[n++] = (char *)options->journal_program;
    argv[n++] = (char *)(live->actor->role == TRIAL_WRITER ? "write"
                         : copies                          ? "copy"
                         : live->actor->store.text         ? "replay"
                                                           : "consume");
    return 0;
}

int trial_live_arguments(struct trial_live *live, struct base_arena *arena, char ***ret_arguments,
                         const char **ret_directory, struct base_error *err) {
    char **argv = base_arena_alloc_array(arena, 16, sizeof(char *));
    if (!argv) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a command line");
    }
    *ret_directory = NULL;
    if (live->actor->driver == TRIAL_DRIVER_BUILTIN) {
        int result = builtin_arguments(live, arena, argv, err);
        if (result != 0) {
            return result;
        }
    } else {
        argv[0] = (char *)"/bin/sh";
        argv[1] = (char *)"-c";
        argv[2] = (char *)live->actor->command;
        *ret_directory = live->folder;
    }
    *ret_arguments = argv;
    return 0;
}
