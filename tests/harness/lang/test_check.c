/* Tests of the checker: every kind of problem, with its place; and what this build cannot run. */
#include "base/memory.h"
#include "scenario_text.h"
#include "suites.h"
#include "t_run.h"

#define HEAD "scenario \"s\"\n"
/* Two topics, a journal, a store, a writer, a client with and one without a group; all started. */
#define WORLD                                                                                      \
    HEAD "topic rev partitions 2\ntopic dlq\n"                                                     \
         "journal swh prefix \"p\" {\n types content revision\n anonymize\n}\n"                    \
         "store db sqlite\nwriter w1 to rev, swh\n"                                                \
         "client c1 from swh group g into db { journal.dead.letter.topic = dlq }\n"                \
         "client c2 from rev groupless\nclient c3 from rev group h\n"                              \
         "run {\n start w1\n start c1\n start c2\n start c3\n}\n"
#define WORLD_LINE 19 /* the first line after WORLD */

struct refusal {
    const char *source;
    unsigned line;
    unsigned column;
    const char *text;
};

static void refuse_all(const struct refusal *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        T_PROBLEM(cases[i].source, cases[i].line, cases[i].column, cases[i].text);
    }
}
#define REFUSE_ALL(cases) refuse_all(cases, sizeof(cases) / sizeof((cases)[0]))
#define FAULT(text) WORLD "fault f at " text "\n", WORLD_LINE
#define EXPECT(text) WORLD "check { " text " }\n", WORLD_LINE
#define DECLARE(text) HEAD text "\n", 2

static void the_examples_are_accepted(void) {
    for (size_t i = 0; i < 6; i++) {
        char *text = t_read(t_examples[i]);
        if (text) {
            T_GOOD(text);
        }
        base_free(text);
    }
    T_GOOD(WORLD);
}

static void names_must_be_declared(void) {
    static const struct refusal cases[] = {
        {DECLARE("writer w to rve\ntopic rev"), 13,
         "no topic or journal is named 'rve'; did you mean "
         "'rev'?"},
        {EXPECT("store dbb lacks k"), 15, "no store is named 'dbb'; did you mean 'db'?"},
        {EXPECT("fired boom = 1"), 15, "no fault is named 'boom'"},
        {EXPECT("secret mail in public swh"), 16, "no secret is named 'mail'"},
        {EXPECT("guarantee key-order of w2 is pass"), 32, "is named 'w2'; did you mean 'w1'?"},
        {EXPECT("outcome c1 k is ok"), 17, "expected a writer, but 'c1' is a client"},
        {EXPECT("log swh.release/0 is { }"), 13, "journal 'swh' has no type 'release'"},
        {EXPECT("log swh/0 is { }"), 13, "expected a topic or one type of journal 'swh'"},
        {EXPECT("log rev/2 is { }"), 17, "'rev' has no partition 2: they are 0 to 1"},
        {EXPECT("log rev is { }"), 13, "expected a partition, as in rev/0"},
        {EXPECT("committed gg rev/0 = 1"), 19, "no client is in a group 'gg'"},
        {EXPECT("exit w1 is signal SIGKIL"), 27, "did you mean 'SIGKILL'?"},
        {EXPECT("exit w1 is 300"), 20, "from 0 to 255"},
    };
    REFUSE_ALL(cases);
    T_PROBLEM(HEAD "topic t\nclient c from t group g into dbb\nstore db memory\n", 3, 30,
              "no store is named 'dbb'; did you mean 'db'?");
    T_PROBLEM(HEAD "topic a\njournal a prefix \"p\" { types content }\n", 3, 9,
              "'a' is declared twice (line 2)");
    T_PROBLEM(HEAD "seed 1\nseed 2\n", 3, 1, "this stands once only (line 2)");
    T_PROBLEM(HEAD "topic t\nwriter w to t as bob\n", 3, 18, "no principal is named 'bob'");
    T_PROBLEM(HEAD "principal bobby password \"p\"\ntopic t\nwriter w to t as boby\n", 4, 18,
              "no principal is named 'boby'; did you mean 'bobby'?");
}

