/* Steps: beginning them, and asking whether they are done; see steps.h. */
#include "harness/run/steps.h"

#include "base/limits.h"
#include "base/memory.h"
#include "harness/lang/lang.h"
#include "harness/run/broker_steps.h"
#include "harness/run/cond.h"
#include "harness/run/load.h"

#define STEP_TEXT_BYTES (1024u * 1024u)

struct trial_branch {
    struct trial_stage *stage;
    const struct trial_step *steps;
    size_t count;
    size_t at;
    bool is_begun;               /* the step at `at` */
    struct trial_load *load;
    struct trial_branch **inner; /* of parallel */
    size_t inner_count;
};

/* -- beginning -- */

static void fail_step(struct trial_branch *branch, int code, const struct base_error *err) {
    trial_stage_fail(branch->stage, code, "line %u: %s", branch->steps[branch->at].pos.line,
                     err->text);
}

static void record_step(struct trial_stage *stage, const struct trial_step *step) {
    struct base_builder text;
    base_builder_init(&text, STEP_TEXT_BYTES);
    trial_print_step(step, &text);
    while (text.len > 0 && (text.data[text.len - 1] == '\n')) {
        text.len--;
    }
    base_put_u8(&text, 0);
    struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_STEP);
    event.text = base_builder_ok(&text) ? (const char *)text.data
                                        : trial_step_kind_to_str(step->kind);
    event.offset = step->pos.line;
    trial_stage_record(stage, &event);
    base_builder_clean_up(&text);
}

static int begin_parallel(struct trial_branch *branch, const struct trial_step *step,
                          struct base_error *err) {
    branch->inner = base_alloc_zero((step->step_count + 1) * sizeof(*branch->inner));
    if (!branch->inner) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for parallel steps");
    }
    int result = 0;
    for (size_t i = 0; result == 0 && i < step->step_count; i++) {
        result = trial_branch_new(branch->stage, &step->steps[i], 1, &branch->inner[i], err);
        branch->inner_count += result == 0;
    }
    return result;
}

/* A dead writer is told nothing: its transaction died with it. */
static void tell_transaction(struct trial_live *live, enum trial_step_kind kind) {
    const char *line = kind == TRIAL_STEP_BEGIN    ? "{\"command\":\"begin\"}\n"
                       : kind == TRIAL_STEP_COMMIT ? "{\"command\":\"commit\"}\n"
                                                   : "{\"command\":\"abort\"}\n";
    if (live->state != TRIAL_LIVE_ABSENT && live->state != TRIAL_LIVE_DYING) {
        trial_live_command(live, base_slice_str(line));
    }
}

static int begin_on_actor(struct trial_branch *branch, const struct trial_step *step,
                          struct trial_live *live, struct base_error *err) {
    switch (step->kind) {
    case TRIAL_STEP_START:
        return trial_live_start(live, err);
    case TRIAL_STEP_STOP:
        trial_live_stop(live);
        return 0;
    case TRIAL_STEP_KILL:
        trial_live_kill(live);
        return 0;
    case TRIAL_STEP_RESTART:
        trial_live_restart(live);
        return 0;
    case TRIAL_STEP_PAUSE:
        trial_live_pause(live);
        return 0;
    case TRIAL_STEP_RESUME:
        trial_live_resume(live);
        return 0;
    case TRIAL_STEP_WRITE:
    case TRIAL_STEP_DELETE:
        return trial_write_step(live, step, err);
    case TRIAL_STEP_BEGIN:
    case TRIAL_STEP_COMMIT:
    case TRIAL_STEP_ABORT:
        tell_transaction(live, step->kind);
        return 0;
    case TRIAL_STEP_LOAD_RECORDS:
    case TRIAL_STEP_LOAD_OBJECTS:
    case TRIAL_STEP_LOAD_GIT:
    case TRIAL_STEP_LOAD_FIXTURE:
        return trial_load_start(live, step, &branch->load, err);
    default:
        return base_fail(err, BASE_UNSUPPORTED, "the step '%s' is not supported yet",
                         trial_step_kind_to_str(step->kind));
    }
}

/* What a writer is told to do. */
static bool is_write(enum trial_step_kind kind) {
    return kind == TRIAL_STEP_BEGIN || kind == TRIAL_STEP_COMMIT || kind == TRIAL_STEP_ABORT ||
            kind == TRIAL_STEP_WRITE || kind == TRIAL_STEP_DELETE ||
           kind == TRIAL_STEP_LOAD_RECORDS || kind == TRIAL_STEP_LOAD_OBJECTS ||
           kind == TRIAL_STEP_LOAD_GIT || kind == TRIAL_STEP_LOAD_FIXTURE;
}

