/*
 * The replayer's batch: every record to its fate, then dead letters acknowledged, then one
 * transaction committed, then reports; the client commits the offsets after that.
 */
#include "replay/replayer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "replay/dead_letter.h"
#include "replay/record.h"
#include "replay/store.h"

/* What becomes of the record at the same place in the batch. */
struct fate {
    const char *reason; /* NULL: applied */
    char error[JOURNAL_ERROR_NAME_BYTES];
};

struct journal_replayer {
    struct journal_client *client;
    struct journal_store *store;         /* NULL: consume */
    struct journal_dead_letters *letters; /* NULL: no topic */
    journal_point_fn *point;
    journal_report_fn *report;
    void *arg;
    journal_log_fn *log;
    void *log_arg;
    char *group;
    bool resumes_from_store;
    bool validates;
    bool stops_at_invalid;
    int64_t max_attempts;
    struct fate *fates;
    size_t fate_cap;
    uint64_t processed_count;
    bool is_stopped;
};

/* What a record's processing tells the batch. */
enum progress { GO_ON, STOP_BEFORE, FAILED_RECORD, FAILED_BATCH };

static int describe(struct base_error *err, const struct journal_message *message, int code) {
    return base_fail_within(err, code, "%s/%" PRId32 " offset %" PRId64, message->topic,
                            message->partition, message->offset);
}

static enum journal_answer ask(struct journal_replayer *r, enum journal_point point,
                               const struct journal_message *message, char *ret_error) {
    enum journal_answer answer =
        r->point ? r->point(r->arg, point, message->topic, message->partition, message->offset,
                            ret_error)
                 : JOURNAL_ANSWER_GO;
    r->is_stopped = r->is_stopped || answer == JOURNAL_ANSWER_STOP;
    return answer;
}

/* Skipped, and to the dead-letter topic if there is one. */
static enum progress bury(struct journal_replayer *r, const struct journal_message *message,
                          struct fate *fate, struct base_error *err) {
    fate->reason = fate->error;
    if (r->letters && journal_dead_letters_send(r->letters, message, fate->error, err)) {
        return FAILED_BATCH;
    }
    return GO_ON;
}

static void set_error(struct fate *fate, const char *name) {
    (void)snprintf(fate->error, sizeof(fate->error), "%s", name && name[0] ? name : "unnamed");
}

static enum progress refuse_invalid(struct journal_replayer *r,
                                    const struct journal_message *message, const char *invalid,
                                    struct fate *fate, struct base_error *err) {
    if (r->stops_at_invalid) {
        (void)describe(err, message, BASE_MALFORMED);
        return FAILED_RECORD;
    }
    if (r->log) {
        char line[BASE_ERROR_TEXT_BYTES + 512];
        (void)snprintf(line, sizeof(line), "replay: %s/%" PRId32 " offset %" PRId64 ": %s: %s",
                       message->topic, message->partition, message->offset, invalid, err->text);
        r->log(r->log_arg, 4, line);
    }
    set_error(fate, invalid);
    return bury(r, message, fate, err);
}

/* One attempt. *ret_refused: the store (or the point, in its place) refused the record. */
static enum progress attempt(struct journal_replayer *r, const struct journal_message *message,
                             const struct journal_effect_input *input, struct fate *fate,
                             bool *ret_refused, struct base_error *err) {
    char error[JOURNAL_ERROR_NAME_BYTES] = "";
    *ret_refused = false;
    enum journal_answer answer = ask(r, JOURNAL_POINT_BEFORE_EFFECT, message, error);
    if (answer == JOURNAL_ANSWER_STOP) {
        return STOP_BEFORE;
    }
    if (answer == JOURNAL_ANSWER_FAIL) {
        set_error(fate, error);
        *ret_refused = true;
        return GO_ON;
    }
    enum journal_effect effect = JOURNAL_EFFECT_APPLIED;
    const char *name = NULL;
    if (r->store && journal_store_apply(r->store, message, input->value,
                                        input->has_hashes ? &input->hashes : NULL, &effect, &name,
                                        err)) {
        return FAILED_BATCH;
    }
    if (effect == JOURNAL_EFFECT_REFUSED) {
        set_error(fate, name);
        *ret_refused = true;
    } else if (effect == JOURNAL_EFFECT_COLLISION) {
        fate->reason = "hash-collision";
    }
    return GO_ON;
}

