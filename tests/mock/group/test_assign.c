/*
 * Tests of the assignors: against a table that Apache Kafka's own classes have made
 * (assignments.txt), and the situations of its RangeAssignorTest and
 * UniformHomogeneousAssignmentBuilderTest.
 *
 * A line of the table: assignor, "same" or "mixed" (subscriptions), number of topics, number of
 * members; each topic as id:partitions; each member as id:instance:topics:before:after, where
 * partitions are told as topic/partition, "-" is none, and topics are counted from 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/builder.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text.h"
#include "mock/group/assignors.h"
#include "suites.h"
#include "t_run.h"

#define MAX_TOPICS 32
#define MAX_MEMBERS 32
#define MAX_PARTITIONS 64

struct scene {
    struct mock_assign_topic topics[MAX_TOPICS];
    struct mock_assign_member members[MAX_MEMBERS];
    int32_t owners[MAX_TOPICS][MAX_PARTITIONS];
    size_t subscribers[MAX_TOPICS][MAX_MEMBERS];
    int32_t wanted[MAX_TOPICS][MAX_PARTITIONS];
    struct mock_assign_spec spec;
};

static struct scene scene;

static void begin_topic(size_t t, int32_t partitions) {
    struct mock_assign_topic *topic = &scene.topics[t];
    *topic = (struct mock_assign_topic){.partition_count = partitions,
                                        .owners = scene.owners[t],
                                        .subscribers = scene.subscribers[t]};
    for (int32_t p = 0; p < MAX_PARTITIONS; p++) {
        scene.owners[t][p] = scene.wanted[t][p] = MOCK_NO_OWNER;
    }
}

/* "0/1,2/3" into the owners; "-" is none. */
static void give(const char *list, int32_t member, int32_t owners[MAX_TOPICS][MAX_PARTITIONS]) {
    while (*list && *list != '-') {
        char *end = NULL;
        long t = strtol(list, &end, 10);
        long p = strtol(end + 1, &end, 10);
        owners[t][p] = member;
        list = *end == ',' ? end + 1 : end;
    }
}

static void subscribe(const char *list, size_t member) {
    while (*list && *list != '-') {
        char *end = NULL;
        struct mock_assign_topic *topic = &scene.topics[strtol(list, &end, 10)];
        topic->subscribers[topic->subscriber_count++] = member;
        list = *end == ',' ? end + 1 : end;
    }
}

/* Cuts text at its first separator; *at goes behind it. */
static char *cut(char **at, char separator) {
    char *word = *at;
    char *end = strchr(word, separator);
    *at = end ? end + 1 : word + strlen(word);
    if (end) {
        *end = '\0';
    }
    return word;
}

static void read_topic(char *word, size_t t) {
    struct base_builder id;
    char *hex = cut(&word, ':');
    begin_topic(t, (int32_t)strtol(word, NULL, 10));
    base_builder_init(&id, 64);
    if (T_TRUE(base_put_hex_decoded(&id, base_slice_str(hex)) && id.len == 16)) {
        memcpy(scene.topics[t].id.bytes, id.data, 16);
    }
    base_builder_clean_up(&id);
}

static void read_member(char *word, size_t m) {
    const char *id = cut(&word, ':');
    const char *instance = cut(&word, ':');
    scene.members[m] = (struct mock_assign_member){id, instance[0] == '-' ? NULL : instance};
    subscribe(cut(&word, ':'), m);
    give(cut(&word, ':'), (int32_t)m, scene.owners);
    give(word, (int32_t)m, scene.wanted);
}

static int assign(const char *assignor, bool same, size_t topics, size_t members) {
    struct base_arena arena;
    base_arena_init(&arena, BASE_MIB);
    scene.spec = (struct mock_assign_spec){scene.members, members, scene.topics, topics, same};
    int rc = mock_assignor_find(base_slice_str(assignor))(&scene.spec, &arena);
    base_arena_clean_up(&arena);
    return rc;
}

static bool is_as_wanted(size_t topics) {
    bool same = true;
    for (size_t t = 0; t < topics; t++) {
        for (int32_t p = 0; p < scene.topics[t].partition_count; p++) {
            same = same && scene.owners[t][p] == scene.wanted[t][p];
        }
    }
    return same;
}

static bool check_line(char *line) {
    char *kept = base_strdup(line);
    const char *assignor = cut(&line, ' ');
    bool same = strcmp(cut(&line, ' '), "same") == 0;
    size_t topics = (size_t)strtol(cut(&line, ' '), NULL, 10);
    size_t members = (size_t)strtol(cut(&line, ' '), NULL, 10);
    bool good = T_TRUE(topics <= MAX_TOPICS && members <= MAX_MEMBERS);
    for (size_t t = 0; good && t < topics; t++) {
        read_topic(cut(&line, ' '), t);
    }
    for (size_t m = 0; good && m < members; m++) {
        read_member(cut(&line, ' '), m);
    }
    good = good && T_EQUAL_INT(assign(assignor, same, topics, members), 0);
    good = good && t_check(is_as_wanted(topics), __LINE__, __FILE__, "other than Kafka: %s", kept);
    base_free(kept);
    return good;
}

