"""Transactions end to end: what is committed is seen once and together, what is aborted never."""

import time

from drive.claims import eventually, refused, same, true

FENCED = ("PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH", "INVALID_TXN_STATE")


def records(values, partitions=2):
    return [{"partition": i % partitions, "key": None, "value": v, "headers": [],
             "timestamp": int(time.time() * 1000)} for i, v in enumerate(values)]


def ends(client, topic):
    found = client.ask("offsets", topic=topic, partitions=[0, 1], at="latest")["offsets"]
    return {p: o for p, o in found.items()}


def send_fence(client, topic):
    """A plain record at the end of each partition: a reader knows by it that it is through."""
    client.ask("produce", topic=topic, codec="none", records=records(["end", "end"]))


def read(client, topic, isolation, last=None):
    """The values up to the last record of both partitions, each partition's in order."""
    until = {"0": last, "1": last} if last else \
        {p: o - 1 for p, o in ends(client, topic).items()}
    seen = client.ask("consume", topic=topic, start={"0": 0, "1": 0}, until=until,
                      wait_ms=30000, isolation=isolation)["records"]
    return [[r["value"] for r in seen if r["partition"] == p] for p in (0, 1)]


def halves(*parts):
    """How values that records() spreads lie in two partitions."""
    return [[v for part in parts for v in part[p::2]] for p in (0, 1)]


def check_outcomes(stage, claims, client):
    topic = stage.name("outcomes")
    committed, aborted, again = ([f"{w}{i}" for i in range(n)] for w, n in
                                 (("c", 10), ("a", 10), ("d", 6)))
    fence = ["end", "end"]
    with claims.claim("commit-and-abort"):
        client.ask("create", topic=topic, partitions=2)
        client.ask("txn-init", id=stage.name("t1"))
        for values, how in ((committed, "txn-commit"), (aborted, "txn-abort"),
                            (again, "txn-commit")):
            client.ask("txn-begin", id=stage.name("t1"))
            client.ask("txn-send", id=stage.name("t1"), topic=topic, records=records(values))
            client.ask(how, id=stage.name("t1"))
        send_fence(client, topic)
    with claims.claim("read-committed"):
        same("the committed", read(client, topic, "read_committed"),
             halves(committed, again, fence))
    with claims.claim("read-uncommitted"):
        same("all of it", read(client, topic, "read_uncommitted"),
             halves(committed, aborted, again, fence))


def check_open(stage, claims, client):
    """An open transaction holds the readers of committed records back, those behind it too."""
    topic, txn = stage.name("open"), stage.name("t2")
    with claims.claim("open-holds-back"):
        client.ask("create", topic=topic, partitions=2)
        client.ask("txn-init", id=txn)
        send_fence(client, topic)
        client.ask("txn-begin", id=txn)
        client.ask("txn-send", id=txn, topic=topic, records=records(["o1", "o2"]))
        send_fence(client, topic)
        # What the end of an open partition is depends on who asks: 0 end, 1 o…, 2 end.
        same("uncommitted", read(client, topic, "read_uncommitted", 2),
             [["end", "o1", "end"], ["end", "o2", "end"]])
        held = client.ask("consume", topic=topic, start={"0": 0, "1": 0},
                          until={"0": 2, "1": 2}, wait_ms=1500, isolation="read_committed",
                          may_time_out=True)["records"]
        same("what is seen while it is open", [r["value"] for r in held], ["end", "end"])
        client.ask("txn-commit", id=txn)
        send_fence(client, topic)
        # 3 is the marker.
        same("committed", read(client, topic, "read_committed", 4),
             [["end", "o1", "end", "end"], ["end", "o2", "end", "end"]])


def check_fencing(stage, claims, client):
    topic, txn = stage.name("fencing"), stage.name("t3")
    with claims.claim("fencing"):
        client.ask("create", topic=topic, partitions=2)
        client.ask("txn-init", id=txn)
        client.ask("txn-begin", id=txn)
        client.ask("txn-send", id=txn, topic=topic, records=records(["old1", "old2"]))
        second = stage.client()
        second.ask("txn-init", id=txn)
        with refused("the first instance's commit", *FENCED):
            client.ask("txn-commit", id=txn)
        second.ask("txn-begin", id=txn)
        second.ask("txn-send", id=txn, topic=topic, records=records(["new1", "new2"]))
        second.ask("txn-commit", id=txn)
        send_fence(second, topic)
        same("the committed", read(second, topic, "read_committed"),
             halves(["new1", "new2"], ["end", "end"]))
        same("the exit status of the second", second.finish(), 0)


def check_transform(stage, claims, client):
    """Consume, transform, produce: the offsets are committed with the output, or not at all."""
    source, sink = stage.name("source"), stage.name("sink")
    group, txn = stage.name("g-transform"), stage.name("t4")
    values = [f"v{i}" for i in range(20)]

    def transform(outcome):
        client.ask("transform", id=txn, group=group, source=source, sink=sink, count=20,
                   outcome=outcome)

    def committed():
        return client.ask("committed", group=group, topic=source,
                          partitions=[0, 1])["offsets"]

    with claims.claim("transform-abort"):
        for topic in (source, sink):
            client.ask("create", topic=topic, partitions=2)
        client.ask("produce", topic=source, codec="none", records=records(values))
        transform("abort")
        same("the offsets after an abort", committed(), {"0": -1, "1": -1})
    with claims.claim("transform-commit"):
        transform("commit")
        eventually("the offsets after a commit", committed, lambda o: o == {"0": 10, "1": 10})
        send_fence(client, sink)
        expected = halves([v.upper() for v in values], ["end", "end"])
        same("what came out", read(client, sink, "read_committed"), expected)
        twice = read(client, sink, "read_uncommitted")
        true("the aborted output is there, uncommitted", twice[0] != expected[0], twice[0])


def exercise(stage, claims):
    client = stage.client()
    if not claims.offered("transactions", "commit-and-abort", "read-committed",
                          "read-uncommitted", "open-holds-back", "fencing", "transform-abort",
                          "transform-commit"):
        return
    check_outcomes(stage, claims, client)
    check_open(stage, claims, client)
    check_transform(stage, claims, client)
    # Last: a fenced producer ends some clients' process in a fatal state.
    check_fencing(stage, claims, client)
    client.finish()
