"""The admin client: topics, configs, records, groups, the cluster."""

import time

from drive.adapter import wait_for
from drive.claims import eventually, refused, same, true


def plain(values, partition=0):
    return [{"partition": partition, "key": f"k{i}", "value": v, "headers": [],
             "timestamp": int(time.time() * 1000)} for i, v in enumerate(values)]


def check_topics(stage, claims, client):
    topic = stage.name("made")

    def described():
        return client.ask("describe", topic=topic)

    with claims.claim("create-topic"):
        client.ask("create", topic=topic, partitions=3,
                   configs={"cleanup.policy": "compact", "max.message.bytes": "100000"})
        eventually("the topic is listed", lambda: client.ask("list-topics")["topics"],
                   lambda topics: topic in topics)
        seen = eventually("the topic", described, lambda d: d["partitions"] == 3)
        true("each partition has a leader", all(x >= 0 for x in seen["leaders"]), seen)
    with claims.claim("create-topic-again"):
        with refused("creating it twice", "TOPIC_ALREADY_EXISTS"):
            client.ask("create", topic=topic, partitions=3)
    with claims.claim("create-topic-illegal-name"):
        with refused("an illegal name", "INVALID_TOPIC_EXCEPTION"):
            client.ask("create", topic="not/a/name", partitions=1)
    if claims.offered("describe-unknown", "describe-unknown-topic"):
        with claims.claim("describe-unknown-topic"):
            with refused("a topic that is not", "UNKNOWN_TOPIC_OR_PARTITION"):
                client.ask("describe", topic=stage.name("nowhere"))
    with claims.claim("add-partitions"):
        client.ask("add-partitions", topic=topic, total=5)
        eventually("five partitions", described, lambda d: d["partitions"] == 5)
        with refused("fewer partitions", "INVALID_PARTITIONS"):
            client.ask("add-partitions", topic=topic, total=2)


def check_configs(stage, claims, client):
    topic = stage.name("made")

    def value(name):
        return client.ask("describe-configs", topic=topic)["configs"].get(name)

    if claims.offered("configs", "describe-configs"):
        with claims.claim("describe-configs"):
            same("cleanup.policy", value("cleanup.policy"), "compact")
            same("max.message.bytes", value("max.message.bytes"), "100000")
    for word in ("alter-configs", "incremental-alter-configs"):
        if claims.offered(word):
            with claims.claim(word):
                limit = "2000" if word == "alter-configs" else "3000"
                # The old way replaces all settings.
                client.ask(word, topic=topic, configs={"cleanup.policy": "delete",
                                                       "max.message.bytes": limit})
                eventually("the new limit", lambda: value("max.message.bytes"),
                           lambda v: v == limit)
                same("cleanup.policy", value("cleanup.policy"), "delete")
                with refused("a record over the new limit", "MESSAGE_TOO_LARGE"):
                    client.ask("produce", topic=topic, codec="none", records=plain(["x" * 5000]))
                with refused("a setting that does not exist", "INVALID_CONFIG"):
                    client.ask(word, topic=topic, configs={"no.such.setting": "1"})


def check_records(stage, claims, client):
    topic = stage.name("cut")
    with claims.claim("delete-records"):
        client.ask("create", topic=topic, partitions=1)
        client.ask("produce", topic=topic, codec="none",
                   records=plain([f"v{i}" for i in range(10)]))
        client.ask("delete-records", topic=topic, before={"0": 4})
        same("the first offset", client.ask("offsets", topic=topic, partitions=[0],
                                            at="earliest")["offsets"], {"0": 4})
        seen = client.ask("consume", topic=topic, start={"0": 4}, until={"0": 9},
                          wait_ms=30000)["records"]
        same("what is left", [r["offset"] for r in seen], list(range(4, 10)))
        with refused("deleting beyond the end", "OFFSET_OUT_OF_RANGE"):
            client.ask("delete-records", topic=topic, before={"0": 11})


def check_groups(stage, claims, client):
    topic, group = stage.name("grouped"), stage.name("g-admin")

    def listed():
        return client.ask("list-groups")["groups"]

    def state():
        return client.ask("describe-group", group=group)

    client.ask("create", topic=topic, partitions=2)
    client.ask("produce", topic=topic, codec="none", records=plain([f"v{i}" for i in range(5)]))
    member = stage.member("m1", {"topic": topic, "group": group, "assignor": "range",
                                 "session_ms": 10000})
    try:
        with claims.claim("live-group"):
            wait_for([member], "the member reads", lambda: len(member.records) == 5)
            true("the group is listed", group in listed(), listed())
            seen = eventually("the group is stable", state, lambda d: d["state"] == "Stable")
            same("how many members", seen["members"], 1)
            if "delete-group" in claims.offers:
                with refused("deleting a group with a member", "NON_EMPTY_GROUP"):
                    client.ask("delete-group", group=group)
        with claims.claim("empty-group"):
            same("the exit status of the member", member.finish(), 0)
            eventually("the group is empty", state, lambda d: d["state"] == "Empty")
            same("its offsets", client.ask("committed", group=group, topic=topic,
                                           partitions=[0])["offsets"], {"0": 5})
        if claims.offered("delete-group"):
            with claims.claim("delete-group"):
                client.ask("delete-group", group=group)
                true("the group is gone", group not in listed(), listed())
                same("its offsets", client.ask("committed", group=group, topic=topic,
                                               partitions=[0])["offsets"], {"0": -1})
                with refused("deleting it again", "GROUP_ID_NOT_FOUND"):
                    client.ask("delete-group", group=group)
    finally:
        member.kill()


def check_deletion(stage, claims, client):
    topic = stage.name("made")
    with claims.claim("delete-topic"):
        client.ask("delete-topic", topic=topic)
        eventually("the topic is gone", lambda: client.ask("list-topics")["topics"],
                   lambda topics: topic not in topics)
        with refused("deleting it again", "UNKNOWN_TOPIC_OR_PARTITION"):
            client.ask("delete-topic", topic=topic)


def exercise(stage, claims):
    client = stage.client()
    if claims.offered("cluster", "describe-cluster"):
        with claims.claim("describe-cluster"):
            seen = client.ask("cluster")
            true("there are brokers", len(seen["brokers"]) > 0, seen)
            true("the controller is one of them", seen["controller"] in seen["brokers"], seen)
            true("the cluster has an id", seen["id"], seen)
    check_topics(stage, claims, client)
    check_configs(stage, claims, client)
    if claims.offered("delete-records"):
        check_records(stage, claims, client)
    if claims.offered("groups", "live-group", "empty-group"):
        check_groups(stage, claims, client)
    check_deletion(stage, claims, client)
    same("the exit status", client.finish(), 0)
