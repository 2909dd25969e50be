/* One line of the control channel: an item, a step or a check, carried out and answered. */
#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "harness/check/judge.h"
#include "harness/lang/lang.h"
#include "harness/run/control_private.h"
#include "harness/run/live.h"
#include "harness/run/passes.h"
#include "harness/run/secure.h"
#include "harness/run/steps.h"

/* -- answers -- */

static int put_part(const char *bytes, size_t len, void *arg) {
    base_put_bytes(arg, bytes, len);
    return 0;
}

static void put_json(struct base_builder *answer, json_t *json) {
    if (!json || json_dump_callback(json, put_part, answer, JSON_COMPACT) != 0) {
        base_put_str(answer, "{\"ok\":false,\"error\":\"no memory\"}");
    }
    json_decref(json);
}

/* Bytes of the history may be in a sentence: what is no UTF-8 is shown as such. */
static json_t *json_text(const char *text) {
    json_t *json = json_string(text ? text : "");
    if (json) {
        return json;
    }
    struct base_builder shown;
    base_builder_init(&shown, BASE_MAX_SCENARIO_BYTES);
    for (const char *at = text; *at; at++) {
        if ((unsigned char)*at < 0x80) {
            base_put_u8(&shown, (uint8_t)*at);
        } else {
            base_put_format(&shown, "\\x%02x", (unsigned char)*at);
        }
    }
    json = json_stringn((const char *)shown.data, shown.len);
    base_builder_clean_up(&shown);
    return json;
}

void trial_order_refuse(struct base_builder *ret_answer, const char *error) {
    put_json(ret_answer, json_pack("{s:b, s:o}", "ok", 0, "error", json_text(error)));
}

static void accept_order(struct base_builder *answer) {
    base_put_str(answer, "{\"ok\":true}");
}

/* The first thing that is wrong, as one line. */
static void refuse_with(struct base_builder *answer, const struct trial_diagnostics *d) {
    for (size_t i = 0; i < d->count; i++) {
        if (d->items[i].severity == TRIAL_FAULTY) {
            trial_order_refuse(answer, d->items[i].text);
            return;
        }
    }
    trial_order_refuse(answer, "not understood");
}

/* -- items -- */

static int keep(struct trial_control *control, struct trial_order *order, struct base_error *err) {
    if (control->options.context->item_count == control->options.item_cap) {
        return base_fail(err, BASE_LIMIT, "more than %zu items in one trial",
                         control->options.item_cap);
    }
    if (control->kept_count == control->kept_cap &&
        base_grow((void **)&control->kept, &control->kept_cap, control->kept_cap + 64,
                  sizeof(*control->kept)) != 0) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for an item");
    }
    struct trial_scenario *context = control->options.context;
    control->kept[control->kept_count++] = (struct trial_kept){order->fragment, order->bound};
    context->items[context->item_count++] = order->bound->items[0];
    order->fragment = NULL;
    order->bound = NULL;
    return 0;
}

static int add_item(struct trial_control *control, struct trial_order *order,
                    struct base_error *err) {
    struct trial_stage *stage = control->options.stage;
    enum trial_item_kind kind = order->bound->items[0].kind;
    if (kind != TRIAL_ITEM_TOPIC && kind != TRIAL_ITEM_JOURNAL && kind != TRIAL_ITEM_FAULT &&
        kind != TRIAL_ITEM_SECRET && kind != TRIAL_ITEM_ACTOR && kind != TRIAL_ITEM_PRINCIPAL &&
        kind != TRIAL_ITEM_ACL) {
        return base_fail(err, BASE_USAGE, "this cannot be declared while the broker runs");
    }
    int result = keep(control, order, err);
    if (result != 0) {
        return result;
    }
    struct trial_scenario *context = control->options.context;
    const struct trial_item *item = &context->items[context->item_count - 1];
    struct trial_live *live = NULL;
    switch (kind) {
    case TRIAL_ITEM_TOPIC:
        result = trial_stage_create_topics(stage, item->u.topic.name.text, err);
        break;
    case TRIAL_ITEM_JOURNAL:
        result = trial_stage_create_topics(stage, item->u.journal.name.text, err);
        break;
    case TRIAL_ITEM_PRINCIPAL:
    case TRIAL_ITEM_ACL:
        result = trial_secure_add(stage, context, item, err);
        break;
    case TRIAL_ITEM_FAULT:
        result = trial_stage_arm(stage, context, &item->u.fault, err);
        break;
    case TRIAL_ITEM_ACTOR:
        result = trial_live_new(stage, &item->u.actor, &live, err);
        break;
    default:
        break;
    }
    if (result != 0) {
        context->item_count--;
    }
    return result;
}

