"""The adapters' side of the lines of JSON, for the clients in Python: see ../README.md."""

import json
import sys
import threading


class Failure(Exception):
    """An error of the client, with Kafka's number or a name of Kafka's."""

    def __init__(self, message, code=None, name=None):
        self.code = code
        self.name = name
        super().__init__(message)


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


def asked_to_end():
    """An event that is set at the end of standard input."""
    end = threading.Event()

    def wait():
        sys.stdin.read()
        end.set()

    threading.Thread(target=wait, daemon=True).start()
    return end
