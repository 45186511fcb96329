"""Forms as a person finds them: by following links, and read from the page's own HTML."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lms.core import clock

# A code of the second step is good for a minute only: tests/lms/test_second_step.py tries that form.
NOT_PAGES = re.compile(
    r"^/(cms|django-admin|static|media|documents|i18n)/|^/accounts/(logout|2fa/reauthenticate)/|\.(pdf|ics|csv)$"
)
NOT_ASKED = {"csrfmiddlewaretoken", "once", "whose", "at", "next"}  # of the machine, not of the person
PARTS = ("_day", "_month", "_year")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")

Payload = dict[str, list[str]]


def kind_of(path: str) -> str:
    """The address without what differs between pages of one kind."""
    path = re.sub(r"^/(moving-on-together|working-in-partnership)/[^/]+/[^/]+/$", "/<lesson>/", path)
    path = re.sub(r"^/(moving-on-together|working-in-partnership)/.+", "/<module>/", path)
    path = re.sub(r"^/(moving-on-together|working-in-partnership)/$", "/<curriculum>/", path)
    path = re.sub(r"^/learn/reports/[^/]+/", "/learn/reports/<course>/", path)
    path = re.sub(r"/certificates/verify/[^/]+", "/certificates/verify/<token>", UUID.sub("<id>", path))
    return re.sub(r"/\d+(?=/|$)", "/<n>", path)


@dataclass(frozen=True)
class Asked:
    """One thing that a form asks for. A day is one thing, though it has three boxes."""

    name: str
    kind: str  # text, number, email, password, choice, boxes, date, file, hidden
    choices: tuple[str, ...] = ()

    @property
    def boxes(self) -> list[str]:
        return [self.name + part for part in PARTS] if self.kind == "date" else [self.name]


@dataclass
class FoundForm:
    """A form on a page, with one of its buttons. `typed` is what it came with."""

    key: str
    page: str
    action: str
    method: str
    asked: dict[str, Asked] = field(default_factory=dict)
    typed: Payload = field(default_factory=dict)
    button: tuple[str, str] | None = None
    role: str = ""

    @property
    def variant(self) -> frozenset:
        """Forms of one key that ask for the same things are one form."""
        return frozenset(
            (nameless(one.name), one.kind, self.is_of_button(one)) for one in self.asked.values()
        )

    def is_of_button(self, one: Asked) -> bool:
        """Whether the button is that of the field's own part of the page."""
        return self.button is not None and bool(self.button[1]) and one.name.startswith(self.button[1])

    def visible(self) -> list[Asked]:
        return [one for one in self.asked.values() if one.kind != "hidden"]


def nameless(name: str) -> str:
    return re.sub(r"\d+", "<n>", UUID.sub("<id>", name))


def forms_on(soup: BeautifulSoup, page: str) -> Iterator[FoundForm]:
    """Every form on the page, once for each of its buttons."""
    for form in soup.select("form"):
        action = urlsplit(form.get("action") or page).path
        asked, typed = _read(form)
        hidden = [
            f"{name}={nameless(typed[name][0])}"
            for name, one in asked.items()
            # What a practice hides under its own number is part of its answer.
            if one.kind == "hidden" and name not in NOT_ASKED and not UUID.search(name)
        ]
        method = form.get("method", "get").lower()
        for button in _buttons(form):
            words = [kind_of(action), *(["GET"] if method == "get" else []), *hidden, *_shown(button)]
            yield FoundForm(" ".join(words), page, action, method, asked, typed, button)


def _shown(button: tuple[str, str] | None) -> list[str]:
    if button is None:
        return []
    name, value = button
    return [name if value in ("", "1") else f"{name}={nameless(value).partition('/')[0]}"]


def _buttons(form: Tag) -> list[tuple[str, str] | None]:
    named = [
        (one["name"], one.get("value", ""))
        for one in form.select("button[name]")
        if not one.get("aria-hidden")
    ]
    is_nameless = form.select_one("button:not([name])") is not None or not named
    # A consultation has many things to say: one of each kind of button is enough.
    kinds = {(name, value if name != "say" else ""): (name, value) for name, value in reversed(named)}
    return [*([None] if is_nameless else []), *reversed(kinds.values())]


