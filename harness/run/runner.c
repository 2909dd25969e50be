/*
 * One trial from beginning to end: see runner.h.
 *
 *   RUNNING ──last step done, or budget──► STOPPING ──all actors gone──► OVER: stores, judges
 *      └────────────failure──────────────────┘ (killed, not stopped)
 */
#include "harness/run/runner.h"

#include "base/limits.h"
#include "harness/run/cond.h"
#include "harness/run/steps.h"

#define REASON_BYTES (256u * 1024u)

enum run_phase { RUN_RUNNING, RUN_SETTLING, RUN_STOPPING, RUN_OVER };

struct runner {
    struct trial_stage stage;
    struct trial_branch *branch;
    enum run_phase phase;
    bool has_killed;
};

static const struct trial_run *find_run(const struct trial_scenario *bound) {
    for (size_t i = 0; i < bound->item_count; i++) {
        if (bound->items[i].kind == TRIAL_ITEM_RUN) {
            return &bound->items[i].u.run;
        }
    }
    return NULL;
}

static void end_run(struct runner *runner) {
    struct trial_stage *stage = &runner->stage;
    trial_branch_free(runner->branch);
    runner->branch = NULL;
    /* What a fault has asked for is carried through: its firing must not be left half done. */
    runner->phase = stage->firings && !stage->failed ? RUN_SETTLING : RUN_STOPPING;
    if (runner->phase == RUN_SETTLING) {
        return;
    }
    if (stage->failed) {
        trial_finish_kill(stage);
    } else {
        mock_faults_heal(stage->broker);
        trial_finish_record_rest(stage);
        trial_finish_stop(stage);
    }
    trial_stage_nudge(stage);
}

static void record_budget(struct runner *runner, struct base_builder *why) {
    base_put_u8(why, 0);
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_BUDGET);
    event.text = base_builder_ok(why) ? (const char *)why->data : "";
    trial_stage_record(&runner->stage, &event);
}

static void on_turn(void *owner) {
    struct runner *runner = owner;
    struct trial_stage *stage = &runner->stage;
    if (runner->phase == RUN_RUNNING) {
        struct base_builder why;
        base_builder_init(&why, REASON_BYTES);
        if (trial_branch_advance(runner->branch)) {
            end_run(runner);
        } else if (trial_branch_is_hopeless(runner->branch, &why)) {
            record_budget(runner, &why);
            end_run(runner);
        }
        base_builder_clean_up(&why);
    } else if (runner->phase == RUN_SETTLING && (!stage->firings || stage->failed)) {
        end_run(runner);
    }
    if (runner->phase == RUN_STOPPING) {
        if (stage->failed && !runner->has_killed) {
            runner->has_killed = true;
            trial_finish_kill(stage);
        }
        if (trial_finish_is_done(stage)) {
            runner->phase = RUN_OVER;
            uv_stop(&stage->loop);
        }
    }
}

static void on_budget(void *owner) {
    struct runner *runner = owner;
    struct trial_stage *stage = &runner->stage;
    struct base_builder why;
    base_builder_init(&why, REASON_BYTES);
    switch (runner->phase) {
    case RUN_RUNNING:
        if (trial_branch_out_of_budget(runner->branch, &why)) {
            record_budget(runner, &why);
            end_run(runner);
        }
        break;
    case RUN_SETTLING:
        trial_stage_fail(stage, BASE_STATE, "an actor that a fault restarts was not ready within "
                                            "%lld ms", (long long)stage->budget_ms);
        break;
    case RUN_STOPPING:
        for (size_t i = 0; i < stage->live_count; i++) {
            if (stage->lives[i]->process) {
                trial_stage_note(stage, "%s did not stop when it was told to, and was killed",
                                 stage->lives[i]->name);
            }
        }
        trial_finish_kill(stage);
        break;
    case RUN_OVER:
        break;
    }
    base_builder_clean_up(&why);
    trial_stage_nudge(stage);
}

static int play(struct runner *runner, struct base_error *err) {
    struct trial_stage *stage = &runner->stage;
    const struct trial_run *run = find_run(stage->bound);
    int result = trial_branch_new(stage, run ? run->steps : NULL, run ? run->step_count : 0,
                                  &runner->branch, err);
    if (result != 0) {
        return result;
    }
    stage->owner = runner;
    stage->on_turn = on_turn;
    stage->on_budget = on_budget;
    trial_stage_nudge(stage);
    trial_stage_play(stage);
    trial_branch_free(runner->branch);
    runner->branch = NULL;
    if (!stage->failed) {
        trial_finish_read_stores(stage);
    }
    if (stage->failed) {
        *err = stage->error;
    }
    return stage->failed;
}

int trial_run_instance(const struct trial_scenario *bound, const struct trial_run_options *options,
                       struct trial_history **ret_history, struct trial_report **ret_report,
                       struct base_error *err) {
    struct runner runner = {.phase = RUN_RUNNING};
    struct trial_stage_options stage = {
        .bound = bound,
        .directory = options->directory,
        .journal_program = options->journal_program,
        .valgrind = options->valgrind,
        .keep_process = options->keep_process,
        .guard = options->guard,
        .observe = options->observe,
        .observe_arg = options->observe_arg,
    };
    *ret_history = NULL;
    *ret_report = NULL;
    int result = trial_stage_open(&runner.stage, &stage, err);
    if (result == 0) {
        result = play(&runner, err);
    }
    struct trial_history *history = runner.stage.history;
    trial_stage_close(&runner.stage);
    *ret_history = history;
    return result == 0 ? trial_judge(bound, history, ret_report, err) : result;
}
