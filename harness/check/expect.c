/* Expectations: each line of a check against findings, anomalies and events. See judge.h. */
#include "harness/check/expect.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/lang.h"

#define MAX_REASON_BYTES (64u * BASE_KIB)

static int severity(enum trial_verdict verdict) {
    return verdict == TRIAL_ERROR ? 3 : verdict == TRIAL_FAIL ? 2 : verdict == TRIAL_UNKNOWN;
}

int trial_expect_set(struct trial_expect_case *c, enum trial_verdict verdict, const char *format,
                     ...) {
    if (severity(verdict) <= severity(c->verdict)) {
        return 0;
    }
    c->verdict = verdict;
    base_builder_reset(&c->reason);
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    base_put_str(&c->reason, text);
    return 0;
}

static bool holds(const struct trial_compare *compare, int64_t actual) {
    int64_t wanted = compare->number.number;
    switch (compare->cmp) {
    case TRIAL_CMP_EQ:
        return actual == wanted;
    case TRIAL_CMP_LT:
        return actual < wanted;
    case TRIAL_CMP_LE:
        return actual <= wanted;
    case TRIAL_CMP_GT:
        return actual > wanted;
    default:
        return actual >= wanted;
    }
}

int trial_expect_compare(struct trial_expect_case *c, int64_t actual) {
    const struct trial_compare *compare = &c->expect->compare;
    if (!compare->given) {
        return actual >= 1 ? 0 : trial_expect_set(c, TRIAL_FAIL, "there is none");
    }
    if (holds(compare, actual)) {
        return 0;
    }
    return trial_expect_set(c, TRIAL_FAIL, "expected %s %" PRId64 ", was %" PRId64,
                            trial_cmp_to_str(compare->cmp), compare->number.number, actual);
}

uint32_t trial_expect_topic(struct trial_expect_case *c, const struct trial_part *part) {
    struct trial_real_topics topics;
    struct base_error why = BASE_ERROR_INIT;
    if (trial_resolve_topics(c->context, part->name.text, &c->ix->arena, &topics, &why)) {
        uint32_t mentioned = trial_index_find_topic(c->ix, part->name.text);
        if (mentioned == TRIAL_NONE) {
            trial_expect_set(c, TRIAL_ERROR, "%s", why.text);
        }
        return mentioned;
    }
    const struct trial_real_topic *only = NULL;
    for (size_t i = 0; i < topics.count; i++) {
        if (!topics.items[i].privileged) {
            if (only) {
                trial_expect_set(c, TRIAL_ERROR, "'%s' is more than one topic", part->name.text);
                return TRIAL_NONE;
            }
            only = &topics.items[i];
        }
    }
    return only ? trial_index_find_topic(c->ix, only->name) : TRIAL_NONE;
}

/* -- guarantee -- */

static int judge_guarantee(struct trial_expect_case *c) {
    const struct trial_expect *e = c->expect;
    struct trial_finding *f = trial_court_find(c->court, e->id.text, e->of.text);
    if (!f) {
        return trial_expect_set(c, TRIAL_ERROR, "%s does not apply to %s", e->id.text,
                                e->of.text);
    }
    f->asked = true;
    if (strcmp(e->id.text, TRIAL_VIEW_SAFE) == 0) {
        c->is_left = true;
        return 0;
    }
    if (f->verdict == TRIAL_NOT_EXERCISED) {
        return trial_expect_set(c, TRIAL_ERROR, "vacuous: what it is about never happened (%s)",
                                f->counters);
    }
    const char *was = trial_verdict_to_str(f->verdict);
    const char *wanted = trial_atom_str(&e->verdict);
    bool same = strcmp(was, wanted) == 0 &&
                (!e->because.text || (f->because && strcmp(e->because.text, f->because) == 0));
    if (same) {
        f->expected = f->expected || !e->negated;
        return 0;
    }
    return trial_expect_set(c, TRIAL_FAIL, "expected %s%s%s, was %s%s%s", wanted,
                            e->because.text ? " because " : "",
                            e->because.text ? e->because.text : "", was,
                            f->because ? " because " : "", f->because ? f->because : "");
}

/* -- anomaly -- */

static bool is_counted(const struct trial_expect_case *c, const struct trial_anomaly *a,
                       const struct trial_real_topics *on) {
    const struct trial_expect *e = c->expect;
    if (strcmp(a->name, e->id.text) != 0 ||
        (e->key.kind && !base_slice_equal(a->key, trial_atom_bytes(&e->key)))) {
        return false;
    }
    if (!e->part.name.text) {
        return true;
    }
    bool on_topic = false;
    for (size_t i = 0; a->topic && i < on->count; i++) {
        on_topic = on_topic || strcmp(on->items[i].name, a->topic) == 0;
    }
    return on_topic && (!e->part.partition.kind || e->part.partition.number == a->partition);
}

