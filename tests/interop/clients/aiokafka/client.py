"""aiokafka: see ../README.md. Its loop runs on a thread of its own; orders wait for it."""

import asyncio
import json
import os
import ssl
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))

from aiokafka import (AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener,
                      TopicPartition, errors)
from aiokafka.abc import AbstractTokenProvider
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from serve import Failure, Logged, answer, asked_to_end, decode, encode, serve

PATIENCE_S = 30
# To describe a topic is to create it.
OFFERS = ["none", "null-header", "gzip", "snappy", "lz4", "zstd", "idempotent", "group-eager",
          "group-static", "group-pattern", "reset", "reset-none", "retries-apart",
          "transactions", "configs", "alter-configs",
          "delete-records", "groups", "cluster", "sasl-plain", "sasl-scram-sha-256",
          "sasl-scram-sha-512", "sasl-oauthbearer", "tls"]

BOOTSTRAP = sys.argv[1]
SECURITY = json.loads(sys.argv[2])
PRODUCERS = {}
KEPT = {}
LOOP = asyncio.new_event_loop()
LOGGED = Logged("aiokafka")


def translate(e):
    denied = LOGGED.find("SaslAuthenticationFailed", "AuthenticationFailedError",
                         "authentication failed", "Authentication failed")
    if isinstance(e, errors.KafkaError) and denied:
        return Failure(denied, name="SASL_AUTHENTICATION_FAILED")
    if "token" in SECURITY and isinstance(e, errors.NodeNotReadyError):
        # It takes the refusal of a token for an answer, and finds its connection closed.
        return Failure(repr(e), name="SASL_AUTHENTICATION_FAILED")
    if isinstance(e, errors.ProducerFenced):
        return Failure(repr(e), name="PRODUCER_FENCED")
    return Failure(repr(e), code=getattr(e, "errno", None))


def check(code, message=None):
    if code:
        raise Failure(message or errors.for_code(code).__name__, code=code)


class Token(AbstractTokenProvider):
    async def token(self):
        return SECURITY["token"]


def settings(**more):
    s = {"bootstrap_servers": BOOTSTRAP, "client_id": "aiokafka",
         "metadata_max_age_ms": 1000, "request_timeout_ms": PATIENCE_S * 1000, **more}
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


async def admin():
    if "admin" not in KEPT:
        made = AIOKafkaAdminClient(**settings())
        await made.start()
        KEPT["admin"] = made
    return KEPT["admin"]


# -- produce, consume --

async def send(producer, topic, records):
    sent = [await producer.send(topic, value=encode(r["value"]), key=encode(r["key"]),
                                partition=r["partition"], timestamp_ms=r["timestamp"],
                                headers=[(k, encode(v)) for k, v in r["headers"]])
            for r in records]
    await asyncio.wait_for(asyncio.gather(*sent), PATIENCE_S)


async def produce(topic, records, codec="none", idempotent=False, max_request=1_048_576):
    async with AIOKafkaProducer(**settings(
            compression_type=None if codec == "none" else codec, enable_idempotence=idempotent,
            linger_ms=5, max_request_size=max_request, acks="all")) as producer:
        await send(producer, topic, records)


def shape(m):
    return {"partition": m.partition, "offset": m.offset, "key": decode(m.key),
            "value": decode(m.value), "timestamp": m.timestamp,
            "headers": [[k, decode(v)] for k, v in m.headers]}


async def polled(consumer, end):
    left = end - time.monotonic()
    if left <= 0:
        return None
    found = await consumer.getmany(timeout_ms=int(min(left, 0.5) * 1000))
    return [m for batch in found.values() for m in batch]