static bool is_of_actor(enum trial_step_kind kind) {
    return is_write(kind) || kind == TRIAL_STEP_START || kind == TRIAL_STEP_STOP ||
           kind == TRIAL_STEP_KILL || kind == TRIAL_STEP_RESTART || kind == TRIAL_STEP_PAUSE ||
           kind == TRIAL_STEP_RESUME || kind == TRIAL_STEP_BEGIN || kind == TRIAL_STEP_COMMIT ||
           kind == TRIAL_STEP_ABORT;
}

static int begin_on_broker(struct trial_branch *branch, const struct trial_step *step,
                           struct base_error *err) {
    switch (step->kind) {
    case TRIAL_STEP_AWAIT:
        trial_cond_pursue(branch->stage, &step->cond);
        return 0;
    case TRIAL_STEP_NOTE:
        trial_stage_note(branch->stage, "%s", step->path);
        return 0;
    case TRIAL_STEP_PARALLEL:
        return begin_parallel(branch, step, err);
    default: {
        /* What cannot be done to the cluster as it is, is the scenario's mistake. */
        int result = trial_broker_do(branch->stage, step, err);
        return result == BASE_STATE ? BASE_USAGE : result;
    }
    }
}

/* -- whether a step can begin -- */

static bool restarts_by_fault(const struct trial_live *live) {
    for (const struct trial_firing *asked = live->stage->firings; asked; asked = asked->next) {
        if (asked->live == live) {
            return true;
        }
    }
    return live->restart_wanted;
}

/* A write to an actor that a fault is about to bring back waits for it. */
static bool must_wait(const struct trial_step *step, const struct trial_live *live) {
    bool is_gone = live->state == TRIAL_LIVE_DYING || live->state == TRIAL_LIVE_ABSENT;
    return is_write(step->kind) && is_gone && restarts_by_fault(live);
}

static int check_live(const struct trial_step *step, const struct trial_live *live,
                      struct base_error *err) {
    bool is_gone = live->state == TRIAL_LIVE_ABSENT || live->state == TRIAL_LIVE_STOPPING;
    if (is_write(step->kind) && is_gone && live->incarnation == 0) {
        return base_fail(err, BASE_USAGE, "%s has not been started", live->name);
    }
    if (is_write(step->kind) && is_gone && !live->was_killed) {
        return base_fail(err, BASE_USAGE, "%s has %s", live->name,
                         live->was_stopped ? "been stopped" : "exited");
    }
    bool needs_process = step->kind == TRIAL_STEP_PAUSE || step->kind == TRIAL_STEP_RESUME ||
                         step->kind == TRIAL_STEP_STOP || step->kind == TRIAL_STEP_KILL;
    if (needs_process && live->incarnation == 0) {
        return base_fail(err, BASE_USAGE, "%s has not been started", live->name);
    }
    return 0;
}

/* False: not yet. */
static bool begin(struct trial_branch *branch) {
    const struct trial_step *step = &branch->steps[branch->at];
    struct base_error err = BASE_ERROR_INIT;
    int result = 0;
    if (is_of_actor(step->kind)) {
        struct trial_live *live = trial_stage_find_live(branch->stage, step->actor.text);
        if (!live) {
            result = base_fail(&err, BASE_NOT_FOUND, "there is no actor %s", step->actor.text);
        } else if (must_wait(step, live)) {
            return false;
        } else {
            result = check_live(step, live, &err);
        }
        if (result == 0) {
            record_step(branch->stage, step);
            result = begin_on_actor(branch, step, live, &err);
        }
    } else {
        record_step(branch->stage, step);
        result = begin_on_broker(branch, step, &err);
    }
    branch->is_begun = true;
    trial_stage_touch(branch->stage);
    if (result != 0) {
        fail_step(branch, result, &err);
    }
    return true;
}

/* -- whether a step is done -- */

static bool inner_are_done(struct trial_branch *branch) {
    bool done = true;
    for (size_t i = 0; i < branch->inner_count; i++) {
        done = trial_branch_advance(branch->inner[i]) && done;
    }
    return done;
}

static bool is_done(struct trial_branch *branch) {
    const struct trial_step *step = &branch->steps[branch->at];
    const struct trial_live *live =
        is_of_actor(step->kind) ? trial_stage_find_live(branch->stage, step->actor.text) : NULL;
    switch (step->kind) {
    case TRIAL_STEP_START:
    case TRIAL_STEP_RESTART:
        /* A fault may crash it before it is ready: then it has begun all the same. */
        return live->state == TRIAL_LIVE_RUNNING || live->state == TRIAL_LIVE_STOPPING ||
               (live->state == TRIAL_LIVE_ABSENT && !live->restart_wanted);
    case TRIAL_STEP_STOP:
        return live->state != TRIAL_LIVE_STOPPING;
    case TRIAL_STEP_KILL:
        return live->state != TRIAL_LIVE_DYING;
    case TRIAL_STEP_LOAD_RECORDS:
    case TRIAL_STEP_LOAD_OBJECTS:
    case TRIAL_STEP_LOAD_GIT:
    case TRIAL_STEP_LOAD_FIXTURE:
        return !branch->load || trial_load_is_done(branch->load);
    case TRIAL_STEP_AWAIT:
        trial_cond_pursue(branch->stage, &step->cond);
        return trial_cond_holds(branch->stage, &step->cond, NULL);
    case TRIAL_STEP_PARALLEL:
        return inner_are_done(branch);
    default:
        return true;
    }
}

