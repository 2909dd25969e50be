/* Helpers of the tests of harness/lang: see scenario_text.h. */
#include "scenario_text.h"

#include "base/limits.h"
#include "harness/lang/files.h"
#include "t_run.h"

const char *const t_examples[6] = {
    "scenarios/writer/lost-ack.scn",      "scenarios/writer/inversion.scn",
    "scenarios/writer/ghost-ack.scn",     "scenarios/compaction/lagging-replayer.scn",
    "scenarios/replay/crash-between.scn", "scenarios/anonymization/real-authors.scn",
};

struct trial_scenario *t_parse(const char *source, struct trial_diagnostics *d) {
    struct trial_scenario *scenario = NULL;
    if (trial_parse("test.scn", base_slice_str(source), &scenario, d) != 0) {
        return NULL;
    }
    return scenario;
}

static const struct trial_diagnostic *first_error(const struct trial_diagnostics *d) {
    for (size_t i = 0; i < d->count; i++) {
        if (d->items[i].severity == TRIAL_FAULTY) {
            return &d->items[i];
        }
    }
    return NULL;
}

int t_first_problem(const char *source, unsigned line, unsigned column, const char *text,
                    int test_line, const char *test_file) {
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *scenario = t_parse(source, &d);
    if (scenario) {
        (void)trial_check(scenario, NULL, &d);
    }
    const struct trial_diagnostic *e = first_error(&d);
    int same = e ? text[0] && e->pos.line == line && e->pos.column == column &&
                       strstr(e->text, text) != NULL
                 : !text[0] && scenario != NULL;
    int result = t_check(same, test_line, test_file, "found %u:%u %s, expected %u:%u %s",
                         e ? e->pos.line : 0, e ? e->pos.column : 0, e ? e->text : "no error", line,
                         column, text);
    trial_scenario_free(scenario);
    trial_diagnostics_clean_up(&d);
    return result;
}

char *t_print(const struct trial_scenario *scenario) {
    struct base_builder text;
    size_t len;
    base_builder_init(&text, 16 * BASE_MIB);
    trial_print(scenario, &text);
    base_put_u8(&text, 0);
    char *taken = (char *)base_builder_take(&text, &len);
    base_builder_clean_up(&text);
    return taken;
}

char *t_read(const char *path) {
    struct base_builder text;
    struct base_error err = BASE_ERROR_INIT;
    char full[4096];
    size_t len;
    (void)snprintf(full, sizeof(full), "%s/%s", T_ROOT, path);
    base_builder_init(&text, 16 * BASE_MIB);
    int rc = trial_read_file(full, &text, &err);
    t_check(rc == 0, __LINE__, __FILE__, "%s", err.text);
    base_put_u8(&text, 0);
    char *taken = rc == 0 ? (char *)base_builder_take(&text, &len) : NULL;
    base_builder_clean_up(&text);
    return taken;
}
