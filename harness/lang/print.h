/* The printer's own parts, for print*.c. */
#pragma once
#include "harness/lang/lang.h"

#define TRIAL_LINE_COLUMNS 100    /* a fault longer than this is broken after its ":" */
#define TRIAL_ONE_LINE_COLUMNS 80 /* a block of one line stays on its own line up to here */

struct trial_printer {
    struct base_builder *out;
    unsigned indent;
    size_t line_start;
    bool is_bound;
};
void trial_put_indent(struct trial_printer *p);
void trial_put_comments(struct trial_printer *p, const struct trial_comments *c);
/* The comment at the end of a line, and its end. */
void trial_put_end(struct trial_printer *p, const struct trial_comments *c);
void trial_put_name(struct trial_printer *p, const struct trial_name *name);
void trial_put_names(struct trial_printer *p, const struct trial_name *names, size_t count,
                     const char *separator);
/* A text that is no atom: "\\" and "\$" are escaped in it unless the tree is bound. */
void trial_put_text(struct trial_printer *p, const char *text);
void trial_put_atom(struct trial_printer *p, const struct trial_atom *atom);
/* " WORD ATOM", nothing when the atom was not given. */
void trial_put_option(struct trial_printer *p, const char *word, const struct trial_atom *atom);
void trial_put_part(struct trial_printer *p, const struct trial_part *part);
/* " { … }"; always: also when there are none. */
void trial_put_settings(struct trial_printer *p, const struct trial_settings *settings,
                        const struct trial_comments *end_comments, bool always);
void trial_put_compare(struct trial_printer *p, const struct trial_compare *compare);
void trial_put_cond(struct trial_printer *p, const struct trial_cond *cond);
void trial_put_event(struct trial_printer *p, const struct trial_event_pattern *event);
void trial_put_fault(struct trial_printer *p, const struct trial_fault *fault);
void trial_put_expect(struct trial_printer *p, const struct trial_expect *expect);

/* " { … }": on one line when it is short and has no comments, else a line each. */
struct trial_printed_block {
    const void *owner;
    size_t count;
    const struct trial_comments *end_comments; /* may be NULL */
    const struct trial_comments *(*comments)(const void *owner, size_t index);
    void (*put)(struct trial_printer *p, const void *owner, size_t index);
};
void trial_put_block(struct trial_printer *p, const struct trial_printed_block *block);
void trial_put_steps(struct trial_printer *p, const struct trial_step *steps, size_t count,
                     const struct trial_comments *end_comments);
