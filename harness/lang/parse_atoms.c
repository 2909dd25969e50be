/* Names, atoms, numbers, durations, values, parts and comparisons. */
#include "harness/lang/parse.h"

static bool has_zero_byte(const struct trial_token *t) {
    return memchr(t->text, '\0', t->text_len) != NULL;
}

/* Reports and returns true when the string at the token cannot be a C string. */
static bool refuse_zero_byte(struct trial_parser *p) {
    if (!has_zero_byte(trial_peek(p))) {
        return false;
    }
    trial_report(p->d, TRIAL_FAULTY, trial_peek(p)->pos, "a zero byte is not possible here");
    return true;
}

bool trial_parse_name(struct trial_parser *p, const char *what, struct trial_name *ret_name) {
    const struct trial_token *t = trial_peek(p);
    if (t->kind != TRIAL_TOKEN_ID && t->kind != TRIAL_TOKEN_STRING) {
        return trial_expected(p, what);
    }
    bool is_string = t->kind == TRIAL_TOKEN_STRING;
    if (is_string && (t->is_template || t->text_len == 0)) {
        trial_report(p->d, TRIAL_FAULTY, t->pos,
                     t->is_template ? "a name cannot be put together from parameters"
                                    : "a name cannot be empty");
        return false;
    }
    if (is_string && refuse_zero_byte(p)) {
        return false;
    }
    *ret_name = (struct trial_name){t->text, t->pos, is_string};
    trial_advance(p);
    return true;
}

bool trial_parse_names(struct trial_parser *p, const char *what, struct trial_name **ret_names,
                       size_t *ret_count) {
    struct trial_list names = trial_list_of(sizeof(struct trial_name));
    bool good;
    do {
        struct trial_name name;
        good = trial_parse_name(p, what, &name);
        if (good) {
            trial_list_add(p, &names, &name);
        }
    } while (good && trial_take_mark(p, ","));
    *ret_names = trial_list_take(p, &names, ret_count);
    return good;
}

bool trial_parse_text(struct trial_parser *p, const char *what, const char **ret_text) {
    const struct trial_token *t = trial_peek(p);
    if (t->kind != TRIAL_TOKEN_STRING) {
        return trial_expected(p, what);
    }
    if (refuse_zero_byte(p)) {
        return false;
    }
    *ret_text = t->template_text;
    trial_advance(p);
    return true;
}

bool trial_parse_atom(struct trial_parser *p, const char *what, struct trial_atom *ret_atom) {
    static const enum trial_atom_kind kinds[] = {
        [TRIAL_TOKEN_ID] = TRIAL_ATOM_ID,         [TRIAL_TOKEN_VAR] = TRIAL_ATOM_VAR,
        [TRIAL_TOKEN_INT] = TRIAL_ATOM_INT,       [TRIAL_TOKEN_DURATION] = TRIAL_ATOM_DURATION,
        [TRIAL_TOKEN_STRING] = TRIAL_ATOM_STRING, [TRIAL_TOKEN_BYTES] = TRIAL_ATOM_BYTES,
        [TRIAL_TOKEN_BAD] = TRIAL_ATOM_NONE,
    };
    const struct trial_token *t = trial_peek(p);
    if (kinds[t->kind] == TRIAL_ATOM_NONE) {
        return trial_expected(p, what);
    }
    *ret_atom = (struct trial_atom){.kind = kinds[t->kind], .pos = t->pos, .number = t->number,
                                    .is_template = t->is_template};
    ret_atom->text = t->is_template ? base_slice_of(t->template_text, t->template_len)
                                    : base_slice_of(t->text, t->text_len);
    trial_advance(p);
    return true;
}

bool trial_parse_num(struct trial_parser *p, const char *what, struct trial_atom *ret_atom) {
    enum trial_token_kind kind = trial_peek(p)->kind;
    if (kind != TRIAL_TOKEN_INT && kind != TRIAL_TOKEN_VAR) {
        return trial_expected(p, what);
    }
    return trial_parse_atom(p, what, ret_atom);
}

bool trial_parse_dur(struct trial_parser *p, struct trial_atom *ret_atom) {
    enum trial_token_kind kind = trial_peek(p)->kind;
    if (kind != TRIAL_TOKEN_DURATION && kind != TRIAL_TOKEN_VAR) {
        return trial_expected(p, "a duration (500ms, 30s, 5m, 25h, 7d)");
    }
    return trial_parse_atom(p, "a duration", ret_atom);
}

bool trial_parse_word(struct trial_parser *p, const char *what, struct trial_atom *ret_atom) {
    enum trial_token_kind kind = trial_peek(p)->kind;
    if (kind != TRIAL_TOKEN_ID && kind != TRIAL_TOKEN_VAR) {
        return trial_expected(p, what);
    }
    return trial_parse_atom(p, what, ret_atom);
}

bool trial_parse_key(struct trial_parser *p, const char *what, struct trial_atom *ret_key) {
    bool is_null = trial_at_word(p, "null");
    if (!trial_parse_atom(p, what, ret_key)) {
        return false;
    }
    ret_key->kind = is_null ? TRIAL_ATOM_NULL : ret_key->kind;
    return true;
}

bool trial_parse_value(struct trial_parser *p, struct trial_value *ret_value) {
    *ret_value = (struct trial_value){.kind = TRIAL_VALUE_BYTES};
    if (trial_at_word(p, "tombstone") || trial_at_word(p, "null")) {
        ret_value->kind = TRIAL_VALUE_NULL;
    }
    return trial_parse_atom(p, "a value, or 'tombstone'", &ret_value->atom);
}

bool trial_parse_part(struct trial_parser *p, struct trial_part *ret_part) {
    if (!trial_parse_name(p, "a topic, a journal or journal.type", &ret_part->name)) {
        return false;
    }
    if (trial_take_mark(p, "/")) {
        return trial_parse_num(p, "the number of a partition", &ret_part->partition);
    }
    return true;
}

bool trial_parse_compare(struct trial_parser *p, struct trial_compare *ret_compare) {
    static const struct {
        const char *mark;
        enum trial_cmp cmp;
    } marks[] = {{"=", TRIAL_CMP_EQ},
                 {"<", TRIAL_CMP_LT},
                 {"<=", TRIAL_CMP_LE},
                 {">", TRIAL_CMP_GT},
                 {">=", TRIAL_CMP_GE}};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (trial_at_mark(p, marks[i].mark)) {
            trial_advance(p);
            ret_compare->given = true;
            ret_compare->cmp = marks[i].cmp;
            return trial_parse_num(p, "a number", &ret_compare->number);
        }
    }
    return trial_expected(p, "a comparison (=, <, <=, >, >=)");
}