async def consume(topic, start, until, wait_ms, isolation="read_uncommitted",
                  may_time_out=False, reset="none"):
    records = []
    missing = {int(p): o for p, o in until.items()}
    end = time.monotonic() + wait_ms / 1000
    async with AIOKafkaConsumer(**settings(
            enable_auto_commit=False, auto_offset_reset=reset, isolation_level=isolation,
            max_partition_fetch_bytes=4_000_000)) as consumer:
        consumer.assign([TopicPartition(topic, int(p)) for p in start])
        for p, o in start.items():
            consumer.seek(TopicPartition(topic, int(p)), o)
        while missing:
            batch = await polled(consumer, end)
            if batch is None:
                if may_time_out:
                    break
                denied = LOGGED.find("is not authorized for this client")
                if denied:
                    raise Failure(denied, name="TOPIC_AUTHORIZATION_FAILED")
                raise Failure(f"nothing more, still missing {missing}", name="REQUEST_TIMED_OUT")
            for m in batch:
                records.append(shape(m))
                if m.offset >= missing.get(m.partition, 1 << 62):
                    del missing[m.partition]
    return {"records": records}


async def offsets(topic, partitions, at):
    tps = [TopicPartition(topic, p) for p in partitions]
    async with AIOKafkaConsumer(**settings()) as consumer:
        if at == "earliest":
            found = await consumer.beginning_offsets(tps)
        elif at == "latest":
            found = await consumer.end_offsets(tps)
        else:
            found = {tp: -1 if o is None else o.offset for tp, o in
                     (await consumer.offsets_for_times({tp: at for tp in tps})).items()}
    return {"offsets": {tp.partition: o for tp, o in found.items()}}


# -- transactions --

async def txn_init(id):
    PRODUCERS[id] = AIOKafkaProducer(**settings(transactional_id=id, linger_ms=5,
                                                transaction_timeout_ms=30000))
    await PRODUCERS[id].start()


async def txn(id, how):
    await getattr(PRODUCERS[id], how)()


async def work(producer, consumer, group, sink, count):
    """Reads so many, sends them in upper case, and the offsets with them; nothing is ended."""
    read = []
    end = time.monotonic() + PATIENCE_S
    while len(read) < count:
        batch = await polled(consumer, end)
        if batch is None:
            raise Failure(f"{len(read)} records only", name="REQUEST_TIMED_OUT")
        read += batch
    await producer.begin_transaction()
    await send(producer, sink, [{**shape(m), "value": decode(m.value).upper()} for m in read])
    at = {tp: await consumer.position(tp) for tp in consumer.assignment()}
    await producer.send_offsets_to_transaction(at, group)


async def transform(id, group, source, sink, count, outcome, session_ms=10000, assignor=None):
    if id not in PRODUCERS:
        await txn_init(id)
    consumer = AIOKafkaConsumer(source, **settings(
        group_id=group, enable_auto_commit=False, auto_offset_reset="earliest",
        isolation_level="read_committed", session_timeout_ms=session_ms,
        heartbeat_interval_ms=500))
    KEPT[group] = consumer
    await consumer.start()
    try:
        await work(PRODUCERS[id], consumer, group, sink, count)
        if outcome != "leave":
            await txn(id, f"{outcome}_transaction")
    finally:
        if outcome != "leave":
            await consumer.stop()


# -- admin --

async def create(topic, partitions, configs=None):
    a = await admin()
    done = await a.create_topics([NewTopic(topic, partitions, 1, topic_configs=configs or {})])
    for each in done.topic_errors:
        check(each[1])
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        [found] = await a.describe_topics([topic])
        if not found["error_code"] and len(found["partitions"]) == partitions:
            return


async def describe(topic):
    [found] = await (await admin()).describe_topics([topic])
    check(found["error_code"])
    return {"partitions": len(found["partitions"]),
            "leaders": [p["leader"] for p in found["partitions"]]}


async def list_topics():
    return {"topics": list(await (await admin()).list_topics())}


async def add_partitions(topic, total):
    done = await (await admin()).create_partitions({topic: NewPartitions(total)})
    for each in done.topic_errors:
        check(each[1], each[2])


async def describe_configs(topic):
    [found] = await (await admin()).describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic)])
    configs = {}
    for resource in found.resources:
        check(resource[0], resource[1])
        configs.update({entry[0]: entry[1] for entry in resource[4]})
    return {"configs": configs}


async def alter_configs(topic, configs):
    [done] = await (await admin()).alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic, configs)])
    for resource in done.resources:
        check(resource[0], resource[1])


