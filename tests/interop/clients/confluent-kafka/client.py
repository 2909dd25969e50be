"""confluent-kafka (librdkafka): see ../README.md."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))

import confluent_kafka as ck
from confluent_kafka import admin as ca
from serve import Failure, answer, asked_to_end, decode, encode, serve

PATIENCE_S = 30
OFFERS = ["none", "bare", "null-header", "gzip", "snappy", "lz4", "zstd", "idempotent",
          "group-eager", "group-cooperative", "group-static", "group-consumer",
          "group-consumer-static", "group-pattern", "group-consumer-pattern", "reset",
          "reset-none", "retries-apart", "transactions", "describe-unknown", "configs",
          "alter-configs",
          "incremental-alter-configs", "delete-records", "groups", "delete-group", "cluster",
          "sasl-plain", "sasl-scram-sha-256", "sasl-scram-sha-512", "sasl-oauthbearer", "tls",
          "acls"]

BOOTSTRAP = sys.argv[1]
SECURITY = json.loads(sys.argv[2])
PRODUCERS = {}
KEPT = {}
DENIED = []


def failure(error):
    """What a KafkaError says; librdkafka's own numbers are negative."""
    if DENIED:
        return Failure(DENIED[0], name="SASL_AUTHENTICATION_FAILED")
    if error.code() == ck.KafkaError._FENCED:
        return Failure(error.str(), name="PRODUCER_FENCED")
    return Failure(error.str(), code=error.code(), name=error.name())


def translate(e):
    if isinstance(e, ck.KafkaException):
        if SECURITY and "admin" in KEPT:
            KEPT["admin"].poll(1)
        return failure(e.args[0])
    return Failure(str(e))


def on_error(error):
    """What has no call of its own to fail: a login that was refused, while others still wait."""
    if error.code() == ck.KafkaError._AUTHENTICATION:
        DENIED.append(error.str())


def settings(**more):
    s = {"bootstrap.servers": BOOTSTRAP, "error_cb": on_error, "client.id": "confluent-kafka",
         "topic.metadata.refresh.interval.ms": 1000, **more}
    if SECURITY:
        s["security.protocol"] = SECURITY["protocol"]
        if "mechanism" in SECURITY:
            s["sasl.mechanism"] = SECURITY["mechanism"]
        if "token" in SECURITY:
            s["oauth_cb"] = lambda _: (SECURITY["token"], time.time() + 3000)
        elif "user" in SECURITY:
            s.update({"sasl.username": SECURITY["user"], "sasl.password": SECURITY["password"]})
        if "ca" in SECURITY:
            s["ssl.ca.location"] = SECURITY["ca"]
        if "certificate" in SECURITY:
            s.update({"ssl.certificate.location": SECURITY["certificate"],
                      "ssl.key.location": SECURITY["key"]})
    return s


def admin():
    if "admin" not in KEPT:
        KEPT["admin"] = ca.AdminClient(settings())
        if "token" in SECURITY:
            KEPT["admin"].poll(1)
    return KEPT["admin"]


def wait(futures):
    """The results of an admin call, by what was asked for."""
    end = time.monotonic() + PATIENCE_S
    if not isinstance(futures, dict):
        futures = {None: futures}
    while not all(f.done() for f in futures.values()):
        admin().poll(0.05)
        if DENIED:
            raise Failure(DENIED[0], name="SASL_AUTHENTICATION_FAILED")
        if time.monotonic() > end:
            raise Failure("no answer", name="REQUEST_TIMED_OUT")
    return {k: f.result() for k, f in futures.items()}


# -- produce, consume --

def send(producer, topic, records):
    errors = []

    def delivered(error, _):
        if error:
            errors.append(error)

    for r in records:
        while True:
            try:
                producer.produce(topic, value=encode(r["value"]), key=encode(r["key"]),
                                 partition=r["partition"], timestamp=r["timestamp"],
                                 headers=[(k, encode(v)) for k, v in r["headers"]],
                                 on_delivery=delivered)
                break
            except BufferError:
                producer.poll(0.1)
    left = producer.flush(PATIENCE_S)
    if errors:
        raise failure(errors[0])
    if left:
        raise Failure(f"{left} records not delivered", name="REQUEST_TIMED_OUT")


def produce(topic, records, codec="none", idempotent=False, max_request=1_000_000):
    send(ck.Producer(settings(**{
        "compression.type": codec, "enable.idempotence": idempotent, "linger.ms": 5,
        "message.max.bytes": max_request, "message.timeout.ms": PATIENCE_S * 1000})),
        topic, records)


def shape(m):
    return {"partition": m.partition(), "offset": m.offset(), "key": decode(m.key()),
            "value": decode(m.value()), "timestamp": m.timestamp()[1],
            "headers": [[k, decode(v)] for k, v in m.headers() or []]}


