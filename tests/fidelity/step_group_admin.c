/* The verbs of the administration of groups: describe-groups, list-groups, delete-groups,
 * offset-delete. */
#include <string.h>

#include "fidelity.h"
#include "mock/wire/api.h"
#include "mock/wire/delete_groups.h"
#include "mock/wire/describe_groups.h"
#include "mock/wire/list_groups.h"
#include "mock/wire/offset_delete.h"

/* -- describe-groups -- */

static void ask_describe(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                         int16_t version) {
    struct mock_describe_groups_request request = {.include_authorized_operations =
                                                       fid_has(step, "operations")};
    request.groups = fid_list(run, step, "group", "$g", &request.group_count);
    mock_describe_groups_request_encode(b, version, &request);
}

static void say_described(struct fid_run *run, const struct mock_described_group *group) {
    fid_say_error(run, "", group->error_code);
    fid_say_text(run, "why", group->error_message);
    fid_say_text(run, "state", group->state);
    fid_say_text(run, "type", group->protocol_type);
    fid_say_text(run, "protocol", group->protocol_data);
    base_put_format(&run->said, "members=%zu operations=%d ", group->member_count,
                    group->authorized_operations);
    for (size_t i = 0; i < group->member_count; i++) {
        const struct mock_described_member *m = &group->members[i];
        fid_say_text(run, "client", m->client_id);
        fid_say_text(run, "host", m->client_host);
        fid_say_text(run, "instance", m->group_instance_id);
        fid_say_text(run, "metadata", m->metadata);
        fid_say_text(run, "assignment", m->assignment);
        fid_say_given(run, m->assignment);
    }
}

static void say_describe(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                         int16_t version) {
    (void)step;
    struct mock_describe_groups_response said = {0};
    if (mock_describe_groups_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "groups=%zu ", said.group_count);
    for (size_t i = 0; i < said.group_count; i++) {
        say_described(run, &said.groups[i]);
    }
}

/* -- list-groups: only what is said of the case's own groups -- */

static void ask_list(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                     int16_t version) {
    struct mock_list_groups_request request = {0};
    request.states = fid_list(run, step, "states", NULL, &request.state_count);
    request.types = fid_list(run, step, "types", NULL, &request.type_count);
    mock_list_groups_request_encode(b, version, &request);
}

static void say_list(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                     int16_t version) {
    (void)step;
    struct mock_list_groups_response said = {0};
    size_t found = 0;
    if (mock_list_groups_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "", said.error_code);
    for (size_t i = 0; i < said.group_count; i++) {
        const struct mock_listed_group *group = &said.groups[i];
        if (base_slice_equal_str(group->group_id, run->unique)) {
            found++;
            fid_say_text(run, "type", group->protocol_type);
            fid_say_text(run, "state", group->state);
            fid_say_text(run, "kind", group->type);
        }
    }
    base_put_format(&run->said, "found=%zu ", found);
}

/* -- delete-groups -- */

static void ask_delete(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                       int16_t version) {
    struct mock_delete_groups_request request = {0};
    request.groups = fid_list(run, step, "group", "$g", &request.group_count);
    mock_delete_groups_request_encode(b, version, &request);
}

static void say_delete(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                       int16_t version) {
    (void)step;
    struct mock_delete_groups_response said = {0};
    if (mock_delete_groups_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "results=%zu ", said.result_count);
    for (size_t i = 0; i < said.result_count; i++) {
        fid_say_error(run, "", said.results[i].error_code);
        fid_say_text(run, "why", said.results[i].error_message);
    }
}

/* -- offset-delete -- */

static void ask_offset_delete(struct fid_run *run, const struct fid_step *step,
                              struct base_builder *b, int16_t version) {
    struct mock_offset_delete_topic topic = {.name = fid_slice(run, step, "topic", "$t")};
    topic.partitions = fid_numbers(run, step, "partition", "0", &topic.partition_count);
    struct mock_offset_delete_request request = {
        .group_id = fid_slice(run, step, "group", "$g"), .topics = &topic, .topic_count = 1};
    mock_offset_delete_request_encode(b, version, &request);
}

static void say_offset_delete(struct fid_run *run, const struct fid_step *step,
                              struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_offset_delete_response said = {0};
    if (mock_offset_delete_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "all:", said.error_code);
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
    for (size_t t = 0; t < said.topic_count; t++) {
        for (size_t i = 0; i < said.topics[t].partition_count; i++) {
            fid_say_error(run, "", said.topics[t].partitions[i].error_code);
        }
    }
}

const struct fid_verb fid_verbs_group_admin[] = {
    {"describe-groups", MOCK_API_DESCRIBE_GROUPS, 6, 5, ask_describe, say_describe},
    {"list-groups", MOCK_API_LIST_GROUPS, 5, 4, ask_list, say_list},
    {"delete-groups", MOCK_API_DELETE_GROUPS, 3, 2, ask_delete, say_delete},
    {"offset-delete", MOCK_API_OFFSET_DELETE, 0, 0, ask_offset_delete, say_offset_delete},
    {NULL, 0, 0, 0, NULL, NULL},
};
