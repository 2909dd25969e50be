/* The reference of all words as Markdown, from verbs.def: `ktrial verbs`, scenarios/README.md. */
#include <inttypes.h>

#include "harness/lang/words.h"

static void put_table(struct base_builder *b, const char *title, enum trial_word_class word_class) {
    size_t count;
    const struct trial_word *words = trial_words(word_class, &count);
    base_put_format(b, "\n### %s\n\n", title);
    for (size_t i = 0; i < count; i++) {
        base_put_format(b, "- `%s`%s%s\n", words[i].form, words[i].help[0] ? ": " : "",
                        words[i].help);
    }
}

static void put_events(struct base_builder *b) {
    size_t count;
    const struct trial_word *words = trial_words(TRIAL_WORD_EVENT, &count);
    base_put_str(b, "\n### Events\n\n| event | of | may name | is |\n|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        unsigned f = words[i].flags;
        base_put_format(b, "| `%s` | %s |%s%s%s%s | %s |\n", words[i].word,
                        words[i].of == TRIAL_OF_BOTH     ? "writer, client"
                        : words[i].of == TRIAL_OF_WRITER ? "writer"
                        : words[i].of == TRIAL_OF_CLIENT ? "client"
                                                         : "nobody",
                        f & TRIAL_HAS_PART ? " on" : "", f & TRIAL_HAS_RECORD ? " key value" : "",
                        f & TRIAL_HAS_OFFSET ? " offset" : "",
                        f & TRIAL_HAS_ATTEMPT ? " attempt" : "", words[i].help);
    }
    base_put_str(b, "\nEach may also name `from` and `nth`.\n");
}

static void put_actions(struct base_builder *b) {
    size_t count;
    const struct trial_word *words = trial_words(TRIAL_WORD_ACTION, &count);
    base_put_str(b, "\n### Actions\n\n| action | at | does |\n|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        unsigned f = words[i].flags;
        const char *where = f == TRIAL_AT_ANY          ? "any event"
                            : f == TRIAL_AT_REQUEST    ? "requests"
                            : f == TRIAL_AT_POINT      ? "effect, point"
                            : f == TRIAL_AT_CONNECTION ? "all but clean, effect, point"
                            : f & TRIAL_AT_POINT       ? "all but clean"
                                                       : "requests, deliver";
        base_put_format(b, "| `%s` | %s | %s |\n", words[i].form, where, words[i].help);
    }
}

static void put_reasons(struct base_builder *b, const char *list) {
    while (*list) {
        size_t len = strcspn(list, " ");
        base_put_format(b, "`%.*s`%s", (int)len, list, list[len] ? ", " : "");
        list += len + (list[len] ? 1 : 0);
    }
}

static void put_guarantees(struct base_builder *b) {
    size_t count;
    const struct trial_word *words = trial_words(TRIAL_WORD_GUARANTEE, &count);
    base_put_str(b, "\n### Guarantees\n\n| guarantee | of | holds when | fails because | unknown "
                    "because |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        unsigned of = words[i].of;
        base_put_format(
            b, "| `%s` |%s%s%s%s | %s | ", words[i].word, of & TRIAL_OF_TOPIC ? " topic" : "",
            of & TRIAL_OF_JOURNAL ? " journal" : "", of & TRIAL_OF_WRITER ? " writer" : "",
            of & TRIAL_OF_CLIENT ? " client" : "", words[i].help);
        put_reasons(b, words[i].fails);
        base_put_str(b, " | ");
        put_reasons(b, words[i].unknowns);
        base_put_str(b, " |\n");
    }
}

static void put_operations(struct base_builder *b) {
    size_t count;
    const struct trial_word *words = trial_words(TRIAL_WORD_OPERATION, &count);
    base_put_str(b, "\n### Operations\n\n| operation | on | is |\n|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        base_put_format(b, "| `%s` | ", words[i].word);
        put_reasons(b, words[i].fails);
        base_put_format(b, " | %s |\n", words[i].help);
    }
}

static const char *type_word(enum trial_setting_type type) {
    static const char *const words[] = {"number",   "duration", "true, false",
                                        "fraction", "one of",   "some of",
                                        "text",     "callback", "a declared topic"};
    return words[type];
}

static void put_settings(struct base_builder *b) {
    static const char *const scopes[] = {"cluster", "topic",  "journal",
                                         "store",   "writer", "client"};
    size_t count;
    const struct trial_setting_info *info = trial_settings_table(&count);
    base_put_str(b, "\n### Settings\n\n| of | setting | value | is |\n|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        base_put_format(b, "| %s | `%s` | %s%s%s | %s%s |\n", scopes[info[i].scope], info[i].name,
                        type_word(info[i].type), info[i].words[0] ? ": " : "", info[i].words,
                        info[i].help, info[i].missing[0] ? " (not supported yet)" : "");
    }
    base_put_str(b, "\nA writer and a client take librdkafka's settings too, each of its own side; "
                    "a setting that ends in `.ms` may be a duration.\n");
}

static void put_supported(struct base_builder *b, const char *title,
                          enum trial_word_class word_class) {
    size_t count;
    const struct trial_word *words = trial_words(word_class, &count);
    base_put_format(b, "\n### %s\n\n", title);
    for (size_t i = 0; i < count; i++) {
        base_put_format(b, "- `%s`: %s%s\n", words[i].word, words[i].help,
                        words[i].supported ? "" : " (not supported yet)");
    }
}

void trial_words_print(struct base_builder *ret_text) {
    base_put_str(ret_text, "## Words\n");
    put_table(ret_text, "Items", TRIAL_WORD_ITEM);
    put_events(ret_text);
    put_actions(ret_text);
    put_table(ret_text, "Conditions", TRIAL_WORD_TERM);
    put_table(ret_text, "Steps", TRIAL_WORD_STEP);
    put_table(ret_text, "Expectations", TRIAL_WORD_EXPECT);
    put_table(ret_text, "Places", TRIAL_WORD_SINK);
    put_guarantees(ret_text);
    put_table(ret_text, "Reasons of unknown that any guarantee may give",
              TRIAL_WORD_UNKNOWN_REASON);
    put_table(ret_text, "Anomalies", TRIAL_WORD_ANOMALY);
    put_settings(ret_text);
    put_operations(ret_text);
    put_table(ret_text, "Object types", TRIAL_WORD_TYPE);
    put_supported(ret_text, "Codecs", TRIAL_WORD_CODEC);
    put_supported(ret_text, "Features", TRIAL_WORD_FEATURE);
}