static int judge_anomaly(struct trial_expect_case *c) {
    const struct trial_expect *e = c->expect;
    struct trial_real_topics on = {NULL, 0};
    struct base_error why = BASE_ERROR_INIT;
    if (e->part.name.text && trial_resolve_topics(c->context, e->part.name.text, &c->ix->arena,
                                                  &on, &why)) {
        return trial_expect_set(c, TRIAL_ERROR, "%s", why.text);
    }
    uint64_t count = 0;
    for (size_t i = 0; i < c->court->report->anomaly_count; i++) {
        const struct trial_anomaly *a = &c->court->report->anomalies[i];
        count += is_counted(c, a, &on) ? a->count : 0;
    }
    return trial_expect_compare(c, (int64_t)count);
}

/* -- events -- */

static int judge_outcome(struct trial_expect_case *c) {
    static const char *const words[] = {"not reported", "ok", "failed", "unknown"};
    const struct trial_expect *e = c->expect;
    struct trial_index *ix = c->ix;
    uint32_t actor = trial_index_find_actor(ix, e->of.text);
    struct base_slice key = trial_atom_bytes(&e->key);
    size_t seen = 0;
    for (size_t i = 0; i < ix->intent_numbers.count; i++) {
        const struct trial_index_intent *intent = &ix->intents[i];
        const struct trial_event *event = trial_index_event(ix, intent->event);
        if (intent->actor != actor || !base_slice_equal(event->key, key)) {
            continue;
        }
        seen++;
        const char *error = intent->outcome_event == TRIAL_NONE
                                ? NULL : trial_index_event(ix, intent->outcome_event)->text2;
        if (strcmp(words[intent->outcome], trial_atom_str(&e->verdict)) != 0 ||
            (e->because.text && (!error || strcmp(error, e->because.text) != 0))) {
            trial_expect_set(c, TRIAL_FAIL, "intent %" PRIu64 " is %s%s%s", intent->id,
                             words[intent->outcome], error ? " because " : "", error ? error : "");
        }
    }
    return seen ? 0 : trial_expect_set(c, TRIAL_ERROR, "%s was never told to write that key",
                                       e->of.text);
}

static int judge_committed(struct trial_expect_case *c) {
    const struct trial_expect *e = c->expect;
    uint32_t actor = trial_index_find_actor(c->ix, e->of.text);
    const char *group = actor != TRIAL_NONE && c->ix->actors[actor].group != TRIAL_NONE
                            ? c->ix->groups[c->ix->actors[actor].group].name : e->of.text;
    uint32_t topic = trial_expect_topic(c, &e->part);
    if (topic == TRIAL_NONE) {
        return 0;
    }
    int64_t offset = -1;
    int64_t partition = e->part.partition.kind ? e->part.partition.number : 0;
    for (size_t i = 0; i < trial_history_count(c->ix->history); i++) {
        const struct trial_event *event = trial_history_at(c->ix->history, i);
        if (event->fact == TRIAL_FACT_COMMITTED && event->error == 0 && event->group &&
            strcmp(event->group, group) == 0 && event->partition == partition &&
            trial_index_find_topic(c->ix, event->topic) == topic) {
            offset = event->offset;
        }
    }
    return trial_expect_compare(c, offset);
}

static int judge_fired(struct trial_expect_case *c) {
    int64_t count = 0;
    for (size_t i = 0; i < trial_history_count(c->ix->history); i++) {
        const struct trial_event *event = trial_history_at(c->ix->history, i);
        count += event->fact == TRIAL_FACT_FAULT && event->offset == 1 && event->text &&
                 strcmp(event->text, c->expect->id.text) == 0;
    }
    return trial_expect_compare(c, count);
}

