"""
One client, one exercise, one broker: python3 -m drive kafka|ktrial KTRIAL EXERCISE COMMAND…
COMMAND starts the client's program. Exit status 0: every claim held; 1; 77: it cannot be had.
"""

import os
import sys
import tempfile

from drive import (admin, compression, exactly_once, group, migration, moves, patterns,
                   produce_consume, reset, sasl, transactions)
from drive.adapter import Adapter, Broken, Member, Refused, Silent
from drive.broker import Kafka, Ktrial, Skip
from drive.claims import Claims, Mismatch

EXERCISES = {"produce-consume": produce_consume, "group": group, "transactions": transactions,
             "admin": admin, "sasl": sasl, "exactly-once": exactly_once,
             "patterns": patterns, "compression": compression, "reset": reset,
             "moves": moves, "migration": migration}


class Stage:
    """The broker, and how clients come before it."""

    def __init__(self, broker, command, log):
        self.broker = broker
        self.command = command
        self.log = log
        self.started = []

        # Other clients, by name: how their programs are started (run.sh).
        self.peers = {name: os.environ[f"KTRIAL_PEER_{i}"].splitlines()
                      for i, name in enumerate(os.environ.get("KTRIAL_PEERS", "").split())}

    def name(self, word):
        return f"it-{word}"

    def client(self, security=None):
        protocol = (security or {}).get("protocol", "PLAINTEXT")
        self.started.append(Adapter(self.command, self.broker.bootstrap(protocol), security,
                                    log=self.log))
        return self.started[-1]

    def peer(self, name):
        self.started.append(Adapter(self.peers[name], self.broker.bootstrap("PLAINTEXT"),
                                    log=self.log))
        return self.started[-1]

    def member(self, name, options, security=None):
        protocol = (security or {}).get("protocol", "PLAINTEXT")
        self.started.append(Member(name, self.command, self.broker.bootstrap(protocol), security,
                                   member={**options, "name": name}, log=self.log))
        return self.started[-1]

    def clean_up(self):
        for program in self.started:
            program.kill()


def run(which, program, exercise, command, directory):
    log = os.path.join(directory, "client.log")
    # What a client offers it says without a broker.
    asking = Adapter(command, "127.0.0.1:1", log=log)
    try:
        offers = asking.ask("offers")["offers"]
    finally:
        asking.kill()
    broker = Kafka(directory, exercise) if which == "kafka" else \
        Ktrial(directory, exercise, program)
    claims = Claims(offers)
    stage = Stage(broker, command, log)
    try:
        with claims.claim("comes-to-its-end"):
            EXERCISES[exercise].exercise(stage, claims)
    finally:
        stage.clean_up()
        broker.stop()
    if claims.failed and os.path.exists(log):
        with open(log, errors="replace") as f:
            sys.stderr.write("".join(line.rstrip()[:300] + "\n" for line in f.readlines()[-30:]))
    return claims


def main():
    which, program, exercise, *command = sys.argv[1:]
    keep = os.environ.get("KTRIAL_KEEP")
    if keep:
        os.makedirs(keep, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        try:
            claims = run(which, program, exercise, command, keep or directory)
        except Skip as e:
            print(f"SKIP     {e}\n0 passed, 0 failed, 1 skipped")
            return 77
        except (Broken, Refused, Silent, Mismatch) as e:
            print(f"FAILED   {e}\n0 passed, 1 failed")
            return 1
    print(f"{claims.passed} passed, {claims.failed} failed, {claims.absent} skipped")
    return 1 if claims.failed else 0


if __name__ == "__main__":
    sys.exit(main())
