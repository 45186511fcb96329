"""Requests as machines, old browsers and ill will send them: made up by a seed, so that each can be sent again."""

import logging
import random
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote, quote_from_bytes, urlencode

from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client

from tests.lms.doors_world import World
from tests.lms.test_doors import DOORS, VISITOR, browsers, path_of

ROLES = (VISITOR, "patient", "professional", "lay_tutor", "coordinator")
METHODS = ("GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
BYTES = (
    b"\x00", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"%", b"%%30", b"\r\nX-Canary: 1",
    b"../../../etc/passwd", b"..%2f..%2f", b"\xe2\x80\xae", b"<script>x</script>", b"' OR 1=1 --", b"{{7*7}}", b"${7*7}",
)  # fmt: skip
WORDS = (
    "", " ", "0", "-1", "1e309", "NaN", "9" * 40, "1" * 5000, "true", "null", "[]", "\x00", "a\x00b", "\ud800", "\ufffe",
    "é" * 200, "👩🏽‍⚕️" * 50, "ألم", "\u202e", "'", '"', "`", "\\", "%s%s%n", "%(x)s", "{0}", "=1+1", "2026-13-45", "31/02/2027",
    "25:61", "٣", "½", "x" * 10_000, "00000000-0000-0000-0000-000000000000", "not-a-uuid", "-0", "1_000", "０", "\n", "a\r\nb",
)  # fmt: skip
KEYS = (
    "page",
    "query",
    "q",
    "as",
    "from",
    "next",
    "at",
    "once",
    "whose",
    "do",
    "move",
    "item",
    "end",
    "what",
    "email",
    "day",
)
HEADERS = {
    "Accept-Language": ("x" * 5000, "en;q=zz", "\x00", "ar,,,;;;"),
    "X-Forwarded-For": ("1.2.3.4, x", "::::", "'", "9" * 500),
    "X-Forwarded-Proto": ("ftp", "https, http"),
    "Range": ("bytes=9-1", "bytes=0-" + "9" * 40),
    "If-Modified-Since": ("yesterday", "9" * 40),
    "If-None-Match": ('"' * 300, "*", "W/"),
    "Referer": ("::", "http://[", "x" * 9000),
    "Origin": ("null", "http://[", "::"),
    "Cookie": ("sessionid=\x01; csrftoken=;;=", "sessionid=" + "x" * 4000, "=;=;", "messages=[[]]; sessionid=../x"),
    "Content-Encoding": ("gzip", "x"),
    "Accept": ("", "*/x;q=2", "application/json"),
    "X-Requested-With": ("XMLHttpRequest",),
    "Sec-Fetch-Site": ("cross-site",),
}  # fmt: skip


@dataclass
class Sent:
    """What one run sent, by how it was answered; and each answer that was a broken page, with how to send it again."""

    answers: Counter = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.answers.values())


@dataclass
class Targets:
    """Addresses of ours with things that are there, for whom they open, and the fields that their forms have."""

    paths: list[str]
    open: list[tuple[str, str]]
    fields: dict[str, list[str]]


def find_targets(world: World, people: dict[str, Client]) -> Targets:
    paths: list[str] = []
    open_for: list[tuple[str, str]] = []
    fields: dict[str, list[str]] = {}
    for route, tries in DOORS.items():
        for tried in tries:
            path = path_of(route, tried, world)
            if path in paths:
                continue
            paths.append(path)
            names: set[str] = set()
            for role, browser in people.items():
                page = browser.get(path)
                if page.status_code == 200:
                    open_for.append((role, path))
                if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
                    soup = BeautifulSoup(page.content, "html.parser")
                    names |= {one["name"] for one in soup.select("main [name]")}
            fields[path] = sorted(names - {"csrfmiddlewaretoken"})
    return Targets(paths, open_for, fields)