static void assignments_are_those_of_kafkas_classes(void) {
    FILE *file = fopen(ASSIGNMENTS_FILE, "r");
    char *line = NULL;
    size_t cap = 0;
    int lines = 0;
    while (T_TRUE(file != NULL) && getline(&line, &cap, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#' && !check_line(line)) {
            break;
        }
        lines += line[0] != '#';
    }
    free(line);
    if (file) {
        fclose(file);
    }
    T_TRUE(lines >= 200);
}

/* -- situations: one text per member "id:instance:topics:before", and per member what comes -- */

struct situation {
    const char *assignor;
    bool same;
    int32_t partitions[4]; /* of each topic; 0: no more */
    const char *members[6];
    const char *after[6];
};

static void play(const struct situation *s) {
    char words[6][80];
    size_t topics = 0;
    size_t members = 0;
    while (topics < 4 && s->partitions[topics]) {
        begin_topic(topics, s->partitions[topics]);
        scene.topics[topics].id.bytes[15] = (uint8_t)(topics + 1);
        topics++;
    }
    while (members < 6 && s->members[members]) {
        (void)snprintf(words[members], sizeof(words[members]), "%s:%s", s->members[members],
                       s->after[members]);
        read_member(words[members], members);
        members++;
    }
    T_EQUAL_INT(assign(s->assignor, s->same, topics, members), 0);
    T_TRUE(is_as_wanted(topics));
}

static void range_first_assignment_two_members_two_topics_same_subscriptions(void) {
    play(&(struct situation){
        "range", true, {3, 2}, {"A:-:0,1:-", "B:-:0,1:-"}, {"0/0,0/1,1/0", "0/2,1/1"}});
}

static void range_first_assignment_three_members_three_topics_different_subscriptions(void) {
    play(&(struct situation){"range",
                             false,
                             {3, 3, 2},
                             {"A:-:0,1:-", "B:-:2:-", "C:-:1,2:-"},
                             {"0/0,0/1,0/2,1/0,1/1", "2/0", "1/2,2/1"}});
}

static void range_first_assignment_num_members_greater_than_num_partitions(void) {
    play(&(struct situation){"range",
                             true,
                             {3, 2},
                             {"A:-:0,1:-", "B:-:0,1:-", "C:-:0,1:-"},
                             {"0/0,1/0", "0/1,1/1", "0/2"}});
}

static void range_static_membership(void) {
    play(&(struct situation){
        "range", true, {3}, {"A:instanceA:0:-", "B:instanceB:0:-"}, {"0/0,0/1", "0/2"}});
    /* A comes back under another id. */
    play(&(struct situation){
        "range", true, {3}, {"B:instanceB:0:0/2", "Z:instanceA:0:-"}, {"0/2", "0/0,0/1"}});
}

static void range_mixed_static_membership(void) {
    play(&(struct situation){"range",
                             true,
                             {5},
                             {"A:instanceA:0:-", "C:instanceC:0:-", "B:-:0:-"},
                             {"0/0,0/1", "0/2,0/3", "0/4"}});
    play(&(struct situation){"range",
                             true,
                             {5},
                             {"Z:instanceA:0:-", "B:-:0:0/4", "C:instanceC:0:0/2,0/3"},
                             {"0/0,0/1", "0/4", "0/2,0/3"}});
}

static void range_reassignment_num_members_greater_than_num_partitions_when_one_member_added(void) {
    play(&(struct situation){"range",
                             true,
                             {2, 2},
                             {"A:-:0,1:0/0,1/0", "B:-:0,1:0/1,1/1", "C:-:0,1:-"},
                             {"0/0,1/0", "0/1,1/1", "-"}});
}

static void range_reassignment_when_one_partition_added_for_two_members_two_topics(void) {
    play(&(struct situation){"range",
                             true,
                             {4, 4},
                             {"A:-:0,1:0/0,0/1,1/0,1/1", "B:-:0,1:0/2,1/2"},
                             {"0/0,0/1,1/0,1/1", "0/2,0/3,1/2,1/3"}});
}

static void range_reassignment_when_one_member_added_after_initial_assignment(void) {
    play(&(struct situation){"range",
                             true,
                             {3, 3},
                             {"A:-:0,1:0/0,0/1,1/0,1/1", "B:-:0,1:0/2,1/2", "C:-:0,1:-"},
                             {"0/0,1/0", "0/1,1/1", "0/2,1/2"}});
}

static void range_reassignment_when_one_member_removed_after_initial_assignment(void) {
    play(&(struct situation){
        "range", true, {3, 3}, {"B:-:0,1:0/2,1/2"}, {"0/0,0/1,0/2,1/0,1/1,1/2"}});
}

