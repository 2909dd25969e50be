/* The expectations of check. */
#include "harness/lang/parse.h"

static bool parse_guarantee(struct trial_parser *p, struct trial_expect *e) {
    if (!trial_parse_name(p, "the name of a guarantee", &e->id) || !trial_need_word(p, "of") ||
        !trial_parse_name(p, "the name of an actor, a topic or a journal", &e->of) ||
        !trial_need_word(p, "is") ||
        !trial_parse_word(p, "a verdict ('pass', 'fail', 'unknown')", &e->verdict)) {
        return false;
    }
    return !trial_take_word(p, "because") || trial_parse_name(p, "a reason", &e->because);
}

static bool parse_anomaly(struct trial_parser *p, struct trial_expect *e) {
    return trial_parse_name(p, "the name of an anomaly", &e->id) &&
           (!trial_take_word(p, "on") || trial_parse_part(p, &e->part)) &&
           (!trial_take_word(p, "key") || trial_parse_key(p, "a key, or null", &e->key)) &&
           (!trial_take_word(p, "count") || trial_parse_compare(p, &e->compare));
}

static bool parse_log_line(struct trial_parser *p, struct trial_log_line *line) {
    line->pos = trial_peek(p)->pos;
    return trial_parse_num(p, "an offset", &line->offset) && trial_need_mark(p, ":") &&
           trial_parse_key(p, "a key, or null", &line->key) && trial_need_mark(p, "=") &&
           trial_parse_value(p, &line->value) && trial_need_end(p);
}

static bool parse_log(struct trial_parser *p, struct trial_expect *e) {
    struct trial_block block;
    if (!trial_parse_part(p, &e->part)) {
        return false;
    }
    e->whole = trial_take_word(p, "is");
    if (!e->whole && !trial_take_word(p, "has")) {
        return trial_expected(p, "'is' or 'has'");
    }
    if (!trial_block_open(p, &block, &e->end_comments)) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_log_line));
    struct trial_log_line line = {0};
    bool closed = false;
    while (trial_block_next(p, &block, &line.comments, &closed)) {
        bool good = parse_log_line(p, &line);
        trial_line_done(p, good, &line.comments);
        if (good) {
            trial_list_add(p, &list, &line);
        }
        line = (struct trial_log_line){0};
    }
    e->lines = trial_list_take(p, &list, &e->line_count);
    return closed;
}

static bool parse_outcome(struct trial_parser *p, struct trial_expect *e) {
    return trial_parse_name(p, "the name of a writer", &e->of) &&
           trial_parse_key(p, "a key, or null", &e->key) && trial_need_word(p, "is") &&
           trial_parse_word(p, "an outcome ('ok', 'failed', 'unknown')", &e->verdict) &&
           (!trial_take_word(p, "because") ||
            trial_parse_name(p, "the name of an error", &e->because));
}

static bool parse_store_expect(struct trial_parser *p, struct trial_expect *e) {
    if (!trial_parse_name(p, "the name of a store", &e->of)) {
        return false;
    }
    if (trial_take_word(p, "has")) {
        e->kind = TRIAL_EXPECT_STORE_HAS;
        e->value.kind = TRIAL_VALUE_BYTES;
        return trial_parse_atom(p, "a key", &e->key) && trial_need_mark(p, "=") &&
               trial_parse_atom(p, "a value", &e->value.atom);
    }
    if (trial_take_word(p, "lacks")) {
        e->kind = TRIAL_EXPECT_STORE_LACKS;
        return trial_parse_atom(p, "a key", &e->key);
    }
    if (trial_take_word(p, "matches")) {
        e->kind = TRIAL_EXPECT_STORE_MATCHES;
        return trial_parse_name(p, "a topic or a journal", &e->matches);
    }
    if (trial_take_word(p, "count")) {
        e->kind = TRIAL_EXPECT_STORE_COUNT;
        return trial_parse_compare(p, &e->compare);
    }
    return trial_expected(p, "'has', 'lacks', 'matches' or 'count'");
}

static bool parse_exit(struct trial_parser *p, struct trial_expect *e) {
    if (!trial_parse_name(p, "the name of an actor", &e->of) || !trial_need_word(p, "is")) {
        return false;
    }
    if (trial_take_word(p, "signal")) {
        return trial_parse_name(p, "a signal, such as SIGKILL", &e->exit_signal);
    }
    return trial_parse_num(p, "an exit status, or 'signal'", &e->exit_status);
}

static bool parse_secret_expect(struct trial_parser *p, struct trial_expect *e) {
    if (!trial_parse_name(p, "the name of a secret", &e->id) || !trial_need_word(p, "in")) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_sink));
    bool good;
    do {
        struct trial_sink sink = {0};
        struct trial_pos pos = trial_peek(p)->pos;
        const struct trial_word *word = trial_need_from(
            p, TRIAL_WORD_SINK, "a place ('public', 'topic', 'store', 'output', …)");
        good = word != NULL;
        if (good) {
            sink.kind = (enum trial_sink_kind)word->value;
            sink.name.pos = pos;
            good = sink.kind == TRIAL_SINK_EVERYWHERE ||
                   trial_parse_name(p, "the name of that place", &sink.name);
            trial_list_add(p, &list, &sink);
        }
    } while (good && trial_take_mark(p, ","));
    e->sinks = trial_list_take(p, &list, &e->sink_count);
    return good;
}

