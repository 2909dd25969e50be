/* The builder of hand-written histories: see world.h. */
#include "world.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/memory.h"
#include "mock/wire/build.h"

int world_open(struct world *w, const char *text) {
    memset(w, 0, sizeof(*w));
    struct base_builder source;
    base_builder_init(&source, BASE_MIB);
    base_put_str(&source, "scenario \"a test\"\n");
    base_put_str(&source, text);
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    int rc = trial_parse("test.scn", base_builder_slice(&source), &w->parsed, &d);
    if (rc && d.count) {
        T_EQUAL_STR(d.items[0].text, "no diagnostics");
    }
    rc = rc ? rc : trial_bind(w->parsed, 0, &w->bound, &w->err);
    rc = rc ? rc : trial_history_new(&w->history, &w->err);
    trial_diagnostics_clean_up(&d);
    base_builder_clean_up(&source);
    return T_EQUAL_INT(rc, 0);
}

void world_close(struct world *w) {
    trial_report_free(w->report);
    trial_history_free(w->history);
    trial_scenario_free(w->bound);
    trial_scenario_free(w->parsed);
}

void world_event(struct world *w, struct trial_event event) {
    T_EQUAL_INT(trial_history_add(w->history, &event, &w->err), 0);
}

void world_intent(struct world *w, const char *actor, uint64_t id, const char *topic,
                  const char *key, const char *value) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_INTENT);
    e.actor = actor;
    e.incarnation = 1;
    e.intent = id;
    e.text = e.topic = topic;
    e.key = base_slice_str(key);
    e.value = base_slice_str(value);
    world_event(w, e);
}

void world_object(struct world *w, const char *actor, uint64_t id, const char *type,
                  const char *topic, const char *privileged, struct base_slice key,
                  struct base_slice value) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_INTENT);
    e.actor = actor;
    e.incarnation = 1;
    e.intent = id;
    e.text = "swh";
    e.topic = topic;
    e.topic2 = privileged;
    e.type = type;
    e.key = key;
    e.value = value;
    world_event(w, e);
}

void world_outcome(struct world *w, const char *actor, uint64_t id, const char *status) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_OUTCOME);
    e.actor = actor;
    e.incarnation = 1;
    e.intent = id;
    e.text = status;
    world_event(w, e);
}

static void add_batch(struct world *w, struct trial_event e, const struct mock_build_options *o,
                      const struct base_builder *bytes) {
    T_EQUAL_INT(bytes->failed, 0);
    struct mock_stored_batch *batch = mock_stored_batch_new(base_builder_slice(bytes));
    batch->base_offset = batch->last_offset = o->base_offset;
    batch->producer_id = o->producer_id;
    batch->record_count = 1;
    e.partition = 0;
    e.offset = o->base_offset;
    e.batch = batch;
    world_event(w, e);
    mock_stored_batch_unref(batch);
}

static void append(struct world *w, struct trial_event e, const struct mock_build_options *options,
                   uint64_t intent, struct base_slice key, struct base_slice value) {
    char id[24];
    (void)snprintf(id, sizeof(id), "%llu", (unsigned long long)intent);
    struct mock_record_header header = {base_slice_str("ktrial-intent"), base_slice_str(id)};
    struct mock_build_record record = {
        .key = key, .value = value, .headers = &header, .header_count = intent ? 1 : 0};
    struct base_builder bytes;
    base_builder_init(&bytes, 16 * BASE_MIB);
    mock_batch_build(&bytes, options, &record, 1);
    add_batch(w, e, options, &bytes);
    base_builder_clean_up(&bytes);
}

static struct trial_event append_of(const char *actor, uint32_t incarnation, const char *topic) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_APPEND);
    e.actor = actor;
    e.incarnation = incarnation;
    e.topic = topic;
    return e;
}

void world_append_bytes(struct world *w, const char *actor, uint32_t incarnation,
                        const char *topic, int64_t offset, uint64_t intent, struct base_slice key,
                        struct base_slice value, int codec) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.codec = (enum mock_codec)codec;
    options.base_offset = offset;
    append(w, append_of(actor, incarnation, topic), &options, intent, key, value);
}

void world_append_within(struct world *w, const char *actor, int64_t producer, const char *topic,
                         int64_t offset, uint64_t intent, const char *key, const char *value) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.base_offset = offset;
    options.producer_id = producer;
    options.producer_epoch = 0;
    options.base_sequence = 0;
    options.attributes = MOCK_BATCH_TRANSACTIONAL;
    append(w, append_of(actor, 1, topic), &options, intent, base_slice_str(key),
           base_slice_str(value));
}

void world_marker(struct world *w, int64_t producer, const char *topic, int64_t offset,
                  bool commit) {
    struct mock_build_options options = MOCK_BUILD_OPTIONS_INIT;
    options.base_offset = offset;
    options.producer_id = producer;
    options.producer_epoch = 0;
    struct base_builder bytes;
    base_builder_init(&bytes, BASE_MIB);
    mock_batch_build_marker(&bytes, &options, commit, 0, 0);
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_MARKER);
    e.topic = topic;
    e.text = commit ? "commit" : "abort";
    add_batch(w, e, &options, &bytes);
    base_builder_clean_up(&bytes);
}

