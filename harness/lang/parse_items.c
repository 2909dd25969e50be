/* Declarations: tags to secret, and the settings of what they declare. */
#include "harness/lang/parse.h"

/* "{" NL { ID "=" atom NL | "env" ID "=" atom NL } "}" */
static bool parse_setting(struct trial_parser *p, struct trial_setting *s) {
    bool env = trial_at_word(p, "env") && trial_peek_ahead(p, 1)->kind != TRIAL_TOKEN_MARK;
    if (env) {
        trial_advance(p);
    }
    s->is_env = env;
    return trial_parse_name(p,
                            env ? "the name of an environment variable" : "the name of a setting",
                            &s->name) &&
           trial_need_mark(p, "=") && trial_parse_atom(p, "a value", &s->value) &&
           trial_need_end(p);
}

bool trial_parse_settings(struct trial_parser *p, struct trial_settings *ret_settings,
                          struct trial_comments *end_comments) {
    struct trial_block block;
    if (!trial_block_open(p, &block, end_comments)) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_setting));
    struct trial_setting s = {0};
    bool closed = false;
    while (trial_block_next(p, &block, &s.comments, &closed)) {
        bool good = parse_setting(p, &s);
        trial_line_done(p, good, &s.comments);
        if (good) {
            trial_list_add(p, &list, &s);
        }
        s = (struct trial_setting){0};
    }
    ret_settings->items = trial_list_take(p, &list, &ret_settings->count);
    return closed;
}

/* [ settings ] NL */
static bool parse_optional_settings(struct trial_parser *p, struct trial_settings *settings,
                                    struct trial_comments *end_comments) {
    if (trial_at_mark(p, "{") && !trial_parse_settings(p, settings, end_comments)) {
        return false;
    }
    return trial_need_end(p);
}

static bool parse_words(struct trial_parser *p, const char *what, struct trial_words *words) {
    struct trial_list list = trial_list_of(sizeof(struct trial_name));
    bool good;
    do {
        struct trial_name name;
        good = trial_parse_name(p, what, &name);
        if (good) {
            trial_list_add(p, &list, &name);
        }
    } while (good && trial_peek(p)->kind != TRIAL_TOKEN_NEWLINE);
    words->items = trial_list_take(p, &list, &words->count);
    return good && trial_need_end(p);
}

static bool parse_matrix(struct trial_parser *p, struct trial_matrix *m) {
    if (!trial_parse_name(p, "the name of a parameter", &m->name) || !trial_need_mark(p, "=")) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(struct trial_atom));
    bool good;
    do {
        struct trial_atom value;
        good = trial_parse_atom(p, "a value", &value);
        if (good) {
            trial_list_add(p, &list, &value);
        }
    } while (good && trial_take_mark(p, "|"));
    m->values = trial_list_take(p, &list, &m->count);
    return good && trial_need_end(p);
}

static bool parse_principal(struct trial_parser *p, struct trial_principal *principal) {
    return trial_parse_name(p, "the name of a principal", &principal->name) &&
           trial_need_word(p, "password") &&
           trial_parse_text(p, "a password, as a string", &principal->password) &&
           trial_need_end(p);
}

static bool parse_resource(struct trial_parser *p, struct trial_acl *acl) {
    static const char *const kinds[] = {"topic", "public",           "privileged",
                                        "group", "transactional-id", "cluster"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (trial_take_word(p, kinds[i])) {
            acl->resource_kind = kinds[i];
            return strcmp(kinds[i], "cluster") == 0 ||
                   trial_parse_name(p, "the name of the resource", &acl->resource);
        }
    }
    return trial_expected(p, "'topic', 'public', 'privileged', 'group', 'transactional-id' or "
                             "'cluster'");
}

static bool parse_acl(struct trial_parser *p, struct trial_acl *acl) {
    if (!trial_parse_name(p, "the name of a principal", &acl->principal)) {
        return false;
    }
    acl->may = trial_take_word(p, "may");
    if (!acl->may && !trial_take_word(p, "may-not")) {
        return trial_expected(p, "'may' or 'may-not'");
    }
    return trial_parse_names(p, "an operation", &acl->operations, &acl->operation_count) &&
           trial_need_word(p, "on") && parse_resource(p, acl) && trial_need_end(p);
}

