/*
 * Transactions of the writer: librdkafka's transactional API, and what its errors say about the
 * records. Until the commit was asked for, nothing of a transaction can ever be committed; from
 * then on, only an answer tells.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "writer/handle.h"

#define REASON_BYTES 512

/* What one call of librdkafka's came to. */
enum attempt { ATTEMPT_DONE, ATTEMPT_ABORTABLE, ATTEMPT_FATAL, ATTEMPT_TIMED_OUT };

typedef rd_kafka_error_t *call_fn(rd_kafka_t *rk, void *arg, int timeout_ms);

struct answer {
    enum attempt attempt;
    const char *name; /* static */
    char reason[REASON_BYTES];
};

static uint64_t deadline_after(int timeout_ms) {
    return base_clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000u;
}

static int left_ms(uint64_t deadline) {
    uint64_t now = base_clock_monotonic_ns();
    return now < deadline ? (int)((deadline - now) / 1000000u) + 1 : 0;
}

static rd_kafka_error_t *call_init(rd_kafka_t *rk, void *arg, int timeout_ms) {
    return rd_kafka_init_transactions(rk, timeout_ms);
}

static rd_kafka_error_t *call_abort(rd_kafka_t *rk, void *arg, int timeout_ms) {
    return rd_kafka_abort_transaction(rk, timeout_ms);
}

static rd_kafka_error_t *call_commit(rd_kafka_t *rk, void *arg, int timeout_ms) {
    return rd_kafka_commit_transaction(rk, timeout_ms);
}

/* The offsets of a group's member. */
struct membership {
    const rd_kafka_topic_partition_list_t *offsets;
    rd_kafka_consumer_group_metadata_t *metadata;
};

static rd_kafka_error_t *call_send_offsets(rd_kafka_t *rk, void *arg, int timeout_ms) {
    const struct membership *membership = arg;
    return rd_kafka_send_offsets_to_transaction(rk, membership->offsets, membership->metadata,
                                                timeout_ms);
}

/* The calls resume what they began before; every error that is neither retriable nor abortable
 * counts as fatal, as librdkafka's documentation advises. */