class Fuzzer:
    """One request after another out of a seed."""

    def __init__(self, seed: int, targets: Targets) -> None:
        self.random = random.Random(seed)
        self.targets = targets

    def rarely(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def word(self) -> str:
        if self.rarely(300):
            return "x" * 300_000
        if self.rarely(4):
            return "".join(
                chr(self.random.choice((0x20, 0x30, 0x61, 0xE9, 0x4E00, 0x1F600))) for _ in range(8)
            )
        return self.random.choice(WORDS)

    def escaped(self) -> str:
        """Bytes or a word, as they stand in an address."""
        if self.rarely(2):
            return quote_from_bytes(self.random.choice(BYTES))
        return quote(self.word()[:400].encode("utf-8", "surrogatepass"))

    def path(self, path: str) -> str:
        path = path.split("?")[0]
        if self.rarely(8):
            parts = path.split("/")
            parts[self.random.randrange(1, len(parts))] = self.escaped()
            path = "/".join(parts)
        return path

    def pairs(self, names: list[str]) -> list[tuple[str, bytes]]:
        chosen = [*names, *self.random.sample(KEYS, 2)]
        self.random.shuffle(chosen)
        found = []
        for name in chosen[: self.random.randrange(1, 40)]:
            for _again in range(2 if self.rarely(8) else 1):
                found.append((name, self.word().encode("utf-8", "surrogatepass")))
        return found

    def query(self, names: list[str]) -> str:
        if self.rarely(2):
            return ""
        if self.rarely(5):
            return self.escaped()
        return urlencode([(name, value[:2000]) for name, value in self.pairs(names)[:5]])

    def body(self, names: list[str]) -> tuple[bytes, str]:
        """A body and what it says it is."""
        form = urlencode(self.pairs(names)).encode()
        kind = self.random.randrange(9)
        if kind < 4:
            return form, "application/x-www-form-urlencoded"
        if kind == 4:
            return self.multipart(names)
        if kind == 5:
            return self.multipart(names)[0][: self.random.randrange(200)], "multipart/form-data; boundary=x"
        if kind == 6:
            return self.random.choice([b"{", b"[[[[", b'{"a":' * 500, b"\xff\xfe"]), "application/json"
        if kind == 7:
            return form, "application/x-www-form-urlencoded; charset=" + self.random.choice(
                ["utf-16", "x", "\x01"]
            )
        return self.random.randbytes(300), self.random.choice(
            ["", "x/y", "multipart/form-data", "text/xml;;;"]
        )

    def multipart(self, names: list[str]) -> tuple[bytes, str]:
        parts = []
        for name, value in self.pairs(names)[:12]:
            file = '; filename="../../x.svg"' if self.rarely(3) else ""
            head = f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
            parts.append(head.encode("utf-8", "surrogatepass") + value[:5000] + b"\r\n")
        return b"".join(parts) + b"--x--\r\n", "multipart/form-data; boundary=x"

    def headers(self) -> dict[str, str]:
        if not self.rarely(4):
            return {}
        names = self.random.sample(sorted(HEADERS), 2)
        return {name: self.random.choice(HEADERS[name]) for name in names}

    def whom_and_where(self) -> tuple[str, str]:
        """Mostly a page that opens for the role, or little would get past the door."""
        if self.rarely(5):
            return self.random.choice(ROLES), self.random.choice(self.targets.paths)
        return self.random.choice(self.targets.open)

    def request(self, path: str) -> dict:
        names = self.targets.fields[path]
        method = self.random.choice(METHODS)
        body, content_type = self.body(names) if method in ("POST", "PUT", "PATCH", "DELETE") else (b"", "")
        return {
            "method": method,
            "path": self.path(path),
            "data": body,
            "content_type": content_type or "application/octet-stream",
            "headers": self.headers(),
            "query_params": None,
            "QUERY_STRING": self.query(names),
        }


def send_many(world: World, *, count: int, seed: int) -> Sent:
    """Send `count` made-up requests as this role and that. What one of them wrote is taken back before the next."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    people = browsers(world, set(ROLES))
    cookies = {role: browser.cookies.output(header="", sep=";") for role, browser in people.items()}
    fuzzer = Fuzzer(seed, find_targets(world, people))
    sent = Sent()
    for number in range(count):
        role, path = fuzzer.whom_and_where()
        browser = people[role]
        browser.raise_request_exception = False
        request = fuzzer.request(path)
        with transaction.atomic():
            answer = browser.generic(**request)
            transaction.set_rollback(True)
        sent.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            said = {**request, "data": request["data"][:300]}
            sent.broken.append(f"seed {seed}, number {number}, as {role}: {said}: {answer.exc_info}")
        browser.cookies.load(cookies[role])
    return sent
