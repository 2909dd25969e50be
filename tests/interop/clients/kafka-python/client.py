"""kafka-python: see ../README.md."""

import json
import os
import ssl
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition, errors
from kafka.admin import (ACL, ACLFilter, ACLOperation, ACLPermissionType, ConfigResource,
                         ConfigResourceType, OffsetSpec, ResourcePattern, ResourcePatternFilter,
                         ResourceType)
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.net.sasl.oauth import AbstractTokenProvider
from kafka.structs import OffsetAndMetadata
from serve import Failure, Logged, answer, asked_to_end, decode, encode, serve

PATIENCE_S = 30
OFFERS = ["none", "gzip", "snappy", "lz4", "zstd", "idempotent", "group-eager",
          "group-cooperative", "group-static", "group-pattern", "reset", "reset-none",
          "retries-apart", "transactions", "describe-unknown", "configs", "alter-configs",
          "incremental-alter-configs", "delete-records", "groups",
          "delete-group", "cluster", "sasl-plain", "sasl-scram-sha-256", "sasl-scram-sha-512",
          "sasl-oauthbearer", "tls", "acls"]

BOOTSTRAP = sys.argv[1]
SECURITY = json.loads(sys.argv[2])
PRODUCERS = {}
KEPT = {}
LOGGED = Logged("kafka")


def translate(e):
    denied = LOGGED.find("SaslAuthenticationFailed", "Authentication failed",
                         "AuthenticationFailed", "Unable to authenticate")
    if not denied and "mechanism" in SECURITY and not LOGGED.find("Authenticated as"):
        # It forgets the refusal when the end of the connection comes with it.
        denied = LOGGED.find("socket disconnected")
    if denied:
        return Failure(denied, name="SASL_AUTHENTICATION_FAILED")
    return Failure(repr(e), code=getattr(e, "errno", None))


class Token(AbstractTokenProvider):
    def token(self):
        return SECURITY["token"]


def settings(**more):
    s = {"bootstrap_servers": BOOTSTRAP, "client_id": "kafka-python",
         "metadata_max_age_ms": 1000, **more}
    if SECURITY:
        s["security_protocol"] = SECURITY["protocol"]
        if "mechanism" in SECURITY:
            s["sasl_mechanism"] = SECURITY["mechanism"]
        if "token" in SECURITY:
            s["sasl_oauth_token_provider"] = Token()
        elif "user" in SECURITY:
            s.update({"sasl_plain_username": SECURITY["user"],
                      "sasl_plain_password": SECURITY["password"]})
        if "ca" in SECURITY:
            s["ssl_context"] = ssl.create_default_context(cafile=SECURITY["ca"])
        if "certificate" in SECURITY:
            s["ssl_context"].load_cert_chain(SECURITY["certificate"], SECURITY["key"])
    return s


def admin():
    if "admin" not in KEPT:
        KEPT["admin"] = KafkaAdminClient(**settings())
    return KEPT["admin"]


def check(code, message=""):
    if code:
        raise Failure(message or "", code=code)


def check_text(text):
    """Some results are the text of an error: '[Error 68] NonEmptyGroupError: …' or its name."""
    if text == "OK":
        return
    name = text.split("]")[-1].split(":")[0].strip()
    raise Failure(text, code=getattr(getattr(errors, name, None), "errno", None))


# -- produce, consume --

def send(producer, topic, records):
    sent = [producer.send(topic, value=encode(r["value"]), key=encode(r["key"]),
                          partition=r["partition"], timestamp_ms=r["timestamp"],
                          headers=[(k, encode(v)) for k, v in r["headers"]]) for r in records]
    producer.flush(PATIENCE_S)
    for future in sent:
        future.get(PATIENCE_S)


def produce(topic, records, codec="none", idempotent=False, max_request=1_048_576):
    producer = KafkaProducer(**settings(
        compression_type=None if codec == "none" else codec, enable_idempotence=idempotent,
        linger_ms=5, max_request_size=max_request, delivery_timeout_ms=PATIENCE_S * 1000,
        request_timeout_ms=10_000, max_block_ms=PATIENCE_S * 1000))
    try:
        send(producer, topic, records)
    finally:
        producer.close(timeout=5)


def shape(m):
    return {"partition": m.partition, "offset": m.offset, "key": decode(m.key),
            "value": decode(m.value), "timestamp": m.timestamp,
            "headers": [[k, decode(v)] for k, v in m.headers]}


def polled(consumer, end):
    """What one poll brings, in the partitions' order."""
    left = end - time.monotonic()
    found = consumer.poll(timeout_ms=min(left, 0.5) * 1000) if left > 0 else None
    return None if found is None else [m for batch in found.values() for m in batch]


