/* Expectations: guarantees that fit what they are of, reasons that are theirs, names. */
#include "harness/lang/check.h"

#include <signal.h>

/* What a name of a guarantee's "of" is, as trial_of bits; 0 when it is nothing. */
static unsigned kinds_of(const struct trial_checker *c, const char *name) {
    unsigned kinds = 0;
    const struct trial_scenario *trees[] = {c->s, c->context};
    for (size_t t = 0; t < 2 && trees[t]; t++) {
        const struct trial_actor *actor = trial_find_actor(trees[t], name);
        struct trial_target target;
        if (actor) {
            kinds |= actor->role == TRIAL_WRITER ? TRIAL_OF_WRITER : TRIAL_OF_CLIENT;
        }
        if (trial_find_target(trees[t], name, &target)) {
            kinds |= target.topic ? TRIAL_OF_TOPIC : TRIAL_OF_JOURNAL;
        }
    }
    return kinds;
}

static const char *kind_word(unsigned of) {
    return of & TRIAL_OF_WRITER   ? "a writer"
           : of & TRIAL_OF_CLIENT ? "a client"
           : of & TRIAL_OF_TOPIC  ? "a topic"
                                  : "a journal";
}

static bool check_one_of(struct trial_checker *c, const struct trial_atom *word,
                         const char *const words[3], const char *what) {
    char hint[TRIAL_HINT_BYTES];
    struct trial_suggestion s = trial_suggestion_of(trial_atom_str(word));
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(trial_atom_str(word), words[i]) == 0) {
            return true;
        }
        trial_suggest(&s, words[i]);
    }
    trial_report(c->d, TRIAL_FAULTY, word->pos, "expected %s ('%s', '%s', '%s'), found '%s'%s",
                 what, words[0], words[1], words[2], trial_atom_str(word),
                 trial_suggestion_hint(&s, hint));
    return false;
}

/* The row of the guarantee that fits one of these kinds; NULL after a report. */
static const struct trial_word *find_guarantee(struct trial_checker *c,
                                               const struct trial_expect *e, unsigned kinds) {
    size_t count;
    unsigned possible = 0;
    const struct trial_word *words = trial_words(TRIAL_WORD_GUARANTEE, &count);
    for (size_t i = 0; i < count; i++) {
        bool same = strcmp(words[i].word, e->id.text) == 0;
        if (same && (words[i].of & kinds)) {
            return &words[i];
        }
        possible |= same ? words[i].of : 0;
    }
    if (possible) {
        trial_report(c->d, TRIAL_FAULTY, e->of.pos, "'%s' is a guarantee of %s, and '%s' is %s",
                     e->id.text, kind_word(possible), e->of.text, kind_word(kinds));
    }
    return NULL;
}

#define MAX_REASONS 8
#define REASON_BYTES 40

/* Feeds the reasons of a list, which are copied to stand on their own. */
static void suggest_list(struct trial_suggestion *s, const char *list,
                         char reasons[MAX_REASONS][REASON_BYTES]) {
    for (size_t i = 0; *list && i < MAX_REASONS; i++) {
        size_t len = strcspn(list, " ");
        size_t kept = len < REASON_BYTES ? len : REASON_BYTES - 1;
        memcpy(reasons[i], list, kept);
        reasons[i][kept] = '\0';
        trial_suggest(s, reasons[i]);
        list += len + (list[len] ? 1 : 0);
    }
}

static void check_because(struct trial_checker *c, const struct trial_expect *e,
                          const struct trial_word *guarantee) {
    const char *verdict = trial_atom_str(&e->verdict);
    const char *why = e->because.text;
    if (strcmp(verdict, "pass") == 0) {
        trial_report(c->d, TRIAL_FAULTY, e->because.pos, "a pass needs no reason");
        return;
    }
    bool fails = strcmp(verdict, "fail") == 0;
    bool known = fails ? trial_list_has(guarantee->fails, ' ', why)
                       : trial_list_has(guarantee->unknowns, ' ', why) ||
                             trial_word_find(TRIAL_WORD_UNKNOWN_REASON, why);
    if (known) {
        return;
    }
    char reasons[MAX_REASONS][REASON_BYTES], hint[TRIAL_HINT_BYTES];
    struct trial_suggestion s = trial_suggestion_of(why);
    suggest_list(&s, fails ? guarantee->fails : guarantee->unknowns, reasons);
    const char *near = fails ? trial_suggestion_hint(&s, hint)
                       : s.best ? trial_suggestion_hint(&s, hint)
                                : trial_word_hint(TRIAL_WORD_UNKNOWN_REASON, why, hint);
    trial_report(c->d, TRIAL_FAULTY, e->because.pos, "'%s' is never %s because of '%s'%s",
                 e->id.text, fails ? "fail" : "unknown", why, near);
}

