/*
 * Subscriptions by pattern: see consumer_private.h. Kafka: TopicRegexResolver (re2j). A pattern of
 * RE2 is put into POSIX's words, for the whole name must match, and then greediness and groups make
 * no difference.
 */
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>

#include "base/builder.h"
#include "mock/group/consumer_private.h"

#define MAX_PATTERN_BYTES 4096
#define MAX_DEPTH 100
/* RE2's own limit of a repeat, and here of repeats within one another. */
#define MAX_REPEAT 1000

struct translation {
    const char *at;
    struct base_builder out;
    int depth;
    bool ignores_case;
    bool has_atom; /* something that may be repeated came just before */
    long repeats;
    const char *why; /* NULL: all is well */
};

static void fail(struct translation *t, const char *why) {
    t->why = t->why ? t->why : why;
}

static const char *class_of(char letter) {
    switch (letter) {
    case 'd':
        return "0-9";
    case 'w':
        return "0-9A-Za-z_";
    case 's':
        return "\t\n\f\r ";
    default:
        return NULL;
    }
}

/* After the backslash, outside of brackets. */
static void translate_escape(struct translation *t) {
    char c = *t->at++;
    const char *class = class_of((char)tolower((unsigned char)c));
    if (c == '\0') {
        fail(t, "trailing backslash at end of expression");
        t->at--;
    } else if (class) {
        base_put_str(&t->out, isupper((unsigned char)c) ? "[^" : "[");
        base_put_str(&t->out, class);
        base_put_u8(&t->out, ']');
    } else if (c == 'A' || c == 'z') {
        base_put_u8(&t->out, c == 'A' ? '^' : '$');
    } else if (isalnum((unsigned char)c)) {
        fail(t, "invalid escape sequence");
    } else {
        base_put_u8(&t->out, '\\');
        base_put_u8(&t->out, (uint8_t)c);
    }
}

/* What brackets hold, in the order that POSIX wants: "]" first, "-" last, "^" not first. */
struct brackets {
    struct base_builder rest;
    bool has_bracket, has_dash, has_caret;
};

static void put_member(struct brackets *b, char c) {
    b->has_bracket = b->has_bracket || c == ']';
    b->has_dash = b->has_dash || c == '-';
    b->has_caret = b->has_caret || c == '^';
    if (c != ']' && c != '-' && c != '^') {
        base_put_u8(&b->rest, (uint8_t)c);
    }
}

static void translate_member(struct translation *t, struct brackets *b) {
    char c = *t->at++;
    if (c == '[' && *t->at == ':') {
        const char *end = strstr(t->at, ":]");
        if (!end) {
            fail(t, "invalid character class range");
            return;
        }
        base_put_bytes(&b->rest, t->at - 1, (size_t)(end + 2 - (t->at - 1)));
        t->at = end + 2;
        return;
    }
    if (c == '\\') {
        c = *t->at ? *t->at++ : '\0';
        const char *class = class_of(c);
        if (class) {
            base_put_str(&b->rest, class);
            return;
        }
        if (c == '\0' || isalnum((unsigned char)c)) {
            fail(t, "invalid escape sequence");
            return;
        }
    }
    if (t->at[0] == '-' && t->at[1] && t->at[1] != ']' && t->at[1] != '\\' && c != ']') {
        if ((unsigned char)t->at[1] < (unsigned char)c) {
            fail(t, "invalid character class range");
            return;
        }
        base_put_u8(&b->rest, (uint8_t)c);
        base_put_u8(&b->rest, '-');
        base_put_u8(&b->rest, (uint8_t)t->at[1]);
        t->at += 2;
        return;
    }
    put_member(b, c);
}

static void translate_brackets(struct translation *t) {
    struct brackets b = {.has_bracket = false};
    base_builder_init(&b.rest, 4 * MAX_PATTERN_BYTES);
    bool negates = *t->at == '^';
    t->at += negates;
    bool first = true;
    while (!t->why && *t->at && (first || *t->at != ']')) {
        translate_member(t, &b);
        first = false;
    }
    if (*t->at != ']') {
        fail(t, "missing closing ]");
    } else {
        t->at++;
    }
    if (b.has_caret && !negates && !b.has_bracket && !b.has_dash && b.rest.len == 0) {
        base_put_str(&t->out, "\\^"); /* alone it would negate */
    } else {
        bool dash_first = b.has_caret && !b.has_bracket && b.rest.len == 0;
        base_put_str(&t->out, negates ? "[^" : "[");
        base_put_str(&t->out, b.has_bracket ? "]" : "");
        base_put_str(&t->out, b.has_dash && dash_first ? "-" : "");
        base_put_bytes(&t->out, b.rest.data ? b.rest.data : (const uint8_t *)"", b.rest.len);
        base_put_str(&t->out, b.has_caret ? "^" : "");
        base_put_str(&t->out, b.has_dash && !dash_first ? "-" : "");
        base_put_u8(&t->out, ']');
    }
    t->out.failed = t->out.failed ? t->out.failed : b.rest.failed;
    base_builder_clean_up(&b.rest);
}

