"""Everything that is produced is read back: equal, in order, whatever the codec."""

import random
import string
import time

from drive.claims import refused, same, true

PARTITIONS = 4
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
# What retention and the limits of timestamps let pass.
AGE_S = 3600


def make_records(count, first_ms, offers):
    """
    Records with every shape of key, value and headers, spread over the partitions. Not every
    client sends those without key and value, or headers without a value.
    """
    bare = "bare" in offers
    null = [["null", None]] if "null-header" in offers else []
    headers = [[], [["h", "v"], *null, ["empty", ""], ["hø", "wörd"]], [["h", "1"]]]
    return [{
        "partition": i % PARTITIONS,
        "key": None if i % 7 == 0 and (bare or i % 5) else "" if i % 11 == 0 else f"key {i}",
        "value": None if i % 5 == 0 else "" if i % 13 == 0 else f"value {i} ø " * (i % 29 + 1),
        "headers": headers[i % 3],
        "timestamp": first_ms + i * 1000,
    } for i in range(count)]


def without_offsets(records):
    return [{k: r[k] for k in ("partition", "key", "value", "headers", "timestamp")}
            for r in records]


def read_all(client, topic, partitions, **more):
    """All records below the ends of the partitions, by partition."""
    ends = client.ask("offsets", topic=topic, partitions=partitions, at="latest")["offsets"]
    starts = client.ask("offsets", topic=topic, partitions=partitions, at="earliest")["offsets"]
    until = {p: ends[p] - 1 for p in ends if ends[p] > starts[p]}
    seen = client.ask("consume", topic=topic, start={p: starts[p] for p in until}, until=until,
                      wait_ms=30000, **more)["records"]
    return {p: [r for r in seen if r["partition"] == p] for p in partitions}


def check_log(client, topic, sent):
    read = read_all(client, topic, list(range(PARTITIONS)))
    for p, records in read.items():
        same(f"the records of {topic}/{p}", without_offsets(records),
             [r for r in sent if r["partition"] == p])
        same(f"the offsets of {topic}/{p}", [r["offset"] for r in records],
             list(range(len(records))))


def check_times(client, claims, topic, sent, first_ms):
    with claims.claim("offsets-by-timestamp"):
        counts = {p: sum(r["partition"] == p for r in sent) for p in range(PARTITIONS)}
        for at, offsets in (("earliest", dict.fromkeys(counts, 0)), ("latest", counts)):
            same(f"the {at} offsets", client.ask("offsets", topic=topic, partitions=[*counts],
                                                 at=at)["offsets"],
                 {str(p): o for p, o in offsets.items()})
        # Record i has the time first + i s: in partition p the offset of i is i div PARTITIONS.
        for at, expected in ((first_ms, [0, 0, 0, 0]), (first_ms + 5001, [2, 2, 1, 1]),
                             (first_ms + 8000, [2, 2, 2, 2])):
            found = client.ask("offsets", topic=topic, partitions=[*counts], at=at)["offsets"]
            same(f"the offsets at first + {at - first_ms} ms", found,
                 {str(p): o for p, o in enumerate(expected)})
        found = client.ask("offsets", topic=topic, partitions=[0],
                           at=first_ms + len(sent) * 1000)["offsets"]
        beyond = counts[0] if "timestamp-beyond-is-end" in claims.offers else -1
        same("the offset of a time beyond the end", found, {"0": beyond})
    with claims.claim("from-an-offset"):
        last = counts[1] - 1
        read = client.ask("consume", topic=topic, start={"1": last - 4}, until={"1": last},
                          wait_ms=30000)["records"]
        same("the offsets read", [r["offset"] for r in read], list(range(last - 4, last + 1)))


def noise(size, seed):
    """Text that no codec makes small."""
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=size))


def check_sizes(client, claims, topic):
    client.ask("create", topic=topic, partitions=PARTITIONS)
    with claims.claim("large"):
        sent = [{"partition": i % 2, "key": f"{i}", "value": noise(1_000_000, i), "headers": [],
                 "timestamp": int(time.time() * 1000)} for i in range(4)]
        for record in sent:
            client.ask("produce", topic=topic, codec="none", max_request=1_048_576,
                       records=[record])
        check_log(client, topic, sent)
    with claims.claim("too-large"):
        with refused("a record of 1.2 MB", "MESSAGE_TOO_LARGE"):
            client.ask("produce", topic=topic, codec="none", max_request=4_000_000,
                       records=[{"partition": 0, "key": "k", "value": noise(1_200_000, 9),
                                 "headers": [], "timestamp": int(time.time() * 1000)}])


def exercise(stage, claims):
    client = stage.client()
    first_ms = (int(time.time()) - AGE_S) * 1000
    sent = make_records(200, first_ms, claims.offers)
    times = None
    for codec in CODECS:
        if claims.offered(codec, f"codec-{codec}"):
            topic = stage.name(codec)
            with claims.claim(f"codec-{codec}"):
                client.ask("create", topic=topic, partitions=PARTITIONS)
                client.ask("produce", topic=topic, codec=codec, records=sent)
                check_log(client, topic, sent)
                times = times or topic
    check_times(client, claims, times or stage.name("none"), sent, first_ms)
    check_sizes(client, claims, stage.name("sizes"))
    if claims.offered("idempotent"):
        topic = stage.name("idempotent")
        with claims.claim("idempotent"):
            client.ask("create", topic=topic, partitions=PARTITIONS)
            many = [{"partition": i % PARTITIONS, "key": f"{i % 10}", "value": f"{i}",
                     "headers": [], "timestamp": first_ms} for i in range(2000)]
            for part in range(0, len(many), 500):
                client.ask("produce", topic=topic, codec="none", idempotent=True,
                           records=many[part:part + 500])
            check_log(client, topic, many)
    same("the exit status", client.finish(), 0)
    true("something was claimed", claims.passed + claims.failed > 0)
