"""A whole site in processes of its own: server, worker, mail sink, a fresh database, and a clock that can be set."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from tests import migrated
from tests.smtp_sink import Sink, free_port, running_sink

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable


@dataclass
class Site:
    """A running site. `env` is its environment, so that commands act on the same database and clock."""

    base: str
    sink: Sink
    env: dict[str, str]
    folder: Path
    processes: list[subprocess.Popen] = field(default_factory=list)

    def url(self, path: str) -> str:
        return self.base + path

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [PYTHON, "manage.py", *words], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def set_clock(self, moment: datetime) -> None:
        (self.folder / "clock").write_text(moment.isoformat())

    def mail_to(self, address: str, subject: str, seconds: float = 30) -> EmailMessage:
        """The newest mail to the address whose subject has these words; waits for the worker to send it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in reversed(self.sink.mails):
                if mail["To"] == address and subject.lower() in mail["Subject"].lower():
                    return mail
            time.sleep(0.2)
        sent = [(mail["To"], mail["Subject"]) for mail in self.sink.mails]
        raise AssertionError(f"No mail to {address} about {subject!r} came. Came: {sent}")

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


def link_in(mail: EmailMessage) -> str:
    """The path of the first link in the mail's text."""
    text = mail.get_body(("plain",)).get_content()
    parts = urlsplit(re.search(r"https?://\S+", text)[0])
    return parts.path + (f"?{parts.query}" if parts.query else "")


@contextmanager
def running_site(
    folder: Path, *, database_url: str, set_up: list[list[str]], settings: str = "lms.settings.dev"
):
    """Start a site on an empty database, after `set_up` (management commands); stop all of it afterwards.

    `settings`: another module; where it brings models of its own, `set_up` begins with ["migrate"].
    """
    with running_sink() as (sink, mail_port):
        port = free_port()  # only now, or the sink might be given the same one
        base = f"http://127.0.0.1:{port}"
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "DATABASE_URL": database_url,
            "CLOCK_FILE": str(folder / "clock"),
            "SITE_URL": base,
            "EMAIL_PORT": str(mail_port),
        }
        site = Site(base=base, sink=sink, env=env, folder=folder)
        file = Path(database_url.removeprefix("sqlite:///"))
        if database_url.startswith("sqlite"):
            migrated.lay_copy(file)
        site.manage("migrate", "--verbosity=0")
        if database_url.startswith("sqlite"):
            migrated.keep_copy_of(file)
        env["DJANGO_SETTINGS_MODULE"] = settings  # only now: the copy is of the site as it is
        for words in [["build_assets"], *set_up]:
            site.manage(*words)
        try:
            site.processes = [
                start(
                    site,
                    "server",
                    [
                        PYTHON,
                        "-m",
                        "gunicorn",
                        "lms.wsgi:application",
                        "--bind",
                        f"127.0.0.1:{port}",
                        "--workers",
                        "2",
                        "--threads",
                        "4",
                    ],
                ),
                start(site, "worker", [PYTHON, "manage.py", "qcluster"]),
            ]
            wait_until_up(site)
            yield site
        finally:
            stop(site)


def start(site: Site, name: str, words: list[str]) -> subprocess.Popen:
    log = (site.folder / f"{name}.log").open("w")
    return subprocess.Popen(words, cwd=ROOT, env=site.env, stdout=log, stderr=log, start_new_session=True)


def wait_until_up(site: Site, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if urllib.request.urlopen(site.url("/healthz"), timeout=2).status == 200:
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("The site did not come up:\n" + site.log())


def stop(site: Site) -> None:
    for process in site.processes:
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            continue
    for process in site.processes:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
