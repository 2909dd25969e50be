/* What is checked before an instance is bound: matrices, `when`, what is declared twice, and the
 * number of steps once every repeat is unrolled. */
#include "harness/lang/check.h"

#include "base/limits.h"
#include "harness/lang/bind_atoms.h"

/* Topics and journals share their names: both are targets. */
static bool same_space(const struct trial_item *a, const struct trial_item *b) {
    return a->kind == b->kind || (a->kind == TRIAL_ITEM_TOPIC && b->kind == TRIAL_ITEM_JOURNAL) ||
           (a->kind == TRIAL_ITEM_JOURNAL && b->kind == TRIAL_ITEM_TOPIC);
}

static void report_if_twice(struct trial_checker *c, const struct trial_scenario *tree, size_t end,
                            const struct trial_item *item) {
    const struct trial_name *name = trial_declared_name(item);
    for (size_t k = 0; name && k < end; k++) {
        const struct trial_name *other = trial_declared_name(&tree->items[k]);
        if (other && same_space(&tree->items[k], item) && strcmp(other->text, name->text) == 0) {
            trial_report(c->d, TRIAL_FAULTY, name->pos, "'%s' is declared twice (line %u)",
                         name->text, other->pos.line);
            return;
        }
    }
}

static void check_declared_once(struct trial_checker *c) {
    static const enum trial_item_kind singles[] = {TRIAL_ITEM_BUDGET, TRIAL_ITEM_SEED,
                                                   TRIAL_ITEM_CLUSTER, TRIAL_ITEM_RUN};
    size_t first[4] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        report_if_twice(c, c->s, i, item);
        if (c->context) {
            report_if_twice(c, c->context, c->context->item_count, item);
        }
        for (size_t k = 0; k < 4; k++) {
            if (item->kind == singles[k] && first[k] != SIZE_MAX) {
                trial_report(c->d, TRIAL_FAULTY, item->pos, "this stands once only (line %u)",
                             c->s->items[first[k]].pos.line);
            }
            first[k] = item->kind == singles[k] && first[k] == SIZE_MAX ? i : first[k];
        }
    }
}

static void check_matrix(struct trial_checker *c, const struct trial_matrix *m) {
    if (strcmp(m->name.text, "i") == 0) {
        trial_report(c->d, TRIAL_FAULTY, m->name.pos, "$i counts a repeat: another name");
    }
    for (const char *at = m->name.text; *at; at++) {
        if (*at == '.' || m->name.is_string) {
            trial_report(c->d, TRIAL_FAULTY, m->name.pos,
                         "a parameter's name has letters, digits, '-' and '_' only");
            break;
        }
    }
    for (size_t i = 0; i < m->count; i++) {
        if (m->values[i].kind == TRIAL_ATOM_VAR || m->values[i].is_template) {
            trial_report(c->d, TRIAL_FAULTY, m->values[i].pos,
                         "a value of a matrix is no parameter itself");
        }
        for (size_t k = 0; k < i; k++) {
            if (base_slice_equal(m->values[i].text, m->values[k].text)) {
                trial_report(c->d, TRIAL_FAULTY, m->values[i].pos, "'%s' stands twice",
                             trial_atom_str(&m->values[i]));
                break;
            }
        }
    }
}

static void check_when(struct trial_checker *c, const struct trial_when *when) {
    char hint[TRIAL_HINT_BYTES];
    struct trial_suggestion names = trial_suggestion_of(when->name.text);
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_matrix *m = &c->s->items[i].u.matrix;
        if (c->s->items[i].kind != TRIAL_ITEM_MATRIX) {
            continue;
        }
        if (strcmp(m->name.text, when->name.text) != 0) {
            trial_suggest(&names, m->name.text);
            continue;
        }
        struct trial_suggestion values = trial_suggestion_of(trial_atom_str(&when->value));
        for (size_t k = 0; k < m->count; k++) {
            if (base_slice_equal(m->values[k].text, when->value.text)) {
                return;
            }
            trial_suggest(&values, trial_atom_str(&m->values[k]));
        }
        trial_report(c->d, TRIAL_FAULTY, when->value.pos, "matrix '%s' has no value '%s'%s",
                     when->name.text, trial_atom_str(&when->value),
                     trial_suggestion_hint(&values, hint));
        return;
    }
    trial_report(c->d, TRIAL_FAULTY, when->name.pos, "no matrix declares '%s'%s", when->name.text,
                 trial_suggestion_hint(&names, hint));
}

/* -- steps once unrolled -- */

/* Counts what repeats of plain numbers unroll to; those of parameters count as given by bind. */
static uint64_t count_steps(const struct trial_step *steps, size_t count) {
    uint64_t total = 0;
    for (size_t i = 0; i < count && total <= BASE_MAX_STEPS; i++) {
        bool repeats = steps[i].kind == TRIAL_STEP_REPEAT && steps[i].count.kind == TRIAL_ATOM_INT;
        uint64_t inner = count_steps(steps[i].steps, steps[i].step_count);
        uint64_t rounds =
            repeats && steps[i].count.number > 0 ? (uint64_t)steps[i].count.number : 1;
        bool too_many = rounds > BASE_MAX_STEPS || inner * rounds > BASE_MAX_STEPS;
        total += too_many ? (uint64_t)BASE_MAX_STEPS + 1 : inner * rounds;
        total += steps[i].kind == TRIAL_STEP_REPEAT ? 0 : 1;
    }
    return total;
}

static void check_size(struct trial_checker *c) {
    size_t instances = trial_instance_count(c->s);
    if (instances > BASE_MAX_INSTANCES) {
        trial_report(c->d, TRIAL_FAULTY, c->s->name_pos,
                     "more than %u instances (BASE_MAX_INSTANCES)", BASE_MAX_INSTANCES);
    }
    size_t matrices = 0;
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        matrices += item->kind == TRIAL_ITEM_MATRIX ? 1 : 0;
        if (item->kind == TRIAL_ITEM_RUN &&
            count_steps(item->u.run.steps, item->u.run.step_count) > BASE_MAX_STEPS) {
            trial_report(c->d, TRIAL_FAULTY, item->pos, "more than %u steps (BASE_MAX_STEPS)",
                         BASE_MAX_STEPS);
        }
    }
    if (matrices > TRIAL_MAX_MATRICES) {
        trial_report(c->d, TRIAL_FAULTY, c->s->name_pos, "more than %d matrices",
                     TRIAL_MAX_MATRICES);
    }
}

void trial_check_unbound(struct trial_checker *c) {
    char hint[TRIAL_HINT_BYTES];
    check_declared_once(c);
    check_size(c);
    for (size_t i = 0; i < c->s->item_count; i++) {
        const struct trial_item *item = &c->s->items[i];
        if (item->kind == TRIAL_ITEM_MATRIX) {
            check_matrix(c, &item->u.matrix);
        }
        for (size_t k = 0; item->kind == TRIAL_ITEM_CHECK && k < item->u.check.when_count; k++) {
            check_when(c, &item->u.check.when[k]);
        }
        for (size_t k = 0; item->kind == TRIAL_ITEM_NEED && k < item->u.words.count; k++) {
            const struct trial_name *need = &item->u.words.items[k];
            if (!trial_word_find(TRIAL_WORD_FEATURE, need->text)) {
                trial_report(c->d, TRIAL_WARNING, need->pos, "no feature is known as '%s'%s",
                             need->text, trial_word_hint(TRIAL_WORD_FEATURE, need->text, hint));
            }
        }
    }
}
