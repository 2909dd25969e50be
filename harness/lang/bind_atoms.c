/* What a variable stands for, in atoms and in texts: see bind_atoms.h. */
#include "harness/lang/bind_atoms.h"

#include <inttypes.h>

#include "base/limits.h"
#include "harness/lang/diagnostics.h"
#include "harness/lang/lex.h"

void trial_bind_fail(struct trial_binder *b, int code, struct trial_pos pos, const char *text) {
    if (b->d) {
        trial_report(b->d, TRIAL_FAULTY, pos, "%s", text);
    }
    bool goes_on = b->d && code == BASE_MALFORMED; /* the checker wants to see the rest */
    if (!b->failed && !goes_on) {
        b->failed = base_fail(b->err, code, "%s:%u:%u: %s", b->from->path, pos.line, pos.column,
                              text);
    }
}

void *trial_bind_copy(struct trial_binder *b, const void *items, size_t count, size_t item_bytes) {
    void *copy = base_arena_alloc_array(b->arena, count, item_bytes);
    if (!copy) {
        b->failed = b->failed ? b->failed
                              : base_fail(b->err, b->arena->failed, "no memory to bind %s",
                                          b->from->path);
    } else if (count) {
        memcpy(copy, items, count * item_bytes);
    }
    return copy;
}

/* The binding of a variable, or an atom of kind NONE after a report. */
static struct trial_atom find_binding(struct trial_binder *b, const char *name, size_t len,
                                      struct trial_pos pos) {
    struct trial_suggestion s;
    char wanted[64], hint[TRIAL_HINT_BYTES], text[320];
    (void)snprintf(wanted, sizeof(wanted), "%.*s", (int)(len < 60 ? len : 60), name);
    if (len == 1 && name[0] == 'i' && b->in_repeat) {
        char digits[24];
        int digit_count = snprintf(digits, sizeof(digits), "%" PRId64, b->i);
        char *copy = trial_bind_copy(b, digits, (size_t)digit_count + 1, 1);
        return (struct trial_atom){.kind = TRIAL_ATOM_INT, .pos = pos, .number = b->i,
                                   .text = base_slice_of(copy ? copy : "0",
                                                         copy ? (size_t)digit_count : 1)};
    }
    s = trial_suggestion_of(wanted);
    for (size_t i = 0; i < b->binding_count; i++) {
        if (strlen(b->bindings[i].name) == len && memcmp(b->bindings[i].name, name, len) == 0) {
            struct trial_atom value = b->bindings[i].value;
            value.pos = pos;
            return value;
        }
        trial_suggest(&s, b->bindings[i].name);
    }
    (void)snprintf(text, sizeof(text), "no matrix declares $%s%s%s", wanted,
                   strcmp(wanted, "i") == 0 ? "; $i counts within a repeat" : "",
                   trial_suggestion_hint(&s, hint));
    trial_bind_fail(b, BASE_MALFORMED, pos, text);
    return (struct trial_atom){.kind = TRIAL_ATOM_NONE, .pos = pos};
}

/* Resolves variables and the two escapes of a template into ret. */
static void expand(struct trial_binder *b, const char *text, size_t len, struct trial_pos pos,
                   struct base_builder *ret) {
    size_t at = 0;
    while (at < len) {
        size_t name, name_len;
        size_t var_len =
            text[at] == '$' ? trial_var_length(text, len, at, &name, &name_len) : 0;
        if (var_len) {
            struct trial_atom value = find_binding(b, text + name, name_len, pos);
            base_put_slice(ret, value.text);
            at += var_len;
        } else {
            at += text[at] == '\\' && at + 1 < len ? 1 : 0;
            base_put_u8(ret, (uint8_t)text[at++]);
        }
    }
}

static struct base_slice expand_to_arena(struct trial_binder *b, const char *text, size_t len,
                                         struct trial_pos pos) {
    struct base_builder built;
    base_builder_init(&built, 16 * BASE_MIB);
    expand(b, text, len, pos, &built);
    struct base_slice content = base_builder_slice(&built);
    char *copy = base_builder_ok(&built)
                     ? base_arena_strndup(b->arena, (const char *)content.data, content.len)
                     : NULL;
    if (!copy) {
        int code = base_builder_ok(&built) ? b->arena->failed : built.failed;
        trial_bind_fail(b, code, pos,
                        code == BASE_LIMIT ? "this string is too long once its parameters stand"
                                           : "no memory for this string");
    }
    struct base_slice bound = copy ? base_slice_of(copy, content.len) : base_slice_of("", 0);
    base_builder_clean_up(&built);
    return bound;
}

struct trial_atom trial_bind_atom(struct trial_binder *b, struct trial_atom atom) {
    if (atom.kind == TRIAL_ATOM_VAR) {
        atom = find_binding(b, (const char *)atom.text.data, atom.text.len, atom.pos);
    }
    if (atom.kind == TRIAL_ATOM_NONE || !atom.text.data) {
        return atom;
    }
    if (atom.is_template) {
        atom.text =
            expand_to_arena(b, (const char *)atom.text.data, atom.text.len, atom.pos);
        atom.is_template = false;
        return atom;
    }
    struct base_slice copy = base_arena_slice(b->arena, atom.text);
    atom.text = copy.data ? copy : base_slice_of("", 0);
    return atom;
}

struct trial_atom trial_bind_key(struct trial_binder *b, struct trial_atom key) {
    bool was_var = key.kind == TRIAL_ATOM_VAR;
    key = trial_bind_atom(b, key);
    if (was_var && key.kind == TRIAL_ATOM_ID && base_slice_equal_str(key.text, "null")) {
        key.kind = TRIAL_ATOM_NULL;
    }
    return key;
}

struct trial_value trial_bind_value(struct trial_binder *b, struct trial_value value) {
    bool was_var = value.atom.kind == TRIAL_ATOM_VAR;
    value.atom = trial_bind_atom(b, value.atom);
    if (was_var && value.atom.kind == TRIAL_ATOM_ID &&
        (base_slice_equal_str(value.atom.text, "tombstone") ||
         base_slice_equal_str(value.atom.text, "null"))) {
        value.kind = TRIAL_VALUE_NULL;
    }
    return value;
}

struct trial_part trial_bind_part(struct trial_binder *b, struct trial_part part) {
    part.name.text = part.name.text ? base_arena_strdup(b->arena, part.name.text) : NULL;
    part.partition = trial_bind_atom(b, part.partition);
    return part;
}

struct trial_compare trial_bind_compare(struct trial_binder *b, struct trial_compare compare) {
    compare.number = trial_bind_atom(b, compare.number);
    return compare;
}

const char *trial_bind_text(struct trial_binder *b, const char *text, struct trial_pos pos) {
    return text ? (const char *)expand_to_arena(b, text, strlen(text), pos).data : NULL;
}