/* Joins the comments of a line that may stand several times (types). */
static void add_comments(struct trial_parser *p, struct trial_comments *to,
                         const struct trial_comments *more) {
    struct trial_list all = trial_list_of(sizeof(const char *));
    for (size_t i = 0; i < to->before_count; i++) {
        trial_list_add(p, &all, &to->before[i]);
    }
    for (size_t i = 0; i < more->before_count; i++) {
        trial_list_add(p, &all, &more->before[i]);
    }
    if (to->after && more->after) {
        const char *text = more->after + strspn(more->after, " ");
        trial_list_add(p, &all, &text);
    }
    to->before = trial_list_take(p, &all, &to->before_count);
    to->after = to->after ? to->after : more->after;
}

/* One jline; *ret_comments is where its comments belong. */
static bool parse_journal_line(struct trial_parser *p, struct trial_journal *j,
                               struct trial_list *types, struct trial_list *settings,
                               struct trial_comments **ret_comments) {
    bool is_setting = strcmp(trial_peek_ahead(p, 1)->text, "=") == 0 &&
                      trial_peek_ahead(p, 1)->kind == TRIAL_TOKEN_MARK;
    if (!is_setting && trial_take_word(p, "types")) {
        struct trial_words words = {0};
        bool good = parse_words(p, "an object type", &words);
        for (size_t i = 0; good && i < words.count; i++) {
            trial_list_add(p, types, &words.items[i]);
        }
        *ret_comments = &j->types_comments;
        return good;
    }
    if (!is_setting && trial_take_word(p, "partitions")) {
        *ret_comments = &j->partitions_comments;
        return trial_parse_num(p, "the number of partitions", &j->partitions) && trial_need_end(p);
    }
    if (!is_setting && trial_take_word(p, "compact")) {
        *ret_comments = &j->compact_comments;
        j->compact = true;
        return trial_need_end(p);
    }
    if (!is_setting && trial_take_word(p, "anonymize")) {
        *ret_comments = &j->anonymize_comments;
        j->anonymize = true;
        return trial_need_end(p);
    }
    if (!is_setting) {
        return trial_expected(p, "'types', 'partitions', 'compact', 'anonymize' or a setting");
    }
    struct trial_setting s = {0};
    bool good = parse_setting(p, &s);
    trial_list_add(p, settings, &s);
    if (good && settings->items && settings->count) {
        *ret_comments = &((struct trial_setting *)settings->items)[settings->count - 1].comments;
    }
    return good;
}

static bool parse_journal(struct trial_parser *p, struct trial_journal *j,
                          struct trial_comments *end_comments) {
    struct trial_name codec = {0};
    struct trial_block block;
    if (!trial_parse_name(p, "the name of a journal", &j->name) || !trial_need_word(p, "prefix") ||
        !trial_parse_text(p, "the prefix of its topics, as a string", &j->prefix) ||
        (trial_take_word(p, "codec") && !trial_parse_name(p, "a codec", &codec)) ||
        !trial_block_open(p, &block, end_comments)) {
        return false;
    }
    j->codec = codec.text ? codec.text : "protobuf";
    j->codec_pos = codec.text ? codec.pos : j->name.pos;
    j->has_codec = codec.text != NULL;
    struct trial_list types = trial_list_of(sizeof(struct trial_name));
    struct trial_list settings = trial_list_of(sizeof(struct trial_setting));
    struct trial_comments comments = {0};
    bool closed = false;
    while (trial_block_next(p, &block, &comments, &closed)) {
        struct trial_comments *place = NULL;
        bool good = parse_journal_line(p, j, &types, &settings, &place);
        trial_line_done(p, good, &comments);
        if (good && place) {
            add_comments(p, place, &comments);
        }
        comments = (struct trial_comments){0};
    }
    j->types = trial_list_take(p, &types, &j->type_count);
    j->settings.items = trial_list_take(p, &settings, &j->settings.count);
    return closed && trial_need_end(p);
}

static bool take_visibility(struct trial_parser *p, enum trial_visibility *visibility) {
    if (trial_take_word(p, "public")) {
        *visibility = TRIAL_PUBLIC;
        return true;
    }
    if (trial_take_word(p, "private")) {
        *visibility = TRIAL_PRIVATE;
        return true;
    }
    return false;
}

