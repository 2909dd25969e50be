/* Printing faults, steps and expectations. */
#include "harness/lang/print.h"

/* -- faults -- */

static void put_action(struct trial_printer *p, const struct trial_action *a) {
    base_put_str(p->out, trial_action_kind_to_str(a->kind));
    if (a->word.kind != TRIAL_ATOM_NONE) {
        base_put_u8(p->out, ' ');
        trial_put_atom(p, &a->word);
    }
    if (a->name.text) {
        base_put_u8(p->out, ' ');
        trial_put_name(p, &a->name);
    }
    if (a->part.name.text) {
        base_put_u8(p->out, ' ');
        trial_put_part(p, &a->part);
    }
    if (a->until.count) {
        base_put_str(p->out, " until ");
        trial_put_cond(p, &a->until);
    }
    if (a->number.kind != TRIAL_ATOM_NONE) {
        bool moves = a->kind == TRIAL_DO_LEADER || a->kind == TRIAL_DO_COORDINATOR ||
                     a->kind == TRIAL_DO_ADD_PARTITIONS;
        bool is_at = a->kind == TRIAL_DO_HOLD_REPLICATION ||
                     a->kind == TRIAL_DO_RELEASE_REPLICATION;
        base_put_str(p->out, moves                                ? " to "
                             : is_at                              ? " at "
                             : a->kind == TRIAL_DO_DELETE_RECORDS ? " before "
                                                                  : " ");
        trial_put_atom(p, &a->number);
    }
    if (a->duration.kind != TRIAL_ATOM_NONE) {
        base_put_u8(p->out, ' ');
        trial_put_atom(p, &a->duration);
    }
}

static void put_actions(struct trial_printer *p, const struct trial_fault *f, const char *joint) {
    for (size_t i = 0; i < f->action_count; i++) {
        base_put_str(p->out, i ? joint : "");
        put_action(p, &f->actions[i]);
    }
    if (f->once) {
        base_put_str(p->out, " once");
    }
    trial_put_option(p, "times", &f->times);
    base_put_str(p->out, f->always ? " always" : "");
    base_put_str(p->out, f->optional ? " optional" : "");
}

void trial_put_fault(struct trial_printer *p, const struct trial_fault *fault) {
    base_put_str(p->out, "fault ");
    trial_put_name(p, &fault->name);
    base_put_str(p->out, " at ");
    trial_put_event(p, &fault->event);
    base_put_str(p->out, " :");
    size_t before = p->out->len;
    base_put_u8(p->out, ' ');
    put_actions(p, fault, " then ");
    if (p->out->len - p->line_start <= TRIAL_LINE_COLUMNS || !base_builder_ok(p->out)) {
        return;
    }
    p->out->len = before;
    base_put_str(p->out, " \\\n  ");
    size_t second = p->out->len - 2;
    put_actions(p, fault, " then ");
    if (p->out->len - second > TRIAL_LINE_COLUMNS && base_builder_ok(p->out)) {
        p->out->len = second + 2;
        put_actions(p, fault, " \\\n  then ");
    }
}

/* -- steps -- */

static const struct trial_comments *header_comments(const void *owner, size_t index) {
    return &((const struct trial_step *)owner)->headers[index].comments;
}

static void put_header(struct trial_printer *p, const void *owner, size_t index) {
    const struct trial_header *h = &((const struct trial_step *)owner)->headers[index];
    trial_put_atom(p, &h->name);
    base_put_str(p->out, " = ");
    trial_put_atom(p, &h->value.atom);
}

static void put_write(struct trial_printer *p, const struct trial_step *s) {
    base_put_u8(p->out, ' ');
    trial_put_name(p, &s->target);
    base_put_u8(p->out, ' ');
    trial_put_atom(p, &s->key);
    base_put_u8(p->out, ' ');
    trial_put_atom(p, &s->value.atom);
    trial_put_option(p, "partition", &s->partition);
    if (s->header_count) {
        struct trial_printed_block block = {s, s->header_count, NULL, header_comments, put_header};
        base_put_str(p->out, " headers");
        trial_put_block(p, &block);
    }
    if (s->secret_count) {
        base_put_str(p->out, " secret ");
        trial_put_names(p, s->secrets, s->secret_count, ", ");
    }
}