/* Is the client's name on an `explore views` line? Else nothing can tell. */
static bool is_explored(const struct trial_checker *c, const char *client) {
    const struct trial_scenario *trees[] = {c->s, c->context};
    for (size_t t = 0; t < 2 && trees[t]; t++) {
        if (trial_find_views(trees[t], client)) {
            return true;
        }
    }
    return false;
}

static void check_guarantee(struct trial_checker *c, const struct trial_expect *e) {
    static const char *const verdicts[3] = {"pass", "fail", "unknown"};
    char hint[TRIAL_HINT_BYTES];
    bool verdict_good = check_one_of(c, &e->verdict, verdicts, "a verdict");
    if (!trial_word_find(TRIAL_WORD_GUARANTEE, e->id.text)) {
        trial_report(c->d, TRIAL_FAULTY, e->id.pos, "there is no guarantee '%s'%s", e->id.text,
                     trial_word_hint(TRIAL_WORD_GUARANTEE, e->id.text, hint));
        return;
    }
    unsigned kinds = kinds_of(c, e->of.text);
    if (!kinds) {
        (void)trial_check_actor(c, &e->of, TRIAL_OF_BOTH, "actor, topic or journal");
        return;
    }
    const struct trial_word *guarantee = find_guarantee(c, e, kinds);
    if (guarantee && verdict_good && e->because.text) {
        check_because(c, e, guarantee);
    }
    if (guarantee && strcmp(e->id.text, TRIAL_VIEW_SAFE) == 0 && !is_explored(c, e->of.text)) {
        trial_report(c->d, TRIAL_FAULTY, e->id.pos,
                     "nothing tells whether '%s' is view-safe; add 'explore views over %s'",
                     e->of.text, e->of.text);
    }
}

static void check_anomaly(struct trial_checker *c, const struct trial_expect *e) {
    char hint[TRIAL_HINT_BYTES];
    struct trial_target target;
    if (!trial_word_find(TRIAL_WORD_ANOMALY, e->id.text) &&
        strncmp(e->id.text, "cleaner-", 8) != 0) {
        trial_report(c->d, TRIAL_FAULTY, e->id.pos, "there is no anomaly '%s'%s", e->id.text,
                     trial_word_hint(TRIAL_WORD_ANOMALY, e->id.text, hint));
    }
    if (e->negated && e->compare.given) {
        trial_report(c->d, TRIAL_FAULTY, e->compare.number.pos, "`no anomaly` has no count");
    }
    (void)trial_check_part(c, &e->part, &target);
    trial_check_compare(c, &e->compare);
}

static void check_log(struct trial_checker *c, const struct trial_expect *e) {
    struct trial_target target;
    if (trial_check_part(c, &e->part, &target) && target.journal && !target.type) {
        trial_report(c->d, TRIAL_FAULTY, e->part.name.pos,
                     "expected a topic or one type of journal '%s'", e->part.name.text);
    }
    for (size_t i = 0; i < e->line_count; i++) {
        if (trial_check_num(c, &e->lines[i].offset, 0, INT64_MAX, "an offset") && i > 0 &&
            e->lines[i].offset.number <= e->lines[i - 1].offset.number) {
            trial_report(c->d, TRIAL_FAULTY, e->lines[i].offset.pos,
                         "offsets go up within a log");
        }
    }
    if (e->part.name.text && e->part.partition.kind == TRIAL_ATOM_NONE) {
        trial_report(c->d, TRIAL_FAULTY, e->part.name.pos, "expected a partition, as in %s/0",
                     e->part.name.text);
    }
}

