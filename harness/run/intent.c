/* Intents: every write that a writer was told to do, by id, and whether it has its outcome. */
#include "base/memory.h"
#include "harness/run/live.h"

int trial_intent_open(struct trial_live *live, uint64_t *ret_id, struct base_error *err) {
    struct trial_stage *stage = live->stage;
    if (stage->intent_count == stage->intent_cap) {
        size_t want = stage->intent_cap ? stage->intent_cap * 2 : 256;
        if (base_grow((void **)&stage->intents, &stage->intent_cap, want,
                      sizeof(*stage->intents)) != 0) {
            return base_fail(err, BASE_NO_MEMORY, "no memory for the intents of %s", live->name);
        }
    }
    stage->intents[stage->intent_count++] = (struct trial_intent){live, TRIAL_INTENT_OPEN};
    live->open_intents++;
    live->last_intent = stage->intent_count;
    *ret_id = stage->intent_count;
    return 0;
}

bool trial_intent_settle(struct trial_live *live, uint64_t id) {
    struct trial_stage *stage = live->stage;
    if (id == 0 || id > stage->intent_count || stage->intents[id - 1].live != live) {
        return false;
    }
    struct trial_intent *intent = &stage->intents[id - 1];
    if (intent->state == TRIAL_INTENT_OPEN) {
        live->open_intents--;
    }
    /* An outcome may still come for one that was given up at a flush: it is a fact all the same. */
    bool is_first = intent->state != TRIAL_INTENT_TOLD;
    intent->state = TRIAL_INTENT_TOLD;
    return is_first;
}

void trial_intents_give_up(struct trial_live *live, uint64_t up_to, bool killed) {
    struct trial_stage *stage = live->stage;
    for (size_t i = 0; live->open_intents > 0 && i < stage->intent_count && i < up_to; i++) {
        struct trial_intent *intent = &stage->intents[i];
        if (intent->live != live || intent->state != TRIAL_INTENT_OPEN) {
            continue;
        }
        intent->state = TRIAL_INTENT_GIVEN_UP;
        live->open_intents--;
        if (killed) {
            struct trial_event event = TRIAL_EVENT_INIT(TRIAL_FACT_OUTCOME);
            event.actor = live->name;
            event.incarnation = live->incarnation;
            event.intent = i + 1;
            event.text = "unknown";
            event.text2 = "killed";
            trial_stage_record(stage, &event);
        }
    }
}
