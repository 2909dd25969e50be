/* The steps of run. */
#include "base/limits.h"
#include "harness/lang/parse.h"

static bool parse_headers(struct trial_parser *p, struct trial_step *s) {
    struct trial_block block;
    if (!trial_block_open(p, &block, NULL)) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_header));
    struct trial_header h = {0};
    bool closed = false;
    while (trial_block_next(p, &block, &h.comments, &closed)) {
        bool good = trial_parse_atom(p, "the name of a header", &h.name) &&
                    trial_need_mark(p, "=") && trial_parse_value(p, &h.value) &&
                    trial_need_end(p);
        trial_line_done(p, good, &h.comments);
        if (good) {
            trial_list_add(p, &list, &h);
        }
        h = (struct trial_header){0};
    }
    s->headers = trial_list_take(p, &list, &s->header_count);
    return closed;
}

static bool parse_write(struct trial_parser *p, struct trial_step *s) {
    if (!trial_parse_name(p, "the name of a writer", &s->actor) ||
        !trial_parse_name(p, "a topic or journal.type", &s->target) ||
        !trial_parse_key(p, "a key, or null", &s->key) || !trial_parse_value(p, &s->value)) {
        return false;
    }
    if (trial_take_word(p, "partition") &&
        !trial_parse_num(p, "the number of a partition", &s->partition)) {
        return false;
    }
    if (trial_take_word(p, "headers") && !parse_headers(p, s)) {
        return false;
    }
    return !trial_take_word(p, "secret") ||
           trial_parse_names(p, "the name of a secret", &s->secrets, &s->secret_count);
}

static bool parse_load_count(struct trial_parser *p, struct trial_step *s) {
    if (!trial_parse_num(p, "a number, 'git' or 'fixture'", &s->count)) {
        return false;
    }
    if (trial_take_word(p, "records")) {
        s->kind = TRIAL_STEP_LOAD_RECORDS;
        if (trial_take_word(p, "over") &&
            !(trial_parse_num(p, "the number of keys", &s->keys) && trial_need_word(p, "keys"))) {
            return false;
        }
    } else if (trial_take_word(p, "objects")) {
        s->kind = TRIAL_STEP_LOAD_OBJECTS;
    } else {
        return trial_expected(p, "'records' or 'objects'");
    }
    return !trial_take_word(p, "seed") || trial_parse_num(p, "a seed", &s->seed);
}

static bool parse_load(struct trial_parser *p, struct trial_step *s) {
    if (!trial_parse_name(p, "the name of a writer", &s->actor) ||
        !trial_parse_name(p, "a topic, a journal or journal.type", &s->target)) {
        return false;
    }
    if (trial_take_word(p, "git")) {
        s->kind = TRIAL_STEP_LOAD_GIT;
        return trial_parse_text(p, "the path of a git repository, as a string", &s->path);
    }
    if (trial_take_word(p, "fixture")) {
        s->kind = TRIAL_STEP_LOAD_FIXTURE;
        return trial_parse_text(p, "the name of a fixture, as a string", &s->path);
    }
    return parse_load_count(p, s);
}

bool trial_parse_steps(struct trial_parser *p, struct trial_step **ret_steps, size_t *ret_count,
                       struct trial_comments *end_comments) {
    struct trial_block block;
    if (p->depth >= BASE_MAX_NESTING) {
        trial_report(p->d, TRIAL_FAULTY, trial_peek(p)->pos,
                     "blocks within blocks: at most %u (BASE_MAX_NESTING)", BASE_MAX_NESTING);
        return false;
    }
    if (!trial_block_open(p, &block, end_comments)) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_step));
    struct trial_step step = {0};
    bool closed = false;
    while (trial_block_next(p, &block, &step.comments, &closed)) {
        bool good = trial_parse_step(p, &step);
        trial_line_done(p, good, &step.comments);
        if (good) {
            trial_list_add(p, &list, &step);
        }
        step = (struct trial_step){0};
    }
    *ret_steps = trial_list_take(p, &list, ret_count);
    return closed;
}