/* An error that is not Kafka's: librdkafka's begin with "_"; the journal program has a few. */
static bool is_own_error(const char *name) {
    static const char *const names[] = {"aborted",          "killed",           "FLUSH_TIMEOUT",
                                        "NOT_ACKNOWLEDGED", "MALFORMED_OBJECT", "MALFORMED_COMMAND",
                                        "UNKNOWN_TYPE",     "UNKNOWN_JOURNAL"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return name[0] == '_';
}

static void check_outcome(struct trial_checker *c, const struct trial_expect *e) {
    static const char *const outcomes[3] = {"ok", "failed", "unknown"};
    const struct trial_actor *actor = trial_check_actor(c, &e->of, TRIAL_OF_WRITER, "writer");
    (void)check_one_of(c, &e->verdict, outcomes, "an outcome");
    /* Another program says what it likes. */
    bool is_ours = actor && actor->driver == TRIAL_DRIVER_BUILTIN;
    if (e->because.text && is_ours && !is_own_error(e->because.text)) {
        struct trial_atom word = {.kind = TRIAL_ATOM_ID, .pos = e->because.pos,
                                  .text = base_slice_str(e->because.text)};
        trial_check_error(c, &word);
    }
}

static void check_sinks(struct trial_checker *c, const struct trial_expect *e) {
    struct trial_target target;
    for (size_t i = 0; i < e->sink_count; i++) {
        const struct trial_sink *sink = &e->sinks[i];
        switch (sink->kind) {
        case TRIAL_SINK_TOPIC:
            (void)trial_check_target(c, &sink->name, &target);
            break;
        case TRIAL_SINK_PUBLIC:
        case TRIAL_SINK_PRIVILEGED:
            if (trial_check_target(c, &sink->name, &target) && !target.journal) {
                trial_report(c->d, TRIAL_FAULTY, sink->name.pos,
                             "expected a journal, and '%s' is a topic", sink->name.text);
            } else if (target.journal && sink->kind == TRIAL_SINK_PRIVILEGED &&
                       !target.journal->anonymize) {
                trial_report(c->d, TRIAL_FAULTY, sink->name.pos,
                             "journal '%s' is not anonymized: it has no privileged topics",
                             sink->name.text);
            }
            break;
        case TRIAL_SINK_STORE:
            (void)trial_check_store(c, &sink->name);
            break;
        case TRIAL_SINK_OUTPUT:
        case TRIAL_SINK_WIRE:
            (void)trial_check_actor(c, &sink->name, TRIAL_OF_BOTH, "writer or client");
            break;
        case TRIAL_SINK_EVERYWHERE:
            break;
        }
    }
}

static void check_exit(struct trial_checker *c, const struct trial_expect *e) {
    static const char *const names[] = {"SIGKILL", "SIGTERM", "SIGABRT", "SIGSEGV", "SIGBUS",
                                        "SIGFPE",  "SIGILL",  "SIGINT",  "SIGHUP",  "SIGPIPE",
                                        "SIGQUIT", "SIGALRM", "SIGSYS",  "SIGTRAP"};
    char hint[TRIAL_HINT_BYTES];
    (void)trial_check_actor(c, &e->of, TRIAL_OF_BOTH, "writer or client");
    (void)trial_check_num(c, &e->exit_status, 0, 255, "an exit status");
    struct trial_suggestion s = trial_suggestion_of(e->exit_signal.text);
    for (size_t i = 0; e->exit_signal.text && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(e->exit_signal.text, names[i]) == 0) {
            return;
        }
        trial_suggest(&s, names[i]);
    }
    if (e->exit_signal.text) {
        trial_report(c->d, TRIAL_FAULTY, e->exit_signal.pos, "there is no signal '%s'%s",
                     e->exit_signal.text, trial_suggestion_hint(&s, hint));
    }
}

static void check_trace(struct trial_checker *c, const struct trial_expect *e) {
    for (size_t i = 0; i < e->trace_count; i++) {
        for (size_t k = 0; k < e->trace[i].event_count; k++) {
            trial_check_event(c, &e->trace[i].events[k]);
        }
    }
}

void trial_check_expect(struct trial_checker *c, const struct trial_expect *expect) {
    struct trial_target target;
    switch (expect->kind) {
    case TRIAL_EXPECT_GUARANTEE:
        check_guarantee(c, expect);
        break;
    case TRIAL_EXPECT_ANOMALY:
        check_anomaly(c, expect);
        break;
    case TRIAL_EXPECT_LOG:
        check_log(c, expect);
        break;
    case TRIAL_EXPECT_OUTCOME:
        check_outcome(c, expect);
        break;
    case TRIAL_EXPECT_STORE_HAS:
    case TRIAL_EXPECT_STORE_LACKS:
    case TRIAL_EXPECT_STORE_MATCHES:
    case TRIAL_EXPECT_STORE_COUNT:
        (void)trial_check_store(c, &expect->of);
        (void)trial_check_target(c, &expect->matches, &target);
        trial_check_compare(c, &expect->compare);
        break;
    case TRIAL_EXPECT_COMMITTED:
        trial_check_group_or_client(c, &expect->of);
        (void)trial_check_part(c, &expect->part, &target);
        trial_check_compare(c, &expect->compare);
        break;
    case TRIAL_EXPECT_FIRED:
        (void)trial_check_fault_name(c, &expect->id);
        trial_check_compare(c, &expect->compare);
        break;
    case TRIAL_EXPECT_EXIT:
        check_exit(c, expect);
        break;
    case TRIAL_EXPECT_SECRET:
        trial_check_secret(c, &expect->id);
        check_sinks(c, expect);
        break;
    case TRIAL_EXPECT_TRACE:
        check_trace(c, expect);
        break;
    }
}