static bool parse_topic(struct trial_parser *p, struct trial_topic *t,
                        struct trial_comments *end_comments) {
    if (!trial_parse_name(p, "the name of a topic", &t->name)) {
        return false;
    }
    t->real_name = t->name.text;
    t->has_real_name = trial_take_word(p, "named");
    if (t->has_real_name &&
        !trial_parse_text(p, "the topic's name in Kafka, as a string", &t->real_name)) {
        return false;
    }
    if (trial_take_word(p, "partitions") &&
        !trial_parse_num(p, "the number of partitions", &t->partitions)) {
        return false;
    }
    bool more = true;
    while (more) {
        more = trial_take_word(p, "compact");
        t->compact = t->compact || more;
        more = more || take_visibility(p, &t->visibility);
    }
    return parse_optional_settings(p, &t->settings, end_comments);
}

static bool parse_store(struct trial_parser *p, struct trial_store *s,
                        struct trial_comments *end_comments) {
    if (!trial_parse_name(p, "the name of a store", &s->name)) {
        return false;
    }
    if (trial_take_word(p, "memory")) {
        s->kind = TRIAL_STORE_MEMORY;
    } else if (trial_take_word(p, "sqlite")) {
        s->kind = TRIAL_STORE_SQLITE;
    } else if (trial_take_word(p, "postgresql")) {
        s->kind = TRIAL_STORE_POSTGRESQL;
    } else if (trial_take_word(p, "exec")) {
        s->kind = TRIAL_STORE_EXEC;
        if (!trial_parse_text(p, "the command that dumps the store, as a string", &s->command)) {
            return false;
        }
    } else {
        return trial_expected(p, "a kind of store ('memory', 'sqlite', 'postgresql', 'exec')");
    }
    while (take_visibility(p, &s->visibility)) {}
    return parse_optional_settings(p, &s->settings, end_comments);
}

/* [ driver ] [ "as" ID ] [ settings ] NL */
static bool parse_actor_rest(struct trial_parser *p, struct trial_actor *a,
                             struct trial_comments *end_comments) {
    if (trial_take_word(p, "exec")) {
        a->driver = TRIAL_DRIVER_EXEC;
    } else if (trial_take_word(p, "verifiable")) {
        a->driver = TRIAL_DRIVER_VERIFIABLE;
    }
    if (a->driver != TRIAL_DRIVER_BUILTIN &&
        !trial_parse_text(p, "the actor's command, as a string", &a->command)) {
        return false;
    }
    if (trial_take_word(p, "as") &&
        !trial_parse_name(p, "the name of a principal", &a->principal)) {
        return false;
    }
    return parse_optional_settings(p, &a->settings, end_comments);
}

static bool parse_source(struct trial_parser *p, bool patterns, struct trial_source *source) {
    source->pos = trial_peek(p)->pos;
    bool is_pattern = patterns && trial_at_word(p, "pattern") &&
                      trial_peek_ahead(p, 1)->kind == TRIAL_TOKEN_STRING;
    if (is_pattern) {
        trial_advance(p);
        return trial_parse_text(p, "a pattern", &source->pattern);
    }
    return trial_parse_name(p, "a topic or a journal", &source->name);
}

static bool parse_sources(struct trial_parser *p, struct trial_actor *a) {
    struct trial_list list = trial_list_of(sizeof(struct trial_source));
    bool good;
    do {
        struct trial_source source = {0};
        good = parse_source(p, a->role == TRIAL_CLIENT, &source);
        trial_list_add(p, &list, &source);
    } while (good && trial_take_mark(p, ","));
    a->targets = trial_list_take(p, &list, &a->target_count);
    return good;
}

static bool parse_writer(struct trial_parser *p, struct trial_actor *a,
                         struct trial_comments *end_comments) {
    a->role = TRIAL_WRITER;
    return trial_parse_name(p, "the name of a writer", &a->name) && trial_need_word(p, "to") &&
           parse_sources(p, a) && parse_actor_rest(p, a, end_comments);
}

static bool parse_client(struct trial_parser *p, struct trial_actor *a,
                         struct trial_comments *end_comments) {
    a->role = TRIAL_CLIENT;
    if (!trial_parse_name(p, "the name of a client", &a->name) || !trial_need_word(p, "from") ||
        !parse_sources(p, a)) {
        return false;
    }
    if (trial_take_word(p, "group")) {
        if (!trial_parse_name(p, "the name of a group", &a->group)) {
            return false;
        }
    } else if (!trial_take_word(p, "groupless")) {
        return trial_expected(p, "',', 'group' or 'groupless'");
    }
    if (trial_take_word(p, "into") && !trial_parse_name(p, "the name of a store", &a->store)) {
        return false;
    }
    return parse_actor_rest(p, a, end_comments);
}

