/* What the broker is told to do by a step: see broker_steps.h. */
#include "harness/run/broker_steps.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "harness/lang/lang.h"
#include "harness/run/plan.h"

/* -- settings -- */

static int change_setting(struct trial_stage *stage, const char *topic,
                          const struct trial_setting *setting, struct base_error *err) {
    char number[32];
    const char *value = trial_atom_str(&setting->value);
    if (setting->value.kind == TRIAL_ATOM_DURATION) {
        (void)snprintf(number, sizeof(number), "%lld", (long long)setting->value.number);
        value = number;
    }
    return mock_topic_configure(stage->broker, topic, setting->name.text,
                                trial_setting_resets(setting) ? NULL : value, err);
}

static int configure(struct trial_stage *stage, const char *topic, const struct trial_step *step,
                     struct base_error *err) {
    int result = 0;
    for (size_t i = 0; result == 0 && i < step->settings.count; i++) {
        result = change_setting(stage, topic, &step->settings.items[i], err);
    }
    return result;
}

/* -- one topic -- */

static int move_leaders(struct trial_stage *stage, const char *topic, const struct trial_step *step,
                        struct base_error *err) {
    int32_t first = step->part.partition.kind ? (int32_t)step->part.partition.number : 0;
    int32_t last =
        step->part.partition.kind ? first : mock_topic_partitions(stage->broker, topic) - 1;
    int result = 0;
    for (int32_t p = first; result == 0 && p <= last; p++) {
        result = mock_leader_move(stage->broker, topic, p, (int32_t)step->number.number, err);
    }
    return result;
}

static int do_to_topic(struct trial_stage *stage, const char *topic, const struct trial_step *step,
                       struct base_error *err) {
    struct mock_broker *broker = stage->broker;
    int32_t partition = step->part.partition.kind ? (int32_t)step->part.partition.number : -1;
    int64_t number = step->number.kind ? step->number.number : -1;
    switch (step->kind) {
    case TRIAL_STEP_COMPACT:
        return mock_compact(broker, topic, partition, err);
    case TRIAL_STEP_ROLL:
        return mock_roll(broker, topic, partition, err);
    case TRIAL_STEP_RETAIN:
        return mock_retain(broker, topic, partition, err);
    case TRIAL_STEP_DELETE_RECORDS:
        return mock_delete_records(broker, topic, partition, number, err);
    case TRIAL_STEP_HOLD_REPLICATION:
    case TRIAL_STEP_RELEASE_REPLICATION:
        return mock_replication_hold(broker, topic, partition,
                                     number < 0 ? MOCK_ALL_FOLLOWERS : (int32_t)number,
                                     step->kind == TRIAL_STEP_HOLD_REPLICATION, err);
    case TRIAL_STEP_SHRINK_ISR:
        return mock_isr_shrink(broker, topic, partition, err);
    case TRIAL_STEP_ADD_PARTITIONS:
        return mock_topic_add_partitions(broker, topic, (int32_t)number, err);
    case TRIAL_STEP_DELETE_TOPIC:
        return mock_topic_delete(broker, topic, err);
    case TRIAL_STEP_CONFIGURE:
        return configure(stage, topic, step, err);
    default:
        return move_leaders(stage, topic, step, err);
    }
}

/* Every topic that the part stands for. */
static int do_to_topics(struct trial_stage *stage, const struct trial_step *step,
                        struct base_error *err) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MAX_SCENARIO_BYTES);
    struct trial_real_topics topics;
    int result = trial_resolve_topics(stage->bound, step->part.name.text, &arena, &topics, err);
    for (size_t i = 0; result == 0 && i < topics.count; i++) {
        result = do_to_topic(stage, topics.items[i].name, step, err);
    }
    base_arena_clean_up(&arena);
    return result;
}

/* -- transactions -- */

/* The transactional id of an actor, or the name itself. */
static const char *transactional_id(const struct trial_stage *stage, const char *name) {
    const struct trial_actor *actor = trial_find_actor(stage->bound, name);
    const struct trial_setting *setting =
        actor ? trial_find_setting(&actor->settings, "transactional.id") : NULL;
    if (actor && !setting) {
        setting = trial_find_setting(&actor->settings, "journal.transactional.id");
    }
    return setting ? trial_atom_str(&setting->value) : name;
}

/* -- all of them -- */

int trial_broker_do(struct trial_stage *stage, const struct trial_step *step,
                    struct base_error *err) {
    struct mock_broker *broker = stage->broker;
    switch (step->kind) {
    case TRIAL_STEP_COMPACT:
    case TRIAL_STEP_ROLL:
    case TRIAL_STEP_RETAIN:
    case TRIAL_STEP_DELETE_RECORDS:
    case TRIAL_STEP_HOLD_REPLICATION:
    case TRIAL_STEP_RELEASE_REPLICATION:
    case TRIAL_STEP_SHRINK_ISR:
    case TRIAL_STEP_ADD_PARTITIONS:
    case TRIAL_STEP_DELETE_TOPIC:
    case TRIAL_STEP_CONFIGURE:
    case TRIAL_STEP_LEADER:
        return do_to_topics(stage, step, err);
    case TRIAL_STEP_CREATE_TOPIC:
        return trial_stage_create_topics(stage, step->part.name.text, err);
    case TRIAL_STEP_COORDINATOR:
        return mock_coordinator_move(broker, trial_plan_group(stage->bound, step->actor.text),
                                     (int32_t)step->number.number, err);
    case TRIAL_STEP_REBALANCE:
        return mock_group_rebalance(broker, trial_plan_group(stage->bound, step->actor.text), err);
    case TRIAL_STEP_FENCE:
        return mock_txn_fence(broker, transactional_id(stage, step->actor.text), err);
    case TRIAL_STEP_EXPIRE:
        return mock_txn_expire(broker, transactional_id(stage, step->actor.text), err);
    case TRIAL_STEP_DOWN:
        return mock_node_down(broker, (int32_t)step->number.number, err);
    case TRIAL_STEP_UP:
        return mock_node_up(broker, (int32_t)step->number.number, err);
    case TRIAL_STEP_ADVANCE:
        mock_clock_advance(broker, step->duration.number);
        return 0;
    case TRIAL_STEP_HEAL:
        mock_faults_heal(broker);
        return 0;
    default:
        return base_fail(err, BASE_UNSUPPORTED, "the step '%s' is not supported yet",
                         trial_step_kind_to_str(step->kind));
    }
}