def consume(topic, start, until, wait_ms, isolation="read_uncommitted", may_time_out=False,
            reset="none"):
    consumer = KafkaConsumer(**settings(
        enable_auto_commit=False, auto_offset_reset=reset, isolation_level=isolation,
        max_partition_fetch_bytes=4_000_000))
    consumer.assign([TopicPartition(topic, int(p)) for p in start])
    for p, o in start.items():
        consumer.seek(TopicPartition(topic, int(p)), o)
    records = []
    missing = {int(p): o for p, o in until.items()}
    end = time.monotonic() + wait_ms / 1000
    try:
        while missing:
            batch = polled(consumer, end)
            if batch is None:
                if may_time_out:
                    break
                denied = LOGGED.find("not authorized")
                if denied:
                    raise Failure(denied, name="TOPIC_AUTHORIZATION_FAILED")
                raise Failure(f"nothing more, still missing {missing}", name="REQUEST_TIMED_OUT")
            for m in batch:
                records.append(shape(m))
                if m.offset >= missing.get(m.partition, 1 << 62):
                    del missing[m.partition]
    finally:
        consumer.close()
    return {"records": records}


def offsets(topic, partitions, at):
    spec = {"earliest": OffsetSpec.EARLIEST, "latest": OffsetSpec.LATEST}.get(at, at)
    found = admin().list_partition_offsets({TopicPartition(topic, p): spec for p in partitions})
    return {"offsets": {tp.partition: o.offset for tp, o in found.items()}}


# -- transactions --

def txn_init(id):
    PRODUCERS[id] = KafkaProducer(**settings(
        transactional_id=id, linger_ms=5, transaction_timeout_ms=30000,
        delivery_timeout_ms=PATIENCE_S * 1000, request_timeout_ms=10_000))
    PRODUCERS[id].init_transactions()


def work(producer, consumer, sink, count):
    """Reads so many, sends them in upper case, and the offsets with them; nothing is ended."""
    read = []
    end = time.monotonic() + PATIENCE_S
    while len(read) < count:
        batch = polled(consumer, end)
        if batch is None:
            raise Failure(f"{len(read)} records only", name="REQUEST_TIMED_OUT")
        read += batch
    producer.begin_transaction()
    send(producer, sink, [{**shape(m), "value": decode(m.value).upper()} for m in read])
    at = {tp: OffsetAndMetadata(consumer.position(tp), "", -1) for tp in consumer.assignment()}
    producer.send_offsets_to_transaction(at, consumer.group_metadata())


def transform(id, group, source, sink, count, outcome, session_ms=10000, assignor=None):
    consumer = KafkaConsumer(source, **settings(
        group_id=group, enable_auto_commit=False, auto_offset_reset="earliest",
        isolation_level="read_committed", session_timeout_ms=session_ms,
        heartbeat_interval_ms=500))
    KEPT[group] = consumer
    try:
        if id not in PRODUCERS:
            txn_init(id)
        work(PRODUCERS[id], consumer, sink, count)
        if outcome == "commit":
            PRODUCERS[id].commit_transaction()
        elif outcome == "abort":
            PRODUCERS[id].abort_transaction()
    finally:
        if outcome != "leave":
            consumer.close()


# -- admin --

def create(topic, partitions, configs=None):
    admin().create_topics({topic: {"num_partitions": partitions, "replication_factor": 1,
                                   "configs": configs or {}}}, wait_for_metadata=True)


def describe(topic):
    [found] = admin().describe_topics([topic])
    check(found.get("error_code"))
    return {"partitions": len(found["partitions"]),
            "leaders": [p["leader_id"] for p in found["partitions"]]}


def describe_configs(topic):
    found = admin().describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)],
                                     config_filter="all")
    return {"configs": {k: c["value"] for k, c in found["topic"][topic].items()}}


def alter_configs(topic, configs, incremental):
    found = admin().alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs)],
                                  raise_on_unknown=False, incremental=incremental)
    check_text(found["topic"][topic])


def delete_group(group):
    check_text(dict(admin().delete_groups([group]))[group])


def describe_group(group):
    found = admin().describe_groups([group])[group]
    return {"state": found["group_state"], "members": len(found["members"])}


def committed(group, topic, partitions):
    tps = [TopicPartition(topic, p) for p in partitions]
    found = admin().list_group_offsets({group: tps})[group]
    return {"offsets": {tp.partition: found[tp].offset if tp in found else -1 for tp in tps}}


