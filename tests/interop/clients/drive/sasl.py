"""Who may come in, and who may do what: SASL, TLS, ACLs."""

import base64
import json
import time

from drive.adapter import Silent, wait_for
from drive.claims import Mismatch, Refused, eventually, refused, same, true
from drive.group import fairly_shared
from drive.produce_consume import noise
from drive.security import ADMIN, BOB

MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]
DENIED = "SASL_AUTHENTICATION_FAILED"
SESSION_MS = 6000
LARGE = 300_000


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


def check_tls_group(stage, claims, mechanism):
    """Heartbeats, long polls and records that do not fit one record of TLS, all at a time."""
    topic, count = stage.name("tls-group"), 4
    security = login(stage, mechanism, ADMIN, tls=True)
    with claims.claim("tls-group"):
        client = stage.client(security)
        client.ask("create", topic=topic, partitions=count)
        members = [stage.member(name, {
            "topic": topic, "group": stage.name("g-tls"), "assignor": "range",
            "session_ms": SESSION_MS}, security) for name in ("m1", "m2")]
        wait_for(members, "two members share four partitions",
                 lambda: fairly_shared(members, [*range(count)]))
        sent = {(p, noise(LARGE, p)) for p in range(count)}
        client.ask("produce", topic=topic, codec="none", records=[
            {"partition": p, "key": None, "value": v, "headers": [],
             "timestamp": int(time.time() * 1000)} for p, v in sent])
        wait_for(members, "what was sent is read", lambda: sent <= {
            (p, v) for m in members for p, _, v in m.records})
        for program in (*members, client):
            same("the exit status", program.finish(), 0)


def by_certificate(stage, name):
    key, certificate = stage.broker.certificate(name)
    return {"protocol": "SSL", "ca": stage.broker.ca, "key": key, "certificate": certificate}


def check_certificates(stage, claims):
    """Who somebody is says a certificate; without one nobody comes in."""
    topic = stage.name("certificate")
    with claims.claim("client-certificate"):
        client = stage.client(by_certificate(stage, ADMIN[0]))
        there_and_back(client, topic)
        same("the exit status", client.finish(), 0)
    with claims.claim("client-certificate-unprivileged"):
        client = stage.client(by_certificate(stage, BOB[0]))
        with refused("writing without a right", "TOPIC_AUTHORIZATION_FAILED"):
            send(client, topic)
        client.kill()
    with claims.claim("client-certificate-missing"):
        client = stage.client({"protocol": "SSL", "ca": stage.broker.ca})
        try:
            client.ask("list-topics")
        except (Refused, Silent):
            pass
        else:
            raise Mismatch("a client that shows no certificate was let in")
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
        if claims.offered("tls", "tls", "tls-unknown-ca", "tls-group", "client-certificate",
                          "client-certificate-unprivileged", "client-certificate-missing"):
            check_tls(stage, claims, usable)
            check_tls_group(stage, claims, usable)
            check_certificates(stage, claims)
        check_acls(stage, claims, usable)