static void settings_are_known_and_on_their_side(void) {
    static const struct refusal cases[] = {
        {DECLARE("cluster { broker = 3 }"), 11, "did you mean 'brokers'?"},
        {DECLARE("cluster { brokers = 0 }"), 21, "must be from 1 to 32"},
        {DECLARE("cluster { brokers = many }"), 21, "wants a number, not 'many'"},
        {DECLARE("cluster { first.sequence = all }"), 28, "one of any,zero-on-never-written"},
        {DECLARE("cluster { env A = b }"), 15, "the cluster has no environment"},
        {DECLARE("topic t { segment.record = 4 }"), 11, "did you mean 'segment.records'?"},
        {DECLARE("topic t { acks = 1 }"), 11, "a topic has no setting 'acks'"},
        {DECLARE("topic t { delete.retention.ms = soon }"), 33, "wants a duration"},
        {DECLARE("topic t { min.cleanable.dirty.ratio = \"1.5\" }"), 39, "from 0 to 1"},
        {DECLARE("topic t { cleanup.policy = \"compact,never\" }"), 28, "some of"},
        {DECLARE("cluster { compact.policy = kafka }"), 28, "exact,adversarial"},
        {HEAD "topic t\nrun { compact t }\n", 3, 15, "not compacted"},
        {DECLARE("topic \"a b\""), 7, "is no topic name of Kafka"},
        {DECLARE("topic t partitions 0"), 20, "from 1 to 4096"},
        {DECLARE("store db sqlite { quer = \"x\" }"), 19, "did you mean 'query'?"},
        {DECLARE("journal j prefix \"p\" { partitions 1 }"), 9, "has no types"},
        {DECLARE("journal j prefix \"p\" { types contents }"), 30, "did you mean 'content'?"},
        {DECLARE("journal j prefix \"p\" { types content content }"), 38, "stands twice"},
        {DECLARE("journal j prefix \"p\" codec protobuff { types content }"), 28,
         "did you mean 'protobuf'?"},
        {DECLARE("secret s in \"fullname\""), 1, "expected a field of a message"},
        {DECLARE("budget 0s"), 8, "a budget of nothing"},
    };
    REFUSE_ALL(cases);
    T_PROBLEM(HEAD "cluster {\n brokers = 1\n brokers = 2\n}\n", 4, 2, "is set twice (line 3)");
}

#define WRITER(text) HEAD "topic t\nwriter w to t { " text " }\n", 3
#define CLIENT(text) HEAD "topic t\nclient c from t group g { " text " }\n", 3

static void the_settings_of_librdkafka_are_known(void) {
    static const struct refusal cases[] = {
        {WRITER("linger.mss = 5"), 17,
         "a writer has no setting 'linger.mss'; did you mean 'linger.ms'?"},
        {WRITER("fetch.min.bytes = 5"), 17, "is a consumer setting, and this is a writer"},
        {CLIENT("acks = all"), 27, "is a producer setting, and this is a client"},
        {CLIENT("bootstrap.servers = \"x\""), 27, "ktrial sets it"},
        {CLIENT("metadata.broker.list = \"x\""), 27, "ktrial sets it"},
        {CLIENT("group.id = x"), 27, "say it with `group`"},
        {WRITER("dr_cb = x"), 17, "can be set by a program only"},
        {WRITER("acks = some"), 24, "wants a number or all, not 'some'"},
        {WRITER("acks = 2000"), 24, "from -1 to 1000"},
        {WRITER("linger.ms = 1d"), 29, "from 0 to 900000 ms"},
        {WRITER("enable.idempotence = maybe"), 38, "must be true or false"},
        {WRITER("compression.type = zip"), 36, "one of none,gzip,snappy,lz4,zstd"},
        {CLIENT("debug = \"broker,nothing\""), 35, "not 'nothing'"},
        {CLIENT("intent.header = false"), 27, "is a setting of a writer, and this is a client"},
        {WRITER("journal.batch.size = 3"), 17, "is a setting of a client, and this is a writer"},
        {CLIENT("journal.batch.siz = 3"), 27, "did you mean 'journal.batch.size'?"},
        {CLIENT("journal.dead.letter.topic = dlq"), 55, "no topic or journal is named 'dlq'"},
        {CLIENT("journal.start = lates"), 43, "one of earliest,latest"},
    };
    REFUSE_ALL(cases);
    static const char *const good[] = {
        "acks = all",
        "acks = -1",
        "request.required.acks = 1",
        "max.in.flight = 5",
        "max.in.flight.requests.per.connection = 5",
        "compression.codec = LZ4",
        "linger.ms = 5s",
        "linger.ms = 500",
        "intent.header = false",
        "env ANYTHING = goes",
        "retry.backoff.max.ms = 100",
        "client.id = me",
        "partitioner = murmur2_random",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        char text[256];
        (void)snprintf(text, sizeof(text), HEAD "topic t\nwriter w to t { %s }\n", good[i]);
        T_GOOD(text);
    }
    T_GOOD(HEAD "topic t\nclient c from t group g {\n session.timeout.ms = 10s\n group.protocol = "
                "classic\n auto.offset.reset = earliest\n journal.on.eof = stop\n}\n");
}