static void uniform_first_assignment_num_members_greater_than_total_num_partitions(void) {
    play(&(struct situation){
        "uniform", true, {2}, {"A:-:0:-", "B:-:0:-", "C:-:0:-"}, {"-", "0/0", "0/1"}});
}

static void uniform_keeps_what_is_balanced(void) {
    play(&(struct situation){"uniform",
                             true,
                             {3, 3},
                             {"A:-:0,1:0/0,0/2,1/0", "B:-:0,1:0/1,1/1,1/2"},
                             {"0/0,0/2,1/0", "0/1,1/1,1/2"}});
}

static void uniform_gives_what_is_new_to_who_has_least(void) {
    play(&(struct situation){
        "uniform", true, {5}, {"A:-:0:0/0,0/1", "B:-:0:0/2"}, {"0/0,0/1", "0/2,0/3,0/4"}});
}

static void uniform_takes_no_more_than_it_must(void) {
    play(&(struct situation){"uniform",
                             true,
                             {6},
                             {"A:-:0:0/0,0/1,0/2", "B:-:0:0/3,0/4,0/5", "C:-:0:-"},
                             {"0/0,0/1", "0/3,0/4", "0/2,0/5"}});
}

static void uniform_reassigns_what_a_member_left(void) {
    play(&(struct situation){
        "uniform", true, {6}, {"A:-:0:0/0,0/1", "C:-:0:0/4,0/5"}, {"0/0,0/1,0/2", "0/3,0/4,0/5"}});
}

static void uniform_with_other_subscriptions_respects_them(void) {
    play(&(struct situation){
        "uniform", false, {3, 3}, {"A:-:0:-", "B:-:0,1:-"}, {"0/0,0/1,0/2", "1/0,1/1,1/2"}});
}

static void uniform_takes_what_is_no_longer_subscribed(void) {
    play(&(struct situation){
        "uniform", false, {2, 2}, {"A:-:0:0/0,1/0", "B:-:0,1:0/1,1/1"}, {"0/0,0/1", "1/0,1/1"}});
}

/* -- memory -- */

static void failing_memory_is_reported_and_nothing_leaks(void) {
    static const char *const names[] = {"uniform", "uniform", "range"};
    int64_t before = base_memory_live_count();
    for (size_t k = 0; k < 3; k++) {
        int rc = BASE_NO_MEMORY;
        for (uint64_t after = 0; rc == BASE_NO_MEMORY && after < 50; after++) {
            char a[] = "A:-:0:-:-";
            char b[] = "B:-:0:-:-";
            begin_topic(0, 4);
            read_member(a, 0);
            read_member(b, 1);
            base_memory_fail_after(after, 1);
            rc = assign(names[k], k != 1, 1, 2);
            base_memory_fail_never();
        }
        T_EQUAL_INT(rc, 0);
    }
    T_EQUAL_INT(base_memory_live_count(), before);
}

static void there_are_two_assignors(void) {
    T_TRUE(mock_assignor_find(base_slice_str("uniform")) == mock_assign_uniform);
    T_TRUE(mock_assignor_find(base_slice_str("range")) == mock_assign_range);
    T_TRUE(mock_assignor_find(base_slice_str("sticky")) == NULL);
    T_TRUE(mock_assignor_to_str(base_slice_str("sticky")) == NULL);
    T_EQUAL_STR(mock_assignor_to_str(base_slice_str("range")), "range");
}

CU_SuiteInfo *suite_mock_group_assign(void) {
#define TEST(name)                                                                                 \
    { #name, name }
    static CU_TestInfo tests[] = {
        TEST(assignments_are_those_of_kafkas_classes),
        TEST(range_first_assignment_two_members_two_topics_same_subscriptions),
        TEST(range_first_assignment_three_members_three_topics_different_subscriptions),
        TEST(range_first_assignment_num_members_greater_than_num_partitions),
        TEST(range_static_membership),
        TEST(range_mixed_static_membership),
        TEST(range_reassignment_num_members_greater_than_num_partitions_when_one_member_added),
        TEST(range_reassignment_when_one_partition_added_for_two_members_two_topics),
        TEST(range_reassignment_when_one_member_added_after_initial_assignment),
        TEST(range_reassignment_when_one_member_removed_after_initial_assignment),
        TEST(uniform_first_assignment_num_members_greater_than_total_num_partitions),
        TEST(uniform_keeps_what_is_balanced),
        TEST(uniform_gives_what_is_new_to_who_has_least),
        TEST(uniform_takes_no_more_than_it_must),
        TEST(uniform_reassigns_what_a_member_left),
        TEST(uniform_with_other_subscriptions_respects_them),
        TEST(uniform_takes_what_is_no_longer_subscribed),
        TEST(failing_memory_is_reported_and_nothing_leaks),
        TEST(there_are_two_assignors),
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"mock/group/assign", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
