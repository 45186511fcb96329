"""`python -m lms.notifications.mailcatcher`: runs until it is told to end."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from lms.notifications.mailcatcher.server import loopback, smtp_door, web_door
from lms.notifications.mailcatcher.store import MailStore


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="mailcatcher", description="Keeps mails on this machine and shows them."
    )
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--web-port", type=int, default=8025)
    parser.add_argument("--host", default="127.0.0.1", help="an address that only this machine can reach")
    parser.add_argument("--dir", type=Path, default=Path("var/mail"))
    options = parser.parse_args(arguments)
    try:
        loopback(options.host)
    except ValueError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2

    store = MailStore(options.dir)
    smtp = smtp_door(store, options.smtp_port, options.host)
    web = web_door(store, options.web_port, options.host)
    smtp.start()
    threading.Thread(target=web.serve_forever, daemon=True).start()
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    ending.wait()
    web.shutdown()
    smtp.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
