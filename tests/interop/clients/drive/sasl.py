"""Who may come in, and who may do what: SASL, TLS, ACLs."""

import base64
import json
import time

from drive.adapter import Silent
from drive.claims import Mismatch, Refused, eventually, refused, same, true
from drive.security import ADMIN, BOB

MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]
DENIED = "SASL_AUTHENTICATION_FAILED"


def token(principal):
    """An unsecured JWT, which is what both brokers take in a test."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    now = int(time.time())
    return f"{part({'alg': 'none'})}.{part({'sub': principal, 'iat': now, 'exp': now + 3600})}."


def login(stage, mechanism, user, password=None, tls=False):
    """The settings of a client that logs in so."""
    if tls:
        stage.broker.bootstrap("SASL_SSL")  # which then has a CA
    security = {"protocol": "SASL_SSL" if tls else "SASL_PLAINTEXT", "mechanism": mechanism,
                "user": user[0], "password": password or user[1]}
    if mechanism == "OAUTHBEARER":
        security["token"] = token(user[0]) if password is None else password
        security["subject"] = user[0]
    if tls:
        security["ca"] = stage.broker.ca
    return security


def there_and_back(client, topic):
    """A record goes there and comes back."""
    client.ask("create", topic=topic, partitions=1)
    send(client, topic)
    seen = client.ask("consume", topic=topic, start={"0": 0}, until={"0": 0},
                      wait_ms=30000)["records"]
    same("what came back", [r["value"] for r in seen], ["v"])


def send(client, topic):
    client.ask("produce", topic=topic, codec="none", records=[
        {"partition": 0, "key": None, "value": "v", "headers": [],
         "timestamp": int(time.time() * 1000)}])


def check_mechanism(stage, claims, mechanism):
    with claims.claim(mechanism):
        client = stage.client(login(stage, mechanism, ADMIN))
        there_and_back(client, stage.name(mechanism.lower()))
        same("the exit status", client.finish(), 0)
    wrong = "not-a-token" if mechanism == "OAUTHBEARER" else "wrong"
    with claims.claim(f"{mechanism}-wrong"):
        client = stage.client(login(stage, mechanism, ADMIN, wrong))
        try:
            with refused("a wrong password", DENIED):
                client.ask("list-topics")
        finally:
            client.kill()


def check_tls(stage, claims, mechanism):
    with claims.claim("tls"):
        client = stage.client(login(stage, mechanism, ADMIN, tls=True))
        there_and_back(client, stage.name("tls"))
        same("the exit status", client.finish(), 0)
    with claims.claim("tls-unknown-ca"):
        security = login(stage, mechanism, ADMIN, tls=True)
        client = stage.client({**security, "ca": stage.broker.other_ca})
        try:
            client.ask("list-topics")
        except (Refused, Silent):
            pass
        else:
            raise Mismatch("a server that nobody vouches for was trusted")
        finally:
            client.kill()


def check_acls(stage, claims, mechanism):
    topic = stage.name("private")
    admin = stage.client(login(stage, mechanism, ADMIN))
    bob = stage.client(login(stage, mechanism, BOB))
    with claims.claim("unprivileged"):
        there_and_back(admin, topic)
        with refused("writing without a right", "TOPIC_AUTHORIZATION_FAILED"):
            send(bob, topic)
        # Some clients cannot read without a group.
        with refused("reading without a right", "TOPIC_AUTHORIZATION_FAILED",
                     "GROUP_AUTHORIZATION_FAILED"):
            bob.ask("consume", topic=topic, start={"0": 0}, until={"0": 0}, wait_ms=10000)
        topics = bob.ask("list-topics")["topics"]
        true("the topic is not even seen", topic not in topics, topics)
        with refused("creating without a right", "TOPIC_AUTHORIZATION_FAILED",
                     "CLUSTER_AUTHORIZATION_FAILED"):
            bob.ask("create", topic=stage.name("bobs"), partitions=1)
    bob.kill()
    if claims.offered("acls", "acls-grant", "acls-revoke"):
        bob = stage.client(login(stage, mechanism, BOB))
        with claims.claim("acls-grant"):
            for operation in ("read", "write"):
                admin.ask("acl-create", topic=topic, principal=f"User:{BOB[0]}",
                          operation=operation)
            eventually("the topic is seen", lambda: bob.ask("list-topics")["topics"],
                       lambda topics: topic in topics)
            send(bob, topic)
            same("the rules", sorted(admin.ask("acl-list", topic=topic)["acls"]),
                 [[f"User:{BOB[0]}", "read"], [f"User:{BOB[0]}", "write"]])
        with claims.claim("acls-revoke"):
            admin.ask("acl-delete", topic=topic)
            eventually("the topic is hidden again", lambda: bob.ask("list-topics")["topics"],
                       lambda topics: topic not in topics)
        bob.kill()
    same("the exit status", admin.finish(), 0)


def exercise(stage, claims):
    usable = None
    for mechanism in MECHANISMS:
        word = f"sasl-{mechanism.lower()}"
        if claims.offered(word, mechanism, f"{mechanism}-wrong"):
            check_mechanism(stage, claims, mechanism)
            usable = usable or mechanism
    if usable:
        if claims.offered("tls", "tls", "tls-unknown-ca"):
            check_tls(stage, claims, usable)
        check_acls(stage, claims, usable)
