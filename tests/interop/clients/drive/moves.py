"""
Leaders and coordinators that move while a client is at work, and a broker that goes and comes
back: nothing is lost, nothing is twice, and the order stays. Only ktrial serve can be told to.
"""

import threading

from drive.adapter import PATIENCE_S, Silent, wait_for
from drive.claims import same
from drive.produce_consume import without_offsets

PARTITIONS = 2
BROKERS = 3
ROUNDS = 12
CHUNK = 200
SIZE = 2000
SESSION_MS = 6000


def chunk(round_number, partitions=range(PARTITIONS)):
    """Enough for several batches of most clients."""
    return [{"partition": partitions[i % len(partitions)], "key": f"{i % 10}",
             "value": f"{round_number}.{i} " + "." * SIZE, "headers": [],
             "timestamp": 1_700_000_000_000 + i} for i in range(CHUNK)]


class Aside:
    """An order that is carried out while other things are done."""

    def __init__(self, client, order, **arguments):
        self.failure = None
        self.thread = threading.Thread(target=self._run, args=(client, order, arguments))
        self.thread.start()

    def _run(self, client, order, arguments):
        try:
            client.ask(order, **arguments)
        except Exception as e:  # told by the one who waits
            self.failure = e

    def wait(self):
        self.thread.join(2 * PATIENCE_S)
        if self.thread.is_alive():
            raise Silent("an order that does not end")
        if self.failure:
            raise self.failure


def produced_meanwhile(stage, claims, client, topic, disturb):
    """
    Chunks, each with something that happens when the first of it is in the log; all that was
    acknowledged.
    """
    sent = []
    for k in range(ROUNDS):
        # Not every client keeps apart what each partition has answered, when it tries again.
        apart = "retries-apart" in claims.offers
        records = chunk(k) if apart else chunk(k, [k % PARTITIONS])
        order = Aside(client, "produce", topic=topic, codec="none", records=records,
                      **({"idempotent": True} if "idempotent" in claims.offers else {}))
        try:
            p = records[0]["partition"]
            there = sum(r["partition"] == p for r in sent)
            stage.broker.control(f"await end {topic}/{p} >= {there + 1}")
            disturb(k)
        finally:
            order.wait()
        sent += records
    return sent


def check(client, topic, sent):
    """Each record once, in its order."""
    for p in range(PARTITIONS):
        expected = [r for r in sent if r["partition"] == p]
        seen = client.ask("consume", topic=topic, start={p: 0}, until={p: len(expected) - 1},
                          wait_ms=30000)["records"]
        same(f"the records of partition {p}", without_offsets(seen), expected)
        end = client.ask("offsets", topic=topic, partitions=[p], at="latest")["offsets"]
        same(f"the end of partition {p}", end, {str(p): len(expected)})


def made(stage, word):
    topic = stage.name(word)
    stage.broker.control(f"topic {topic} partitions {PARTITIONS}")
    return topic


def leaders(stage, claims, client):
    with claims.claim("the-leader-moves"):
        topic = made(stage, "leaders")

        def disturb(k):
            for p in range(PARTITIONS):
                stage.broker.control(f"leader {topic}/{p} to {(k + p) % BROKERS + 1}")

        sent = produced_meanwhile(stage, claims, client, topic, disturb)
        check(client, topic, sent)


def brokers(stage, claims, client):
    with claims.claim("a-broker-goes-and-comes"):
        topic = made(stage, "brokers")

        def disturb(k):
            # The first one is left: a client that knows no other address finds its way by it.
            number = 2 + k // 2 % (BROKERS - 1)
            stage.broker.control(f"{'up' if k % 2 else 'down'} {number}")

        sent = produced_meanwhile(stage, claims, client, topic, disturb)
        check(client, topic, sent)


def coordinator(stage, claims, client):
    group = stage.name("g-moves")
    with claims.claim("the-coordinator-moves"):
        topic = made(stage, "coordinator")
        stage.broker.control(f"client member from {topic} group {group}")
        member = stage.member("m1", {"topic": topic, "group": group, "assignor": "range",
                                     "session_ms": SESSION_MS})
        sent = []
        for k in range(2 * BROKERS):
            records = chunk(k)
            client.ask("produce", topic=topic, codec="none", records=records)
            sent += records
            wanted = {(r["partition"], r["value"]) for r in sent}
            stage.broker.control(f"coordinator {group} to {k % BROKERS + 1}")
            wait_for([member], "what was sent is read", lambda: wanted <= {
                (p, v) for p, _, v in member.records})
        same("the exit status of the member", member.finish(), 0)
        ends = {str(p): len(sent) // PARTITIONS for p in range(PARTITIONS)}
        same("the committed offsets", client.ask("committed", group=group, topic=topic,
                                                 partitions=[*range(PARTITIONS)])["offsets"],
             ends)


def exercise(stage, claims):
    names = ["the-leader-moves", "a-broker-goes-and-comes", "the-coordinator-moves"]
    if not claims.possible(hasattr(stage.broker, "control"), "this broker is not told to",
                           *names):
        return
    client = stage.client()
    leaders(stage, claims, client)
    coordinator(stage, claims, client)
    brokers(stage, claims, client)
    same("the exit status", client.finish(), 0)
