/* Printing expectations. */
#include "harness/lang/print.h"
#include "harness/lang/words.h"

static void put_space_name(struct trial_printer *p, const struct trial_name *name) {
    base_put_u8(p->out, ' ');
    trial_put_name(p, name);
}

static const struct trial_comments *line_comments(const void *owner, size_t index) {
    return &((const struct trial_expect *)owner)->lines[index].comments;
}

static void put_line(struct trial_printer *p, const void *owner, size_t index) {
    const struct trial_log_line *line = &((const struct trial_expect *)owner)->lines[index];
    trial_put_atom(p, &line->offset);
    base_put_str(p->out, ": ");
    trial_put_atom(p, &line->key);
    base_put_str(p->out, " = ");
    trial_put_atom(p, &line->value.atom);
}

static const struct trial_comments no_comments;

static const struct trial_comments *event_comments(const void *owner, size_t index) {
    return &no_comments;
}

static void put_event_at(struct trial_printer *p, const void *owner, size_t index) {
    trial_put_event(p, &((const struct trial_trace_line *)owner)->events[index]);
}

static const struct trial_comments *trace_comments(const void *owner, size_t index) {
    return &((const struct trial_expect *)owner)->trace[index].comments;
}

static void put_trace_line(struct trial_printer *p, const void *owner, size_t index) {
    static const char *const words[] = {"then", "next", "never", "any"};
    const struct trial_trace_line *line = &((const struct trial_expect *)owner)->trace[index];
    base_put_str(p->out, words[line->kind]);
    if (line->kind == TRIAL_TRACE_ANY) {
        struct trial_printed_block block = {line, line->event_count, NULL, event_comments,
                                            put_event_at};
        trial_put_block(p, &block);
    } else {
        base_put_u8(p->out, ' ');
        trial_put_event(p, &line->events[0]);
    }
}

static void put_sinks(struct trial_printer *p, const struct trial_expect *e) {
    base_put_str(p->out, " in ");
    for (size_t i = 0; i < e->sink_count; i++) {
        base_put_str(p->out, i ? ", " : "");
        base_put_str(p->out, trial_word_of(TRIAL_WORD_SINK, (int)e->sinks[i].kind)->word);
        if (e->sinks[i].name.text) {
            put_space_name(p, &e->sinks[i].name);
        }
    }
}

static void put_verdict(struct trial_printer *p, const struct trial_expect *e) {
    base_put_str(p->out, " is ");
    trial_put_atom(p, &e->verdict);
    if (e->because.text) {
        base_put_str(p->out, " because");
        put_space_name(p, &e->because);
    }
}

static void put_anomaly(struct trial_printer *p, const struct trial_expect *e) {
    put_space_name(p, &e->id);
    if (e->part.name.text) {
        base_put_str(p->out, " on ");
        trial_put_part(p, &e->part);
    }
    trial_put_option(p, "key", &e->key);
    if (e->compare.given) {
        base_put_str(p->out, " count");
        trial_put_compare(p, &e->compare);
    }
}

static void put_store(struct trial_printer *p, const struct trial_expect *e) {
    put_space_name(p, &e->of);
    if (e->kind == TRIAL_EXPECT_STORE_HAS) {
        trial_put_option(p, "has", &e->key);
        base_put_str(p->out, " = ");
        trial_put_atom(p, &e->value.atom);
    } else if (e->kind == TRIAL_EXPECT_STORE_LACKS) {
        trial_put_option(p, "lacks", &e->key);
    } else if (e->kind == TRIAL_EXPECT_STORE_MATCHES) {
        base_put_str(p->out, " matches");
        put_space_name(p, &e->matches);
    } else {
        base_put_str(p->out, " count");
        trial_put_compare(p, &e->compare);
    }
}

static void put_exit(struct trial_printer *p, const struct trial_expect *e) {
    put_space_name(p, &e->of);
    base_put_str(p->out, " is ");
    if (e->exit_signal.text) {
        base_put_str(p->out, "signal ");
        trial_put_name(p, &e->exit_signal);
    } else {
        trial_put_atom(p, &e->exit_status);
    }
}

static void put_log(struct trial_printer *p, const struct trial_expect *e) {
    struct trial_printed_block block = {e, e->line_count, &e->end_comments, line_comments,
                                        put_line};
    base_put_u8(p->out, ' ');
    trial_put_part(p, &e->part);
    base_put_str(p->out, e->whole ? " is" : " has");
    trial_put_block(p, &block);
}

void trial_put_expect(struct trial_printer *p, const struct trial_expect *expect) {
    const struct trial_word *word = trial_word_of(TRIAL_WORD_EXPECT, (int)expect->kind);
    base_put_format(p->out, "%s%s", expect->negated ? "no " : "", word->word);
    switch (expect->kind) {
    case TRIAL_EXPECT_GUARANTEE:
        put_space_name(p, &expect->id);
        base_put_str(p->out, " of");
        put_space_name(p, &expect->of);
        put_verdict(p, expect);
        break;
    case TRIAL_EXPECT_ANOMALY:
        put_anomaly(p, expect);
        break;
    case TRIAL_EXPECT_LOG:
        put_log(p, expect);
        break;
    case TRIAL_EXPECT_OUTCOME:
        put_space_name(p, &expect->of);
        base_put_u8(p->out, ' ');
        trial_put_atom(p, &expect->key);
        put_verdict(p, expect);
        break;
    case TRIAL_EXPECT_STORE_HAS:
    case TRIAL_EXPECT_STORE_LACKS:
    case TRIAL_EXPECT_STORE_MATCHES:
    case TRIAL_EXPECT_STORE_COUNT:
        put_store(p, expect);
        break;
    case TRIAL_EXPECT_COMMITTED:
        put_space_name(p, &expect->of);
        base_put_u8(p->out, ' ');
        trial_put_part(p, &expect->part);
        trial_put_compare(p, &expect->compare);
        break;
    case TRIAL_EXPECT_FIRED:
        put_space_name(p, &expect->id);
        trial_put_compare(p, &expect->compare);
        break;
    case TRIAL_EXPECT_EXIT:
        put_exit(p, expect);
        break;
    case TRIAL_EXPECT_SECRET:
        put_space_name(p, &expect->id);
        put_sinks(p, expect);
        break;
    case TRIAL_EXPECT_TRACE: {
        struct trial_printed_block block = {expect, expect->trace_count, &expect->end_comments,
                                            trace_comments, put_trace_line};
        trial_put_block(p, &block);
        break;
    }
    }
}

void trial_print_expect(const struct trial_expect *expect, struct base_builder *ret_text) {
    struct trial_printer p = {ret_text, 0, ret_text->len, true};
    trial_put_expect(&p, expect);
}
