"""The mail catcher keeps what it is sent and shows it without letting a mail do anything."""

import json
import smtplib
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from lms.notifications.mailcatcher.server import loopback, smtp_door, web_door
from lms.notifications.mailcatcher.store import MailStore

SCRIPT = "<script>alert(1)</script>"
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


class Catcher:
    """Both doors on free ports, as a browser and a mail sender meet them."""

    def __init__(self, folder):
        self.store = MailStore(folder, kept=20)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.smtp_port = probe.getsockname()[1]
        self.smtp = smtp_door(self.store, self.smtp_port)
        self.web = web_door(self.store, 0)
        self.smtp.start()
        threading.Thread(target=self.web.serve_forever, daemon=True).start()

    def send(self, message):
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as session:
            session.send_message(message)
        return self.store.newest_first()[0]

    def send_raw(self, content):
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as session:
            session.sendmail("a@example.org", ["b@example.org"], content)
        return self.store.newest_first()[0]

    def open(self, path, host=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.web.server_port}{path}")
        if host:
            request.add_header("Host", host)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read()

    def page(self, path):
        status, _headers, content = self.open(path)
        assert status == 200
        return content.decode()

    def close(self):
        self.web.shutdown()
        self.web.server_close()
        self.smtp.stop()


@pytest.fixture
def catcher(tmp_path):
    doors = Catcher(tmp_path / "mail")
    yield doors
    doors.close()


def a_mail(subject="Your place is booked", text="See you there:\nhttp://127.0.0.1:8000/my/?a=1&b=2.\n"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hello@example.org", "Ana <ana@example.org>", subject
    message["Message-ID"] = "<one@example.org>"
    message.set_content(text)
    return message


def test_a_mail_can_be_read_with_its_text_its_markup_and_its_calendar(catcher):
    message = a_mail()
    message.add_alternative("<p>See you <b>there</b></p>", subtype="html")
    message.add_attachment(CALENDAR, maintype="text", subtype="calendar", filename="workshop.ics")

    key = catcher.send(message)

    assert "Your place is booked</a>" in catcher.page("/")
    page = catcher.page(f"/mail/{key}")
    assert "Ana &lt;ana@example.org&gt;" in page
    assert '<a href="http://127.0.0.1:8000/my/?a=1&amp;b=2" rel="noreferrer">' in page
    assert (
        f'<a href="/mail/{key}/attachments/0">workshop.ics</a> (text/calendar, {len(CALENDAR)} bytes)' in page
    )
    _status, headers, content = catcher.open(f"/mail/{key}/attachments/0")
    assert content == CALENDAR
    assert headers["Content-Disposition"] == 'attachment; filename="workshop.ics"'
    assert "<b>there</b>" in catcher.page(f"/mail/{key}/html")
    assert b"Message-ID: <one@example.org>\r\n" in catcher.open(f"/mail/{key}/source")[2]


def test_a_calendar_beside_the_text_can_be_saved_too(catcher):
    message = a_mail()
    message.add_alternative(CALENDAR.decode(), subtype="calendar", params={"method": "REQUEST"})

    key = catcher.send(message)

    assert catcher.open(f"/mail/{key}/attachments/0")[2].startswith(b"BEGIN:VCALENDAR")


def test_newest_comes_first_and_old_ones_are_forgotten(catcher):
    for number in range(22):
        catcher.send(a_mail(subject=f"Mail number {number}."))

    page = catcher.page("/")

    assert page.index("Mail number 21.") < page.index("Mail number 20.") < page.index("Mail number 2.")
    assert "Mail number 1." not in page
    assert [mail["subject"] for mail in json.loads(catcher.page("/mails.json"))][:2] == [
        "Mail number 21.",
        "Mail number 20.",
    ]


def test_nothing_in_a_mail_becomes_markup_of_ours(catcher):
    message = a_mail(
        subject=f"{SCRIPT}", text=f'{SCRIPT} javascript:alert(1) http://x.example/"onclick=alert(1)'
    )
    message.replace_header("To", f'"{SCRIPT}" <a@example.org>')
    message.add_attachment(b"x", maintype="text", subtype="plain", filename=f'../../"{SCRIPT}.txt')

    key = catcher.send(message)

    for path in ("/", f"/mail/{key}"):
        status, headers, content = catcher.open(path)
        assert status == 200
        assert SCRIPT.encode() not in content
        assert b'"onclick' not in content
        assert b'href="javascript' not in content
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    saved = catcher.open(f"/mail/{key}/attachments/0")[1]
    assert "/" not in saved["Content-Disposition"]
    assert saved["Content-Type"] == "application/octet-stream"


def test_markup_of_a_mail_opens_in_a_sandbox_without_scripts_or_requests(catcher):
    message = a_mail()
    message.add_alternative(f'{SCRIPT}<img src="http://tracker.example/x.gif">', subtype="html")

    key = catcher.send(message)

    policy = catcher.open(f"/mail/{key}/html")[1]["Content-Security-Policy"]
    assert (
        policy
        == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe not a mail at all",
        b'Subject: =?utf-8?b?%%%?=\r\nDate: never\r\nFrom: <<>>,;\r\nTo: "\r\n\r\nbody',
        b"Content-Type: text/plain; charset=no-such-charset\r\n\r\nbody",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n--x--",
        b"Content-Type: ;;;\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: text/html\r\nContent-Disposition: attachment; filename*=utf-8''%00%0d%0aX\r\n\r\nx",
        b"Subject: one\r\n two\x0b\x0c\xc2\x85three\r\n\r\nbody",
        "Subject: שלום 👋\r\n\r\nمرحبا".encode(),
    ],
)
def test_a_broken_mail_can_still_be_listed_opened_and_saved(catcher, raw):
    key = catcher.send_raw(raw)

    assert f"/mail/{key}" in catcher.page("/")
    assert "Save the whole mail" in catcher.page(f"/mail/{key}")
    assert catcher.open("/mails.json")[0] == 200
    assert catcher.open(f"/mail/{key}/source")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/mail/../../etc/passwd",
        "/mail/..%2f..%2fetc%2fpasswd",
        "/mail/20260101T000000.000000-00000000",
        "/mail/20260101T000000.000000-00000000/attachments/0",
        "/mail/%00",
        "/elsewhere",
    ],
)
def test_what_is_not_a_mail_is_not_here(catcher, path):
    assert catcher.open(path)[0] == 404