static void triggers_must_be_able_to_happen(void) {
    static const struct refusal cases[] = {
        {FAULT("produce from c2 : reset"), 25,
         "no 'produce' event comes from 'c2', a client that writes nothing"},
        {FAULT("fetch from w1 : reset"), 23, "no 'fetch' event comes from 'w1', a writer"},
        {FAULT("commit from c2 : reset"), 24, "'c2' is groupless: no 'commit' event"},
        {FAULT("clean from c1 : advance 1h"), 23, "a 'clean' event is nobody's"},
        {FAULT("produce offset 3 : reset"), 27, "a 'produce' event carries no offset"},
        {FAULT("join key \"k\" : reset"), 21, "a 'join' event carries no key"},
        {FAULT("assign value v : reset"), 25, "an 'assign' event carries no value"},
        {FAULT("fetch attempt 1 : reset"), 26, "a 'fetch' event carries no attempt"},
        {FAULT("init-pid on rev : reset"), 24, "an 'init-pid' event carries no topic"},
        {FAULT("produce nth 0 : reset"), 24, "of at least 1"},
        {FAULT("produce key k attempt 0 : reset"), 34, "of at least 1"},
        {FAULT("produce from w1 on dlq : reset"), 31, "'w1' neither reads nor writes 'dlq'"},
        {FAULT("fetch from c1 on rev : reset"), 29, "'c1' neither reads nor writes 'rev'"},
        {FAULT("produce from w1 on swh.snapshot : reset"), 31,
         "journal 'swh' has no type 'snapshot'"},
        {FAULT("produce on rev/5 : reset"), 27, "'rev' has no partition 5"},
        {FAULT("produce from w9 : reset"), 25, "is named 'w9'; did you mean 'w1'?"},
        {FAULT("produce : reset times 0"), 34, "of at least 1"},
    };
    REFUSE_ALL(cases);
    T_PROBLEM(HEAD "topic t\nwriter w to t\nfault f at produce from w : reset\nrun { heal }\n", 4,
              25, "'w' is never started, so this event cannot happen");
    T_PROBLEM(HEAD "topic t\nwriter w to t\nrun { write w t k v }\n", 4, 13,
              "'w' is never started");
    T_PROBLEM(HEAD "topic t\nwriter w to t\nrun { await flushed w }\n", 4, 21,
              "'w' is never started");
    T_GOOD(HEAD "topic t\nwriter w to t\nfault f at produce from w : reset\n"); /* for serve */
    T_GOOD(WORLD "fault f at produce from c1 on dlq : reset\n");
    T_GOOD(WORLD "fault f at produce from \"my-app\" : reset\n");
}

static void actions_must_be_possible_where_they_are(void) {
    static const struct refusal cases[] = {
        {FAULT("produce : fail-effect constraint"), 22,
         "'fail-effect' is not possible at 'produce'"},
        {FAULT("append : error NOT_ENOUGH_REPLICAS"), 21, "'error' is not possible at 'append'"},
        {FAULT("deliver : error UNKNOWN_SERVER_ERROR"), 22, "'error' is not possible at 'deliver'"},
        {FAULT("connect : apply error NONE"), 22, "'apply error' is not possible at 'connect'"},
        {FAULT("effect : drop-response then crash c1"), 21, "not possible at 'effect'"},
        {FAULT("effect : reset"), 21, "'reset' is not possible at 'effect'"},
        {FAULT("clean : hold until quiet"), 20, "'hold' is not possible at 'clean'"},
        {FAULT("produce : error NOT_ENOUGH_REPLICA"), 28, "did you mean 'NOT_ENOUGH_REPLICAS'?"},
        {FAULT("produce : error NONE"), 28, "NONE is no error"},
        {FAULT("produce : drop-response"), 22, "needs `then reset`"},
        {FAULT("produce : drop-request then delay 5ms"), 22, "needs `then reset`"},
        {FAULT("produce : reset then drop-response"), 33, "needs `then reset`"},
        {FAULT("produce : error UNKNOWN_SERVER_ERROR then drop-response then reset"), 54,
         "'drop-response' after 'error': what becomes of a request is decided once"},
        {FAULT("produce : crash w7"), 28, "is named 'w7'"},
        {FAULT("produce : rebalance gg"), 32, "no client is in a group 'gg'"},
        {FAULT("produce : down 40"), 27, "from 1 to 32"},
        {FAULT("produce : slice-response 0"), 37, "of at least 1"},
        {FAULT("produce : hold until inflight c1 > 2"), 42, "expected a writer"},
        {FAULT("produce : leader rev/9 to 1"), 33, "has no partition 9"},
    };
    REFUSE_ALL(cases);
    static const char *const good[] = {
        "produce : drop-response then reset",
        "produce : drop-request then crash w1 then restart w1",
        "fetch : drop-response then hold until quiet",
        "commit : drop-request then close",
        "deliver : cut-response 10",
        "effect : hold until quiet then fail-effect constraint",
        "append : crash w1",
        "connect : delay 5ms then reset",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        char text[1024];
        (void)snprintf(text, sizeof(text), WORLD "fault f at %s\n", good[i]);
        T_GOOD(text);
    }
}