static bool parse_step_rest(struct trial_parser *p, struct trial_step *s) {
    switch (s->kind) {
    case TRIAL_STEP_WRITE:
        return parse_write(p, s);
    case TRIAL_STEP_LOAD_RECORDS:
    case TRIAL_STEP_LOAD_OBJECTS:
    case TRIAL_STEP_LOAD_GIT:
    case TRIAL_STEP_LOAD_FIXTURE:
        return parse_load(p, s);
    case TRIAL_STEP_DELETE:
        return trial_parse_name(p, "the name of a writer", &s->actor) &&
               trial_parse_name(p, "a topic or journal.type", &s->target) &&
               trial_parse_key(p, "a key", &s->key);
    case TRIAL_STEP_AWAIT:
        return trial_parse_cond(p, &s->cond);
    case TRIAL_STEP_ADVANCE:
        return trial_parse_dur(p, &s->duration);
    case TRIAL_STEP_COMPACT:
    case TRIAL_STEP_ROLL:
    case TRIAL_STEP_RETAIN:
    case TRIAL_STEP_SHRINK_ISR:
        return trial_parse_part(p, &s->part);
    case TRIAL_STEP_DELETE_RECORDS:
        return trial_parse_part(p, &s->part) &&
               (!trial_take_word(p, "before") || trial_parse_num(p, "an offset", &s->number));
    case TRIAL_STEP_CREATE_TOPIC:
    case TRIAL_STEP_DELETE_TOPIC:
        return trial_parse_name(p, "a topic or a journal", &s->part.name);
    case TRIAL_STEP_CONFIGURE:
        return trial_parse_name(p, "a topic or a journal", &s->part.name) &&
               trial_parse_settings(p, &s->settings, &s->end_comments);
    case TRIAL_STEP_REBALANCE:
        return trial_parse_name(p, "the name of a group", &s->actor);
    case TRIAL_STEP_FENCE:
    case TRIAL_STEP_EXPIRE:
        return trial_parse_name(p, "a writer, or a transactional id as a string", &s->actor);
    case TRIAL_STEP_HOLD_REPLICATION:
    case TRIAL_STEP_RELEASE_REPLICATION:
        return trial_parse_part(p, &s->part) &&
               (!trial_take_word(p, "at") || trial_parse_num(p, "the id of a broker", &s->number));
    case TRIAL_STEP_HEAL:
        return true;
    case TRIAL_STEP_NOTE:
        return trial_parse_text(p, "a string", &s->path);
    case TRIAL_STEP_ADD_PARTITIONS:
        return trial_parse_name(p, "a topic or a journal", &s->part.name) &&
               trial_need_word(p, "to") &&
               trial_parse_num(p, "the number of partitions", &s->number);
    case TRIAL_STEP_LEADER:
        return trial_parse_part(p, &s->part) && trial_need_word(p, "to") &&
               trial_parse_num(p, "the id of a broker", &s->number);
    case TRIAL_STEP_COORDINATOR:
        return trial_parse_name(p, "the name of a group", &s->actor) && trial_need_word(p, "to") &&
               trial_parse_num(p, "the id of a broker", &s->number);
    case TRIAL_STEP_DOWN:
    case TRIAL_STEP_UP:
        return trial_parse_num(p, "the id of a broker", &s->number);
    case TRIAL_STEP_REPEAT:
        return trial_parse_num(p, "a number", &s->count) &&
               trial_parse_steps(p, &s->steps, &s->step_count, &s->end_comments);
    case TRIAL_STEP_PARALLEL:
        return trial_parse_steps(p, &s->steps, &s->step_count, &s->end_comments);
    default: /* start, stop, kill, restart, pause, resume; begin, commit, abort */
        return trial_parse_name(p, "the name of an actor", &s->actor);
    }
}

bool trial_parse_step(struct trial_parser *p, struct trial_step *ret_step) {
    ret_step->pos = trial_peek(p)->pos;
    const struct trial_word *word =
        trial_need_from(p, TRIAL_WORD_STEP, "a step ('start', 'write', 'load', 'await', …)");
    if (!word) {
        return false;
    }
    ret_step->kind = (enum trial_step_kind)word->value;
    if (++p->step_count > BASE_MAX_STEPS) {
        trial_report(p->d, TRIAL_FAULTY, ret_step->pos, "more than %u steps (BASE_MAX_STEPS)",
                     BASE_MAX_STEPS);
        p->failed = BASE_LIMIT;
        return false;
    }
    return parse_step_rest(p, ret_step) && trial_need_end(p);
}