def _read(form: Tag) -> tuple[dict[str, Asked], Payload]:
    asked: dict[str, Asked] = {}
    typed: Payload = {}
    for box in form.select("input[name], select[name], textarea[name]"):
        name, kind = box["name"], box.get("type", "text") if box.name == "input" else box.name
        values = _values(box, kind)
        typed.setdefault(name, []).extend(values)
        if kind in ("radio", "checkbox"):
            before = asked.get(name)
            choices = (*(before.choices if before else ()), box.get("value", "on"))
            asked[name] = Asked(name, "choice" if kind == "radio" else "boxes", choices)
        elif kind == "select":
            choices = tuple(option.get("value", "") for option in box.select("option"))
            asked[name] = Asked(name, "choice", tuple(one for one in choices if one))
        elif name.endswith(PARTS):
            day = name.rpartition("_")[0]
            asked[day] = Asked(day, "date")
        elif kind in ("hidden", "email", "password", "file"):
            asked[name] = Asked(name, kind)
        else:
            asked[name] = Asked(name, "number" if box.get("inputmode") == "numeric" else "text")
    return asked, typed


def _values(box: Tag, kind: str) -> list[str]:
    if kind in ("radio", "checkbox"):
        return [box.get("value", "on")] if box.has_attr("checked") else []
    if kind == "select":
        return [option.get("value", "") for option in box.select("option[selected]")][:1]
    if kind == "textarea":
        return [box.get_text().removeprefix("\n")]
    return [box.get("value", "")]


def filled(form: FoundForm, words: dict[str, str] | None = None) -> Payload:
    """What a person might well send: what stands there already, and a fitting answer to everything else."""
    sent = {name: list(values) for name, values in form.typed.items()}
    for one in form.asked.values():
        if one.kind == "date":
            day = clock.today() + timedelta(days=30)
            answer = dict(zip(one.boxes, map(str, (day.day, day.month, day.year)), strict=True))
        else:
            answer = {one.name: _answer(one)}
        for box, value in answer.items():
            if not any(sent.get(box, [])) and value:
                sent[box] = [value]
    if form.button:
        sent[form.button[0]] = [form.button[1]]
    for name, value in (words or {}).items():
        sent.update({box: [value] for box in sent if box == name or box.endswith(f"-{name}")})
    return sent


class AFile(SimpleUploadedFile):
    """A table of one address, as a file; it may be sent more than once."""

    def __init__(self, content: bytes = b"email\nsomebody.new@example.org\n") -> None:
        super().__init__("people.csv", content, content_type="text/csv")

    def read(self, *args) -> bytes:
        self.seek(0)
        return super().read(*args)


def _answer(one: Asked) -> str | AFile:
    if one.kind == "file":
        return AFile()
    if one.kind in ("choice", "boxes"):
        return one.choices[0]
    known = {"email": "somebody.new@example.org", "number": "10", "password": "a long walk by the sea"}
    return "" if one.kind == "hidden" else known.get(one.kind, "A short walk")


def pages(
    client: Client, start: Iterable[str], *, each: int, whole: bool = False
) -> Iterator[tuple[str, int, BeautifulSoup]]:
    """Pages by following links, breadth first, at most `each` of one kind (`whole`: but every lesson)."""
    start = list(start)
    waiting, seen, kinds = deque(start), set(start), {}
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        kinds[kind] = kinds.get(kind, 0) + (path not in start)
        if kinds[kind] > each and not (whole and kind in ("/<lesson>/", "/<module>/")):
            continue
        answer = client.get(path)
        soup = BeautifulSoup(answer.content, "lxml")
        yield path, answer.status_code, soup
        links = [link["href"] for link in soup.select("a[href]")] + [answer.headers.get("Location", "")]
        for href in links:
            parts = urlsplit(href)
            if parts.netloc or parts.scheme or not parts.path.startswith("/") or NOT_PAGES.search(parts.path):
                continue
            if parts.path not in seen:
                seen.add(parts.path)
                waiting.append(parts.path)


def said_beside(soup: BeautifulSoup, one: Asked) -> str:
    """The sentence that the field's own box, or the group around it, names as its description of what is amiss."""
    for name in one.boxes:
        for box in soup.find_all(attrs={"name": name}):
            around = [box, *box.find_parents("fieldset")]
            for place in (id for tag in around for id in tag.get("aria-describedby", "").split()):
                described = soup.find(id=place)
                said = described.select_one(".nhsuk-error-message") if described else None
                if said is not None and said.get_text(strip=True):
                    return said.get_text(" ", strip=True)
    return ""


def said_above(soup: BeautifulSoup) -> list[str]:
    """The sentences of the error summary, and of messages."""
    return [
        said.get_text(" ", strip=True)
        for said in soup.select(
            ".nhsuk-error-summary__body li, .nhsuk-error-summary__body p, .message, .messages li"
        )
    ]