static enum progress attempt_all(struct journal_replayer *r, const struct journal_message *message,
                                 const struct journal_effect_input *input, struct fate *fate,
                                 struct base_error *err) {
    for (int64_t i = 0; i < r->max_attempts; i++) {
        bool refused = false;
        enum progress progress = attempt(r, message, input, fate, &refused, err);
        if (progress != GO_ON || !refused) {
            return progress;
        }
    }
    if (!r->letters) {
        (void)base_fail(err, BASE_STATE,
                        "the store refused it %" PRId64 " times (%s), and there is no dead-letter "
                        "topic",
                        r->max_attempts, fate->error);
        (void)describe(err, message, BASE_STATE);
        return FAILED_RECORD;
    }
    return bury(r, message, fate, err);
}

static enum progress process(struct journal_replayer *r, const struct journal_message *message,
                             struct fate *fate, struct base_error *err) {
    struct journal_effect_input input = {.value = message->value};
    struct base_error why = BASE_ERROR_INIT;
    const char *invalid = NULL;
    *fate = (struct fate){.reason = NULL};
    if (r->store && journal_record_read(message, r->validates, &input, &invalid, &why)) {
        (void)base_fail(err, why.code, "%s", why.text);
        journal_record_clean_up(&input);
        return FAILED_BATCH;
    }
    enum progress progress;
    if (invalid) {
        (void)base_fail(err, why.code, "%s", why.text);
        progress = refuse_invalid(r, message, invalid, fate, err);
    } else {
        progress = attempt_all(r, message, &input, fate, err);
    }
    if (r->store) {
        journal_record_clean_up(&input);
    }
    return progress;
}

/* The last record of each partition notes where the next one is. */
static int put_offsets(struct journal_replayer *r, const struct journal_message *messages,
                       size_t done, struct base_error *err) {
    for (size_t i = 0; i < done; i++) {
        bool is_last = i + 1 == done || messages[i + 1].partition != messages[i].partition ||
                       strcmp(messages[i + 1].topic, messages[i].topic) != 0;
        int code = is_last ? journal_store_put_offset(r->store, r->group, messages[i].topic,
                                                      messages[i].partition,
                                                      messages[i].offset + 1, err)
                           : 0;
        if (code) {
            return code;
        }
    }
    return 0;
}

static int make_durable(struct journal_replayer *r, const struct journal_message *messages,
                        size_t done, struct base_error *err) {
    int code = journal_dead_letters_settle(r->letters, err);
    if (!code && r->store) {
        code = put_offsets(r, messages, done, err);
        code = code ? code : journal_store_commit(r->store, err);
    }
    return code;
}

static int report_all(struct journal_replayer *r, const struct journal_message *messages,
                      size_t done, struct base_error *err) {
    int code = 0;
    for (size_t i = 0; i < done; i++) {
        struct journal_report report = {&messages[i], r->fates[i].reason};
        char error[JOURNAL_ERROR_NAME_BYTES] = "";
        r->processed_count++;
        if (r->report) {
            r->report(r->arg, &report);
        }
        if (!report.reason && !code && !r->is_stopped &&
            ask(r, JOURNAL_POINT_AFTER_EFFECT, &messages[i], error) == JOURNAL_ANSWER_FAIL) {
            code = base_fail(err, BASE_STATE, "after the effect: %s", error);
            code = describe(err, &messages[i], code);
        }
    }
    return code;
}

static int work(void *arg, const struct journal_message *messages, size_t count, size_t *ret_done,
                struct base_error *err) {
    struct journal_replayer *r = arg;
    if (r->is_stopped) {
        return 0;
    }
    if (base_grow((void **)&r->fates, &r->fate_cap, count, sizeof(*r->fates))) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a batch");
    }
    int code = r->store ? journal_store_begin(r->store, err) : 0;
    if (code) {
        return code;
    }
    enum progress progress = GO_ON;
    struct base_error why = BASE_ERROR_INIT;
    size_t done = 0;
    while (done < count && progress == GO_ON) {
        progress = process(r, &messages[done], &r->fates[done], &why);
        done += progress == GO_ON;
    }
    if (progress == FAILED_BATCH) {
        code = base_fail(err, why.code, "%s", why.text);
    } else {
        code = make_durable(r, messages, done, err);
    }
    if (code) {
        if (r->store) {
            journal_store_rollback(r->store);
        }
        return code;
    }
    *ret_done = done;
    code = report_all(r, messages, done, err);
    return progress == FAILED_RECORD ? base_fail(err, why.code, "%s", why.text) : code;
}

