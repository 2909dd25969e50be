"""
A group that changes its protocol while it works (KIP-848): its members are replaced, one by one, by
such as speak the consumer protocol, and back. Nothing is lost, and commits of either kind hold. The
old members speak the classic protocol, with an eager or a cooperative assignor.
"""

from drive.adapter import Silent, wait_for
from drive.claims import same
from drive.group import Story

# what the old members are told, what a client must offer for it
VARIANTS = [("range", "group-eager"), ("cooperative", "migration-cooperative")]
PATIENCE_S = 120


def join(story, name, assignor):
    story.options = {"assignor": assignor}
    return story.start(name)


def settle(story, what):
    wait_for(story.members, what, lambda: story.shared() and story.all_seen(),
             PATIENCE_S)


def leave(story, member):
    same(f"the exit status of {member.name}", member.finish(), 0)
    member.take()
    story.members.remove(member)
    story.dead.append(member)


def upgrade(story, old):
    """The first member of the consumer protocol comes, then the last of the classic one goes."""
    story.send(5)
    first = join(story, "old", old)
    settle(story, "a classic member has everything")
    join(story, "new", "consumer")
    story.send(5)
    settle(story, "a classic member and one of the consumer protocol share")
    leave(story, first)
    story.send(5)
    settle(story, "the member of the consumer protocol has everything")


def downgrade(story, old):
    """The other way round."""
    new = story.members[0]
    join(story, "old-again", old)
    story.send(5)
    settle(story, "a member of the consumer protocol and a classic one share")
    leave(story, new)
    story.send(5)
    settle(story, "the classic member has everything")


def upgrade_again(story, old):
    """And once more, with a death: a classic member that is gone does not stop the others."""
    join(story, "old-too", old)
    settle(story, "two classic members share")
    join(story, "new-again", "consumer")
    settle(story, "two classic members and one of the consumer protocol share")
    story.crash(story.members[0])
    story.send(5)
    settle(story, "the two that are left share")


def commits(story, old):
    ends = {}
    for p, _ in story.sent:
        ends[str(p)] = ends.get(str(p), 0) + 1
    for member in [*story.members]:
        leave(story, member)
    same("what was sent and never read", sorted(story.sent - story.seen()), [])
    same("the committed offsets", story.committed(), ends)


STEPS = [upgrade, downgrade, upgrade_again, commits]


def tell(story, claims, old):
    """The steps as claims, until one does not hold."""
    for step in STEPS:
        held = False
        with claims.claim(f"{old}-{step.__name__.replace('_', '-')}"):
            step(story, old)
            held = True
        if not held:
            return


def exercise(stage, claims):
    client = stage.client()
    for old, word in VARIANTS:
        names = [f"{old}-{s.__name__.replace('_', '-')}" for s in STEPS]
        if not claims.offered("group-consumer", *names) or not claims.offered(word, *names):
            continue
        story = Story(stage, client, f"migration-{old}", {})
        try:
            tell(story, claims, old)
        finally:
            story.clean_up()
    if client.finish() != 0:
        raise Silent("the client program did not end well")
