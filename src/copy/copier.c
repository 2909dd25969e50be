/* Copying records in a client's worker: see copier.h. */
#include "copy/copier.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "writer/writer.h"

#define SOURCE_BYTES 512

struct journal_copier {
    struct journal_client *client;
    struct journal_writer *writer;
    struct journal_pair *pairs; /* the writer's settings */
    size_t pair_count;
    const char *topic;
    bool is_transactional;
    journal_copied_fn *copied;
    void *arg;
    journal_log_fn *log;
    void *log_arg;
    uint64_t count;
    uint64_t next_id;
};

/* -- the writer -- */

static void on_outcome(void *arg, const struct journal_outcome *outcome) {
    struct journal_copier *copier = arg;
    if (outcome->status != JOURNAL_OK && copier->log) {
        char line[128];
        (void)snprintf(line, sizeof(line), "a copy is %s: %s",
                       journal_status_to_str(outcome->status), outcome->error);
        copier->log(copier->log_arg, 4, line);
    }
}

static void add_pair(struct journal_copier *copier, const char *name, const char *value) {
    if (value && value[0]) {
        copier->pairs[copier->pair_count++] = (struct journal_pair){name, value};
    }
}

static int open_writer(struct journal_copier *copier, const struct journal_copier_options *options,
                       struct base_error *err) {
    const struct journal_client_options *client = &options->client;
    copier->pairs = base_alloc_array(client->settings.count + 4, sizeof(*copier->pairs));
    if (!copier->pairs) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a copier");
    }
    for (size_t i = 0; i < client->settings.count; i++) {
        if (journal_setting_is_shared(client->settings.pairs[i].name)) {
            copier->pairs[copier->pair_count++] = client->settings.pairs[i];
        }
    }
    const char *id = journal_settings_text(client->settings, "journal.transactional.id");
    copier->is_transactional = id[0] != '\0';
    add_pair(copier, "transactional.id", id);
    if (copier->is_transactional) {
        add_pair(copier, "transaction.timeout.ms",
                 journal_settings_text(client->settings, "journal.transaction.timeout.ms"));
    }
    if (copier->is_transactional && !client->group) {
        return base_fail(err, BASE_USAGE,
                         "journal.transactional.id wants a group: its offsets are committed "
                         "in the transaction");
    }
    struct journal_writer_options writer = {
        .brokers = client->brokers,
        .client_id = client->client_id,
        .settings = {copier->pairs, copier->pair_count},
        .outcome = on_outcome,
        .outcome_arg = copier,
        .log = client->log,
        .log_arg = client->log_arg,
    };
    int code = journal_writer_new(&writer, &copier->writer, err);
    return code ? code : journal_writer_prepare(copier->writer, &copier->topic, 1, err);
}

/* -- the worker -- */

static int copy(struct journal_copier *copier, const struct journal_message *message,
                struct base_error *err) {
    char source[SOURCE_BYTES];
    (void)snprintf(source, sizeof(source), "%s/%" PRId32 "/%" PRId64, message->topic,
                   message->partition, message->offset);
    struct journal_header header = {JOURNAL_COPY_HEADER, base_slice_str(source)};
    struct journal_record record = {
        .topic = copier->topic,
        .partition = -1,
        .key = message->key,
        .value = message->value,
        .headers = &header,
        .header_count = 1,
    };
    return journal_writer_write(copier->writer, copier->next_id++, &record, err);
}

static void note_copied(void *arg, const struct journal_message *messages, size_t count) {
    struct journal_copier *copier = arg;
    copier->count += count;
    if (copier->copied) {
        copier->copied(copier->arg, messages, count);
    }
}

static int work(void *arg, const struct journal_message *messages, size_t count, size_t *ret_done,
                struct base_error *err) {
    struct journal_copier *copier = arg;
    int code = 0;
    for (size_t i = 0; i < count && !code; i++) {
        code = copy(copier, &messages[i], err);
    }
    if (!code && !copier->is_transactional) {
        code = journal_writer_flush(copier->writer, err);
    }
    if (!code) {
        *ret_done = count;
        if (!copier->is_transactional) {
            note_copied(copier, messages, count);
        }
    }
    return code;
}

/* -- the whole -- */

static int open_client(struct journal_copier *copier, const struct journal_copier_options *options,
                       struct base_error *err) {
    struct journal_client_options client = options->client;
    client.worker = work;
    client.start = NULL;
    client.before_commit = NULL;
    client.writer = copier->is_transactional ? copier->writer : NULL;
    client.settled = note_copied;
    client.arg = copier;
    return journal_client_new(&client, &copier->client, err);
}

int journal_copier_new(const struct journal_copier_options *options,
                       struct journal_copier **ret_copier, struct base_error *err) {
    struct journal_copier *copier = base_alloc_zero(sizeof(*copier));
    if (!copier) {
        return base_fail(err, BASE_NO_MEMORY, "no memory for a copier");
    }
    *copier = (struct journal_copier){
        .topic = options->topic,
        .copied = options->copied,
        .arg = options->arg,
        .log = options->client.log,
        .log_arg = options->client.log_arg,
        .next_id = 1,
    };
    int code = journal_settings_check(options->client.settings, JOURNAL_SIDE_CLIENT, err);
    code = code ? code : open_writer(copier, options, err);
    code = code ? code : open_client(copier, options, err);
    if (code) {
        journal_copier_free(copier);
        return code;
    }
    *ret_copier = copier;
    return 0;
}

struct journal_client *journal_copier_client(struct journal_copier *copier) {
    return copier->client;
}

uint64_t journal_copier_count(const struct journal_copier *copier) {
    return copier->count;
}

void journal_copier_free(struct journal_copier *copier) {
    if (copier) {
        journal_client_free(copier->client);
        journal_writer_free(copier->writer);
        base_free(copier->pairs);
        base_free(copier);
    }
}
