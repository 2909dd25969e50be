/* Ids of topics: Metadata tells them, requests of later versions use them. */
#include <stdio.h>
#include <string.h>

#include "fidelity.h"

static const struct mock_uuid unknown = {{'n', 'o', 'b', 'o', 'd', 'y', 0x40, 0, 0x80}};

void fid_topic_id_keep(struct fid_run *run, struct base_slice name, const struct mock_uuid *id) {
    struct fid_topic_id *at = &run->topic_ids[run->topic_id_count % FID_TOPIC_IDS];
    for (size_t i = 0; i < run->topic_id_count && i < FID_TOPIC_IDS; i++) {
        if (base_slice_equal_str(name, run->topic_ids[i].name)) {
            run->topic_ids[i].id = *id;
            return;
        }
    }
    (void)snprintf(at->name, sizeof(at->name), "%.*s", (int)name.len, (const char *)name.data);
    at->id = *id;
    run->topic_id_count++;
}

static struct mock_uuid topic_id_of(struct fid_run *run, struct base_slice name) {
    for (size_t i = 0; i < run->topic_id_count && i < FID_TOPIC_IDS; i++) {
        if (base_slice_equal_str(name, run->topic_ids[i].name)) {
            return run->topic_ids[i].id;
        }
    }
    return base_slice_equal_str(name, "none") ? (struct mock_uuid){{0}} : unknown;
}

struct mock_uuid fid_step_id(struct fid_run *run, const struct fid_step *step) {
    return topic_id_of(run, fid_slice(run, step, fid_has(step, "id") ? "id" : "topic", "$t"));
}

void fid_say_id(struct fid_run *run, const struct mock_uuid *id) {
    static const struct mock_uuid zero;
    for (size_t i = 0; i < run->topic_id_count && i < FID_TOPIC_IDS; i++) {
        if (memcmp(id, &run->topic_ids[i].id, sizeof(*id)) == 0) {
            base_put_str(&run->said, "topic_id=known ");
            return;
        }
    }
    base_put_format(&run->said, "topic_id=%s ",
                    memcmp(id, &zero, sizeof(zero)) == 0         ? "zero"
                    : memcmp(id, &unknown, sizeof(unknown)) == 0 ? "unknown"
                                                                 : "other");
}
