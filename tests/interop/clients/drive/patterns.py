"""
Groups whose members name a pattern instead of topics: they share what matches, and a topic that
is made later too. In the classic protocol the clients look for themselves, by metadata; in
KIP-848 the broker does (a regular expression of RE2's).
"""

import time

from drive.adapter import wait_for
from drive.claims import same, true
from drive.group import fairly_shared

SESSION_MS = 6000
# name, what a client must offer, the protocol or the assignor
VARIANTS = [("classic", "group-pattern", "range"),
            ("consumer", "group-consumer-pattern", "consumer")]
PARTITIONS = 4


class Story:
    def __init__(self, stage, client, variant, assignor):
        self.stage = stage
        self.client = client
        self.prefix = stage.name(f"p-{variant}-")
        self.options = {"pattern": f"^{self.prefix}[a-y].*", "topic": "", "assignor": assignor,
                        "group": stage.name(f"g-p-{variant}"), "session_ms": SESSION_MS}
        self.topics = []
        self.members = []
        self.dead = []
        # Named as the pattern says, but for its last letter.
        client.ask("create", topic=self.prefix + "z", partitions=1)
        self.create("a")

    def create(self, word):
        self.client.ask("create", topic=self.prefix + word, partitions=PARTITIONS)
        self.topics.append(self.prefix + word)

    def send(self, topic, values, partitions=PARTITIONS):
        self.client.ask("produce", topic=topic, codec="none", records=[
            {"partition": p, "key": None, "value": v, "headers": [],
             "timestamp": int(time.time() * 1000)} for v in values for p in range(partitions)])

    def start(self, name):
        self.members.append(self.stage.member(name, self.options))

    def shared(self):
        """Each member has as much, no two the same, together all that matches."""
        return fairly_shared(self.members, [f"{t}/{p}" for t in self.topics
                                            for p in range(PARTITIONS)])

    def seen(self):
        return {(p, v) for m in self.members + self.dead for p, _, v in m.records}


def share(story):
    story.start("m1")
    story.start("m2")
    wait_for(story.members, "two members share the topic that matches", story.shared, 90)


def new_topic(story):
    story.create("b")
    wait_for(story.members, "they share the new topic too", story.shared, 90)


def reads(story):
    story.send(story.prefix + "z", ["no"], 1)
    for topic in story.topics:
        story.send(topic, ["v1", "v2"])
    expected = {(f"{t}/{p}", v) for t in story.topics for p in range(PARTITIONS)
                for v in ("v1", "v2")}
    wait_for(story.members, "what was sent is read", lambda: expected <= story.seen())
    same("what was read besides", sorted(story.seen() - expected), [])


def takeover(story):
    """The last one has it all; it goes well."""
    victim = story.members.pop(0)
    victim.kill()
    victim.take()
    story.dead.append(victim)
    wait_for(story.members, "one member owns what two did", story.shared, 90)
    [last] = story.members
    true("its topics", all(not p.startswith(story.prefix + "z") for p in last.assigned),
         last.assigned)
    same("its exit status", last.finish(), 0)


STEPS = [share, new_topic, reads, takeover]


def exercise(stage, claims):
    client = stage.client()
    for variant, word, assignor in VARIANTS:
        names = [f"{variant}-{step.__name__.replace('_', '-')}" for step in STEPS]
        if not claims.offered(word, *names):
            continue
        story = Story(stage, client, variant, assignor)
        for name, step in zip(names, STEPS):
            failed = claims.failed
            with claims.claim(name):
                step(story)
            if claims.failed > failed:
                break
        for member in story.members:
            member.kill()
    same("the exit status", client.finish(), 0)