static void expectations_must_make_sense(void) {
    static const struct refusal cases[] = {
        {EXPECT("guarantee at-lest-once of w1 is pass"), 19, "did you mean 'at-least-once'?"},
        {EXPECT("guarantee key-order of c1 is pass"), 32,
         "a guarantee of a writer, and 'c1' is a client"},
        {EXPECT("guarantee compaction of w1 is pass"), 33,
         "a guarantee of a topic, and 'w1' is a writer"},
        {EXPECT("guarantee compaction of rev is fail because cleaner"), 53,
         "'compaction' is never fail because of 'cleaner'"},
        {EXPECT("guarantee key-order of w1 is passed"), 38, "did you mean 'pass'?"},
        {EXPECT("guarantee key-order of w1 is pass because lost"), 51, "a pass needs no reason"},
        {EXPECT("guarantee no-duplicate of w1 is fail because duplicat"), 54,
         "'no-duplicate' is never fail because of 'duplicat'; did you mean 'duplicate'?"},
        {EXPECT("guarantee at-least-once of c1 is fail because acked-not-appended"), 55,
         "is never fail"},
        {EXPECT("guarantee key-order of w1 is unknown because budgt"), 54,
         "did you mean 'budget'?"},
        {EXPECT("guarantee key-order of w1 is unknown because unlearnable-delete"), 54,
         "is never unknown"},
        {EXPECT("anomaly duplicates"), 17, "did you mean 'duplicate'?"},
        {EXPECT("no anomaly duplicate count = 1"), 38, "`no anomaly` has no count"},
        {EXPECT("outcome w1 k is fine"), 25, "expected an outcome ('ok', 'failed', 'unknown')"},
        {EXPECT("guarantee view-safe of c1 is pass"), 19,
         "nothing tells whether 'c1' is view-safe; add 'explore views over c1'"},
        {EXPECT("guarantee view-safe of w1 is pass"), 32, "'view-safe' is a guarantee of a client"},
        {EXPECT("outcome w1 k is failed because NOPE"), 40, "Kafka has no error 'NOPE'"},
    };
    REFUSE_ALL(cases);
    T_PROBLEM(WORLD "secret s in \"A.b\"\ncheck { secret s in public rev }\n", WORLD_LINE + 1, 28,
              "expected a journal, and 'rev' is a topic");
    T_PROBLEM(WORLD "check { log rev/0 is {\n 3: a = b\n 3: a = b\n} }\n", WORLD_LINE + 2, 2,
              "offsets go up within a log");
    T_GOOD(WORLD "check {\n guarantee view-safe of c1 is fail because view-divergence\n}\n"
                 "explore views over c1\n");
    T_PROBLEM(WORLD "check { guarantee view-safe of c1 is pass }\nexplore faults over c1\n",
              WORLD_LINE, 19, "nothing tells whether 'c1' is view-safe");
    T_GOOD(WORLD "check {\n guarantee convergence of c1 is unknown because unlearnable-delete\n"
                 " guarantee anonymization of swh is fail because leak\n"
                 " outcome w1 k is failed because _MSG_TIMED_OUT\n"
                 " outcome w1 k is failed because aborted\n committed c1 swh/0 = 3\n"
                 " anomaly redelivery count >= 1\n}\n");
}

#define STEP(text)                                                                                 \
    HEAD "topic t partitions 1\njournal j prefix \"p\" { types content }\nwriter w to t, j\n"      \
         "topic other\nclient c from t group g\nrun {\n start w\n " text "\n}\n",                  \
        9