static bool parse_secret(struct trial_parser *p, struct trial_secret *s) {
    if (!trial_parse_name(p, "the name of a secret", &s->name) || !trial_need_word(p, "in")) {
        return false;
    }
    struct trial_list list = trial_list_of(sizeof(const char *));
    bool good;
    do {
        const char *field = NULL;
        good = trial_parse_text(p, "a field, as in \"Person.fullname\"", &field);
        if (good) {
            trial_list_add(p, &list, &field);
        }
    } while (good && trial_take_mark(p, ","));
    s->fields = trial_list_take(p, &list, &s->field_count);
    s->strict = good && trial_take_word(p, "strict");
    if (good && trial_take_word(p, "allow")) {
        good = trial_parse_name(p, "a digest", &s->allow);
    }
    return good && trial_need_end(p);
}

static bool parse_explore(struct trial_parser *p, struct trial_explore *e) {
    static const char *const kinds[] = {"faults", "crash-points", "pairs", "random", "views"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !e->kind.text; i++) {
        struct trial_pos pos = trial_peek(p)->pos;
        if (trial_take_word(p, kinds[i])) {
            e->kind = (struct trial_name){kinds[i], pos, false};
        }
    }
    if (!e->kind.text) {
        return trial_expected(p, "'faults', 'crash-points', 'pairs', 'random' or 'views'");
    }
    if (!trial_need_word(p, "over") ||
        !trial_parse_names(p, "the name of an actor", &e->over, &e->over_count)) {
        return false;
    }
    if (trial_take_word(p, "runs") && !trial_parse_num(p, "the number of runs", &e->runs)) {
        return false;
    }
    return trial_need_end(p);
}

static bool parse_item_body(struct trial_parser *p, struct trial_item *item, bool is_client) {
    switch (item->kind) {
    case TRIAL_ITEM_TAGS:
        return parse_words(p, "a tag", &item->u.words);
    case TRIAL_ITEM_NEED:
        return parse_words(p, "a feature", &item->u.words);
    case TRIAL_ITEM_MATRIX:
        return parse_matrix(p, &item->u.matrix);
    case TRIAL_ITEM_BUDGET:
        return trial_parse_dur(p, &item->u.atom) && trial_need_end(p);
    case TRIAL_ITEM_SEED:
        return trial_parse_num(p, "a number", &item->u.atom) && trial_need_end(p);
    case TRIAL_ITEM_CLUSTER:
        return trial_parse_settings(p, &item->u.cluster, &item->end_comments) && trial_need_end(p);
    case TRIAL_ITEM_PRINCIPAL:
        return parse_principal(p, &item->u.principal);
    case TRIAL_ITEM_ACL:
        return parse_acl(p, &item->u.acl);
    case TRIAL_ITEM_JOURNAL:
        return parse_journal(p, &item->u.journal, &item->end_comments);
    case TRIAL_ITEM_TOPIC:
        return parse_topic(p, &item->u.topic, &item->end_comments);
    case TRIAL_ITEM_STORE:
        return parse_store(p, &item->u.store, &item->end_comments);
    case TRIAL_ITEM_ACTOR:
        return is_client ? parse_client(p, &item->u.actor, &item->end_comments)
                         : parse_writer(p, &item->u.actor, &item->end_comments);
    case TRIAL_ITEM_SECRET:
        return parse_secret(p, &item->u.secret);
    case TRIAL_ITEM_FAULT:
        return trial_parse_fault(p, &item->u.fault) && trial_need_end(p);
    case TRIAL_ITEM_RUN:
        return trial_parse_steps(p, &item->u.run.steps, &item->u.run.step_count,
                                 &item->u.run.end_comments) &&
               trial_need_end(p);
    case TRIAL_ITEM_CHECK:
        return trial_parse_check(p, &item->u.check) && trial_need_end(p);
    case TRIAL_ITEM_EXPLORE:
        return parse_explore(p, &item->u.explore);
    }
    return false;
}

bool trial_parse_item(struct trial_parser *p, struct trial_item *ret_item) {
    ret_item->pos = trial_peek(p)->pos;
    const struct trial_word *word =
        trial_need_from(p, TRIAL_WORD_ITEM, "an item ('topic', 'writer', 'run', 'check', …)");
    if (!word) {
        return false;
    }
    ret_item->kind = (enum trial_item_kind)word->value;
    return parse_item_body(p, ret_item, strcmp(word->word, "client") == 0);
}
