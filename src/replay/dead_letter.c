/* Dead letters: what they hold, and that they are acknowledged. */
#include "replay/dead_letter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "replay/record.h"
#include "writer/writer.h"

struct journal_dead_letters {
    struct journal_writer *writer; /* NULL until the first letter */
    const char *topic;
    const char *brokers;
    const char *client_id;
    struct journal_pair *pairs; /* of the client's settings, those about the connection */
    size_t pair_count;
    journal_log_fn *log;
    void *log_arg;
    bool is_open; /* letters were sent and not settled */
    uint64_t next_id;
};

int journal_dead_letters_new(const struct journal_client_options *options, const char *topic,
                             struct journal_dead_letters **ret_letters, struct base_error *err) {
    struct journal_dead_letters *letters = base_alloc_zero(sizeof(*letters));
    struct journal_pair *pairs =
        base_alloc_array(options->settings.count + 1, sizeof(*letters->pairs));
    if (!letters || !pairs) {
        base_free(letters);
        base_free(pairs);
        return base_fail(err, BASE_NO_MEMORY, "no memory for dead letters");
    }
    *letters = (struct journal_dead_letters){.topic = topic, .brokers = options->brokers,
                                             .client_id = options->client_id, .pairs = pairs,
                                             .log = options->log, .log_arg = options->log_arg};
    for (size_t i = 0; i < options->settings.count; i++) {
        if (journal_setting_is_shared(options->settings.pairs[i].name)) {
            pairs[letters->pair_count++] = options->settings.pairs[i];
        }
    }
    *ret_letters = letters;
    return 0;
}

void journal_dead_letters_free(struct journal_dead_letters *letters) {
    if (letters) {
        journal_writer_free(letters->writer);
        base_free(letters->pairs);
        base_free(letters);
    }
}

static void on_outcome(void *arg, const struct journal_outcome *outcome) {
    struct journal_dead_letters *letters = arg;
    if (outcome->status != JOURNAL_OK && letters->log) {
        char line[128];
        (void)snprintf(line, sizeof(line), "a dead letter is %s: %s",
                       journal_status_to_str(outcome->status), outcome->error);
        letters->log(letters->log_arg, 3, line);
    }
}

static int open_writer(struct journal_dead_letters *letters, struct base_error *err) {
    struct journal_writer_options options = {
        .brokers = letters->brokers,
        .client_id = letters->client_id,
        .settings = {letters->pairs, letters->pair_count},
        .outcome = on_outcome,
        .outcome_arg = letters,
        .log = letters->log,
        .log_arg = letters->log_arg,
    };
    int code = journal_writer_new(&options, &letters->writer, err);
    return code ? code : journal_writer_prepare(letters->writer, &letters->topic, 1, err);
}

int journal_dead_letters_send(struct journal_dead_letters *letters,
                              const struct journal_message *message, const char *error,
                              struct base_error *err) {
    int code = letters->writer ? 0 : open_writer(letters, err);
    if (code) {
        return code;
    }
    struct base_builder value;
    bool is_null = false;
    base_builder_init(&value, BASE_MAX_FRAME_BYTES);
    code = journal_record_dead_letter(message, &value, &is_null, err);
    if (!code) {
        char partition[16];
        char offset[24];
        (void)snprintf(partition, sizeof(partition), "%" PRId32, message->partition);
        (void)snprintf(offset, sizeof(offset), "%" PRId64, message->offset);
        struct journal_header headers[] = {
            {"topic", base_slice_str(message->topic)},
            {"partition", base_slice_str(partition)},
            {"offset", base_slice_str(offset)},
            {"error", base_slice_str(error)},
        };
        struct base_slice bytes = base_builder_slice(&value);
        struct journal_record record = {
            .topic = letters->topic,
            .partition = -1,
            .key = message->key,
            .value = is_null ? BASE_SLICE_NULL
                             : base_slice_of(bytes.data ? bytes.data : (const uint8_t *)"",
                                             bytes.len),
            .headers = headers,
            .header_count = sizeof(headers) / sizeof(headers[0]),
        };
        letters->is_open = true;
        code = journal_writer_write(letters->writer, letters->next_id++, &record, err);
    }
    base_builder_clean_up(&value);
    return code;
}

int journal_dead_letters_settle(struct journal_dead_letters *letters, struct base_error *err) {
    if (!letters || !letters->is_open) {
        return 0;
    }
    letters->is_open = false;
    int code = journal_writer_flush(letters->writer, err);
    return code ? base_fail_within(err, code, "dead letters to %s", letters->topic) : 0;
}