/* The item that was added last. */
static int accept_item(const struct trial_control *control, struct base_builder *answer,
                       struct base_error *err) {
    const struct trial_scenario *context = control->options.context;
    const struct trial_item *item = &context->items[context->item_count - 1];
    if (item->kind != TRIAL_ITEM_PRINCIPAL) {
        accept_order(answer);
        return 0;
    }
    json_t *json = json_pack("{s:b}", "ok", 1);
    int result =
        json ? trial_secure_tell(control->options.stage, &item->u.principal, json, err) : 0;
    if (result == 0) {
        put_json(answer, json);
    } else {
        json_decref(json);
    }
    return result;
}

/* -- checks -- */

/* The guarantees that were asked for: all of them are told at the end. */
static json_t *findings_json(const struct trial_report *report) {
    json_t *all = json_array();
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct trial_finding *finding = &report->findings[i];
        if (!finding->asked) {
            continue;
        }
        json_t *evidence = json_array();
        for (size_t j = 0; j < finding->evidence_count; j++) {
            (void)json_array_append_new(evidence, json_text(finding->evidence[j]));
        }
        (void)json_array_append_new(
            all, json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:o}", "guarantee", finding->guarantee,
                           "of", finding->of, "verdict", trial_verdict_to_str(finding->verdict),
                           "because", finding->because, "counters", finding->counters, "evidence",
                           evidence));
    }
    return all;
}

static int judge(struct trial_control *control, struct trial_order *order,
                 struct base_builder *answer, struct base_error *err) {
    const struct trial_expect *expect = &order->bound->items[0].u.check.expects[0];
    struct trial_report *report = NULL;
    int result = trial_judge_expect(control->options.context, expect,
                                    control->options.stage->history, &report, err);
    if (result != 0) {
        return result;
    }
    const struct trial_expectation *told =
        report->expectation_count ? &report->expectations[0] : NULL;
    bool holds = told && told->verdict == TRIAL_PASS;
    const char *why = told && told->reason ? told->reason : "it does not hold";
    json_t *json = json_pack("{s:b, s:s}", "ok", holds, "verdict",
                             trial_verdict_to_str(told ? told->verdict : TRIAL_ERROR));
    if (!holds) {
        control->failed++;
        (void)json_object_set_new(json, "error", json_text(why));
    }
    if (expect->kind == TRIAL_EXPECT_GUARANTEE) {
        (void)json_object_set_new(json, "findings", findings_json(report));
    }
    put_json(answer, json);
    trial_report_free(report);
    /* A guarantee that is expected to fail must not surprise the judges at the end. */
    return holds && expect->kind == TRIAL_EXPECT_GUARANTEE ? keep(control, order, err) : 0;
}

/* -- steps -- */

static bool is_allowed(enum trial_step_kind kind) {
    switch (kind) {
    case TRIAL_STEP_AWAIT:
    case TRIAL_STEP_ADVANCE:
    case TRIAL_STEP_COMPACT:
    case TRIAL_STEP_ROLL:
    case TRIAL_STEP_HEAL:
    case TRIAL_STEP_NOTE:
    case TRIAL_STEP_LEADER:
    case TRIAL_STEP_COORDINATOR:
    case TRIAL_STEP_DOWN:
    case TRIAL_STEP_UP:
    case TRIAL_STEP_HOLD_REPLICATION:
    case TRIAL_STEP_RELEASE_REPLICATION:
    case TRIAL_STEP_SHRINK_ISR:
    case TRIAL_STEP_ADD_PARTITIONS:
    case TRIAL_STEP_CREATE_TOPIC:
    case TRIAL_STEP_DELETE_TOPIC:
    case TRIAL_STEP_CONFIGURE:
    case TRIAL_STEP_DELETE_RECORDS:
    case TRIAL_STEP_RETAIN:
    case TRIAL_STEP_REBALANCE:
    case TRIAL_STEP_FENCE:
    case TRIAL_STEP_EXPIRE:
        return true;
    default:
        return false;
    }
}

