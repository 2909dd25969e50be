"""
A group of three, one of which dies: the others take over, nothing is lost, commits survive.

The members are processes, and death is SIGKILL: nobody leaves, the session has to end. Each
variant (range assignor, cooperative assignor, static membership, KIP-848) is the same story.
"""

import time

from drive.adapter import Silent, wait_for
from drive.claims import same, true

PARTITIONS = 6
SESSION_MS = 6000
STATIC_SESSION_MS = 20000
# name, what a client must offer, what the members are told
VARIANTS = [
    ("eager", "group-eager", {"assignor": "range"}),
    ("cooperative", "group-cooperative", {"assignor": "cooperative"}),
    ("static", "group-static", {"assignor": "range", "session_ms": STATIC_SESSION_MS}),
    ("consumer", "group-consumer", {"assignor": "consumer"}),
    ("consumer-static", "group-consumer-static", {"assignor": "consumer"}),
]
STEPS = ["share", "takeover", "at-least-once", "commits"]


def fairly_shared(members, partitions):
    """
    Each member has as much as any other, no two the same, together all. As much: with cooperation
    and with KIP-848 there is a state before the last one in which each has something already.
    """
    owned = [m.assigned or [] for m in members]
    counts = [len(some) for some in owned]
    return max(counts) - min(counts) <= 1 and \
        sorted(p for some in owned for p in some) == sorted(partitions)


class Story:
    """One variant: its topic, its group, its members and what was sent."""

    def __init__(self, stage, client, variant, options):
        self.stage = stage
        self.client = client
        self.options = options
        self.static = variant.endswith("static")
        self.topic = stage.name(f"group-{variant}")
        self.group = stage.name(f"g-{variant}")
        self.sent = set()
        self.members = []
        self.dead = []
        client.ask("create", topic=self.topic, partitions=PARTITIONS)

    def send(self, count):
        """count records to each partition."""
        values = [(p, f"{len(self.sent) + p * count + i}") for p in range(PARTITIONS)
                  for i in range(count)]
        self.client.ask("produce", topic=self.topic, codec="none", records=[
            {"partition": p, "key": None, "value": v, "headers": [],
             "timestamp": int(time.time() * 1000)} for p, v in values])
        self.sent.update(values)

    def make(self, name, **more):
        member = {"session_ms": SESSION_MS, **self.options, "topic": self.topic,
                  "group": self.group, **more}
        if self.static:
            member["instance"] = name
        return self.stage.member(name, member)

    def start(self, name):
        self.members.append(self.make(name))
        return self.members[-1]

    def seen(self):
        return {(p, v) for m in self.members + self.dead for p, _, v in m.records}

    def shared(self):
        """Each member has as much, no two the same, together all."""
        return fairly_shared(self.members, [*range(PARTITIONS)])

    def all_seen(self):
        return self.sent <= self.seen()

    def committed(self):
        return self.client.ask("committed", group=self.group, topic=self.topic,
                               partitions=[*range(PARTITIONS)])["offsets"]

    def crash(self, member):
        member.kill()
        member.take()
        self.members.remove(member)
        self.dead.append(member)

    def clean_up(self):
        for member in self.members:
            member.kill()


def comes_back(story):
    """
    Gone and back within its session: the same partitions, and nobody else is disturbed. KIP-848
    wants it to say that it goes for a while; otherwise its name is in use until the session ends.
    """
    victim = story.members[0]
    others = story.members[1:]
    before = [len([e for e in m.events if e["event"] == "owns"]) for m in others]
    owned = victim.assigned
    # A program takes its time to start, on a busy machine more than a session lasts.
    back = story.make(victim.name, held=True)
    wait_for([back], "the successor is ready to join", lambda: back.held)
    if story.options["assignor"] == "consumer":
        same("the exit status of the static member", victim.finish(), 0)
    story.crash(victim)
    story.members.append(back)
    back.release()
    wait_for(story.members, "the static member is back", lambda: back.assigned)
    same("what the static member owns again", back.assigned, owned)
    story.send(2)
    wait_for(story.members, "what was sent since is read", story.all_seen)
    after = [len([e for e in m.events if e["event"] == "owns"]) for m in others]
    same("how often the others were given partitions", after, before)


def tell(story, claims, variant, step):
    """One step of the story as one claim."""
    with claims.claim(f"{variant}-{step.__name__.replace('_', '-')}"):
        step(story)
        return True
    return False


def share(story):
    story.send(10)
    for name in ("m1", "m2", "m3"):
        story.start(name)
    wait_for(story.members, "three members share six partitions",
             lambda: story.shared() and story.all_seen(), 90)


def takeover(story):
    story.crash(story.members[0])
    story.send(10)
    wait_for(story.members, "two members own what three did",
             lambda: len(story.members) == 2 and story.shared() and story.all_seen(), 90)


def at_least_once(story):
    same("what was sent and never read", sorted(story.sent - story.seen()), [])
    ends = [sum(1 for q, _ in story.sent if q == p) for p in range(PARTITIONS)]
    for member in story.members + story.dead:
        for p, offset, _ in member.records:
            true("an offset below the end", offset < ends[p], (member.name, p, offset))


def commits(story):
    ends = {str(p): sum(1 for q, _ in story.sent if q == p) for p in range(PARTITIONS)}
    for member in story.members:
        same(f"the exit status of {member.name}", member.finish(), 0)
        member.take()
    story.dead += story.members
    story.members = []
    same("the committed offsets", story.committed(), ends)
    story.send(1)
    late = story.start("m2")
    wait_for([late], "a later member owns everything", lambda: story.all_seen() and
             late.assigned == [*range(PARTITIONS)], 90)
    same("what the later member reads", sorted((p, o) for p, o, _ in late.records),
         sorted((int(p), o) for p, o in ends.items()))
    same("the exit status of the later member", late.finish(), 0)
    story.members = []


def exercise(stage, claims):
    client = stage.client()
    for variant, word, options in VARIANTS:
        steps = [share, takeover, at_least_once, commits]
        if variant.endswith("static"):
            steps.insert(1, comes_back)
        names = [f"{variant}-{s.__name__.replace('_', '-')}" for s in steps]
        if not claims.offered(word, *names):
            continue
        story = None
        try:
            story = Story(stage, client, variant, options)
            if not all(tell(story, claims, variant, step) for step in steps):
                continue
        finally:
            if story:
                story.clean_up()
    if client.finish() != 0:
        raise Silent("the client program did not end well")
