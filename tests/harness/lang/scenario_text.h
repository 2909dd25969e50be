/* Parsing, checking and printing text in one call, for the tests of harness/lang. */
#pragma once
#include "harness/lang/lang.h"

/* A scenario made of the source, NULL when it has errors (in d). */
struct trial_scenario *t_parse(const char *source, struct trial_diagnostics *d);
/* True when parsing and checking the source gives, first of all, this problem at this place; shows
 * what it gave instead. An empty text: no errors at all. */
int t_first_problem(const char *source, unsigned line, unsigned column, const char *text,
                    int test_line, const char *test_file);
#define T_PROBLEM(source, line, column, text)                                                      \
    t_first_problem((source), (line), (column), (text), __LINE__, __FILE__)
#define T_GOOD(source) t_first_problem((source), 0, 0, "", __LINE__, __FILE__)
/* The text of a tree, zero-terminated, to be freed with base_free; NULL if it is too large. */
char *t_print(const struct trial_scenario *scenario);
/* A file below the top of the project, zero-terminated; NULL if it cannot be read. */
char *t_read(const char *path);
extern const char *const t_examples[6];
