"""A site in processes of its own, without a browser: for what only real processes show, such as outages, kills and logs.

`new_site(...)` gives a SmallSite on a fresh, migrated database; `start_web`, `start_worker` and `run` act on it. All of it ends
with the test. Import the fixture into a test file to use it.
"""

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests import migrated
from tests.smtp_sink import free_port

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    seconds: float


@dataclass
class Visitor:
    """Somebody with cookies. Follows no redirect: what the site answered is what is looked at."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, typed: dict[str, str], **headers: str) -> Answer:
        """Send a form of this page, with the hidden fields that a browser would send."""
        return self.send(path, self.hidden_fields(path) | typed, **headers)

    def hidden_fields(self, path: str) -> dict[str, str]:
        page = self.get(path).text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        hidden.setdefault("csrfmiddlewaretoken", self.cookies.get("csrftoken", ""))
        return hidden

    def send(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", path, urlencode(fields), headers)

    def ask(self, method: str, path: str, body: str | None = None, headers: dict | None = None) -> Answer:
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            line.request(method, path, body, {"Cookie": cookies, **(headers or {})})
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, dict(answer.headers), text, time.monotonic() - began)


@dataclass
class SmallSite:
    """A site's environment, and what runs in it."""

    folder: Path
    env: dict[str, str]
    port: int
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    facts: object = None

    def visitor(self, session: str = "") -> Visitor:
        return Visitor(self.port, {"sessionid": session} if session else {})

    def start_web(self, *words: str, wait: bool = True) -> subprocess.Popen:
        server = [PYTHON, "-m", "gunicorn", "--config", "python:lms.serving", "lms.wsgi:application"]
        web = self.start("web", *server, "--bind", f"127.0.0.1:{self.port}", *words)
        if wait:
            self.wait_until_up()
        return web

    def start_worker(self) -> subprocess.Popen:
        return self.start("worker", PYTHON, "manage.py", "qcluster")

    def start(self, name: str, *words: str, **options) -> subprocess.Popen:
        with (self.folder / f"{name}.log").open("a") as log:
            options = {"stdout": log, "stderr": log} | options
            process = subprocess.Popen(words, cwd=ROOT, env=self.env, start_new_session=True, **options)
        self.running[name] = process
        return process

    def wait_until_up(self, seconds: float = 60) -> None:
        assert within(seconds, lambda: self.visitor().get("/healthz").status == 200), self.logs()

    def run(self, *words: str, fails: bool = False, **env: str) -> str:
        """A management command: what it said. `fails`: it has to, and says why."""
        done = subprocess.run(
            [PYTHON, "manage.py", *words], cwd=ROOT, env=self.env | env, capture_output=True, text=True
        )
        assert (done.returncode != 0) is fails, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stderr if fails else done.stdout

    def script(self, code: str) -> str:
        """What a few lines of Python, run inside the site, printed last; JSON is read."""
        code = f"import django; django.setup()\n{code}"
        done = subprocess.run([PYTHON, "-c", code], cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def rows(self, sql: str) -> list[tuple]:
        """Ask the site's database from outside."""
        url = self.env["DATABASE_URL"]
        if url.startswith("postgres"):
            with psycopg.connect(url, autocommit=True) as line:
                return line.execute(sql).fetchall()
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as line:
            return line.execute(sql).fetchall()

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def end(self, name: str, number: int = signal.SIGTERM, seconds: float = 20) -> None:
        """End one of the processes, with all that it started."""
        process = self.running.pop(name)
        _signal_group(process, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)
        _signal_group(process, signal.SIGKILL)
        process.wait(timeout=10)

    def end_all(self) -> None:
        for name in list(self.running):
            self.end(name, seconds=3)


def _signal_group(process: subprocess.Popen, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def within(seconds: float, question) -> float | None:
    """How many seconds it took until the question was answered with yes; None where it never was."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with suppress(OSError, http.client.HTTPException):
            if question():
                return max(time.monotonic() - began, 0.001)
        time.sleep(0.1)
    return None


@pytest.fixture
def fresh_database(tmp_path, django_db_setup):
    """`fresh_database()` is the address of a new, migrated database of the kind that this run has."""
    server = os.environ.get("DATABASE_URL", "")
    made = []

    def make(*, empty: bool = False) -> str:
        name = f"small_{uuid.uuid4().hex[:12]}"
        if not server.startswith("postgres"):
            file = tmp_path / f"{name}.sqlite3"
            if not empty:
                migrated.lay_copy(file)
            return f"sqlite:///{file}"
        template = "template1" if empty else migrated.postgres_template()
        with psycopg.connect(server, autocommit=True) as line:
            line.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        made.append(name)
        return f"{server.rsplit('/', 1)[0]}/{name}"

    yield make
    for name in made:
        with psycopg.connect(server, autocommit=True) as line:
            line.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


SET_UP = """
import json
from django.core.management import call_command
call_command("createcachetable", verbosity=0)
"""


@pytest.fixture
def new_site(tmp_path, fresh_database):
    """`new_site("lines of Python", EMAIL_PORT="2525")`: a site of its own, with these changes to its environment.

    The lines run inside it and print what the test wants to know of them as JSON: `site.facts`. Nothing runs yet.
    """
    sites = []

    def make(lines: str = "print(0)", *, empty: bool = False, **changes: str) -> SmallSite:
        folder = tmp_path / f"site{len(sites)}"
        (folder / "media").mkdir(parents=True)
        port = free_port()
        env = {
            "DJANGO_SETTINGS_MODULE": "lms.settings.dev",
            "DATABASE_URL": changes.pop("DATABASE_URL", None) or fresh_database(empty=empty),
            "VAR_DIR": str(folder),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "PYTHONWARNINGS": "ignore",
            "EMAIL_PORT": str(free_port()),
        }
        site = SmallSite(folder=folder, env=os.environ | env | changes, port=port)
        sites.append(site)
        if not empty:
            site.facts = site.script(SET_UP + lines)
        return site

    yield make
    for site in sites:
        site.end_all()


# For `new_site`: signs people in without the steps that a person would take.
SESSION_FOR = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allauth.account.models import EmailAddress
from lms.people.models import User

def session_for(email, **person):
    user = User(email=email, **person)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
"""


class Line:
    """A line between a program and a server that can be cut, and be left to hang: what an outage is made of."""

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.port = free_port()
        self.hangs = False
        self._pairs: list[socket.socket] = []
        self._listener: socket.socket | None = None

    def open(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self._listener = listener
        threading.Thread(target=self._listen, args=[listener], daemon=True).start()

    def cut(self) -> None:
        """Nobody can connect, and who was connected is not any more."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for end in self._pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._pairs.clear()

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            self._pairs.append(near)
            if self.hangs:
                continue
            far = socket.create_connection(self.server)
            self._pairs.append(far)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=[one, other], daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