#define ACL(text)                                                                                  \
    HEAD "principal p password \"x\"\ntopic t\njournal j prefix \"p\" {\n types content\n}\n"      \
         "client c from t group g\n" text "\n",                                                    \
        8
static void who_logs_in_must_be_able_to(void) {
    T_PROBLEM(HEAD "principal p password \"\"\n", 2, 11, "an empty password is none");
    T_PROBLEM(HEAD "principal p password \"x\"\ntopic t\nwriter w to t as p\nrun {\n start w\n}\n",
              4, 18, "nobody logs in here: the cluster's listener is PLAINTEXT");
    T_PROBLEM(HEAD "matrix l = SSL | SASL_SSL\ncluster { listener = $l }\ntopic t\nwriter w to t\n"
                   "run {\n start w\n}\n",
              5, 8, "'w' logs in as nobody, and the cluster's listener is SASL_SSL");
    T_GOOD(HEAD "cluster {\n listener = sasl_plaintext\n}\nprincipal p password \"x\"\n"
                "topic t\nwriter w to t as p\nrun {\n start w\n}\n");
}

static void acls_must_make_sense(void) {
    static const struct refusal cases[] = {
        {ACL("acl p may raed on topic t"), 11, "no operation 'raed'; did you mean 'read'?"},
        {ACL("acl p may read, delete on cluster"), 11, "a cluster has no operation 'read'"},
        {ACL("acl q may read on topic t"), 5, "no principal is named 'q'"},
        {ACL("acl p may read on topic u"), 25, "is named 'u'"},
        {ACL("acl p may read on public t"), 26, "expected a journal, and 't' is a topic"},
        {ACL("acl p may read on privileged j"), 30, "'j' has no privileged topics"},
        {ACL("acl p may-not read on group h"), 29, "no client is in a group 'h'"},
        {ACL("acl p may read on transactional-id t"), 11,
         "a transactional-id has no operation 'read'"},
        {ACL("acl p might read on topic t"), 7, "expected 'may' or 'may-not'"},
        {ACL("acl p may read on planet t"), 19, "expected 'topic', 'public'"},
    };
    REFUSE_ALL(cases);
    T_GOOD(HEAD "principal p password \"x\"\ntopic t\nclient c from t group g\n"
                "journal j prefix \"p\" {\n types revision\n anonymize\n}\n"
                "acl p may read, write on topic t\nacl p may all on transactional-id x\n"
                "acl p may idempotent-write on cluster\nacl p may read on public j\n"
                "acl p may-not describe on privileged j\nacl p may-not delete on group g\n");
}

static void steps_must_fit_their_targets(void) {
    static const struct refusal cases[] = {
        {STEP("write c t k v"), 8, "expected a writer, but 'c' is a client"},
        {STEP("write w other k v"), 10, "'w' does not write to 'other'"},
        {STEP("write w j k v"), 10, "expected one type of journal 'j', as in j.content"},
        {STEP("write w t k v partition 1"), 26, "'t' has no partition 1"},
        {STEP("write w t k v secret s"), 23, "no secret is named 's'"},
        {STEP("write w t k v headers { \"ktrial-intent\" = x }"), 26, "is ktrial's own"},
        {STEP("load w j 3 records"), 9, "records go to a topic, and 'j' is a journal"},
        {STEP("load w t 3 objects"), 9, "objects go to a journal, and 't' is a topic"},
        {STEP("load w t git \".\""), 9, "objects go to a journal"},
        {STEP("load w t 0 records"), 11, "from 1 to"},
        {STEP("stop c"), 7, "'c' is never started"},
        {STEP("begin w"), 8, "'w' has no transactional.id"},
        {STEP("coordinator h to 1"), 14, "no client is in a group 'h'"},
        {STEP("leader t/0 to 99"), 16, "the id of a broker"},
        {STEP("hold-replication t/0 at 99"), 26, "the id of a broker"},
        {STEP("release-replication t/1"), 24, "'t' has no partition 1"},
        {STEP("add-partitions t to 0"), 22, "the number of partitions"},
        {STEP("add-partitions u to 2"), 17, "is named 'u'"},
        {STEP("shrink-isr u"), 13, "is named 'u'"},
        {STEP("create-topic u"), 15, "is named 'u'"},
        {STEP("delete-topic u"), 15, "is named 'u'"},
        {STEP("delete-topic t/0"), 16, "the end of the line"},
        {STEP("configure u { retention.ms = 1h }"), 12, "is named 'u'"},
        {STEP("configure t { retention = 1h }"), 16, "a topic has no setting 'retention'"},
        {STEP("configure j { compression.typ = zstd }"), 16, "a journal has no setting"},
        {STEP("configure t { retention.ms = later }"), 31, "wants a duration"},
        {STEP("configure t { replication.factor = 2 }"), 16, "cannot be changed"},
        {STEP("delete-records t/1"), 19, "'t' has no partition 1"},
        {STEP("delete-records t/0 before -1"), 28, "an offset"},
        {STEP("retain t/1"), 11, "'t' has no partition 1"},
        {STEP("rebalance h"), 12, "no client is in a group 'h'"},
        {STEP("fence w"), 8, "'w' has no transactional.id"},
        {STEP("expire nobody"), 9, "is named 'nobody'"},
        {STEP("write w j.content null v"), 20, "an object has a key"},
        {STEP("delete w t null"), 13, "a delete names a key"},
        {STEP("await position w t/0 > 1"), 17, "expected a client, but 'w' is a writer"},
        {STEP("parallel { repeat 2 { start x } }"), 30, "is named 'x'"},
    };
    REFUSE_ALL(cases);
    T_GOOD(HEAD "topic t partitions 1\nwriter w to t\nrun {\n start w\n add-partitions t to 3\n"
                " write w t k v partition 2\n}\ncheck { log t/2 has { 0: k = v } }\n");
}