void world_append(struct world *w, const char *actor, uint32_t incarnation, const char *topic,
                  int64_t offset, uint64_t intent, const char *key, const char *value) {
    world_append_bytes(w, actor, incarnation, topic, offset, intent, base_slice_str(key),
                       base_slice_str(value), MOCK_CODEC_NONE);
}

void world_write(struct world *w, const char *actor, uint64_t id, const char *topic,
                 int64_t offset, const char *key, const char *value) {
    world_intent(w, actor, id, topic, key, value);
    world_append(w, actor, 1, topic, offset, id, key, value);
    world_outcome(w, actor, id, "ok");
}

void world_serve(struct world *w, const char *actor, uint32_t incarnation, const char *topic,
                 int64_t offset) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_SERVE);
    for (size_t i = 0; i < trial_history_count(w->history); i++) {
        const struct trial_event *append = trial_history_at(w->history, i);
        if (append->fact == TRIAL_FACT_APPEND && strcmp(append->topic, topic) == 0 &&
            append->offset == offset) {
            e.batch = append->batch;
        }
    }
    T_TRUE(e.batch != NULL);
    e.actor = actor;
    e.incarnation = incarnation;
    e.topic = topic;
    e.partition = 0;
    e.offset = offset;
    world_event(w, e);
}

void world_view(struct world *w, const char *store, uint64_t request, const char *topic,
                int64_t offset, const char *key, const char *row) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_VIEW);
    e.text = store;
    e.actor = "c1";
    e.group = "g";
    e.request = request;
    e.topic = topic;
    e.partition = 0;
    e.offset = offset;
    e.key = base_slice_str(key);
    e.flag = row != NULL;
    e.value = base_slice_str(row);
    world_event(w, e);
}

void world_committed(struct world *w, const char *actor, const char *group, const char *topic,
                     int64_t offset, uint64_t request) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_COMMITTED);
    e.actor = actor;
    e.incarnation = 1;
    e.group = group;
    e.topic = topic;
    e.partition = 0;
    e.offset = offset;
    e.request = request;
    world_event(w, e);
}

void world_claim(struct world *w, enum trial_fact fact, const char *actor, const char *topic,
                 int64_t offset) {
    struct trial_event e = TRIAL_EVENT_INIT(fact);
    e.actor = actor;
    e.topic = topic;
    e.partition = 0;
    e.offset = offset;
    world_event(w, e);
}

void world_row_bytes(struct world *w, const char *store, const char *topic, struct base_slice key,
                     struct base_slice value) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_ROW);
    e.text = store;
    e.topic = topic;
    e.key = key;
    e.value = value;
    world_event(w, e);
}

void world_row(struct world *w, const char *store, const char *topic, const char *key,
               const char *value) {
    world_row_bytes(w, store, topic, base_slice_str(key), base_slice_str(value));
}

void world_read(struct world *w, const char *store) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_STORE_READ);
    e.text = store;
    world_event(w, e);
}

void world_rest(struct world *w, const char *actor, bool rests) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_QUIESCENT);
    e.actor = actor;
    e.flag = rests;
    e.text = rests ? NULL : "something is missing";
    world_event(w, e);
}

void world_start(struct world *w, const char *actor) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_ACTOR_START);
    e.actor = actor;
    e.incarnation = 1;
    world_event(w, e);
    e.fact = TRIAL_FACT_ACTOR_READY;
    world_event(w, e);
}

void world_exit(struct world *w, const char *actor, int status) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_ACTOR_EXIT);
    e.actor = actor;
    e.incarnation = 1;
    e.offset = status;
    world_event(w, e);
}

void world_fault(struct world *w, const char *name, int64_t stage) {
    struct trial_event e = TRIAL_EVENT_INIT(TRIAL_FACT_FAULT);
    e.text = name;
    e.offset = stage;
    world_event(w, e);
}

int world_judge(struct world *w) {
    trial_report_free(w->report);
    w->report = NULL;
    int rc = trial_judge(w->bound, w->history, &w->report, &w->err);
    return T_EQUAL_STR(rc ? w->err.text : "", "");
}

const char *world_finding(struct world *w, const char *guarantee, const char *of) {
    static char text[128];
    for (size_t i = 0; w->report && i < w->report->finding_count; i++) {
        const struct trial_finding *f = &w->report->findings[i];
        if (strcmp(f->guarantee, guarantee) == 0 && strcmp(f->of, of) == 0) {
            const char *verdict = f->verdict == TRIAL_NOT_EXERCISED
                                      ? "not exercised" : trial_verdict_to_str(f->verdict);
            (void)snprintf(text, sizeof(text), "%s%s%s", verdict, f->because ? " because " : "",
                           f->because ? f->because : "");
            return text;
        }
    }
    return "none";
}

uint64_t world_anomaly(struct world *w, const char *name) {
    uint64_t count = 0;
    for (size_t i = 0; w->report && i < w->report->anomaly_count; i++) {
        count += strcmp(w->report->anomalies[i].name, name) == 0 ? w->report->anomalies[i].count
                                                                 : 0;
    }
    return count;
}

size_t world_find(struct world *w, enum trial_fact fact, size_t n) {
    for (size_t i = 0; i < trial_history_count(w->history); i++) {
        if (trial_history_at(w->history, i)->fact == fact && n-- == 0) {
            return i;
        }
    }
    T_TRUE(!"there is such an event");
    return 0;
}