async def delete_records(topic, before):
    await (await admin()).delete_records(
        {TopicPartition(topic, int(p)): RecordsToDelete(o) for p, o in before.items()})


async def list_groups():
    return {"groups": [g[0] for g in await (await admin()).list_consumer_groups()]}


async def describe_group(group):
    [found] = await (await admin()).describe_consumer_groups([group])
    for g in found.groups:
        check(g[0])
        return {"state": g[2], "members": len(g[5])}


async def committed(group, topic, partitions):
    tps = [TopicPartition(topic, p) for p in partitions]
    found = await (await admin()).list_consumer_group_offsets(group, partitions=tps)
    return {"offsets": {tp.partition: found[tp].offset if tp in found else -1 for tp in tps}}


async def delete_topic(topic):
    done = await (await admin()).delete_topics([topic])
    for each in done.topic_error_codes:
        check(each[1])


async def cluster():
    found = await (await admin()).describe_cluster()
    return {"brokers": [b["node_id"] for b in found["brokers"]],
            "controller": found["controller_id"], "id": found["cluster_id"]}


# -- a member of a group --

class Told(ConsumerRebalanceListener):
    """Its assignors are eager: all that it is given is all that it has."""

    def __init__(self, label):
        self.label = label

    async def on_partitions_revoked(self, revoked):
        if revoked:
            answer({"event": "owns", "partitions": []})

    async def on_partitions_assigned(self, assigned):
        answer({"event": "owns", "partitions": sorted(
            self.label(tp.topic, tp.partition) for tp in assigned)})


async def member(topic, group, assignor, session_ms, name, instance=None, pattern=None,
                 held=False):
    def label(topic, partition):
        return f"{topic}/{partition}" if pattern else partition

    consumer = AIOKafkaConsumer(**settings(
        group_id=group, group_instance_id=instance, enable_auto_commit=False,
        auto_offset_reset="earliest", session_timeout_ms=session_ms, heartbeat_interval_ms=500,
        partition_assignment_strategy=[RangePartitionAssignor]))
    end = asked_to_end(held)
    consumer.subscribe([] if pattern else [topic], pattern=pattern, listener=Told(label))
    await consumer.start()
    while not end.is_set():
        found = await consumer.getmany(timeout_ms=100)
        for batch in found.values():
            for m in batch:
                answer({"event": "record", "partition": label(m.topic, m.partition),
                        "offset": m.offset, "value": decode(m.value)})
        if found:
            try:
                await consumer.commit()
            except errors.KafkaError as e:
                # A rebalance meanwhile: whoever has the partition now reads it again.
                answer({"event": "error", "message": repr(e)})
    await consumer.stop()


async def clean_up():
    for producer in PRODUCERS.values():
        await producer.stop()
    if "admin" in KEPT:
        await KEPT["admin"].close()


async def offers():
    return {"offers": OFFERS}


ASYNC = {
    "offers": offers, "produce": produce, "consume": consume, "offsets": offsets,
    "create": create, "txn-init": txn_init,
    "txn-begin": lambda id: txn(id, "begin_transaction"),
    "txn-send": lambda id, topic, records: send(PRODUCERS[id], topic, records),
    "txn-commit": lambda id: txn(id, "commit_transaction"),
    "txn-abort": lambda id: txn(id, "abort_transaction"),
    "transform": transform, "transform-commit": lambda id: txn(id, "commit_transaction"),
    "describe": describe, "describe-configs": describe_configs,
    "list-topics": list_topics, "add-partitions": add_partitions,
    "alter-configs": alter_configs, "delete-records": delete_records,
    "list-groups": list_groups, "describe-group": describe_group, "committed": committed,
    "delete-topic": delete_topic, "cluster": cluster,
}


def waiting(function):
    """An order for the thread that reads them."""
    def wait(**arguments):
        return asyncio.run_coroutine_threadsafe(function(**arguments), LOOP).result(50)
    return wait


if len(sys.argv) > 3:
    asyncio.run(member(**json.loads(sys.argv[3])))
else:
    threading.Thread(target=LOOP.run_forever, daemon=True).start()
    serve({name: waiting(function) for name, function in ASYNC.items()}, translate)
    waiting(clean_up)()