static void what_is_done_to_the_cluster_may_be_done_by_a_fault(void) {
    static const struct refusal cases[] = {
        {FAULT("produce : delete-topic nowhere"), 35, "is named 'nowhere'"},
        {FAULT("produce : create-topic rev/0"), 38, "end of the line"},
        {FAULT("produce : delete-records rev/9"), 41, "no partition 9"},
        {FAULT("produce : delete-records rev before -2"), 48, "an offset"},
        {FAULT("produce : add-partitions rev to 0"), 44, "the number of partitions"},
        {FAULT("produce : fence w1"), 28, "'w1' has no transactional.id"},
        {FAULT("produce : expire c1"), 29, "'c1' has no transactional.id"},
        {FAULT("produce key null : reset"), 24, "no event is selected by the null key"},
    };
    REFUSE_ALL(cases);
    T_GOOD(WORLD
           "fault f at produce key \"null\" : delete-topic rev then create-topic rev then "
           "roll rev then retain rev/0 then delete-records rev/0 before 0 then fence \"t\"\n");
}

static void a_topic_may_become_what_a_step_needs(void) {
    T_PROBLEM(HEAD "topic t partitions 1\nrun { compact t }\n", 3, 15, "is not compacted");
    T_GOOD(HEAD "topic t partitions 1\nrun {\n configure t { cleanup.policy = compact }\n"
                " compact t\n}\n");
    T_PROBLEM(HEAD "topic t partitions 1\nrun { configure t { segment.ms = 1h\n segment.ms = 2h } "
                   "}\n",
              4, 2, "is set twice");
    T_PROBLEM(HEAD "topic t partitions 1\nfault f at produce : add-partitions t to 2\n"
                   "check { log t/2 is { } }\n",
              4, 15, "they are 0 to 1");
}

#define SPAN(text)                                                                                 \
    HEAD "topic t partitions 1\nwriter w to t { transactional.id = x }\nrun {\n start w\n " text   \
         "\n}\n",                                                                                  \
        6
static void transactions_begin_and_end_in_turn(void) {
    static const struct refusal cases[] = {
        {SPAN("commit w"), 2, "no transaction of 'w' is open"},
        {SPAN("repeat 2 { begin w }"), 13, "a transaction of 'w' is open already"},
        {HEAD "topic t\nwriter w to t { transactional.id = x }\nrun {\n start w\n begin w\n"
              " await quiet and flushed w\n}\n",
         7, 18, "the outcomes of a transaction come with its end"},
    };
    REFUSE_ALL(cases);
    T_GOOD(HEAD "topic t\nwriter w to t { transactional.id = x }\n"
                "run {\n start w\n begin w\n restart w\n begin w\n abort w\n await flushed w\n}\n");
    T_GOOD(HEAD "topic t\nwriter w to t { transactional.id = x }\n"
                "fault f at end-txn from w : crash w then restart w\n"
                "run {\n start w\n begin w\n commit w\n commit w\n}\n");
}