/* -- branches -- */

static void end_step(struct trial_branch *branch) {
    trial_load_free(branch->load);
    branch->load = NULL;
    for (size_t i = 0; i < branch->inner_count; i++) {
        trial_branch_free(branch->inner[i]);
    }
    base_free(branch->inner);
    branch->inner = NULL;
    branch->inner_count = 0;
    branch->is_begun = false;
}

bool trial_branch_advance(struct trial_branch *branch) {
    while (branch->at < branch->count && !branch->stage->failed) {
        if (!branch->is_begun && !begin(branch)) {
            return false;
        }
        if (branch->stage->failed || !is_done(branch)) {
            break;
        }
        end_step(branch);
        branch->at++;
    }
    return branch->at == branch->count || branch->stage->failed;
}

int trial_branch_new(struct trial_stage *stage, const struct trial_step *steps, size_t count,
                     struct trial_branch **ret_branch, struct base_error *err) {
    struct trial_branch *branch = base_alloc_zero(sizeof(*branch));
    if (!branch) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for the steps");
    }
    *branch = (struct trial_branch){.stage = stage, .steps = steps, .count = count};
    *ret_branch = branch;
    return 0;
}

void trial_branch_free(struct trial_branch *branch) {
    if (branch) {
        end_step(branch);
        base_free(branch);
    }
}

/* -- when it takes too long -- */

static void describe_wait(struct trial_branch *branch, struct base_builder *why) {
    const struct trial_step *step = &branch->steps[branch->at];
    base_put_format(why, "line %u: ", step->pos.line);
    if (step->kind != TRIAL_STEP_AWAIT) {
        base_put_format(why, "%s %s", trial_step_kind_to_str(step->kind),
                        step->actor.text ? step->actor.text : "");
        return;
    }
    struct base_builder reason;
    base_builder_init(&reason, STEP_TEXT_BYTES);
    base_put_str(why, "await ");
    trial_print_cond(&step->cond, why);
    (void)trial_cond_holds(branch->stage, &step->cond, &reason);
    base_put_str(why, ": ");
    base_put_slice(why, base_builder_slice(&reason));
    base_builder_clean_up(&reason);
}

bool trial_branch_out_of_budget(struct trial_branch *branch, struct base_builder *why) {
    if (branch->at == branch->count) {
        return false;
    }
    const struct trial_step *step = &branch->steps[branch->at];
    struct trial_live *live =
        is_of_actor(step->kind) ? trial_stage_find_live(branch->stage, step->actor.text) : NULL;
    bool ends = false;
    switch (step->kind) {
    case TRIAL_STEP_START:
    case TRIAL_STEP_RESTART:
        trial_stage_fail(branch->stage, BASE_STATE, "line %u: %s was not ready within %lld ms",
                         step->pos.line, live->name, (long long)branch->stage->budget_ms);
        return false;
    case TRIAL_STEP_STOP:
        trial_stage_note(branch->stage, "%s did not stop when it was told to, and was killed",
                         live->name);
        trial_live_kill(live);
        return false;
    case TRIAL_STEP_PARALLEL:
        for (size_t i = 0; i < branch->inner_count; i++) {
            ends = trial_branch_out_of_budget(branch->inner[i], why) || ends;
        }
        return ends;
    default:
        base_put_str(why, why->len ? "; " : "");
        describe_wait(branch, why);
        return true;
    }
}

bool trial_branch_is_hopeless(struct trial_branch *branch, struct base_builder *why) {
    if (branch->at == branch->count || !branch->is_begun) {
        return false;
    }
    const struct trial_step *step = &branch->steps[branch->at];
    if (step->kind != TRIAL_STEP_AWAIT || branch->stage->firings) {
        return false;
    }
    struct base_builder reason;
    base_builder_init(&reason, STEP_TEXT_BYTES);
    bool hopeless = trial_cond_is_hopeless(branch->stage, &step->cond, &reason);
    if (hopeless) {
        describe_wait(branch, why);
        base_put_str(why, " (");
        base_put_slice(why, base_builder_slice(&reason));
        base_put_str(why, ")");
    }
    base_builder_clean_up(&reason);
    return hopeless;
}