def consume(topic, start, until, wait_ms, isolation="read_uncommitted", may_time_out=False,
            reset="none"):
    consumer = ck.Consumer(settings(**{
        "group.id": "none", "enable.auto.commit": False, "isolation.level": isolation,
        "auto.offset.reset": "error" if reset == "none" else reset,
        "fetch.message.max.bytes": 4_000_000}))
    consumer.assign([ck.TopicPartition(topic, int(p), o) for p, o in start.items()])
    records = []
    missing = {int(p): o for p, o in until.items()}
    end = time.monotonic() + wait_ms / 1000
    try:
        while missing:
            left = end - time.monotonic()
            m = consumer.poll(left) if left > 0 else None
            if m is None:
                if may_time_out:
                    break
                raise Failure(f"nothing more, still missing {missing}", name="REQUEST_TIMED_OUT")
            if m.error():
                raise failure(m.error())
            records.append(shape(m))
            if m.offset() >= missing.get(m.partition(), 1 << 62):
                del missing[m.partition()]
    finally:
        consumer.close()
    return {"records": records}


def offsets(topic, partitions, at):
    spec = {"earliest": ca.OffsetSpec.earliest(), "latest": ca.OffsetSpec.latest()}.get(at) or \
        ca.OffsetSpec.for_timestamp(at)
    found = wait(admin().list_offsets({ck.TopicPartition(topic, p): spec for p in partitions}))
    return {"offsets": {tp.partition: r.offset for tp, r in found.items()}}


# -- transactions --

def txn_init(id):
    PRODUCERS[id] = ck.Producer(settings(**{"transactional.id": id, "linger.ms": 5,
                                            "transaction.timeout.ms": 30000}))
    PRODUCERS[id].init_transactions(PATIENCE_S)


def reader(group, source, session_ms, assignor):
    more = {"group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest",
            "isolation.level": "read_committed"}
    if assignor == "consumer":
        more["group.protocol"] = "consumer"
    elif session_ms:
        more.update({"session.timeout.ms": session_ms, "heartbeat.interval.ms": 500})
    consumer = ck.Consumer(settings(**more))
    consumer.subscribe([source])
    return consumer


def work(producer, consumer, sink, count):
    """Reads so many, sends them in upper case, and the offsets with them; nothing is ended."""
    read = []
    end = time.monotonic() + PATIENCE_S
    while len(read) < count:
        m = consumer.poll(max(0, end - time.monotonic()))
        if m is None:
            raise Failure(f"{len(read)} records only", name="REQUEST_TIMED_OUT")
        if m.error():
            raise failure(m.error())
        read.append(m)
    producer.begin_transaction()
    send(producer, sink, [{**shape(m), "value": decode(m.value()).upper()} for m in read])
    producer.send_offsets_to_transaction(consumer.position(consumer.assignment()),
                                         consumer.consumer_group_metadata(), PATIENCE_S)


def transform(id, group, source, sink, count, outcome, session_ms=None, assignor=None):
    consumer = reader(group, source, session_ms, assignor)
    KEPT[group] = consumer
    if id not in PRODUCERS:
        txn_init(id)
    try:
        work(PRODUCERS[id], consumer, sink, count)
        if outcome == "commit":
            PRODUCERS[id].commit_transaction(PATIENCE_S)
        elif outcome == "abort":
            PRODUCERS[id].abort_transaction(PATIENCE_S)
    finally:
        if outcome != "leave":
            consumer.close()


# -- admin --

def create(topic, partitions, configs=None):
    wait(admin().create_topics([ca.NewTopic(topic, partitions, 1, config=configs or {})]))
    # Not before its leaders are known does a producer find it at once.
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = admin().list_topics(topic, PATIENCE_S).topics[topic]
        if not found.error and len(found.partitions) == partitions and \
                all(p.leader >= 0 for p in found.partitions.values()):
            return


def describe(topic):
    found = wait(admin().describe_topics(ck.TopicCollection([topic])))[topic]
    return {"partitions": len(found.partitions),
            "leaders": [p.leader.id if p.leader else -1 for p in found.partitions]}


def resource(topic, configs=None):
    return ca.ConfigResource(ca.ResourceType.TOPIC, topic, set_config=configs)


def describe_configs(topic):
    [found] = wait(admin().describe_configs([resource(topic)])).values()
    return {"configs": {name: entry.value for name, entry in found.items()}}


def incremental_alter_configs(topic, configs):
    entries = [ca.ConfigEntry(k, v, incremental_operation=ca.AlterConfigOpType.SET)
               for k, v in configs.items()]
    wait(admin().incremental_alter_configs([ca.ConfigResource(
        ca.ResourceType.TOPIC, topic, incremental_configs=entries)]))


def delete_records(topic, before):
    wait(admin().delete_records([ck.TopicPartition(topic, int(p), o)
                                 for p, o in before.items()]))


def describe_group(group):
    found = wait(admin().describe_consumer_groups([group]))[group]
    return {"state": found.state.name.title(), "members": len(found.members)}


