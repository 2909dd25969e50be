/* From the faults of a scenario to the broker's: names become real topics, words become numbers. */
#include "harness/run/plan.h"

#include <string.h>

#include "harness/lang/lang.h"
#include "harness/lang/resolve.h"
#include "mock/wire/error_names.h"

/* By trial_event_kind; -1: nothing of the broker's. */
static const int trigger_of[TRIAL_EVENT_KIND_COUNT] = {
    [TRIAL_ON_CONNECT] = MOCK_ON_CONNECT,
    [TRIAL_ON_AUTHENTICATE] = MOCK_ON_AUTHENTICATE,
    [TRIAL_ON_API_VERSIONS] = MOCK_ON_API_VERSIONS,
    [TRIAL_ON_METADATA] = MOCK_ON_METADATA,
    [TRIAL_ON_INIT_PID] = MOCK_ON_INIT_PID,
    [TRIAL_ON_PRODUCE] = MOCK_ON_PRODUCE,
    [TRIAL_ON_APPEND] = MOCK_ON_APPEND,
    [TRIAL_ON_FETCH] = MOCK_ON_FETCH,
    [TRIAL_ON_DELIVER] = MOCK_ON_DELIVER,
    [TRIAL_ON_LIST_OFFSETS] = MOCK_ON_LIST_OFFSETS,
    [TRIAL_ON_FIND_COORDINATOR] = MOCK_ON_FIND_COORDINATOR,
    [TRIAL_ON_JOIN] = MOCK_ON_JOIN,
    [TRIAL_ON_SYNC] = MOCK_ON_SYNC,
    [TRIAL_ON_ASSIGN] = MOCK_ON_ASSIGN,
    [TRIAL_ON_REVOKE] = MOCK_ON_REVOKE,
    [TRIAL_ON_HEARTBEAT] = MOCK_ON_HEARTBEAT,
    [TRIAL_ON_LEAVE] = MOCK_ON_LEAVE,
    [TRIAL_ON_COMMIT] = MOCK_ON_COMMIT,
    [TRIAL_ON_FETCH_OFFSETS] = MOCK_ON_FETCH_OFFSETS,
    [TRIAL_ON_ADD_PARTITIONS] = MOCK_ON_ADD_PARTITIONS,
    [TRIAL_ON_ADD_OFFSETS] = MOCK_ON_ADD_OFFSETS,
    [TRIAL_ON_END_TXN] = MOCK_ON_END_TXN,
    [TRIAL_ON_ADMIN] = MOCK_ON_ADMIN,
    [TRIAL_ON_CLEAN] = MOCK_ON_CLEAN,
    [TRIAL_ON_EFFECT] = MOCK_ON_POINT,
    [TRIAL_ON_POINT] = MOCK_ON_POINT,
};

static const int action_of[TRIAL_ACTION_KIND_COUNT] = {
    [TRIAL_DO_DROP_REQUEST] = MOCK_DO_DROP_REQUEST,
    [TRIAL_DO_DROP_RESPONSE] = MOCK_DO_DROP_RESPONSE,
    [TRIAL_DO_RESET] = MOCK_DO_RESET,
    [TRIAL_DO_CLOSE] = MOCK_DO_CLOSE,
    [TRIAL_DO_ERROR] = MOCK_DO_ERROR,
    [TRIAL_DO_APPLY_ERROR] = MOCK_DO_APPLY_ERROR,
    [TRIAL_DO_HOLD] = MOCK_DO_HOLD,
    [TRIAL_DO_CRASH] = MOCK_DO_CRASH,
    [TRIAL_DO_RESTART] = MOCK_DO_RESTART,
    [TRIAL_DO_PAUSE] = MOCK_DO_PAUSE,
    [TRIAL_DO_RESUME] = MOCK_DO_RESUME,
    [TRIAL_DO_FAIL_EFFECT] = MOCK_DO_FAIL_EFFECT,
    [TRIAL_DO_DUPLICATE_RESPONSE] = MOCK_DO_DUPLICATE_RESPONSE,
    [TRIAL_DO_CUT_RESPONSE] = MOCK_DO_CUT_RESPONSE,
    [TRIAL_DO_SLICE_RESPONSE] = MOCK_DO_SLICE_RESPONSE,
    [TRIAL_DO_DELAY] = MOCK_DO_DELAY,
    [TRIAL_DO_THROTTLE] = MOCK_DO_THROTTLE,
    [TRIAL_DO_COMPACT] = MOCK_DO_COMPACT,
    [TRIAL_DO_HOLD_REPLICATION] = MOCK_DO_HOLD_REPLICATION,
    [TRIAL_DO_RELEASE_REPLICATION] = MOCK_DO_RELEASE_REPLICATION,
    [TRIAL_DO_SHRINK_ISR] = MOCK_DO_SHRINK_ISR,
    [TRIAL_DO_ADVANCE] = MOCK_DO_ADVANCE,
    [TRIAL_DO_LEADER] = MOCK_DO_LEADER,
    [TRIAL_DO_COORDINATOR] = MOCK_DO_COORDINATOR,
    [TRIAL_DO_DOWN] = MOCK_DO_DOWN,
    [TRIAL_DO_UP] = MOCK_DO_UP,
    [TRIAL_DO_REBALANCE] = MOCK_DO_REBALANCE,
    [TRIAL_DO_ROLL] = MOCK_DO_STEP,
    [TRIAL_DO_RETAIN] = MOCK_DO_STEP,
    [TRIAL_DO_DELETE_RECORDS] = MOCK_DO_STEP,
    [TRIAL_DO_CREATE_TOPIC] = MOCK_DO_STEP,
    [TRIAL_DO_DELETE_TOPIC] = MOCK_DO_STEP,
    [TRIAL_DO_ADD_PARTITIONS] = MOCK_DO_STEP,
    [TRIAL_DO_FENCE] = MOCK_DO_STEP,
    [TRIAL_DO_EXPIRE] = MOCK_DO_STEP,
};

