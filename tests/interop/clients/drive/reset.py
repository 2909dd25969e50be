"""A reader whose offset is gone, or was never there: auto.offset.reset, in a client's words."""

import time

from drive.claims import refused, same

COUNT = 20
GONE = 10  # the first so many are deleted
GONE_ERRORS = ("OFFSET_OUT_OF_RANGE", "_AUTO_OFFSET_RESET")


def records(values):
    return [{"partition": 0, "key": None, "value": v, "headers": [],
             "timestamp": int(time.time() * 1000)} for v in values]


def offsets_read(client, topic, start, reset, until, wait_ms=30000, **more):
    seen = client.ask("consume", topic=topic, start={"0": start}, until={"0": until},
                      reset=reset, wait_ms=wait_ms, **more)["records"]
    return [r["offset"] for r in seen]


def exercise(stage, claims):
    client = stage.client()
    topic = stage.name("reset")
    client.ask("create", topic=topic, partitions=1)
    client.ask("produce", topic=topic, codec="none",
               records=records(f"v{i}" for i in range(COUNT)))
    with claims.claim("the-start-moves"):
        client.ask("delete-records", topic=topic, before={"0": GONE})
        for at, expected in (("earliest", GONE), ("latest", COUNT)):
            same(f"the {at} offset", client.ask("offsets", topic=topic, partitions=[0],
                                                at=at)["offsets"], {"0": expected})
    left = list(range(GONE, COUNT))
    if claims.offered("reset", "below-the-start-to-earliest", "below-the-start-to-latest",
                      "beyond-the-end-to-earliest"):
        with claims.claim("below-the-start-to-earliest"):
            same("the offsets", offsets_read(client, topic, 5, "earliest", COUNT - 1), left)
        with claims.claim("below-the-start-to-latest"):
            same("the offsets", offsets_read(client, topic, 5, "latest", COUNT - 1, 1500,
                                             may_time_out=True), [])
        with claims.claim("beyond-the-end-to-earliest"):
            same("the offsets", offsets_read(client, topic, 100, "earliest", COUNT - 1), left)
    if claims.offered("reset-none", "below-the-start-is-told", "beyond-the-end-is-told"):
        for name, start in (("below-the-start-is-told", 5), ("beyond-the-end-is-told", 100)):
            with claims.claim(name):
                with refused("reading from there", *GONE_ERRORS):
                    offsets_read(client, topic, start, "none", COUNT - 1)
    same("the exit status", client.finish(), 0)
