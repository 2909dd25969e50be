/* What this build cannot run yet, said as one sentence: see trial_unsupported. */
#include "harness/lang/words.h"

struct finding {
    const char *feature; /* NULL: nothing found yet */
    struct trial_pos pos;
};

static void found(struct finding *f, const char *feature, struct trial_pos pos) {
    if (!f->feature) {
        f->feature = feature;
        f->pos = pos;
    }
}

static void look_at_settings(struct finding *f, enum trial_setting_scope scope,
                             const struct trial_settings *settings) {
    for (size_t i = 0; i < settings->count; i++) {
        const struct trial_setting *s = &settings->items[i];
        const struct trial_setting_info *info =
            s->is_env ? NULL : trial_setting_info_find(scope, s->name.text);
        if (info && info->missing[0]) {
            found(f, info->missing, s->name.pos);
        }
    }
}

static void look_at_check(struct finding *f, const struct trial_check *c) {
    for (size_t i = 0; i < c->expect_count; i++) {
        const struct trial_expect *e = &c->expects[i];
        if (e->kind == TRIAL_EXPECT_TRACE) {
            found(f, "trace", e->pos);
        }
    }
}

static void look_at_need(struct finding *f, const struct trial_words *words) {
    for (size_t i = 0; i < words->count; i++) {
        const struct trial_word *feature =
            trial_word_find(TRIAL_WORD_FEATURE, words->items[i].text);
        if (!feature || !feature->supported) {
            found(f, words->items[i].text, words->items[i].pos);
        }
    }
}

static void look_at_actor(struct finding *f, const struct trial_actor *a) {
    if (a->driver == TRIAL_DRIVER_VERIFIABLE) {
        found(f, "verifiable", a->name.pos);
    }
    look_at_settings(f, a->role == TRIAL_WRITER ? TRIAL_SCOPE_WRITER : TRIAL_SCOPE_CLIENT,
                     &a->settings);
}

static void look_at_journal(struct finding *f, const struct trial_journal *j) {
    const struct trial_word *codec = trial_word_find(TRIAL_WORD_CODEC, j->codec);
    if (codec && !codec->supported) {
        found(f, codec->word, j->codec_pos);
    }
    look_at_settings(f, TRIAL_SCOPE_JOURNAL, &j->settings);
}

static void look_at_item(struct finding *f, const struct trial_item *item) {
    switch (item->kind) {
    case TRIAL_ITEM_NEED:
        look_at_need(f, &item->u.words);
        break;
    case TRIAL_ITEM_CLUSTER:
        look_at_settings(f, TRIAL_SCOPE_CLUSTER, &item->u.cluster);
        break;
    case TRIAL_ITEM_JOURNAL:
        look_at_journal(f, &item->u.journal);
        break;
    case TRIAL_ITEM_TOPIC:
        look_at_settings(f, TRIAL_SCOPE_TOPIC, &item->u.topic.settings);
        break;
    case TRIAL_ITEM_STORE:
        if (item->u.store.kind == TRIAL_STORE_POSTGRESQL) {
            found(f, "postgresql", item->pos);
        }
        look_at_settings(f, TRIAL_SCOPE_STORE, &item->u.store.settings);
        break;
    case TRIAL_ITEM_ACTOR:
        look_at_actor(f, &item->u.actor);
        break;
    case TRIAL_ITEM_CHECK:
        look_at_check(f, &item->u.check);
        break;
    default:
        break;
    }
}

/* The sentence of a feature; static, or the feature's own name. */
static const char *sentence(const char *feature) {
    static const struct {
        const char *feature;
        const char *text;
    } texts[] = {
        {"verifiable", "kafkatest workers are not supported yet"},
        {"postgresql", "PostgreSQL stores are not supported yet"},
        {"trace", "trace is not supported yet"},
        {"raw", "the codec raw is not supported for a journal yet"},
        {"json", "the codec json is not supported yet"},
        {"swh-msgpack", "the codec swh-msgpack is not supported yet"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(texts[i].feature, feature) == 0) {
            return texts[i].text;
        }
    }
    return "it needs a feature that this build does not have";
}

const char *trial_unsupported(const struct trial_scenario *scenario, struct trial_pos *ret_pos) {
    struct finding f = {0};
    for (size_t i = 0; i < scenario->item_count && !f.feature; i++) {
        look_at_item(&f, &scenario->items[i]);
    }
    if (!f.feature) {
        return NULL;
    }
    if (ret_pos) {
        *ret_pos = f.pos;
    }
    return sentence(f.feature);
}