def list_groups():
    found = wait(admin().list_consumer_groups())[None]
    if found.errors:
        raise found.errors[0]
    return {"groups": [g.group_id for g in found.valid]}


def committed(group, topic, partitions):
    found = wait(admin().list_consumer_group_offsets([ck.ConsumerGroupTopicPartitions(
        group, [ck.TopicPartition(topic, p) for p in partitions])]))[group]
    return {"offsets": {tp.partition: max(tp.offset, -1) for tp in found.topic_partitions}}


def cluster():
    found = wait(admin().describe_cluster())[None]
    return {"brokers": [n.id for n in found.nodes], "controller": found.controller.id,
            "id": found.cluster_id}


def binding(topic, principal, operation):
    return ca.AclBinding(ca.ResourceType.TOPIC, topic, ca.ResourcePatternType.LITERAL, principal,
                         "*", ca.AclOperation[operation.upper()], ca.AclPermissionType.ALLOW)


def acl_filter(topic):
    return ca.AclBindingFilter(ca.ResourceType.TOPIC, topic, ca.ResourcePatternType.LITERAL, None,
                               None, ca.AclOperation.ANY, ca.AclPermissionType.ANY)


def acl_list(topic):
    found = wait(admin().describe_acls(acl_filter(topic)))[None]
    return {"acls": [[a.principal, a.operation.name.lower()] for a in found]}


# -- a member of a group --

def member(topic, group, assignor, session_ms, name, instance=None, pattern=None,
           held=False):
    def label(topic, partition):
        return f"{topic}/{partition}" if pattern else partition

    more = {"group.id": group, "enable.auto.commit": False, "auto.offset.reset": "earliest",
            "group.protocol": "consumer" if assignor == "consumer" else "classic"}
    if assignor != "consumer":
        more["session.timeout.ms"] = session_ms
        more["heartbeat.interval.ms"] = 500
        more["partition.assignment.strategy"] = \
            "cooperative-sticky" if assignor == "cooperative" else "range"
    if instance:
        more["group.instance.id"] = instance
    consumer = ck.Consumer(settings(**more))
    owned = set()

    def tell(change, partitions):
        getattr(owned, change)(label(p.topic, p.partition) for p in partitions)
        answer({"event": "owns", "partitions": sorted(owned)})

    end = asked_to_end(held)
    # To librdkafka a topic that begins so is a pattern.
    consumer.subscribe([pattern or topic], on_assign=lambda _, ps: tell("update", ps),
                       on_revoke=lambda _, ps: tell("difference_update", ps),
                       on_lost=lambda _, ps: tell("difference_update", ps))
    while not end.is_set():
        batch = consumer.consume(100, 0.1)
        for m in batch:
            if m.error():
                answer({"event": "error", "message": m.error().str()})
            else:
                answer({"event": "record", "partition": label(m.topic(), m.partition()),
                        "offset": m.offset(), "value": decode(m.value())})
        if batch:
            try:
                consumer.commit(asynchronous=False)
            except ck.KafkaException as e:
                # A rebalance meanwhile: whoever has the partition now reads it again.
                answer({"event": "error", "message": str(e)})
    consumer.close()


ORDERS = {
    "offers": lambda: {"offers": OFFERS},
    "produce": produce, "consume": consume, "offsets": offsets, "create": create,
    "txn-init": txn_init,
    "txn-begin": lambda id: PRODUCERS[id].begin_transaction(),
    "txn-send": lambda id, topic, records: send(PRODUCERS[id], topic, records),
    "txn-commit": lambda id: PRODUCERS[id].commit_transaction(PATIENCE_S),
    "txn-abort": lambda id: PRODUCERS[id].abort_transaction(PATIENCE_S),
    "transform": transform,
    "transform-commit": lambda id: PRODUCERS[id].commit_transaction(PATIENCE_S),
    "describe": describe, "describe-configs": describe_configs,
    "list-topics": lambda: {"topics": list(admin().list_topics(timeout=PATIENCE_S).topics)},
    "add-partitions": lambda topic, total: wait(admin().create_partitions(
        [ca.NewPartitions(topic, total)])) and None,
    "alter-configs": lambda topic, configs: wait(admin().alter_configs(
        [resource(topic, configs)])) and None,
    "incremental-alter-configs": incremental_alter_configs, "delete-records": delete_records,
    "list-groups": list_groups, "describe-group": describe_group, "committed": committed,
    "delete-group": lambda group: wait(admin().delete_consumer_groups([group])) and None,
    "delete-topic": lambda topic: wait(admin().delete_topics([topic])) and None,
    "cluster": cluster,
    "acl-create": lambda **a: wait(admin().create_acls([binding(**a)])) and None,
    "acl-delete": lambda topic: wait(admin().delete_acls([acl_filter(topic)])) and None,
    "acl-list": acl_list,
}

if len(sys.argv) > 3:
    member(**json.loads(sys.argv[3]))
else:
    serve(ORDERS, translate)