static int judge_exit(struct trial_expect_case *c) {
    const struct trial_expect *e = c->expect;
    const struct trial_event *last = NULL;
    for (size_t i = 0; i < trial_history_count(c->ix->history); i++) {
        const struct trial_event *event = trial_history_at(c->ix->history, i);
        if (event->fact == TRIAL_FACT_ACTOR_EXIT && event->actor &&
            strcmp(event->actor, e->of.text) == 0) {
            last = event;
        }
    }
    if (!last) {
        return trial_expect_set(c, TRIAL_ERROR, "%s never exited", e->of.text);
    }
    const char *wanted = e->exit_signal.text;
    if (wanted) {
        wanted = strncmp(wanted, "SIG", 3) == 0 ? wanted + 3 : wanted;
        if (last->offset >= 0 || !last->text || strcmp(last->text, wanted) != 0) {
            return trial_expect_set(c, TRIAL_FAIL, "%s was not ended by signal %s", e->of.text,
                                    wanted);
        }
        return 0;
    }
    if (last->offset != e->exit_status.number) {
        return last->offset < 0
                   ? trial_expect_set(c, TRIAL_FAIL, "%s ended with signal %s", e->of.text,
                                      last->text ? last->text : "?")
                   : trial_expect_set(c, TRIAL_FAIL, "%s ended with status %" PRId64, e->of.text,
                                      last->offset);
    }
    return 0;
}

/* -- the dispatcher -- */

static int judge(struct trial_expect_case *c, struct base_error *err) {
    switch (c->expect->kind) {
    case TRIAL_EXPECT_GUARANTEE:
        return judge_guarantee(c);
    case TRIAL_EXPECT_ANOMALY:
        return judge_anomaly(c);
    case TRIAL_EXPECT_LOG:
        return trial_expect_log(c, err);
    case TRIAL_EXPECT_OUTCOME:
        return judge_outcome(c);
    case TRIAL_EXPECT_STORE_HAS:
    case TRIAL_EXPECT_STORE_LACKS:
        return trial_expect_store_row(c, err);
    case TRIAL_EXPECT_STORE_MATCHES:
        return trial_expect_store_matches(c, err);
    case TRIAL_EXPECT_STORE_COUNT:
        return trial_expect_store_count(c, err);
    case TRIAL_EXPECT_COMMITTED:
        return judge_committed(c);
    case TRIAL_EXPECT_FIRED:
        return judge_fired(c);
    case TRIAL_EXPECT_EXIT:
        return judge_exit(c);
    case TRIAL_EXPECT_SECRET:
        return trial_expect_secret(c, err);
    default:
        return trial_expect_set(c, TRIAL_ERROR, "this check is not supported yet");
    }
}

static const char *take_text(struct trial_court *court, struct base_builder *text) {
    struct base_slice bytes = base_builder_slice(text);
    return base_arena_strndup(&court->report->arena, (const char *)bytes.data, bytes.len);
}

static int add(struct trial_court *court, const struct trial_expectation *expectation) {
    struct trial_report *report = court->report;
    int rc = base_grow((void **)&report->expectations, &court->expectation_cap,
                       report->expectation_count + 1, sizeof(*report->expectations));
    if (rc == 0) {
        report->expectations[report->expectation_count++] = *expectation;
    }
    return rc;
}

int trial_expect_judge(struct trial_court *court, const struct trial_scenario *context,
                       const struct trial_expect *expect, struct base_error *err) {
    struct trial_expect_case c = {
        .court = court, .ix = court->ix, .context = context, .expect = expect,
        .verdict = TRIAL_PASS};
    struct base_builder text;
    base_builder_init(&c.reason, MAX_REASON_BYTES);
    base_builder_init(&text, BASE_MAX_SCENARIO_BYTES);
    trial_print_expect(expect, &text);
    int rc = judge(&c, err);
    if (rc == 0 && c.is_left) {
        c.verdict = TRIAL_NOT_EXERCISED;
        base_put_str(&c.reason, "left to ktrial explore");
    } else if (rc == 0 && expect->negated && c.verdict == TRIAL_PASS) {
        trial_expect_set(&c, TRIAL_FAIL, "expected not, but it is so");
    } else if (rc == 0 && expect->negated && c.verdict == TRIAL_FAIL) {
        c.verdict = TRIAL_PASS;
    }
    if (rc == 0 && (text.failed || c.reason.failed)) {
        rc = base_fail(err, text.failed ? text.failed : c.reason.failed, "text of a check");
    }
    if (rc == 0) {
        struct trial_expectation line = {
            .pos = expect->pos,
            .text = take_text(court, &text),
            .verdict = c.verdict,
            .reason = c.verdict == TRIAL_PASS ? NULL : take_text(court, &c.reason),
        };
        rc = court->report->arena.failed ? court->report->arena.failed : add(court, &line);
        if (rc) {
            base_fail(err, rc, "expectation: %s", base_code_to_str(rc));
        }
    }
    base_builder_clean_up(&c.reason);
    base_builder_clean_up(&text);
    return rc;
}
