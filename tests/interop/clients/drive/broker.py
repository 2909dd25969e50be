"""
The broker that a client is put before: a real Apache Kafka (../../../fidelity/kafka.sh), or
ktrial serve. Both are asked for the same: short sessions allowed, no delay before a rebalance.
"""

import json
import os
import select
import signal
import socket
import subprocess

from drive.adapter import Broken
from drive.security import ADMIN, USERS, make_ca, make_certificate

READY_S = 60
# As long as the sessions of static members in the classic protocol (group.py).
CONSUMER_SESSION_MS = 20000
HERE = os.path.dirname(os.path.abspath(__file__))
KAFKA = os.path.join(HERE, "..", "..", "..", "fidelity", "kafka.sh")
SASL = ["SASL_PLAINTEXT", "SASL_SSL"]
SECURE = [*SASL, "SSL"]
MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]


# Who may log in to ktrial serve; the super user is a setting.
LOGINS = "scenario \"logins\"\n" + "".join(f'principal {name} password "{word}"\n'
                                          for name, word in USERS)


class Skip(Exception):
    """It cannot be had here."""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def certificates(make, *arguments):
    try:
        return make(*arguments)
    except FileNotFoundError:
        raise Skip("there is no openssl") from None


class Kafka:
    """Apache Kafka, one node."""

    def __init__(self, directory, exercise):
        self.directory = os.path.join(directory, "kafka")
        os.makedirs(self.directory)
        plain, controller, *secure = free_ports(2 + len(SECURE))
        self.addresses = {"PLAINTEXT": f"127.0.0.1:{plain}",
                          **{name: f"127.0.0.1:{port}" for name, port in zip(SECURE, secure)}}
        settings = [f"port={plain}", f"controller.port={controller}", "num.partitions=4",
                    "group.min.session.timeout.ms=1000",
                    "group.consumer.min.session.timeout.ms=1000",
                    f"group.consumer.session.timeout.ms={CONSUMER_SESSION_MS}",
                    "group.consumer.min.heartbeat.interval.ms=100",
                    "group.consumer.heartbeat.interval.ms=500"]
        if exercise == "sasl":
            self.ca = certificates(make_ca, directory, "ca")
            self.other_ca = make_ca(directory, "other-ca")
            settings += self.secured(*make_certificate(directory, "ca", "server", "localhost"),
                                     controller)
        done = subprocess.run(["bash", KAFKA, "start", self.directory, *settings],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode == 77:
            raise Skip(done.stderr.strip() or "there is no Kafka")
        if done.returncode != 0:
            raise Broken(done.stderr)

    def secured(self, key_path, chain_path, controller):
        listeners = ["PLAINTEXT", *SECURE]
        names = [f"{name}://{self.addresses[name]}" for name in listeners]
        plain = "".join(f' user_{name}="{word}"' for name, word in USERS)
        login = "org.apache.kafka.common.security"
        jaas = {"plain": f"{login}.plain.PlainLoginModule required{plain};",
                "scram-sha-256": f"{login}.scram.ScramLoginModule required;",
                "scram-sha-512": f"{login}.scram.ScramLoginModule required;",
                "oauthbearer": f"{login}.oauthbearer.OAuthBearerLoginModule required "
                               'unsecuredLoginStringClaim_sub="broker";'}
        with open(key_path) as key, open(chain_path) as chain:
            store = os.path.join(self.directory, "keystore.pem")
            with open(store, "w") as f:
                f.write(key.read() + chain.read())
        return [
            "listeners=" + ",".join([*names, f"CONTROLLER://127.0.0.1:{controller}"]),
            "advertised.listeners=" + ",".join(names),
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT," +
            ",".join(f"{name}:{name}" for name in listeners),
            "sasl.enabled.mechanisms=" + ",".join(MECHANISMS),
            *(f"listener.name.{where.lower()}.{name}.sasl.jaas.config={text}"
              for where in SASL for name, text in jaas.items()),
            "ssl.keystore.type=PEM", f"ssl.keystore.location={store}",
            "ssl.truststore.type=PEM", f"ssl.truststore.location={self.ca}",
            "listener.name.ssl.ssl.client.auth=required",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            f"super.users=User:{ADMIN[0]};User:CN={ADMIN[0]};User:ANONYMOUS",
            *(f"scram.{name}={word}" for name, word in USERS),
        ]

    def bootstrap(self, protocol):
        return self.addresses[protocol]

    def certificate(self, name):
        """The key and the certificate of a client, from the authority that is trusted."""
        return make_certificate(os.path.dirname(self.ca), "ca", name, name)

    def stop(self):
        subprocess.run(["bash", KAFKA, "stop", self.directory], check=False)


class Ktrial:
    """ktrial serve; one for each security protocol that is asked for."""

    def __init__(self, directory, exercise, program):
        self.directory = directory
        self.program = program
        self.running = {}
        self.ca = self.other_ca = None
        if exercise == "sasl":
            self.other_ca = certificates(make_ca, directory, "other-ca")
        else:
            self.bootstrap("PLAINTEXT")

    def settings(self, protocol):
        common = ["num.partitions=4", "session.expiry=real",
                  f"group.consumer.session.timeout.ms={CONSUMER_SESSION_MS}",
                  "group.consumer.heartbeat.interval.ms=500"]
        if protocol == "PLAINTEXT":
            return common
        by_certificate = protocol not in SASL
        return [*common, f"listener={protocol}",
                "super.users=User:" + (f"CN={ADMIN[0]},O=ktrial" if by_certificate else ADMIN[0]),
                *(["ssl.client.auth=required"] if by_certificate else [])]

    def bootstrap(self, protocol):
        if protocol not in self.running:
            self.running[protocol] = self.start(protocol)
        return self.running[protocol][1]

    def start(self, protocol):
        arguments = [self.program, "serve"]
        if protocol in SASL:
            path = os.path.join(self.directory, "logins.scn")
            with open(path, "w") as f:
                f.write(LOGINS)
            arguments.append(path)
        for setting in self.settings(protocol):
            arguments += ["--set", setting]
        if os.environ.get("KTRIAL_VERBOSE"):
            arguments.append("--verbose")
        log = open(os.path.join(self.directory, f"ktrial-{protocol}.log"), "wb")
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=log)
        ready, _, _ = select.select([process.stdout], [], [], READY_S)
        line = process.stdout.readline() if ready else b""
        if not line.startswith(b'{"event":"ready"'):
            process.kill()
            process.wait()
            with open(log.name, errors="replace") as f:
                raise Broken(f"ktrial serve {protocol}: {line.decode()}{f.read()}")
        said = json.loads(line)
        self.ca = said.get("ssl.ca.location", self.ca)
        return process, said["bootstrap.servers"]

    def certificate(self, name):
        """The key and the certificate of a client; its authority is the broker's own."""
        self.bootstrap("SSL")
        answer = self.control(f"principal {name} password \"-\"", "SSL")
        return answer["ssl.key.location"], answer["ssl.certificate.location"]

    def control(self, line, protocol="PLAINTEXT"):
        """A line of the scenario language; ktrial serve reads it from its standard input."""
        process, _ = self.running[protocol]
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], READY_S)
        answer = json.loads(process.stdout.readline()) if ready else {"error": "no answer"}
        if not answer.get("ok"):
            raise Broken(f"ktrial serve: {line}: {answer.get('error')}")
        return answer

    def stop(self):
        """It must have survived its clients: its own end is by our signal."""
        for protocol, (process, _) in self.running.items():
            if process.poll() is not None:
                raise Broken(f"ktrial serve {protocol} ended by itself, {process.returncode}")
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise Broken(f"ktrial serve {protocol} does not end") from None
            if process.returncode < 0:
                raise Broken(f"ktrial serve {protocol} died of signal {-process.returncode}")