/* "{" NL { event NL } "}" */
static bool parse_any(struct trial_parser *p, struct trial_list *events) {
    struct trial_block block;
    if (!trial_block_open(p, &block, NULL)) {
        return false;
    }
    struct trial_comments dropped = {0};
    bool closed = false;
    while (trial_block_next(p, &block, NULL, &closed)) {
        struct trial_event_pattern event = {0};
        bool good = trial_parse_event(p, &event) && trial_need_end(p);
        if (good) {
            trial_list_add(p, events, &event);
        } else {
            trial_line_done(p, false, &dropped);
        }
    }
    return closed;
}

static bool parse_trace_line(struct trial_parser *p, struct trial_trace_line *line) {
    static const struct {
        const char *word;
        enum trial_trace_kind kind;
    } kinds[] = {{"then", TRIAL_TRACE_THEN},
                 {"next", TRIAL_TRACE_NEXT},
                 {"never", TRIAL_TRACE_NEVER},
                 {"any", TRIAL_TRACE_ANY}};
    line->pos = trial_peek(p)->pos;
    struct trial_list events = trial_list_of(sizeof(struct trial_event_pattern));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!trial_take_word(p, kinds[i].word)) {
            continue;
        }
        line->kind = kinds[i].kind;
        struct trial_event_pattern event = {0};
        bool good = line->kind == TRIAL_TRACE_ANY ? parse_any(p, &events)
                                                  : trial_parse_event(p, &event);
        if (line->kind != TRIAL_TRACE_ANY) {
            trial_list_add(p, &events, &event);
        }
        line->events = trial_list_take(p, &events, &line->event_count);
        return good && trial_need_end(p);
    }
    return trial_expected(p, "'then', 'next', 'never' or 'any'");
}

static bool parse_trace(struct trial_parser *p, struct trial_expect *e) {
    struct trial_block block;
    if (!trial_block_open(p, &block, &e->end_comments)) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_trace_line));
    struct trial_trace_line line = {0};
    bool closed = false;
    while (trial_block_next(p, &block, &line.comments, &closed)) {
        bool good = parse_trace_line(p, &line);
        trial_line_done(p, good, &line.comments);
        if (good) {
            trial_list_add(p, &list, &line);
        }
        line = (struct trial_trace_line){0};
    }
    e->trace = trial_list_take(p, &list, &e->trace_count);
    return closed;
}

static bool parse_expect_rest(struct trial_parser *p, struct trial_expect *e) {
    switch (e->kind) {
    case TRIAL_EXPECT_GUARANTEE:
        return parse_guarantee(p, e);
    case TRIAL_EXPECT_ANOMALY:
        return parse_anomaly(p, e);
    case TRIAL_EXPECT_LOG:
        return parse_log(p, e);
    case TRIAL_EXPECT_OUTCOME:
        return parse_outcome(p, e);
    case TRIAL_EXPECT_STORE_HAS:
    case TRIAL_EXPECT_STORE_LACKS:
    case TRIAL_EXPECT_STORE_MATCHES:
    case TRIAL_EXPECT_STORE_COUNT:
        return parse_store_expect(p, e);
    case TRIAL_EXPECT_COMMITTED:
        return trial_parse_name(p, "the name of a group or a client", &e->of) &&
               trial_parse_part(p, &e->part) && trial_parse_compare(p, &e->compare);
    case TRIAL_EXPECT_FIRED:
        return trial_parse_name(p, "the name of a fault", &e->id) &&
               trial_parse_compare(p, &e->compare);
    case TRIAL_EXPECT_EXIT:
        return parse_exit(p, e);
    case TRIAL_EXPECT_SECRET:
        return parse_secret_expect(p, e);
    case TRIAL_EXPECT_TRACE:
        return parse_trace(p, e);
    }
    return false;
}

bool trial_parse_expect(struct trial_parser *p, struct trial_expect *ret_expect) {
    ret_expect->pos = trial_peek(p)->pos;
    ret_expect->negated = trial_take_word(p, "no");
    bool fits = !ret_expect->negated || trial_at_word(p, "anomaly") || trial_at_word(p, "secret");
    if (!fits) {
        (void)trial_take_word(p, "anomaly");
        (void)trial_take_word(p, "secret");
        return trial_expected(p, "'anomaly' or 'secret' after 'no'");
    }
    const struct trial_word *word = trial_need_from(
        p, TRIAL_WORD_EXPECT, "an expectation ('guarantee', 'log', 'store', 'fired', …)");
    if (!word) {
        return false;
    }
    ret_expect->kind = (enum trial_expect_kind)word->value;
    return parse_expect_rest(p, ret_expect) && trial_need_end(p);
}

static bool parse_whens(struct trial_parser *p, struct trial_check *c) {
    struct trial_list list = trial_list_of(sizeof(struct trial_when));
    bool good;
    do {
        struct trial_when when = {0};
        good = trial_parse_name(p, "the name of a matrix parameter", &when.name) &&
               trial_need_mark(p, "=") && trial_parse_atom(p, "a value of it", &when.value);
        trial_list_add(p, &list, &when);
    } while (good && trial_take_word(p, "and"));
    c->when = trial_list_take(p, &list, &c->when_count);
    return good;
}

bool trial_parse_check(struct trial_parser *p, struct trial_check *ret_check) {
    struct trial_block block;
    if ((trial_take_word(p, "when") && !parse_whens(p, ret_check)) ||
        !trial_block_open(p, &block, &ret_check->end_comments)) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_expect));
    struct trial_expect expect = {0};
    bool closed = false;
    while (trial_block_next(p, &block, &expect.comments, &closed)) {
        bool good = trial_parse_expect(p, &expect);
        trial_line_done(p, good, &expect.comments);
        if (good) {
            trial_list_add(p, &list, &expect);
        }
        expect = (struct trial_expect){0};
    }
    ret_check->expects = trial_list_take(p, &list, &ret_check->expect_count);
    return closed;
}