static void call_until(struct journal_writer *writer, call_fn *call, void *arg, uint64_t deadline,
                       struct answer *ret_answer) {
    *ret_answer = (struct answer){.attempt = ATTEMPT_TIMED_OUT, .name = "_TIMED_OUT",
                                  .reason = "no time was left"};
    int ms;
    while (ret_answer->attempt == ATTEMPT_TIMED_OUT && (ms = left_ms(deadline)) > 0) {
        rd_kafka_error_t *error = call(writer->rk, arg, ms);
        if (!error) {
            ret_answer->attempt = ATTEMPT_DONE;
            return;
        }
        bool retriable = rd_kafka_error_is_retriable(error);
        ret_answer->attempt = rd_kafka_error_txn_requires_abort(error) ? ATTEMPT_ABORTABLE
                              : retriable && !rd_kafka_error_is_fatal(error) ? ATTEMPT_TIMED_OUT
                                                                             : ATTEMPT_FATAL;
        ret_answer->name = rd_kafka_err2name(rd_kafka_error_code(error));
        (void)snprintf(ret_answer->reason, sizeof(ret_answer->reason), "%s",
                       rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        if (ret_answer->attempt == ATTEMPT_TIMED_OUT) {
            /* A short pause between two attempts, spent on delivery reports. */
            (void)rd_kafka_poll(writer->rk, 10);
        }
    }
}

int journal_writer_join_transactions(struct journal_writer *writer, struct base_error *err) {
    struct answer answer;
    call_until(writer, call_init, NULL, deadline_after(writer->ready_timeout_ms), &answer);
    if (answer.attempt != ATTEMPT_DONE) {
        return base_fail(err, BASE_IO, "transactions cannot be begun: %s: %s", answer.name,
                         answer.reason);
    }
    return 0;
}

int journal_writer_begin(struct journal_writer *writer, struct base_error *err) {
    if (!writer->is_transactional) {
        return base_fail(err, BASE_STATE, "a transaction wants a transactional.id");
    }
    if (writer->in_transaction) {
        return base_fail(err, BASE_STATE, "a transaction is open already");
    }
    rd_kafka_error_t *error = rd_kafka_begin_transaction(writer->rk);
    if (error) {
        int code = base_fail(err, BASE_IO, "begin: %s", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        return code;
    }
    (void)journal_intents_tell(&writer->intents, writer->outcome, writer->outcome_arg);
    writer->in_transaction = true;
    writer->intents.is_held = true;
    return 0;
}

static void end(struct journal_writer *writer, enum journal_ending ending, const char *error) {
    writer->in_transaction = false;
    (void)journal_intents_end(&writer->intents, ending, error, writer->outcome,
                              writer->outcome_arg);
}

/* Whatever becomes of the request: a commit was never sent, so nothing can be committed. */
static int abort_now(struct journal_writer *writer, struct base_error *err) {
    struct answer answer;
    writer->intents.is_aborting = true;
    call_until(writer, call_abort, NULL, deadline_after(writer->flush_timeout_ms), &answer);
    writer->intents.is_aborting = false;
    end(writer, JOURNAL_ENDING_ABORTED, NULL);
    if (answer.attempt != ATTEMPT_DONE) {
        return base_fail(err, BASE_IO, "abort: %s: %s", answer.name, answer.reason);
    }
    return 0;
}

int journal_writer_abort(struct journal_writer *writer, struct base_error *err) {
    if (!writer->in_transaction) {
        return base_fail(err, BASE_STATE, "no transaction is open");
    }
    return abort_now(writer, err);
}

/* Before a commit was sent: nothing of the transaction can be committed by this writer. */
static int refuse_lost(struct journal_writer *writer, struct base_error *err) {
    char reason[REASON_BYTES];
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(writer->rk, reason, sizeof(reason));
    if (!fatal) {
        return 0;
    }
    end(writer, JOURNAL_ENDING_ABORTED, rd_kafka_err2name(fatal));
    return base_fail(err, BASE_IO, "commit: %s: %s", rd_kafka_err2name(fatal), reason);
}

static int commit_now(struct journal_writer *writer, enum journal_ending *ret_ending,
                      struct base_error *err) {
    struct answer answer;
    call_until(writer, call_commit, NULL, deadline_after(writer->flush_timeout_ms), &answer);
    rd_kafka_resp_err_t fatal;
    switch (answer.attempt) {
    case ATTEMPT_DONE:
        *ret_ending = JOURNAL_ENDING_COMMITTED;
        end(writer, JOURNAL_ENDING_COMMITTED, NULL);
        return 0;
    case ATTEMPT_ABORTABLE:
        journal_log(&writer->logger, 4, "writer: commit refused, aborting: %s: %s", answer.name,
                    answer.reason);
        *ret_ending = JOURNAL_ENDING_ABORTED;
        (void)abort_now(writer, NULL);
        return base_fail(err, BASE_IO, "commit: %s: %s; the transaction was aborted", answer.name,
                         answer.reason);
    case ATTEMPT_FATAL:
        fatal = rd_kafka_fatal_error(writer->rk, NULL, 0);
        answer.name = fatal ? rd_kafka_err2name(fatal) : answer.name;
        break;
    case ATTEMPT_TIMED_OUT:
        break;
    }
    *ret_ending = JOURNAL_ENDING_UNKNOWN;
    end(writer, JOURNAL_ENDING_UNKNOWN, answer.name);
    return base_fail(err, BASE_IO, "commit: %s: %s; its outcome is unknown", answer.name,
                     answer.reason);
}

int journal_writer_commit(struct journal_writer *writer, struct base_error *err) {
    enum journal_ending ending;
    if (!writer->in_transaction) {
        return base_fail(err, BASE_STATE, "no transaction is open");
    }
    int code = refuse_lost(writer, err);
    return code ? code : commit_now(writer, &ending, err);
}

int journal_writer_commit_offsets(struct journal_writer *writer, rd_kafka_t *consumer,
                                  const rd_kafka_topic_partition_list_t *offsets,
                                  enum journal_ending *ret_ending, struct base_error *err) {
    *ret_ending = JOURNAL_ENDING_ABORTED;
    int code = refuse_lost(writer, err);
    if (code) {
        return code;
    }
    struct membership membership = {offsets, rd_kafka_consumer_group_metadata(consumer)};
    struct answer answer = {
        .attempt = ATTEMPT_ABORTABLE, .name = "_NO_GROUP", .reason = "the client is in no group"};
    if (membership.metadata) {
        call_until(writer, call_send_offsets, &membership, deadline_after(writer->flush_timeout_ms),
                   &answer);
        rd_kafka_consumer_group_metadata_destroy(membership.metadata);
    }
    if (answer.attempt == ATTEMPT_DONE) {
        return commit_now(writer, ret_ending, err);
    }
    (void)abort_now(writer, NULL);
    return base_fail(err, BASE_IO, "offsets: %s: %s; the transaction was aborted", answer.name,
                     answer.reason);
}

bool journal_writer_is_lost(const struct journal_writer *writer) {
    return rd_kafka_fatal_error(writer->rk, NULL, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool journal_writer_in_transaction(const struct journal_writer *writer) {
    return writer->in_transaction;
}
