/*
 * Every buffer and every count has a declared maximum, and all of them are here, each with its
 * reason. Reaching one is an ordinary error (BASE_LIMIT) whose sentence names the limit.
 */
#pragma once

#define BASE_KIB 1024u
#define BASE_MIB (1024u * 1024u)

/* -- the wire -- */

/* One Kafka frame. Kafka's socket.request.max.bytes: 100 MiB. */
#define BASE_MAX_FRAME_BYTES (100u * BASE_MIB)
/* Memory that decoding one request may take beyond the frame itself; counts are validated against
 * the bytes that are left, so this is a second wall, not the first. */
#define BASE_MAX_DECODE_BYTES (256u * BASE_MIB)
/* What one record batch may grow to when decompressed: 64 times message.max.bytes' default. */
#define BASE_MAX_INFLATED_BYTES (64u * BASE_MIB)
/* Requests read ahead of the one being applied, per connection. librdkafka's max.in.flight is at
 * most 1 000 000 but real clients use 5; beyond this the socket is simply not read. */
#define BASE_MAX_READ_AHEAD_REQUESTS 1024u
/* Bytes read ahead per connection; the same reasoning. */
#define BASE_MAX_READ_AHEAD_BYTES (128u * BASE_MIB)
/* Answers not yet taken by a slow peer, per connection, before it is closed. */
#define BASE_MAX_UNSENT_BYTES (256u * BASE_MIB)
/* Answers not yet taken by a slow peer from which on none of its requests is begun: a peer that
 * never reads costs this and one answer. Kafka waits for each answer to be taken. */
#define BASE_UNSENT_PAUSE_BYTES BASE_MIB

/* -- the broker -- */

/* Brokers in one cluster; librdkafka's mock opens a listener and a log line for each. */
#define BASE_MAX_BROKERS 32u
/* Partitions of one topic: enough for any journal in the field, small enough to list. */
#define BASE_MAX_PARTITIONS 4096u
/* Topics of one cluster. */
#define BASE_MAX_TOPICS 10000u
/* Bytes of record batches one broker keeps, all partitions together (log.max.bytes). */
#define BASE_MAX_LOG_BYTES (4096ull * BASE_MIB)
/* Members of one consumer group. */
#define BASE_MAX_GROUP_MEMBERS 1000u
/* Length of a topic name (Kafka: 249). */
#define BASE_MAX_TOPIC_NAME_BYTES 249u

/* The setting super.users. */
#define BASE_MAX_SUPER_USERS_BYTES 1024u
/* Users of one cluster, and ACLs. */
#define BASE_MAX_PRINCIPALS 10000u
#define BASE_MAX_ACLS 10000u
/* A frame before its sender has logged in. Kafka's sasl.server.max.receive.size: 512 KiB. */
#define BASE_MAX_LOGIN_FRAME_BYTES (512u * BASE_KIB)

/* -- a trial -- */

/* Events in one history; about 200 bytes each, record bytes not counted. */
#define BASE_MAX_HISTORY_EVENTS (16u * 1000u * 1000u)
/* A scenario file. */
#define BASE_MAX_SCENARIO_BYTES (4u * BASE_MIB)
/* Instances of one scenario (the product of its matrices). */
#define BASE_MAX_INSTANCES 10000u
/* Steps after repeat is unrolled. */
#define BASE_MAX_STEPS 1000000u
/* One JSON line from an actor: base64 of the largest record, and a little. */
#define BASE_MAX_ACTOR_LINE_BYTES (140u * BASE_MIB)
/* What is kept of an actor's standard output and error, each. */
#define BASE_MAX_ACTOR_OUTPUT_BYTES (64u * BASE_MIB)
/* Instances that run at once (-j): each is a broker and its actors. */
#define BASE_MAX_JOBS 256u
/* Nesting of blocks in a scenario (parallel, repeat). */
#define BASE_MAX_NESTING 32u