/* "(", "(?:", "(?P<name>", "(?<name>"; "(?i)" at the very beginning. */
static void translate_group(struct translation *t) {
    if (strncmp(t->at, "?i)", 3) == 0 && t->out.len == 0) {
        t->ignores_case = true;
        t->at += 3;
        return;
    }
    if (*t->at == '?') {
        const char *end = t->at[1] == ':' ? t->at + 2 : NULL;
        if (strncmp(t->at, "?P<", 3) == 0 ||
            (t->at[1] == '<' && isalpha((unsigned char)t->at[2]))) {
            end = strchr(t->at, '>');
            end = end ? end + 1 : NULL;
        }
        if (!end) {
            fail(t, "invalid or unsupported Perl syntax");
            return;
        }
        t->at = end;
    }
    if (++t->depth > MAX_DEPTH) {
        fail(t, "expression nests too deeply");
    }
    base_put_u8(&t->out, '(');
    t->has_atom = false;
}

/* "*", "+", "?", "{2,5}", and a "?" after it, which only says how eager. */
static void translate_repeat(struct translation *t, char c) {
    if (!t->has_atom) {
        fail(t, "missing argument to repetition operator");
        return;
    }
    base_put_u8(&t->out, (uint8_t)c);
    if (c == '{') {
        char *end = NULL;
        long least = strtol(t->at, &end, 10);
        long most =
            *end == ',' && isdigit((unsigned char)end[1]) ? strtol(end + 1, NULL, 10) : least;
        long larger = most > least ? most : least;
        const char *close = strchr(t->at, '}');
        t->repeats *= larger > 1 ? larger : 1;
        if (most < least || larger > MAX_REPEAT || t->repeats > MAX_REPEAT || !close) {
            fail(t, "invalid repeat count");
            return;
        }
        base_put_bytes(&t->out, t->at, (size_t)(close + 1 - t->at));
        t->at = close + 1;
    }
    t->at += *t->at == '?';
    t->has_atom = false;
}

/* A brace that counts nothing stands for itself. */
static bool is_count(const char *at) {
    size_t digits = strspn(at, "0123456789");
    const char *end = at + digits;
    if (*end == ',') {
        end++;
        end += strspn(end, "0123456789");
    }
    return digits > 0 && *end == '}';
}

static void translate_one(struct translation *t) {
    char c = *t->at++;
    if (strchr("*+?", c) || (c == '{' && is_count(t->at))) {
        translate_repeat(t, c);
        return;
    }
    t->has_atom = c != '|';
    if (c == '\\') {
        translate_escape(t);
    } else if (c == '[') {
        translate_brackets(t);
    } else if (c == '(') {
        translate_group(t);
    } else if (c == ')' && --t->depth < 0) {
        fail(t, "unexpected )");
    } else if (c == '{' || c == '}') {
        base_put_u8(&t->out, '\\');
        base_put_u8(&t->out, (uint8_t)c);
    } else {
        base_put_u8(&t->out, (uint8_t)c);
    }
}

static int compile(const char *pattern, regex_t *ret_regex, struct base_error *err) {
    struct translation t = {.at = pattern, .repeats = 1};
    base_builder_init(&t.out, 16 * MAX_PATTERN_BYTES);
    if (strlen(pattern) > MAX_PATTERN_BYTES) {
        fail(&t, "pattern too large");
    }
    while (!t.why && *t.at) {
        translate_one(&t);
    }
    if (t.depth > 0) {
        fail(&t, "missing closing )");
    }
    struct base_builder whole;
    base_builder_init(&whole, 16 * MAX_PATTERN_BYTES + 8);
    base_put_str(&whole, "^(");
    base_put_bytes(&whole, t.out.data ? t.out.data : (const uint8_t *)"", t.out.len);
    base_put_str(&whole, ")$");
    base_put_u8(&whole, 0);
    int failed = t.out.failed ? t.out.failed : whole.failed;
    int rc = 0;
    if (t.why) {
        rc = base_fail(err, BASE_USAGE, "%s", t.why);
    } else if (failed) {
        rc = base_fail(err, failed, "no memory for a pattern");
    } else {
        int flags = REG_EXTENDED | REG_NOSUB | (t.ignores_case ? REG_ICASE : 0);
        int code = regcomp(ret_regex, (const char *)whole.data, flags);
        rc = code == 0            ? 0
             : code == REG_ESPACE ? base_fail(err, BASE_NO_MEMORY, "no memory for a pattern")
                                  : base_fail(err, BASE_USAGE, "unsupported expression");
    }
    base_builder_clean_up(&whole);
    base_builder_clean_up(&t.out);
    return rc;
}

