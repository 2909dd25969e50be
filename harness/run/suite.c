/* From paths to jobs: see suite.h. */
#include "harness/run/suite.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/files.h"

#define MAX_MATRICES 64
#define MAX_MESSAGE_BYTES (4u * BASE_MIB)

/* -- files -- */

static bool has_tags(const struct trial_scenario *scenario, const struct trial_run_words *words) {
    for (size_t i = 0; i < words->tag_count; i++) {
        if (!trial_scenario_has_tag(scenario, words->tags[i])) {
            return false;
        }
    }
    return true;
}

/* One place and one sentence. */
static int note_unsupported(struct trial_suite_file *file, struct base_error *err) {
    struct trial_pos pos = {0};
    const char *why = trial_unsupported(file->scenario, &pos);
    if (!why) {
        return 0;
    }
    struct base_builder text;
    base_builder_init(&text, MAX_MESSAGE_BYTES);
    base_put_format(&text, "%s:%u:%u: %s", file->path, pos.line, pos.column, why);
    base_put_u8(&text, 0);
    size_t len;
    file->skip_reason = (char *)base_builder_take(&text, &len);
    base_builder_clean_up(&text);
    return file->skip_reason ? 0 : base_fail(err, BASE_NO_MEMORY, "no memory for a scenario");
}

static void print_diagnostics(const struct trial_diagnostics *d, const char *path,
                              struct base_slice source) {
    struct base_builder text;
    base_builder_init(&text, MAX_MESSAGE_BYTES);
    trial_diagnostics_format(d, path, (const char *)source.data, source.len, &text);
    fwrite(text.data, 1, text.len, stderr);
    base_builder_clean_up(&text);
}

static int add_file(void *arg, const char *path, struct base_error *err) {
    struct trial_suite *suite = arg;
    struct base_builder text;
    base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
    int result = trial_read_file(path, &text, err);
    if (result != 0) {
        base_builder_clean_up(&text);
        return result;
    }
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct base_slice source = base_builder_slice(&text);
    source.data = source.data ? source.data : (const uint8_t *)"";
    struct trial_suite_file file = {.path = base_strdup(path)};
    if (trial_parse(path, source, &file.scenario, &d) != 0 ||
        trial_check(file.scenario, NULL, &d) != 0) {
        print_diagnostics(&d, path, source);
        suite->broken++;
    } else {
        result = note_unsupported(&file, err);
    }
    bool is_good = file.scenario && d.error_count == 0;
    trial_diagnostics_clean_up(&d);
    base_builder_clean_up(&text);
    if (result == 0 && is_good &&
        base_grow((void **)&suite->files, &suite->file_cap, suite->file_count + 1,
                  sizeof(*suite->files)) != 0) {
        result = base_fail(err, BASE_NO_MEMORY, "no memory for the scenarios");
    }
    if (result == 0 && is_good) {
        suite->files[suite->file_count++] = file;
        return 0;
    }
    if (file.scenario) {
        trial_scenario_free(file.scenario);
    }
    base_free(file.path);
    base_free(file.skip_reason);
    return result;
}

/* -- instances -- */

static bool binds(const struct trial_binding *bindings, size_t count, const char *word) {
    const char *equals = strchr(word, '=');
    size_t len = (size_t)(equals - word);
    for (size_t i = 0; i < count; i++) {
        if (strlen(bindings[i].name) == len && strncmp(bindings[i].name, word, len) == 0) {
            return strcmp(trial_atom_str(&bindings[i].value), equals + 1) == 0;
        }
    }
    return false;
}

static bool is_wanted(const struct trial_scenario *scenario, size_t instance,
                      const struct trial_run_words *words) {
    struct trial_binding bindings[MAX_MATRICES];
    size_t count = 0;
    if (words->instance_count == 0) {
        return true;
    }
    if (trial_instance_bindings(scenario, instance, bindings, MAX_MATRICES, &count) != 0) {
        return false;
    }
    for (size_t i = 0; i < words->instance_count; i++) {
        if (!binds(bindings, count, words->instances[i])) {
            return false;
        }
    }
    return true;
}

static int add_job(struct trial_suite *suite, const struct trial_suite_file *file, size_t instance,
                   size_t round, struct base_error *err) {
    struct base_builder title;
    base_builder_init(&title, MAX_MESSAGE_BYTES);
    trial_instance_describe(file->scenario, instance, &title);
    base_put_u8(&title, 0);
    size_t len;
    char *text = (char *)base_builder_take(&title, &len);
    if (!text || base_grow((void **)&suite->jobs, &suite->job_cap, suite->job_count + 1,
                           sizeof(*suite->jobs)) != 0) {
        base_free(text);
        return base_fail(err, BASE_NO_MEMORY, "no memory for the instances");
    }
    suite->jobs[suite->job_count++] = (struct trial_suite_job){file, instance, round, text};
    return 0;
}

static int add_instances(struct trial_suite *suite, const struct trial_run_words *words,
                         struct base_error *err) {
    size_t number = 0; /* of instances, over all files: what shards divide */
    for (size_t f = 0; f < suite->file_count; f++) {
        const struct trial_suite_file *file = &suite->files[f];
        if (!has_tags(file->scenario, words)) {
            continue;
        }
        size_t count = trial_instance_count(file->scenario);
        for (size_t i = 0; i < count; i++) {
            if (!is_wanted(file->scenario, i, words) ||
                number++ % words->shards != words->shard - 1) {
                continue;
            }
            for (size_t round = 0; round < words->times; round++) {
                int result = add_job(suite, file, i, round, err);
                if (result != 0) {
                    return result;
                }
            }
        }
    }
    return 0;
}

int trial_suite_open(struct trial_suite *suite, const struct trial_run_words *words,
                     struct base_error *err) {
    *suite = (struct trial_suite){0};
    for (size_t i = 0; i < words->path_count; i++) {
        int result = trial_find_scenarios(words->paths[i], add_file, suite, err);
        if (result != 0) {
            return result;
        }
    }
    return add_instances(suite, words, err);
}

void trial_suite_close(struct trial_suite *suite) {
    for (size_t i = 0; i < suite->job_count; i++) {
        base_free(suite->jobs[i].title);
    }
    for (size_t i = 0; i < suite->file_count; i++) {
        trial_scenario_free(suite->files[i].scenario);
        base_free(suite->files[i].path);
        base_free(suite->files[i].skip_reason);
    }
    base_free(suite->jobs);
    base_free(suite->files);
    *suite = (struct trial_suite){0};
}
