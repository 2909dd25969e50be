/* Fuzz target: any text is parsed or refused with a reason; what is parsed is printed, parsed again
 * and is the same; checking and binding it never fail in another way than they say. */
#include <stdlib.h>

#include "base/limits.h"
#include "harness/lang/lang.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Parses what was printed; the printer must have written a scenario that says the same. */
static void check_round_trip(const struct trial_scenario *s) {
    struct base_builder first;
    struct base_builder second;
    struct trial_diagnostics d;
    struct trial_scenario *again = NULL;
    base_builder_init(&first, 64 * BASE_MIB);
    base_builder_init(&second, 64 * BASE_MIB);
    trial_diagnostics_init(&d);
    trial_print(s, &first);
    if (trial_parse("-", base_builder_slice(&first), &again, &d) != 0 ||
        !trial_scenario_equal(s, again)) {
        abort();
    }
    trial_print(again, &second);
    if (!base_slice_equal(base_builder_slice(&first), base_builder_slice(&second))) {
        abort();
    }
    trial_scenario_free(again);
    trial_diagnostics_clean_up(&d);
    base_builder_clean_up(&first);
    base_builder_clean_up(&second);
}

/* Few instances and steps, so that one input stays short. */
static bool is_small(const struct trial_scenario *s) {
    for (size_t i = 0; i < s->item_count; i++) {
        const struct trial_run *run = &s->items[i].u.run;
        for (size_t k = 0; s->items[i].kind == TRIAL_ITEM_RUN && k < run->step_count; k++) {
            if (run->steps[k].kind == TRIAL_STEP_REPEAT && run->steps[k].count.number > 100) {
                return false;
            }
        }
    }
    return trial_instance_count(s) <= 16;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    struct trial_diagnostics d;
    struct trial_scenario *s = NULL;
    struct trial_scenario *bound = NULL;
    struct base_builder text;
    trial_diagnostics_init(&d);
    base_builder_init(&text, 64 * BASE_MIB);
    int rc = trial_parse("-", base_slice_of(len ? (const void *)data : "", len), &s, &d);
    if (rc == BASE_MALFORMED && d.error_count == 0) {
        abort();
    }
    if (rc == 0) {
        check_round_trip(s);
        (void)trial_unsupported(s, NULL);
    }
    if (rc == 0 && is_small(s)) {
        bool good = trial_check(s, NULL, &d) == 0;
        int bind_rc = trial_bind(s, 0, &bound, NULL);
        if (good && bind_rc != 0) {
            abort(); /* what the checker accepts can be bound */
        }
    }
    trial_diagnostics_format(&d, "-", (const char *)data, len, &text);
    trial_scenario_free(bound);
    trial_scenario_free(s);
    base_builder_clean_up(&text);
    trial_diagnostics_clean_up(&d);
    return 0;
}