/* Is what the broker's cleaner did the answer? */
static bool told_passes(enum trial_step_kind kind) {
    return kind == TRIAL_STEP_COMPACT || kind == TRIAL_STEP_ROLL || kind == TRIAL_STEP_RETAIN ||
           kind == TRIAL_STEP_DELETE_RECORDS;
}

static int begin_step(struct trial_control *control, struct trial_order *order,
                      struct base_error *err) {
    const struct trial_run *run = &order->bound->items[0].u.run;
    if (run->step_count != 1 || !is_allowed(run->steps[0].kind)) {
        return base_fail(err, BASE_USAGE, "'ktrial serve' starts no actors, so it cannot '%s'",
                         run->step_count ? trial_step_kind_to_str(run->steps[0].kind) : "");
    }
    order->kind = run->steps[0].kind;
    order->from = trial_history_count(control->options.stage->history);
    return trial_branch_new(control->options.stage, run->steps, run->step_count, &order->branch,
                            err);
}

bool trial_order_is_done(struct trial_order *order, struct trial_control *control,
                         struct base_builder *ret_answer) {
    struct trial_stage *stage = control->options.stage;
    if (!trial_branch_advance(order->branch)) {
        return false;
    }
    if (stage->failed) {
        /* A step that cannot be done is the asker's mistake, not the end of the broker. */
        trial_order_refuse(ret_answer, stage->error.text);
        stage->failed = 0;
    } else if (told_passes(order->kind)) {
        put_json(ret_answer, json_pack("{s:b, s:o}", "ok", 1, "passes",
                                       trial_passes_json(stage->history, order->from)));
    } else {
        accept_order(ret_answer);
    }
    return true;
}

/* -- the line -- */

static int read_line(struct trial_control *control, struct base_slice line,
                     struct trial_order *order, struct base_builder *answer) {
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_pos pos;
    struct base_error err = BASE_ERROR_INIT;
    int result = trial_parse_line(line, &order->fragment, &d);
    if (result == 0) {
        result = trial_check(order->fragment, control->options.context, &d);
    }
    if (result != 0) {
        refuse_with(answer, &d);
    } else {
        const char *missing = trial_unsupported(order->fragment, &pos);
        if (missing) {
            trial_order_refuse(answer, missing);
            result = BASE_UNSUPPORTED;
        }
    }
    if (result == 0) {
        result = trial_bind(order->fragment, 0, &order->bound, &err);
        if (result != 0) {
            trial_order_refuse(answer, err.text);
        }
    }
    trial_diagnostics_clean_up(&d);
    return result;
}

int trial_order_begin(struct trial_control *control, struct base_slice line,
                      struct trial_order *ret_order, struct base_builder *ret_answer) {
    *ret_order = (struct trial_order){0};
    if (read_line(control, line, ret_order, ret_answer) != 0) {
        return 0;
    }
    struct base_error err = BASE_ERROR_INIT;
    int result = 0;
    switch (ret_order->bound->items[0].kind) {
    case TRIAL_ITEM_RUN:
        result = begin_step(control, ret_order, &err);
        if (result == 0) {
            return !trial_order_is_done(ret_order, control, ret_answer);
        }
        break;
    case TRIAL_ITEM_CHECK:
        result = judge(control, ret_order, ret_answer, &err);
        break;
    default:
        result = add_item(control, ret_order, &err);
        result = result ? result : accept_item(control, ret_answer, &err);
        break;
    }
    if (result != 0) {
        base_builder_reset(ret_answer);
        trial_order_refuse(ret_answer, err.text);
    }
    return 0;
}

void trial_order_clean_up(struct trial_order *order) {
    trial_branch_free(order->branch);
    if (order->bound) {
        trial_scenario_free(order->bound);
    }
    if (order->fragment) {
        trial_scenario_free(order->fragment);
    }
    *order = (struct trial_order){0};
}
