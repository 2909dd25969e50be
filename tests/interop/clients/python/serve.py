"""The adapters' side of the lines of JSON, for the clients in Python: see ../README.md."""

import json
import logging
import sys
import threading


class Failure(Exception):
    """An error of the client, with Kafka's number or a name of Kafka's."""

    def __init__(self, message, code=None, name=None):
        self.code = code
        self.name = name
        super().__init__(message)


class Logged(logging.Handler):
    """What a client tells nobody but its log: refused logins, topics that may not be read."""

    def __init__(self, logger):
        super().__init__()
        self.lines = []
        logging.getLogger(logger).addHandler(self)
        logging.getLogger(logger).setLevel(logging.INFO)

    def emit(self, record):
        self.lines.append(record.getMessage())

    def find(self, *words):
        return next((line for line in self.lines for word in words if word in line), None)


def answer(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def encode(text):
    return None if text is None else text.encode()


def decode(data):
    return None if data is None else data.decode(errors="replace")


def serve(orders, translate):
    """orders: name → function of the arguments; translate: an exception → Failure."""
    for line in sys.stdin:
        arguments = json.loads(line)
        order = arguments.pop("do")
        try:
            answer({"ok": True, **(orders[order](**arguments) or {})})
        except Exception as e:  # whatever it is, the one who asked wants to know
            f = e if isinstance(e, Failure) else translate(e)
            answer({"ok": False, "error": f.name or type(e).__name__, "code": f.code,
                    "message": str(f)})


def asked_to_end(held=False):
    """An event that is set at the end of standard input. Held: a line has to come first."""
    end = threading.Event()
    if held:
        answer({"event": "held"})
        sys.stdin.readline()

    def wait():
        sys.stdin.read()
        end.set()

    threading.Thread(target=wait, daemon=True).start()
    return end
