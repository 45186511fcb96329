"""Mails as files, one `.eml` each, newest first by name."""

import email
import email.policy
import os
import re
import secrets
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

KEPT = 500
KEY = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}-[0-9a-f]{8}")


class MailStore:
    """Keeps the newest ``kept`` mails in a folder that only its owner can open: mails carry sign-in links."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self.folder = folder
        self.kept = kept
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)

    def add(self, content: bytes) -> str:
        """Keep one mail whole and answer its key. Forgets the oldest when there are too many."""
        key = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
        unfinished = self.folder / f".{key}"
        unfinished.write_bytes(content)
        os.replace(unfinished, self.folder / f"{key}.eml")
        for old in self.newest_first()[self.kept :]:
            (self.folder / f"{old}.eml").unlink(missing_ok=True)
        return key

    def newest_first(self) -> list[str]:
        """Newest first."""
        return sorted(
            (path.stem for path in self.folder.glob("*.eml") if KEY.fullmatch(path.stem)), reverse=True
        )

    def raw(self, key: str) -> bytes | None:
        """The mail as it came, or None: a key that is none of ours never becomes a path."""
        if not KEY.fullmatch(key):
            return None
        try:
            return (self.folder / f"{key}.eml").read_bytes()
        except FileNotFoundError:
            return None

    def message(self, key: str) -> EmailMessage | None:
        raw = self.raw(key)
        return None if raw is None else read_message(raw)


def read_message(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)


def header(message: EmailMessage, name: str) -> str:
    """A header's words. One that cannot be read is shown as it came, on one line."""
    try:
        value = str(message.get(name, ""))
    except Exception:  # the parser raises many kinds on hostile headers
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(value.split())


def body(message: EmailMessage, kind: str) -> str | None:
    """The text ("plain") or the markup ("html") of a mail, or None where it has none."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    content = part.get_payload(decode=True) or b""
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def attachments(message: EmailMessage) -> list[tuple[str, str, bytes]]:
    """(file name, type, content) of each part that is not the text or the markup, in order.

    A calendar that stands beside the text as a third way of reading the mail counts as one.
    """
    shown = {id(message.get_body(preferencelist=(kind,))) for kind in ("plain", "html")}
    found = []
    for part in message.walk():
        if part.is_multipart() or id(part) in shown:
            continue
        name = part.get_filename() or f"part-{len(found) + 1}.{part.get_content_subtype()}"
        name = re.sub(r"[^\w.\- ]", "_", Path(name.replace("\\", "/")).name).lstrip(".")[:100] or "attachment"
        found.append((name, part.get_content_type(), part.get_payload(decode=True) or b""))
    return found
