"""What an exercise claims, and whether it held: one line for each claim on standard output.

    ok     NAME
    FAILED NAME: what was seen instead
    none   NAME: why this client cannot show it

A claim that is neither made nor declined would go unseen, so an exercise ends with count(), and
the words that a client may decline with are those of its own offers.
"""

import time
from contextlib import contextmanager

from drive.adapter import Broken, Refused, Silent


class Mismatch(Exception):
    """What was seen is not what should have been."""


class Claims:
    def __init__(self, offers):
        self.offers = offers
        self.passed = self.failed = self.absent = 0

    @contextmanager
    def claim(self, name):
        """Runs the block; the claim holds when it comes to its end."""
        try:
            yield
        except (Broken, Mismatch, Refused, Silent) as e:
            self.failed += 1
            print(f"FAILED {name}: {e}", flush=True)
        else:
            self.passed += 1
            print(f"ok     {name}", flush=True)

    def possible(self, condition, why, *names):
        """The condition; where it does not hold, the claims are declined and why."""
        if condition:
            return True
        for name in names:
            self.absent += 1
            print(f"none   {name}: {why}", flush=True)
        return False

    def offered(self, word, *names):
        """Whether the client has it; if not, the claims about it are declined."""
        return self.possible(word in self.offers, f"the client has no {word}", *(names or [word]))


def shorten(value, limit=300):
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def same(what, actual, expected):
    """Both are equal; of lists, the first item that is not is named."""
    if actual == expected:
        return
    if isinstance(actual, list) and isinstance(expected, list):
        for i, (a, e) in enumerate(zip(actual, expected)):
            if a != e:
                raise Mismatch(f"{what}: item {i} was {shorten(a)}, expected {shorten(e)}")
        raise Mismatch(f"{what}: {len(actual)} items, expected {len(expected)}: "
                       f"{shorten(actual[len(expected):] or expected[len(actual):])}")
    raise Mismatch(f"{what}: was {shorten(actual)}, expected {shorten(expected)}")


def true(what, condition, detail=None):
    if not condition:
        raise Mismatch(what if detail is None else f"{what}: {shorten(detail)}")


@contextmanager
def refused(what, *errors):
    """The block is refused with one of these errors, in Kafka's names."""
    try:
        yield
    except Refused as e:
        if e.error not in errors:
            raise Mismatch(f"{what}: refused with {e}, expected {' or '.join(errors)}") from e
    else:
        raise Mismatch(f"{what}: was not refused, expected {' or '.join(errors)}")


def eventually(what, look, condition, patience_s=30):
    """
    Looks again, which asks the broker, until the condition holds. For what a broker may do a
    little later than it says (metadata, for one); the patience is a watchdog.
    """
    end = time.monotonic() + patience_s
    while True:
        seen = look()
        if condition(seen):
            return seen
        if time.monotonic() > end:
            raise Mismatch(f"{what}: not within {patience_s} s; last seen {shorten(seen)}")