static int64_t start_at(void *arg, const char *topic, int32_t partition) {
    struct journal_replayer *r = arg;
    int64_t offset = -1;
    if (r->resumes_from_store &&
        journal_store_get_offset(r->store, r->group, topic, partition, &offset, NULL)) {
        return -1;
    }
    return offset;
}

static int before_commit(void *arg, const char *topic, int32_t partition, int64_t offset,
                         struct base_error *err) {
    struct journal_replayer *r = arg;
    char error[JOURNAL_ERROR_NAME_BYTES] = "";
    /* Told to stop here: what was processed is committed all the same. */
    if (r->point && r->point(r->arg, JOURNAL_POINT_BEFORE_COMMIT, topic, partition, offset,
                             error) == JOURNAL_ANSWER_FAIL) {
        return base_fail(err, BASE_STATE, "before the commit of %s/%" PRId32 ": %s", topic,
                         partition, error);
    }
    return 0;
}

static int open_parts(struct journal_replayer *r, const struct journal_replayer_options *options,
                      struct base_error *err) {
    struct journal_settings settings = options->client.settings;
    int code = journal_settings_check(settings, JOURNAL_SIDE_CLIENT, err);
    if (code) {
        return code;
    }
    r->validates = journal_settings_flag(settings, "journal.validate");
    r->stops_at_invalid =
        strcmp(journal_settings_text(settings, "journal.on.invalid"), "stop") == 0;
    r->resumes_from_store =
        strcmp(journal_settings_text(settings, "journal.resume"), "store") == 0;
    r->max_attempts = journal_settings_integer(settings, "journal.dead.letter.attempts");
    const char *topic = journal_settings_text(settings, "journal.dead.letter.topic");
    if (r->resumes_from_store && !options->store_path) {
        return base_fail(err, BASE_USAGE, "journal.resume = store needs a store");
    }
    r->group = base_strdup(options->client.group ? options->client.group : "");
    if (!r->group) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a replayer");
    }
    if (topic[0]) {
        code = journal_dead_letters_new(&options->client, topic, &r->letters, err);
    }
    if (!code && options->store_path) {
        code = journal_store_open(options->store_path,
                                  journal_settings_text(settings, "journal.synchronous"),
                                  &r->store, err);
    }
    if (code) {
        return code;
    }
    struct journal_client_options client = options->client;
    client.worker = work;
    client.start = start_at;
    client.before_commit = before_commit;
    client.arg = r;
    return journal_client_new(&client, &r->client, err);
}

int journal_replayer_new(const struct journal_replayer_options *options,
                         struct journal_replayer **ret_replayer, struct base_error *err) {
    struct journal_replayer *r = base_alloc_zero(sizeof(*r));
    if (!r) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a replayer");
    }
    r->point = options->point;
    r->report = options->report;
    r->arg = options->arg;
    r->log = options->client.log;
    r->log_arg = options->client.log_arg;
    int code = open_parts(r, options, err);
    if (code) {
        journal_replayer_free(r);
        return code;
    }
    *ret_replayer = r;
    return 0;
}

struct journal_client *journal_replayer_client(struct journal_replayer *replayer) {
    return replayer->client;
}

uint64_t journal_replayer_processed(const struct journal_replayer *replayer) {
    return replayer->processed_count;
}

bool journal_replayer_is_stopped(const struct journal_replayer *replayer) {
    return replayer->is_stopped;
}

void journal_replayer_free(struct journal_replayer *replayer) {
    if (replayer) {
        journal_client_free(replayer->client);
        journal_dead_letters_free(replayer->letters);
        journal_store_close(replayer->store);
        base_free(replayer->group);
        base_free(replayer->fates);
        base_free(replayer);
    }
}