def cluster():
    found = admin().describe_cluster()
    return {"brokers": [b.get("broker_id", b.get("node_id")) for b in found["brokers"]],
            "controller": found["controller_id"], "id": found["cluster_id"]}


def acl_create(topic, principal, operation):
    done = admin().create_acls([ACL(principal, "*", ACLOperation[operation.upper()],
                                    ACLPermissionType.ALLOW,
                                    ResourcePattern(ResourceType.TOPIC, topic))])
    if done["failed"]:
        raise Failure(str(done["failed"]))


def acl_filter(topic):
    from kafka.admin import ACLResourcePatternType
    return ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, ResourcePatternFilter(
        ResourceType.TOPIC, topic, ACLResourcePatternType.LITERAL))


def acl_list(topic):
    found, _ = admin().describe_acls(acl_filter(topic))
    return {"acls": [[a.principal, a.operation.name.lower()] for a in found]}


# -- a member of a group --

class Told(kafka.ConsumerRebalanceListener):
    def __init__(self, label):
        self.owned = set()
        self.label = label

    def tell(self):
        answer({"event": "owns", "partitions": sorted(self.owned)})

    def on_partitions_assigned(self, assigned):
        self.owned.update(self.label(tp.topic, tp.partition) for tp in assigned)
        self.tell()

    def on_partitions_revoked(self, revoked):
        self.owned.difference_update(self.label(tp.topic, tp.partition) for tp in revoked)
        self.tell()

    on_partitions_lost = on_partitions_revoked


def member(topic, group, assignor, session_ms, name, instance=None, pattern=None,
           held=False):
    def label(topic, partition):
        return f"{topic}/{partition}" if pattern else partition

    consumer = KafkaConsumer(**settings(
        group_id=group, group_instance_id=instance, enable_auto_commit=False,
        auto_offset_reset="earliest", session_timeout_ms=session_ms, heartbeat_interval_ms=500,
        partition_assignment_strategy=[CooperativeStickyAssignor if assignor == "cooperative"
                                       else RangePartitionAssignor]))
    end = asked_to_end(held)
    consumer.subscribe([] if pattern else [topic], pattern=pattern, listener=Told(label))
    # A leader that deals before it knows the partitions joins again when it does. What comes of a
    # join that ends between two polls is lost: it is joined again, or, where the leader has seen
    # new partitions, never (../../README.md). So the polls are longer than a join.
    if topic:
        consumer.partitions_for_topic(topic)
    while not end.is_set():
        found = [m for batch in consumer.poll(timeout_ms=3000).values() for m in batch]
        for m in found:
            answer({"event": "record", "partition": label(m.topic, m.partition),
                    "offset": m.offset, "value": decode(m.value)})
        if found:
            try:
                consumer.commit()
            except errors.KafkaError as e:
                # A rebalance meanwhile: whoever has the partition now reads it again.
                answer({"event": "error", "message": repr(e)})
    consumer.close()


ORDERS = {
    "offers": lambda: {"offers": OFFERS}, "produce": produce, "consume": consume,
    "offsets": offsets, "create": create, "txn-init": txn_init,
    "txn-begin": lambda id: PRODUCERS[id].begin_transaction(),
    "txn-send": lambda id, topic, records: send(PRODUCERS[id], topic, records),
    "txn-commit": lambda id: PRODUCERS[id].commit_transaction(),
    "txn-abort": lambda id: PRODUCERS[id].abort_transaction(),
    "transform": transform,
    "transform-commit": lambda id: PRODUCERS[id].commit_transaction(),
    "describe": describe, "describe-configs": describe_configs,
    "list-topics": lambda: {"topics": list(admin().list_topics())},
    "add-partitions": lambda topic, total: admin().create_partitions({topic: total}) and None,
    "alter-configs": lambda topic, configs: alter_configs(topic, configs, False),
    "incremental-alter-configs": lambda topic, configs: alter_configs(topic, configs, True),
    "delete-records": lambda topic, before: admin().delete_records(
        {TopicPartition(topic, int(p)): o for p, o in before.items()}) and None,
    "list-groups": lambda: {"groups": [g["group_id"] for g in admin().list_groups()]},
    "describe-group": describe_group, "delete-group": delete_group, "committed": committed,
    "delete-topic": lambda topic: admin().delete_topics([topic]) and None,
    "cluster": cluster, "acl-create": acl_create, "acl-list": acl_list,
    "acl-delete": lambda topic: admin().delete_acls([acl_filter(topic)]) and None,
}

if len(sys.argv) > 3:
    member(**json.loads(sys.argv[3]))
else:
    serve(ORDERS, translate)
