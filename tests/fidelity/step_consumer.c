/* The verbs of the consumer protocol (KIP-848): beat, which is ConsumerGroupHeartbeat, and
 * describe-consumers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fidelity.h"
#include "mock/wire/api.h"
#include "mock/wire/consumer_group_describe.h"
#include "mock/wire/consumer_group_heartbeat.h"

/* -- beat -- */

static bool is_null(struct fid_run *run, const struct fid_step *step, const char *name,
                    const char *def) {
    const char *value = fid_str(run, step, name, def);
    return strcmp(value, "null") == 0;
}

/* A client makes its member id itself from version 1 on. */
static struct base_slice member_of(struct fid_run *run, const struct fid_step *step,
                                   int16_t version) {
    struct fid_member *m = fid_member(run, step, "as");
    if (!m->id[0] && version >= 1) {
        (void)snprintf(m->id, sizeof(m->id), "member-%s", m->name);
    }
    return fid_slice(run, step, "member", m->id);
}

/* Partitions of the case's topic: "0,1", "none", or "null". */
static void owned_of(struct fid_run *run, const struct fid_step *step, const char *def,
                     struct mock_topic_id_partitions *topic,
                     struct mock_consumer_group_heartbeat_request *request) {
    const char *text = fid_str(run, step, "owned", def);
    request->has_owned = strcmp(text, "null") != 0;
    if (request->has_owned && strcmp(text, "none") != 0) {
        topic->topic_id = run->topic_id;
        topic->partitions = fid_numbers(run, step, "owned", def, &topic->partition_count);
        request->owned = topic;
        request->owned_count = 1;
    }
}

static void ask_beat(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                     int16_t version) {
    struct fid_member *m = fid_member(run, step, "as");
    int32_t known = m->generation < 0 ? 0 : m->generation;
    int32_t epoch = (int32_t)fid_num(run, step, "epoch", known);
    bool joins = epoch == 0;
    struct mock_topic_id_partitions topic = {0};
    struct mock_consumer_group_heartbeat_request request = {
        .group_id = fid_slice(run, step, "group", "$g"),
        .member_id = member_of(run, step, version),
        .member_epoch = epoch,
        .instance_id = fid_slice(run, step, "instance", "null"),
        .rack_id = fid_slice(run, step, "rack", "null"),
        .rebalance_timeout_ms = (int32_t)fid_num(run, step, "rebalance", joins ? 30000 : -1),
        .topic_regex = fid_slice(run, step, "regex", "null"),
        .server_assignor = fid_slice(run, step, "assignor", "null"),
    };
    const char *names = joins && !fid_has(step, "regex") ? "$t" : "null";
    request.has_topic_names = !is_null(run, step, "topics", names);
    if (request.has_topic_names && strcmp(fid_str(run, step, "topics", names), "none") != 0) {
        request.topic_names = fid_list(run, step, "topics", names, &request.topic_name_count);
    }
    owned_of(run, step, joins ? "none" : "null", &topic, &request);
    mock_consumer_group_heartbeat_request_encode(b, version, &request);
}