def test_an_attachment_that_is_not_there_is_not_here(catcher):
    key = catcher.send(a_mail())

    assert catcher.open(f"/mail/{key}/attachments/0")[0] == 404
    assert catcher.open(f"/mail/{key}/html")[0] == 404


def test_another_name_for_this_machine_is_refused(catcher):
    assert catcher.open("/", host="mails.attacker.example")[0] == 403
    assert catcher.open("/", host="localhost:8025")[0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "8.8.8.8"])
def test_an_address_that_others_can_reach_is_refused(host, tmp_path):
    with pytest.raises(ValueError, match="sign-in links"):
        smtp_door(MailStore(tmp_path), 0, host)
    with pytest.raises(ValueError, match="sign-in links"):
        web_door(MailStore(tmp_path), 0, host)


def test_an_address_of_this_machine_is_accepted():
    assert [loopback(host) for host in ("127.0.0.1", "127.0.0.2", "::1")] == ["127.0.0.1", "127.0.0.2", "::1"]


def test_the_command_refuses_an_open_address(tmp_path):
    command = [
        sys.executable,
        "-m",
        "lms.notifications.mailcatcher",
        "--host",
        "0.0.0.0",
        "--dir",
        str(tmp_path),
    ]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=30)

    assert ended.returncode == 2
    assert "can be reached from other machines" in ended.stderr


def test_mails_are_kept_where_only_their_owner_can_look(tmp_path):
    MailStore(tmp_path / "mail")

    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