int mock_regex_check(const char *pattern, struct base_error *err) {
    regex_t regex;
    int rc = compile(pattern, &regex, err);
    if (rc == 0) {
        regfree(&regex);
    }
    return rc;
}

/* -- of a group -- */

size_t mock_regex_subscribers(const struct mock_consumer_group *group, const char *pattern) {
    size_t count = 0;
    for (size_t i = 0; i < group->member_count; i++) {
        count += strcmp(group->members[i]->regex, pattern) == 0;
    }
    return count;
}

const struct mock_regex *mock_regex_find(const struct mock_consumer_group *group,
                                         const char *pattern) {
    for (size_t i = 0; i < group->regex_count; i++) {
        if (strcmp(group->regexes[i].pattern, pattern) == 0) {
            return &group->regexes[i];
        }
    }
    return NULL;
}

static void forget_unused(struct mock_consumer_group *group) {
    for (size_t i = group->regex_count; i-- > 0;) {
        if (mock_regex_subscribers(group, group->regexes[i].pattern) == 0) {
            base_free(group->regexes[i].pattern);
            mock_name_set_clean_up(&group->regexes[i].topics);
            group->regexes[i] = group->regexes[--group->regex_count];
        }
    }
}

static void add_used(struct mock_consumer_group *group) {
    for (size_t i = 0; i < group->member_count; i++) {
        const char *pattern = group->members[i]->regex;
        void *items = group->regexes;
        if (!pattern[0] || mock_regex_find(group, pattern)) {
            continue;
        }
        char *copy = base_strdup(pattern);
        if (!copy ||
            base_grow(&items, &group->regex_cap, group->regex_count + 1, sizeof(*group->regexes))) {
            base_free(copy);
            return; /* at the next heartbeat, perhaps */
        }
        group->regexes = items;
        group->regexes[group->regex_count++] = (struct mock_regex){.pattern = copy};
    }
}

struct search {
    regex_t regex;
    struct base_slice *found;
    size_t count;
    size_t cap;
    bool failed;
};

static void visit_topic(void *arg, const struct mock_group_topic *topic) {
    struct search *search = arg;
    void *items = search->found;
    if (search->failed || regexec(&search->regex, topic->name, 0, NULL, 0) != 0) {
        return;
    }
    if (base_grow(&items, &search->cap, search->count + 1, sizeof(*search->found))) {
        search->failed = true;
        return;
    }
    search->found = items;
    search->found[search->count++] = base_slice_str(topic->name);
}

/* True: it matches other topics than before. */
static bool resolve(const struct mock_groups *groups, struct mock_regex *regex) {
    struct search search = {.found = NULL};
    struct mock_name_set topics;
    bool changed = false;
    if (compile(regex->pattern, &search.regex, NULL) < 0) {
        return false;
    }
    groups->host.each_topic(groups->host.arg, visit_topic, &search);
    if (!search.failed && mock_name_set_of(search.found, search.count, &topics) == 0) {
        changed = !mock_name_set_equal(&topics, &regex->topics);
        mock_name_set_clean_up(&regex->topics);
        regex->topics = topics;
        regex->resolved = true;
    }
    base_free(search.found);
    regfree(&search.regex);
    return changed;
}

bool mock_regex_refresh(const struct mock_groups *groups, struct mock_consumer_group *group) {
    bool changed = false;
    forget_unused(group);
    add_used(group);
    for (size_t i = 0; i < group->regex_count; i++) {
        changed = resolve(groups, &group->regexes[i]) || changed;
    }
    return changed;
}

void mock_regex_refresh_after(const struct mock_groups *groups, struct mock_consumer_group *group,
                              bool regex_changed) {
    bool changed = mock_regex_refresh(groups, group);
    uint64_t hash = mock_consumer_topics_hash(groups, group);
    if (changed || (regex_changed && hash != group->topics_hash)) {
        group->epoch++;
        group->topics_hash = hash;
    }
}