static int compare(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a;
    int32_t y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void say_partitions(struct fid_run *run, const char *name, int32_t *partitions,
                           size_t count) {
    qsort(partitions, count, sizeof(*partitions), compare);
    base_put_format(&run->said, "%s=", name);
    for (size_t i = 0; i < count; i++) {
        base_put_format(&run->said, "%s%d", i ? "," : "", partitions[i]);
    }
    base_put_str(&run->said, count ? " " : "none ");
}

static void say_beat(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                     int16_t version) {
    struct mock_consumer_group_heartbeat_response said = {0};
    if (mock_consumer_group_heartbeat_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    struct fid_member *m = fid_member(run, step, "as");
    fid_say_error(run, "", said.error_code);
    fid_say_text(run, "why", said.error_message);
    base_put_format(&run->said, "epoch=%d interval=%d member=%s ", said.member_epoch,
                    said.heartbeat_interval_ms,
                    !said.member_id.data                          ? "null"
                    : base_slice_equal_str(said.member_id, m->id) ? "same"
                                                                  : "new");
    size_t total = 0;
    for (size_t i = 0; i < said.assignment_count; i++) {
        struct mock_topic_id_partitions *t = &said.assignment[i];
        run->topic_id = t->topic_id;
        total += t->partition_count;
        say_partitions(run, "topic", t->partitions, t->partition_count);
    }
    base_put_format(&run->said, "topics=%zu ", said.assignment_count);
    if (said.has_assignment) {
        base_put_format(&run->said, "assigned=%zu ", total);
    } else {
        base_put_str(&run->said, "assigned=null ");
    }
    if (said.error_code == 0 && said.member_id.data) {
        (void)snprintf(m->id, sizeof(m->id), "%.*s", (int)said.member_id.len,
                       (const char *)said.member_id.data);
        m->generation = said.member_epoch;
    }
}

/* -- describe-consumers -- */

static void ask_describe(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                         int16_t version) {
    struct mock_consumer_group_describe_request request = {.include_authorized_operations =
                                                               fid_has(step, "operations")};
    request.groups = fid_list(run, step, "group", "$g", &request.group_count);
    mock_consumer_group_describe_request_encode(b, version, &request);
}

static void say_member(struct fid_run *run, const struct mock_described_consumer *m) {
    const char *name = "other";
    for (size_t i = 0; i < FID_MEMBERS; i++) {
        if (run->members[i].name[0] && base_slice_equal_str(m->member_id, run->members[i].id)) {
            name = run->members[i].name;
        }
    }
    base_put_format(&run->said, "%s:epoch=%d %s:names=%zu kind=%d ", name, m->member_epoch, name,
                    m->topic_name_count, m->member_type);
    fid_say_text(run, "client", m->client_id);
    fid_say_text(run, "host", m->client_host);
    fid_say_text(run, "instance", m->instance_id);
    fid_say_text(run, "rack", m->rack_id);
    fid_say_text(run, "regex", m->topic_regex);
    char word[40];
    for (size_t i = 0; i < m->assignment.topic_count; i++) {
        struct mock_described_partitions *t = &m->assignment.topics[i];
        (void)snprintf(word, sizeof(word), "%s:has", name);
        say_partitions(run, word, t->partitions, t->partition_count);
        run->topic_id = t->topic_id;
    }
    for (size_t i = 0; i < m->target.topic_count; i++) {
        struct mock_described_partitions *t = &m->target.topics[i];
        (void)snprintf(word, sizeof(word), "%s:target", name);
        say_partitions(run, word, t->partitions, t->partition_count);
    }
}

static void say_describe(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                         int16_t version) {
    (void)step;
    struct mock_consumer_group_describe_response said = {0};
    if (mock_consumer_group_describe_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "groups=%zu ", said.group_count);
    for (size_t i = 0; i < said.group_count; i++) {
        const struct mock_described_consumer_group *group = &said.groups[i];
        fid_say_error(run, "", group->error_code);
        fid_say_text(run, "why", group->error_message);
        fid_say_text(run, "state", group->state);
        fid_say_text(run, "assignor", group->assignor);
        base_put_format(&run->said, "epoch=%d assignment=%d members=%zu operations=%d ",
                        group->group_epoch, group->assignment_epoch, group->member_count,
                        group->authorized_operations);
        for (size_t k = 0; k < group->member_count; k++) {
            say_member(run, &group->members[k]);
        }
    }
}

const struct fid_verb fid_verbs_consumer[] = {
    {"beat", MOCK_API_CONSUMER_GROUP_HEARTBEAT, 1, 1, ask_beat, say_beat},
    {"describe-consumers", MOCK_API_CONSUMER_GROUP_DESCRIBE, 1, 1, ask_describe, say_describe},
    {NULL, 0, 0, 0, NULL, NULL},
};