/* The steps that such actions are. */
static enum trial_step_kind step_of(enum trial_action_kind kind) {
    switch (kind) {
    case TRIAL_DO_ROLL:
        return TRIAL_STEP_ROLL;
    case TRIAL_DO_RETAIN:
        return TRIAL_STEP_RETAIN;
    case TRIAL_DO_DELETE_RECORDS:
        return TRIAL_STEP_DELETE_RECORDS;
    case TRIAL_DO_CREATE_TOPIC:
        return TRIAL_STEP_CREATE_TOPIC;
    case TRIAL_DO_DELETE_TOPIC:
        return TRIAL_STEP_DELETE_TOPIC;
    case TRIAL_DO_ADD_PARTITIONS:
        return TRIAL_STEP_ADD_PARTITIONS;
    case TRIAL_DO_FENCE:
        return TRIAL_STEP_FENCE;
    default:
        return TRIAL_STEP_EXPIRE;
    }
}

const char *trial_plan_group(const struct trial_scenario *bound, const char *name) {
    const struct trial_actor *actor = trial_find_actor(bound, name);
    return actor && actor->group.text ? actor->group.text : name;
}

static struct base_slice atom_bytes(const struct trial_atom *atom) {
    return atom->kind ? base_slice_of(atom->text.data ? (const void *)atom->text.data : "",
                                      atom->text.len)
                      : BASE_SLICE_NULL;
}

static int64_t atom_number(const struct trial_atom *atom, int64_t otherwise) {
    return atom->kind ? atom->number : otherwise;
}

static int plan_topics(const struct trial_scenario *bound, const struct trial_part *part,
                       struct base_arena *arena, struct mock_trigger *trigger,
                       struct base_error *err) {
    if (!part->name.text) {
        return 0;
    }
    struct trial_real_topics topics;
    int result = trial_resolve_topics(bound, part->name.text, arena, &topics, err);
    if (result != 0) {
        return result;
    }
    const char **names = base_arena_alloc_array(arena, topics.count, sizeof(*names));
    for (size_t i = 0; names && i < topics.count; i++) {
        names[i] = topics.items[i].name;
    }
    trigger->topics = names;
    trigger->topic_count = topics.count;
    return names ? 0 : base_fail(err, BASE_NO_MEMORY, "no memory for a trigger");
}

static int plan_trigger(const struct trial_scenario *bound, const struct trial_event_pattern *event,
                        struct base_arena *arena, struct mock_trigger *trigger,
                        struct base_error *err) {
    int kind = trigger_of[event->kind];
    if (kind < 0) {
        return base_fail(err, BASE_UNSUPPORTED, "the event '%s' is not supported yet",
                         trial_event_kind_to_str(event->kind));
    }
    *trigger = (struct mock_trigger){
        .kind = (enum mock_trigger_kind)kind,
        .point = event->kind == TRIAL_ON_EFFECT  ? "before-effect"
                 : event->kind == TRIAL_ON_POINT ? event->point
                                                 : NULL,
        .actor = event->from.text,
        .partition = (int32_t)atom_number(&event->on.partition, -1),
        .key = atom_bytes(&event->key),
        .value = atom_bytes(&event->value),
        .offset = atom_number(&event->offset, -1),
        .attempt = (int32_t)atom_number(&event->attempt, -1),
        .nth = (int32_t)atom_number(&event->nth, 0),
    };
    return plan_topics(bound, &event->on, arena, trigger, err);
}