static void put_load(struct trial_printer *p, const struct trial_step *s) {
    base_put_u8(p->out, ' ');
    trial_put_name(p, &s->target);
    base_put_u8(p->out, ' ');
    if (s->kind == TRIAL_STEP_LOAD_GIT || s->kind == TRIAL_STEP_LOAD_FIXTURE) {
        base_put_str(p->out, s->kind == TRIAL_STEP_LOAD_GIT ? "git " : "fixture ");
        trial_put_text(p, s->path);
        return;
    }
    trial_put_atom(p, &s->count);
    base_put_str(p->out, s->kind == TRIAL_STEP_LOAD_RECORDS ? " records" : " objects");
    if (s->keys.kind != TRIAL_ATOM_NONE) {
        trial_put_option(p, "over", &s->keys);
        base_put_str(p->out, " keys");
    }
    trial_put_option(p, "seed", &s->seed);
}

static void put_step_rest(struct trial_printer *p, const struct trial_step *s) {
    switch (s->kind) {
    case TRIAL_STEP_WRITE:
        put_write(p, s);
        break;
    case TRIAL_STEP_LOAD_RECORDS:
    case TRIAL_STEP_LOAD_OBJECTS:
    case TRIAL_STEP_LOAD_GIT:
    case TRIAL_STEP_LOAD_FIXTURE:
        put_load(p, s);
        break;
    case TRIAL_STEP_DELETE:
        base_put_u8(p->out, ' ');
        trial_put_name(p, &s->target);
        base_put_u8(p->out, ' ');
        trial_put_atom(p, &s->key);
        break;
    case TRIAL_STEP_AWAIT:
        base_put_u8(p->out, ' ');
        trial_put_cond(p, &s->cond);
        break;
    case TRIAL_STEP_NOTE:
        base_put_u8(p->out, ' ');
        trial_put_text(p, s->path);
        break;
    case TRIAL_STEP_LEADER:
    case TRIAL_STEP_ADD_PARTITIONS:
    case TRIAL_STEP_COORDINATOR:
        trial_put_option(p, "to", &s->number);
        break;
    case TRIAL_STEP_HOLD_REPLICATION:
    case TRIAL_STEP_RELEASE_REPLICATION:
        trial_put_option(p, "at", &s->number);
        break;
    case TRIAL_STEP_DELETE_RECORDS:
        trial_put_option(p, "before", &s->number);
        break;
    case TRIAL_STEP_CONFIGURE:
        trial_put_settings(p, &s->settings, &s->end_comments, true);
        break;
    case TRIAL_STEP_REPEAT:
        base_put_u8(p->out, ' ');
        trial_put_atom(p, &s->count);
        trial_put_steps(p, s->steps, s->step_count, &s->end_comments);
        break;
    case TRIAL_STEP_PARALLEL:
        trial_put_steps(p, s->steps, s->step_count, &s->end_comments);
        break;
    default:
        break;
    }
}

static void put_step(struct trial_printer *p, const struct trial_step *step) {
    base_put_str(p->out, trial_step_kind_to_str(step->kind));
    if (step->actor.text) {
        base_put_u8(p->out, ' ');
        trial_put_name(p, &step->actor);
    }
    if (step->part.name.text) {
        base_put_u8(p->out, ' ');
        trial_put_part(p, &step->part);
    }
    if (step->duration.kind != TRIAL_ATOM_NONE) {
        base_put_u8(p->out, ' ');
        trial_put_atom(p, &step->duration);
    }
    if (step->kind == TRIAL_STEP_DOWN || step->kind == TRIAL_STEP_UP) {
        base_put_u8(p->out, ' ');
        trial_put_atom(p, &step->number);
    }
    put_step_rest(p, step);
}

static const struct trial_comments *step_comments(const void *owner, size_t index) {
    return &((const struct trial_step *)owner)[index].comments;
}

static void put_step_at(struct trial_printer *p, const void *owner, size_t index) {
    put_step(p, &((const struct trial_step *)owner)[index]);
}

void trial_put_steps(struct trial_printer *p, const struct trial_step *steps, size_t count,
                     const struct trial_comments *end_comments) {
    struct trial_printed_block block = {steps, count, end_comments, step_comments, put_step_at};
    trial_put_block(p, &block);
}

/* -- on their own -- */

void trial_print_step(const struct trial_step *step, struct base_builder *ret_text) {
    struct trial_printer p = {ret_text, 0, ret_text->len, step->is_bound};
    put_step(&p, step);
}

void trial_print_cond(const struct trial_cond *cond, struct base_builder *ret_text) {
    struct trial_printer p = {ret_text, 0, ret_text->len, true};
    trial_put_cond(&p, cond);
}
