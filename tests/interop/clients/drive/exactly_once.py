"""
Consume, transform, produce, through the death of who does it: what comes out, read committed, is
what went in, once.

The worker has sent its output and the offsets with it, and has not committed, when it is killed.
Its successor, with the same transactional id and in the same group, fences it and does the work
again. Then a worker is stopped at the same place (SIGSTOP: alive, and silent), its successor does
the work, and it goes on: its commit has to be refused.
"""

import os
import signal

from drive.claims import refused, same, true
from drive.transactions import FENCED, ends, halves, read, records, send_fence

SESSION_MS = 6000
PART = 20
# name, what a client must offer, which protocol its consumer speaks
VARIANTS = [("classic", "transactions", "range"), ("consumer", "group-consumer", "consumer")]


class Work:
    """A topic to read and one to write, and what was sent."""

    def __init__(self, stage, client, variant, assignor):
        self.stage = stage
        self.client = client
        self.assignor = assignor
        self.source, self.sink = (stage.name(f"eo-{variant}-{w}") for w in ("source", "sink"))
        self.group, self.txn = stage.name(f"g-eo-{variant}"), stage.name(f"t-eo-{variant}")
        self.sent = []
        for topic in (self.source, self.sink):
            client.ask("create", topic=topic, partitions=2)

    def send(self):
        """Another part to be worked on."""
        values = [f"v{len(self.sent) + i}" for i in range(PART)]
        self.client.ask("produce", topic=self.source, codec="none", records=records(values))
        self.sent += values

    def transform(self, worker, outcome):
        worker.ask("transform", id=self.txn, group=self.group, source=self.source,
                   sink=self.sink, count=PART, outcome=outcome, session_ms=SESSION_MS,
                   assignor=self.assignor)

    def committed(self):
        return self.client.ask("committed", group=self.group, topic=self.source,
                               partitions=[0, 1])["offsets"]

    def offsets(self, count):
        """The offsets once so many are done."""
        return {"0": count // 2, "1": count // 2}

    def done(self, count):
        """What has to be there once so many are done."""
        return halves([v.upper() for v in self.sent[:count]])

    def stable(self, last):
        """What a reader of committed records is given, up to that offset of both partitions."""
        return read(self.client, self.sink, "read_committed", last)


def before(work):
    """Nothing is wrong yet."""
    work.send()
    worker = work.stage.client()
    work.transform(worker, "commit")
    same("the exit status", worker.finish(), 0)
    same("the offsets", work.committed(), work.offsets(PART))
    same("the output", work.stable(PART // 2 - 1), work.done(PART))


def killed(work):
    """The output is there, and is not to be seen; nor are the offsets."""
    work.send()
    worker = work.stage.client()
    work.transform(worker, "leave")
    worker.kill()
    same("the offsets", work.committed(), work.offsets(PART))
    # 10 of the first part, its marker, 10 of the second.
    last = PART + 1 - 1
    same("the output, uncommitted", read(work.client, work.sink, "read_uncommitted", last),
         work.done(2 * PART))
    held = work.client.ask("consume", topic=work.sink, start={"0": 0, "1": 0},
                           until={"0": last, "1": last}, wait_ms=1500,
                           isolation="read_committed", may_time_out=True)["records"]
    same("how many of the output, committed", len(held), PART)


def successor(work):
    worker = work.stage.client()
    work.transform(worker, "commit")
    same("the exit status", worker.finish(), 0)
    same("the offsets", work.committed(), work.offsets(2 * PART))


def stopped(work):
    """A worker that is alive and silent loses its place."""
    work.send()
    work.zombie = work.stage.client()
    work.transform(work.zombie, "leave")
    os.killpg(work.zombie.process.pid, signal.SIGSTOP)
    worker = work.stage.client()
    work.transform(worker, "commit")
    same("the exit status", worker.finish(), 0)
    same("the offsets", work.committed(), work.offsets(3 * PART))


def zombie(work):
    os.killpg(work.zombie.process.pid, signal.SIGCONT)
    # A session of franz-go sees for itself that its partitions are gone.
    with refused("the commit of who was thought to be dead", *FENCED, "NOT_COMMITTED"):
        work.zombie.ask("transform-commit", id=work.txn)
    work.zombie.kill()
    same("the offsets", work.committed(), work.offsets(3 * PART))


def once(work):
    send_fence(work.client, work.sink)
    same("the output, committed", read(work.client, work.sink, "read_committed"),
         [p + ["end"] for p in work.done(3 * PART)])
    twice = sum(len(p) for p in read(work.client, work.sink, "read_uncommitted"))
    true("what the dead had sent is there, uncommitted", twice == 5 * PART + 2, twice)
    last = ends(work.client, work.sink)
    true("with a marker for each transaction", all(o >= twice // 2 + 5 for o in last.values()),
         last)


STEPS = [before, killed, successor, stopped, zombie, once]


def exercise(stage, claims):
    client = stage.client()
    for variant, word, assignor in VARIANTS:
        names = [f"{variant}-{step.__name__}" for step in STEPS]
        if not claims.offered("transactions", *names) or not claims.offered(word, *names):
            continue
        work = Work(stage, client, variant, assignor)
        for name, step in zip(names, STEPS):
            failed = claims.failed
            with claims.claim(name):
                step(work)
            if claims.failed > failed:
                break
    same("the exit status", client.finish(), 0)