static void parameters_are_checked_in_every_instance(void) {
    T_PROBLEM(HEAD "matrix a = 1 | x\ncluster { brokers = $a }\n", 3, 21,
              "wants a number, not 'x'");
    T_PROBLEM(HEAD "matrix a = 1h | 2\nrun { advance $a }\n", 3, 15, "expected a duration");
    T_PROBLEM(HEAD "matrix lag = 1h\nrun { advance $lg }\n", 3, 15,
              "no matrix declares $lg; did you mean 'lag'?");
    T_PROBLEM(HEAD "run { note \"$i\" }\n", 2, 7,
              "no matrix declares $i; $i counts within a repeat");
    T_PROBLEM(HEAD "matrix a = 1\ncheck when b = 1 { }\n", 3, 12, "no matrix declares 'b'");
    T_PROBLEM(HEAD "matrix a = true | false\ncheck when a = tru { }\n", 3, 16,
              "matrix 'a' has no value 'tru'; did you mean 'true'?");
    T_PROBLEM(HEAD "matrix i = 1\n", 2, 8, "$i counts a repeat");
    T_PROBLEM(HEAD "matrix a = $b\n", 2, 12, "is no parameter itself");
    T_PROBLEM(HEAD "matrix a = 1 | 1\n", 2, 16, "'1' stands twice");
    T_PROBLEM(HEAD "matrix v = pass | bad\ntopic t\nwriter w to t\n"
                   "check { guarantee key-order of w is $v }\n",
              5, 37, "expected a verdict");
    T_GOOD(HEAD "matrix v = pass | fail\nmatrix n = 1 | 2\nmatrix e = NOT_COORDINATOR\ntopic t "
                "partitions $n\nwriter w to t\nfault f at produce : error $e\n"
                "run {\n start w\n repeat $n { write w t \"$i\" $v partition 0 }\n}\n"
                "check { guarantee key-order of w is $v }\n");
}

static void limits_are_named(void) {
    T_PROBLEM(HEAD "run { repeat 1000001 { heal } }\n", 2, 1, "BASE_MAX_STEPS");
    T_PROBLEM(HEAD "run { repeat 1001 { repeat 1000 { heal } } }\n", 2, 1, "BASE_MAX_STEPS");
    T_PROBLEM(HEAD "run { repeat -1 { heal } }\n", 2, 14, "expected how often");
    struct base_builder text;
    base_builder_init(&text, 100000);
    base_put_str(&text, HEAD);
    for (int i = 0; i < 14; i++) {
        base_put_format(&text, "matrix m%d = 1 | 2\n", i);
    }
    base_put_u8(&text, 0);
    T_PROBLEM((const char *)text.data, 1, 10, "BASE_MAX_INSTANCES");
    base_builder_clean_up(&text);
}

static void a_problem_of_all_instances_is_told_once(void) {
    struct trial_diagnostics d;
    trial_diagnostics_init(&d);
    struct trial_scenario *s = t_parse(HEAD "matrix a = 1 | 2 | 3\nrun { start nobody }\n", &d);
    T_EQUAL_INT(trial_check(s, NULL, &d), BASE_MALFORMED);
    T_EQUAL_INT(d.count, 1);
    trial_scenario_free(s);
    trial_diagnostics_clean_up(&d);
}

static void a_fragment_uses_the_declarations_of_its_context(void) {
    struct trial_diagnostics d;
    struct trial_scenario *fragment = NULL;
    trial_diagnostics_init(&d);
    struct trial_scenario *world = t_parse(WORLD, &d);
    static const char *const good[] = {"await end rev/0 >= 10", "guarantee key-order of w1 is pass",
                                       "fault f at produce from w1 : reset", "topic more",
                                       "down 2"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        T_EQUAL_INT(trial_parse_line(base_slice_str(good[i]), &fragment, &d), 0);
        t_check(trial_check(fragment, world, &d) == 0, __LINE__, __FILE__, "%s: %s", good[i],
                d.count ? d.items[0].text : "?");
        trial_scenario_free(fragment);
    }
    static const char *const bad[] = {"await end rve/0 >= 10", "topic rev", "start nobody"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct trial_diagnostics own;
        trial_diagnostics_init(&own);
        T_EQUAL_INT(trial_parse_line(base_slice_str(bad[i]), &fragment, &own), 0);
        T_EQUAL_INT(trial_check(fragment, world, &own), BASE_MALFORMED);
        trial_scenario_free(fragment);
        trial_diagnostics_clean_up(&own);
    }
    trial_scenario_free(world);
    trial_diagnostics_clean_up(&d);
}