/* otherwise: the partition when none is named. */
static int plan_place(const struct trial_scenario *bound, const struct trial_action *action,
                      int64_t otherwise, struct base_arena *arena, struct mock_action *planned,
                      struct base_error *err) {
    struct trial_real_topics topics;
    int result = trial_resolve_topics(bound, action->part.name.text, arena, &topics, err);
    if (result != 0) {
        return result;
    }
    if (topics.count != 1) {
        return base_fail(err, BASE_USAGE, "'%s' stands for %zu topics; this action wants one",
                         action->part.name.text, topics.count);
    }
    planned->name = topics.items[0].name;
    planned->partition = (int32_t)atom_number(&action->part.partition, otherwise);
    return 0;
}

/* A step of our own, carried out when the broker asks for it (mock_host.act). */
static int plan_step(const struct trial_action *action, struct base_arena *arena,
                     struct mock_action *planned, struct base_error *err) {
    struct trial_step *step = base_arena_alloc(arena, sizeof(*step));
    if (!step) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for an action");
    }
    *step = (struct trial_step){
        .kind = step_of(action->kind),
        .pos = action->pos,
        .actor = action->name,
        .part = action->part,
        .number = action->number,
        .is_bound = true,
    };
    planned->until = step;
    return 0;
}

static int plan_action(const struct trial_scenario *bound, const struct trial_action *action,
                       struct base_arena *arena, struct mock_action *planned,
                       struct base_error *err) {
    int kind = action_of[action->kind];
    if (kind < 0) {
        return base_fail(err, BASE_UNSUPPORTED, "the action '%s' is not supported yet",
                         trial_action_kind_to_str(action->kind));
    }
    *planned = (struct mock_action){
        .kind = (enum mock_action_kind)kind,
        .number = atom_number(&action->duration, atom_number(&action->number, 0)),
        .name = action->name.text,
        .partition = -1,
        .until = action->kind == TRIAL_DO_HOLD ? &action->until : NULL,
    };
    if (kind == MOCK_DO_STEP) {
        return plan_step(action, arena, planned, err);
    }
    switch (action->kind) {
    case TRIAL_DO_ERROR:
    case TRIAL_DO_APPLY_ERROR:
        if (!mock_error_find(trial_atom_str(&action->word), &planned->error)) {
            return base_fail(err, BASE_NOT_FOUND, "'%s' is no error of Kafka's",
                             trial_atom_str(&action->word));
        }
        return 0;
    case TRIAL_DO_LEADER:
        return plan_place(bound, action, 0, arena, planned, err);
    case TRIAL_DO_HOLD_REPLICATION:
    case TRIAL_DO_RELEASE_REPLICATION:
        planned->number = atom_number(&action->number, -1);
        return plan_place(bound, action, -1, arena, planned, err);
    case TRIAL_DO_SHRINK_ISR:
    case TRIAL_DO_COMPACT:
        return plan_place(bound, action, -1, arena, planned, err);
    case TRIAL_DO_COORDINATOR:
    case TRIAL_DO_REBALANCE:
        planned->name = trial_plan_group(bound, action->name.text);
        return 0;
    default:
        return 0;
    }
}

int trial_plan_fault(const struct trial_scenario *bound, const struct trial_fault *fault,
                     struct base_arena *arena, struct mock_fault_spec *ret_spec,
                     struct base_error *err) {
    struct mock_fault_spec spec = {
        .name = fault->name.text,
        .action_count = fault->action_count,
        .times = fault->always ? MOCK_TIMES_ALWAYS : (int32_t)atom_number(&fault->times, 1),
    };
    struct mock_action *actions =
        base_arena_alloc_array(arena, fault->action_count, sizeof(*actions));
    int result = actions ? plan_trigger(bound, &fault->event, arena, &spec.trigger, err)
                         : base_fail(err, BASE_NO_MEMORY, "no memory for a fault");
    for (size_t i = 0; result == 0 && i < fault->action_count; i++) {
        result = plan_action(bound, &fault->actions[i], arena, &actions[i], err);
    }
    if (result != 0) {
        return base_fail_within(err, result, "fault %s", fault->name.text);
    }
    spec.actions = actions;
    *ret_spec = spec;
    return 0;
}
