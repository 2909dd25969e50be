"""
A client program, spoken to in lines of JSON: ../README.md lists the commands.

One process is one principal of one client. An order is answered by one line; a client that does
not answer within the patience is killed, which is a failure of the claim that waited for it.
"""

import json
import os
import queue
import subprocess
import threading
import time

PATIENCE_S = 60
SAID = threading.Event()  # some program has said something

# Numbers for clients that name no errors.
ERRORS = {
    -1: "UNKNOWN_SERVER_ERROR", 1: "OFFSET_OUT_OF_RANGE", 2: "CORRUPT_MESSAGE",
    3: "UNKNOWN_TOPIC_OR_PARTITION", 6: "NOT_LEADER_OR_FOLLOWER", 7: "REQUEST_TIMED_OUT",
    10: "MESSAGE_TOO_LARGE",
    15: "COORDINATOR_NOT_AVAILABLE", 16: "NOT_COORDINATOR", 17: "INVALID_TOPIC_EXCEPTION",
    18: "RECORD_LIST_TOO_LARGE", 22: "ILLEGAL_GENERATION", 25: "UNKNOWN_MEMBER_ID",
    29: "TOPIC_AUTHORIZATION_FAILED", 30: "GROUP_AUTHORIZATION_FAILED",
    31: "CLUSTER_AUTHORIZATION_FAILED", 33: "UNSUPPORTED_SASL_MECHANISM",
    35: "UNSUPPORTED_VERSION", 36: "TOPIC_ALREADY_EXISTS", 37: "INVALID_PARTITIONS",
    38: "INVALID_REPLICATION_FACTOR", 40: "INVALID_CONFIG", 42: "INVALID_REQUEST",
    45: "OUT_OF_ORDER_SEQUENCE_NUMBER", 47: "INVALID_PRODUCER_EPOCH", 48: "INVALID_TXN_STATE",
    53: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", 58: "SASL_AUTHENTICATION_FAILED",
    59: "UNKNOWN_PRODUCER_ID", 68: "NON_EMPTY_GROUP", 69: "GROUP_ID_NOT_FOUND",
    87: "INVALID_RECORD", 90: "PRODUCER_FENCED",
}


class Refused(Exception):
    """The client says that it did not work."""

    def __init__(self, order, answer):
        self.error = ERRORS.get(answer.get("code")) or str(answer.get("error"))
        super().__init__(f"{order}: {self.error} {answer.get('message', '')}"[:500])


class Silent(Exception):
    """The client does not answer, or is gone."""


class Broken(Exception):
    """The broker does not start, or did not survive."""


class Adapter:
    """A running client program; its lines arrive on a thread of their own."""

    def __init__(self, command, bootstrap, security=None, member=None, log=None):
        arguments = [*command, bootstrap, json.dumps(security or {})]
        if member is not None:
            arguments.append(json.dumps(member))
        self.lines = queue.Queue()
        self.log = open(log or os.devnull, "ab")
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log, start_new_session=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            try:
                self.lines.put(json.loads(line))
            except ValueError:
                self.log.write(b"not JSON: " + line)
            SAID.set()
        self.lines.put(None)
        SAID.set()

    def next(self, patience_s):
        """The next line, or None when the program has ended."""
        try:
            return self.lines.get(timeout=patience_s)
        except queue.Empty:
            raise Silent(f"no line within {patience_s} s") from None

    def ask(self, order, patience_s=PATIENCE_S, **arguments):
        try:
            self.process.stdin.write(json.dumps({"do": order, **arguments}).encode() + b"\n")
            self.process.stdin.flush()
            answer = self.next(patience_s)
        except OSError as e:
            raise Silent(f"{order}: {e}") from e
        except Silent as e:
            self.kill()
            raise Silent(f"{order}: {e}") from e
        if answer is None:
            raise Silent(f"{order}: the client program ended, {self.process.wait()}")
        if not answer.get("ok"):
            raise Refused(order, answer)
        return answer

    def kill(self):
        """As a power cut: nothing is said to the broker."""
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()

    def finish(self, patience_s=30):
        """Asks it to end by itself; its exit status, or -1 where it had to be killed."""
        try:
            self.process.stdin.close()
        except OSError:
            pass
        try:
            return self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return -1


class Member(Adapter):
    """A member of a group, reading until it is asked to end: what it has said so far."""

    def __init__(self, name, *rest, **named):
        self.name = name
        self.assigned = None
        self.records = []
        self.events = []
        self.ended = False
        self.held = False
        super().__init__(*rest, **named)

    def release(self):
        """It was started to be held, and is to join now."""
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def take(self):
        """Takes in what it said meanwhile, without waiting."""
        while True:
            try:
                line = self.lines.get_nowait()
            except queue.Empty:
                return
            if line is None:
                self.ended = True
                return
            event = line.get("event")
            self.events.append(line)
            if event == "owns":
                self.assigned = sorted(line["partitions"])
            elif event == "held":
                self.held = True
            elif event == "record":
                self.records.append((line["partition"], line["offset"], line["value"]))


def wait_for(members, what, condition, patience_s=60):
    """Takes in what the members say until the condition holds; a member's end is none."""
    end = time.monotonic() + patience_s
    while True:
        SAID.clear()
        for member in members:
            member.take()
        if condition():
            return
        gone = [m.name for m in members if m.ended]
        if gone or time.monotonic() > end:
            told = {m.name: (m.assigned, len(m.records), m.events[-1:]) for m in members}
            raise Silent(f"{what}: " + (f"{gone} ended by itself" if gone else
                                        f"not within {patience_s} s") + f"; {told}"[:600])
        SAID.wait(max(0, end - time.monotonic()))
