/*
 * Transactions in the gateway: the coordinator (mock/txn) with its host, what partitions and groups
 * do when a transaction ends, and the handlers of the APIs. Private to mock/gateway.
 */
#pragma once
#include "mock/gateway/gateway.h"

/* -- txn.c -- */
int mock_txn_open(struct mock_broker *broker, struct base_error *err);
struct mock_txn_time mock_txn_now(const struct mock_broker *broker);
/* Tells what the coordinator changes on behalf of r, until it is called with NULL. */
void mock_txn_act(struct mock_broker *broker, const struct mock_request *r);
/* Before a batch of a transaction is appended, or an offset of one is kept: is the partition in the
 * transaction? From the client's first version with Transactions V2 on it is added.
 * PRODUCER_FENCED has become INVALID_PRODUCER_EPOCH, as partitions say it. */
int16_t mock_txn_take_part(struct mock_request *r, struct base_slice id,
                           struct mock_txn_producer producer, struct mock_txn_partition partition,
                           bool add);
/* Appends a control batch, and does what follows from it. marker->partition is that of topic;
 * marker->written_at becomes its offset. Kafka's error. */
int16_t mock_partition_mark(struct mock_broker *broker, struct mock_topic *topic,
                            struct mock_txn_marker *marker);
/* Holds the stable offset at the first open transaction; after anything changed. */
void mock_partition_hold_stable(struct mock_partition *partition);

/* -- the handlers: see struct mock_handler -- */
int mock_add_partitions_decode(struct mock_request *r, struct base_reader *body);
void mock_add_partitions_apply(struct mock_request *r);
void mock_add_partitions_refuse(struct mock_request *r, int16_t error);
int mock_add_offsets_decode(struct mock_request *r, struct base_reader *body);
void mock_add_offsets_apply(struct mock_request *r);
void mock_add_offsets_refuse(struct mock_request *r, int16_t error);
int mock_end_txn_decode(struct mock_request *r, struct base_reader *body);
void mock_end_txn_apply(struct mock_request *r);
void mock_end_txn_refuse(struct mock_request *r, int16_t error);
int mock_write_markers_decode(struct mock_request *r, struct base_reader *body);
void mock_write_markers_apply(struct mock_request *r);
void mock_write_markers_refuse(struct mock_request *r, int16_t error);
int mock_txn_commit_decode(struct mock_request *r, struct base_reader *body);
void mock_txn_commit_apply(struct mock_request *r);
void mock_txn_commit_refuse(struct mock_request *r, int16_t error);
int mock_describe_producers_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_producers_apply(struct mock_request *r);
void mock_describe_producers_refuse(struct mock_request *r, int16_t error);
int mock_describe_txns_decode(struct mock_request *r, struct base_reader *body);
void mock_describe_txns_apply(struct mock_request *r);
void mock_describe_txns_refuse(struct mock_request *r, int16_t error);
int mock_list_txns_decode(struct mock_request *r, struct base_reader *body);
void mock_list_txns_apply(struct mock_request *r);
void mock_list_txns_refuse(struct mock_request *r, int16_t error);
