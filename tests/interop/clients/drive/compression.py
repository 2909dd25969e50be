"""
What one client packs another unpacks: each codec, between this client and librdkafka and the Java
client, in both directions; and what the broker packs itself for a topic with a codec of its own.

The records are larger than a block of any codec and repeat themselves from far away, so that an
encoder which lets one block refer to another is seen.
"""

import time

from drive.claims import refused, same

CODECS = ["gzip", "snappy", "lz4", "zstd"]
LARGE = 300_000


def sample(size, seed):
    """Text that repeats itself, now near and now far away."""
    parts = []
    length = 0
    while length < size:
        seed = (seed * 1664525 + 1013904223) % (1 << 32)
        parts.append(f"record {seed >> 20} of the sample, {seed >> 28}; ø")
        length += len(parts[-1])
    return "".join(parts)[:size]


def make_records():
    sizes = [LARGE, 10, 70_000, 0, 200_000, 1000]
    return [{"partition": 0, "key": f"k{i}", "value": sample(size, i), "headers": [["h", "v"]],
             "timestamp": int(time.time() * 1000)} for i, size in enumerate(sizes)]


def send(client, topic, codec, records):
    client.ask("produce", topic=topic, codec=codec, records=records)


def check(reader, topic, records):
    seen = reader.ask("consume", topic=topic, start={"0": 0}, until={"0": len(records) - 1},
                      wait_ms=30000)["records"]
    for i, (read, sent) in enumerate(zip(seen, records)):
        same(f"the length of value {i}", len(read["value"]), len(sent["value"]))
        same(f"record {i}", {k: read[k] for k in sent}, sent)
    same("how many came back", len(seen), len(records))


def exercise(stage, claims):
    client = stage.client()
    peers = {name: stage.peer(name) for name in stage.peers}
    records = make_records()
    for codec in CODECS:
        names = [f"{codec}-is-read-by-{p}" for p in peers] + \
                [f"{codec}-of-{p}-is-read" for p in peers] + [f"{codec}-of-the-broker"]
        if not claims.offered(codec, *names):
            continue
        topic = stage.name(f"z-{codec}")
        client.ask("create", topic=topic, partitions=1)
        send(client, topic, codec, records)
        for name, peer in peers.items():
            with claims.claim(f"{codec}-is-read-by-{name}"):
                check(peer, topic, records)
        for name, peer in peers.items():
            with claims.claim(f"{codec}-of-{name}-is-read"):
                topic = stage.name(f"z-{codec}-{name}")
                peer.ask("create", topic=topic, partitions=1)
                send(peer, topic, codec, records)
                check(client, topic, records)
        with claims.claim(f"{codec}-of-the-broker"):
            topic = stage.name(f"z-{codec}-broker")
            client.ask("create", topic=topic, partitions=1, configs={"compression.type": codec})
            send(client, topic, "none", records)
            for reader in (client, *peers.values()):
                check(reader, topic, records)
    if claims.offered("lz4-linked", "lz4-linked-is-refused"):
        with claims.claim("lz4-linked-is-refused"):
            topic = stage.name("z-linked")
            client.ask("create", topic=topic, partitions=1)
            with refused("blocks that depend on each other", "UNKNOWN_SERVER_ERROR"):
                send(client, topic, "lz4-linked", records)
    for program in (client, *peers.values()):
        same("the exit status", program.finish(), 0)
