"""The two doors of the mail catcher, both on this machine only: SMTP in, pages out."""

import ipaddress
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from lms.notifications.mailcatcher import pages
from lms.notifications.mailcatcher import store as mails
from lms.notifications.mailcatcher.store import MailStore

OUR_PAGES = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MAIL_MARKUP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
MAIL_PATH = re.compile(r"/mail/([0-9A-Za-z.\-]{1,60})(?:/(html|source|attachments/([0-9]{1,3})))?")


def loopback(host: str) -> str:
    """The address, if only this machine can reach it; ValueError otherwise."""
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"{host} can be reached from other machines, and these mails carry sign-in links.")
    return host


class Keeper:
    """aiosmtpd hands each mail to this."""

    def __init__(self, store: MailStore) -> None:
        self.store = store

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.store.add(envelope.original_content)
        return "250 Kept"


def smtp_door(store: MailStore, port: int, host: str = "127.0.0.1") -> Controller:
    return Controller(Keeper(store), hostname=loopback(host), port=port, ident="mail catcher")


def web_door(store: MailStore, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    handler = type("Pages", (Pages,), {"store": store})
    server = ThreadingHTTPServer((loopback(host), port), handler)
    server.daemon_threads = True
    return server


class Pages(BaseHTTPRequestHandler):
    """Shows and changes nothing. Markup out of a mail is answered in a sandbox of its own."""

    store: MailStore
    server_version = "mailcatcher"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        # A page elsewhere whose name was pointed at this machine must not read the mails.
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in {"127.0.0.1", "localhost", "[::1]"}:
            self._answer(403, "text/plain", b"Ask for this machine by its own name.")
            return
        path = self.path.split("?", 1)[0]
        if path == "/":
            self._page(pages.mail_list(self.store))
        elif path == "/style.css":
            self._answer(200, "text/css", pages.STYLE.encode())
        elif path == "/mails.json":
            self._answer(200, "application/json", json.dumps(listing(self.store)).encode())
        elif match := MAIL_PATH.fullmatch(path):
            self._mail(*match.groups())
        else:
            self._missing()

    do_HEAD = do_GET

    def _mail(self, key: str, part: str | None, number: str | None) -> None:
        message = self.store.message(key)
        if message is None:
            self._missing()
        elif part is None:
            self._page(pages.mail(self.store, key))
        elif part == "source":
            self._answer(200, "message/rfc822", self.store.raw(key) or b"", save_as=f"{key}.eml")
        elif part == "html":
            markup = mails.body(message, "html")
            if markup is None:
                self._missing()
            else:
                self._answer(200, "text/html", markup.encode(), policy=MAIL_MARKUP)
        else:
            found = mails.attachments(message)
            if number is None or int(number) >= len(found):
                self._missing()
            else:
                name, _kind, content = found[int(number)]
                self._answer(200, "application/octet-stream", content, save_as=name)

    def _page(self, markup: str | None) -> None:
        if markup is None:
            self._missing()
        else:
            self._answer(200, "text/html", markup.encode("utf-8", "replace"))

    def _missing(self) -> None:
        markup = pages.page("Not here", '<h1>Not here</h1><p><a href="/">All mails</a></p>')
        self._answer(404, "text/html", markup.encode())

    def _answer(
        self, status: int, kind: str, content: bytes, *, policy: str = OUR_PAGES, save_as: str | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if save_as is not None:
            plain = save_as.encode("ascii", "replace").decode().replace("?", "_")
            self.send_header("Content-Disposition", f'attachment; filename="{plain}"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses of pages are nobody's business."""


def listing(store: MailStore) -> list[dict[str, Any]]:
    """Newest first, for programs."""
    found = []
    for key in store.newest_first():
        message = store.message(key)
        if message is not None:
            found.append(
                {
                    "key": key,
                    "to": mails.header(message, "To"),
                    "subject": mails.header(message, "Subject"),
                    "message_id": mails.header(message, "Message-ID"),
                    "text": mails.body(message, "plain"),
                    "attachments": [name for name, _kind, _content in mails.attachments(message)],
                }
            )
    return found