static void what_is_missing_is_said_as_a_sentence(void) {
    static const struct {
        const char *text;
        const char *missing; /* NULL: nothing */
    } cases[] = {
        {"need sqlite\nexplore faults over w\ntopic t compact\nwriter w to t\n", NULL},
        {"need transactions\n", NULL},
        {"need kip-848\n", NULL},
        {"need warp\n", "does not have"},
        {"principal a password \"p\"\n", NULL},
        {"cluster { listener = ssl }\n", NULL},
        {"cluster { listener = plaintext }\n", NULL},
        {"topic t { segment.records = 4 }\n", NULL},
        {"topic t { message.timestamp.type = CreateTime }\n", NULL},
        {"topic t { max.message.bytes = 2000 }\n", NULL},
        {"run { compact t }\n", NULL},
        {"run { parallel { repeat 2 { roll t } } }\n", NULL},
        {"fault f at clean : advance 1h\n", NULL},
        {"fault f at produce : compact t\n", NULL},
        {"fault f at end-txn : reset\n", NULL},
        {"run { begin w }\n", NULL},
        {"writer w to t { transactional.id = x }\n", NULL},
        {"writer w to t verifiable \"x\"\n", "kafkatest"},
        {"store s postgresql\n", "PostgreSQL"},
        {"check { trace { then fetch } }\n", "trace"},
        {"check { guarantee compaction of t is pass }\n", NULL},
        {"check { guarantee view-safe of c is fail because view-divergence }\n", NULL},
        {"explore views over c\n", NULL},
        {"need explore\n", NULL},
        {"journal j prefix \"p\" codec json { types content }\n", "json"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[512];
        struct trial_diagnostics d;
        struct trial_pos pos = {0};
        trial_diagnostics_init(&d);
        (void)snprintf(text, sizeof(text), HEAD "%s", cases[i].text);
        struct trial_scenario *s = t_parse(text, &d);
        const char *missing = s ? trial_unsupported(s, &pos) : "no parse";
        int same = cases[i].missing ? missing && strstr(missing, cases[i].missing) && pos.line == 2
                                    : missing == NULL;
        t_check(same, __LINE__, __FILE__, "%s: %s", cases[i].text, missing ? missing : "nothing");
        trial_scenario_free(s);
        trial_diagnostics_clean_up(&d);
    }
}

static void none_of_the_examples_is_skipped(void) {
    for (size_t i = 0; i < 6; i++) {
        struct trial_diagnostics d;
        char *text = t_read(t_examples[i]);
        trial_diagnostics_init(&d);
        struct trial_scenario *s = text ? t_parse(text, &d) : NULL;
        if (s) {
            T_TRUE(trial_unsupported(s, NULL) == NULL);
        }
        base_free(text);
        trial_scenario_free(s);
        trial_diagnostics_clean_up(&d);
    }
}

CU_SuiteInfo *suite_lang_check(void) {
    static CU_TestInfo tests[] = {
        {"the_examples_are_accepted", the_examples_are_accepted},
        {"names_must_be_declared", names_must_be_declared},
        {"settings_are_known_and_on_their_side", settings_are_known_and_on_their_side},
        {"the_settings_of_librdkafka_are_known", the_settings_of_librdkafka_are_known},
        {"triggers_must_be_able_to_happen", triggers_must_be_able_to_happen},
        {"actions_must_be_possible_where_they_are", actions_must_be_possible_where_they_are},
        {"expectations_must_make_sense", expectations_must_make_sense},
        {"who_logs_in_must_be_able_to", who_logs_in_must_be_able_to},
        {"acls_must_make_sense", acls_must_make_sense},
        {"steps_must_fit_their_targets", steps_must_fit_their_targets},
        {"what_is_done_to_the_cluster_may_be_done_by_a_fault",
         what_is_done_to_the_cluster_may_be_done_by_a_fault},
        {"a_topic_may_become_what_a_step_needs", a_topic_may_become_what_a_step_needs},
        {"transactions_begin_and_end_in_turn", transactions_begin_and_end_in_turn},
        {"parameters_are_checked_in_every_instance", parameters_are_checked_in_every_instance},
        {"limits_are_named", limits_are_named},
        {"a_problem_of_all_instances_is_told_once", a_problem_of_all_instances_is_told_once},
        {"a_fragment_uses_the_declarations_of_its_context",
         a_fragment_uses_the_declarations_of_its_context},
        {"what_is_missing_is_said_as_a_sentence", what_is_missing_is_said_as_a_sentence},
        {"none_of_the_examples_is_skipped", none_of_the_examples_is_skipped},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {
        {"lang/check", NULL, NULL, NULL, NULL, tests},
        CU_SUITE_INFO_NULL,
    };
    return suites;
}
