"""Three channels of equal care: the same words by mail, in a letter and on the phone; and nothing is lost between them."""

import re
import shutil
import subprocess
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from lms.audit.models import Entry
from lms.core.errors import RuleBroken
from lms.notifications import work
from lms.notifications.models import Handling, Message
from lms.notifications.paper import letters_pdf, spoken, written
from lms.notifications.queries import calls_to_make, given_up_mails, letters_to_post, waiting_for
from lms.notifications.services import MOST_ATTEMPTS, File, queue_message, send_message
from lms.notifications.tasks import sweep
from lms.people.models import Channel, NeedsMet, Role, User
from lms.people.services.contact import change_contact
from lms.people.services.needs import record_needs
from tests.factories import OrganisationFactory, RoleFactory, UserFactory

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
ADDRESS = "12 Mill Lane\nRiverside\nRV1 2AB"
PHONE = "01632 960 001"
DESK = "/people/letters-and-calls/"
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def somebody(cast, way: str = "", email: bool = True, **more) -> User:
    """A patient of the cast's organisation, reached in this way."""
    person = UserFactory(
        first_name="Mei", last_name="Tan", **({} if email else {"email": "", "confirmed": False})
    )
    RoleFactory(person=person, kind="patient", organisation=cast.organisation)
    if way:
        change_contact(person=person, by=person, way=way, **more)
    return person


def a_message(to: User, **changes) -> Message:
    facts = {
        "template": "role_given",
        "context": {"role": "Lay tutor", "organisation": "Riverside", "url": f"{settings.SITE_URL}/my/"},
    }
    return queue_message(to=to, **(facts | changes))


@pytest.fixture
def reader(cast, at):
    """Reached by letter, with a number too."""
    at(MONDAY)
    return somebody(cast, "letter", address=ADDRESS, phone=PHONE)


@pytest.fixture
def listener(cast, at):
    """Reached by a call, without email and without an address."""
    at(MONDAY)
    return somebody(cast, "call", email=False, phone=PHONE, best_time="weekday mornings")


def given_up(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(attempts=MOST_ATTEMPTS, given_up_at=timezone.now())
    message.refresh_from_db()
    return message


def text_of(answer) -> str:
    return answer.content.decode()


# ---------------------------------------------------------------- which way


@pytest.mark.parametrize(
    ("way", "email", "facts", "days", "channel"),
    [
        ("", True, {}, None, "mail"),
        ("mail", True, {"phone": PHONE}, 1, "mail"),
        ("letter", True, {"address": ADDRESS}, None, "letter"),
        ("letter", False, {"address": ADDRESS}, None, "letter"),
        ("call", True, {"phone": PHONE}, None, "call"),
        ("letter", True, {"address": ADDRESS, "phone": PHONE}, 2.9, "call"),
        ("letter", True, {"address": ADDRESS, "phone": PHONE}, 3, "letter"),
        ("letter", True, {"address": ADDRESS}, 1, "letter"),
        ("", False, {}, None, "letter"),
    ],
)
def test_each_message_goes_the_way_that_reaches_them(cast, at, way, email, facts, days, channel):
    at(MONDAY)
    person = somebody(cast, way, email, **facts)

    message = a_message(person, not_after=None if days is None else MONDAY + timedelta(days=days))

    assert message.channel == channel
    assert (message.address != "") is (channel == "mail")


def test_who_lost_their_email_is_called(cast, at):
    at(MONDAY)
    person = somebody(cast, "mail", phone=PHONE)
    person.email = ""
    person.save()

    assert a_message(person).channel == "call"


def test_a_secret_goes_by_mail_or_becomes_help(reader, listener):
    secret = {"template": "reset_password", "context": {"password_reset_url": "https://x.example/secret"}}

    by_mail = a_message(reader, is_secret=True, **secret)
    helped = a_message(listener, is_secret=True, **secret)

    assert (by_mail.channel, by_mail.words) == ("mail", "")
    assert (helped.channel, helped.template, helped.is_secret) == ("call", "help_with_signing_in", False)
    assert "secret" not in helped.words and "your coordinator can help you in again" in helped.words


def test_the_database_refuses_a_secret_on_paper_and_a_mail_to_nowhere(reader):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(to=reader, channel="letter", is_secret=True, message_id="<1@x>")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(to=reader, channel="mail", message_id="<2@x>")


def test_the_worker_leaves_letters_and_calls_to_people(reader, listener):
    before = OrmQ.objects.count()
    letter, call = a_message(reader), a_message(listener)
    Message.objects.update(created_at=timezone.now() - timedelta(days=1))

    assert OrmQ.objects.count() == before
    assert sweep() == 0
    assert (send_message(message_id=letter.pk), send_message(message_id=call.pk)) == (False, False)
    assert {one.sent_at for one in Message.objects.all()} == {None}


# ---------------------------------------------------------------- each template, each way

TEMPLATES = sorted(
    path.name for path in (settings.BASE_DIR / "templates" / "notifications").iterdir() if path.is_dir()
)
# These hold a link that signs in or confirms, or are sent to an address alone: by mail only.
BY_MAIL_ONLY = {
    "account_exists", "account_notice", "confirm_address", "reset_password", "tie_invitation", "unknown_account",
}  # fmt: skip
# What has no place in a letter or on the phone.
ONLY_IN_A_MAIL = re.compile(
    r"this (e-?)?mail\b|attached|attachment|\bclick\b|\bpress\b|\bpage below\b|\blink\b|button|mailbox", re.I
)
SAMPLE = {
    "url": f"{settings.SITE_URL}/workshops/0e4f5c1e-1111-4111-8111-111111111111/",
    "sessions": ["Tuesday 12 January 2027, 10 a.m. to 12:40 p.m."],
    "venue_name": "Harbour Hall",
    "venue_address": "12 Harbour Street, Westport",
    "access_notes": "Step-free.",
    "organisation": "Riverside Clinic",
    "organisation_phone": "01632 960000",
    "organisation_email": "hello@riverside.example",
    "role": "Lay tutor",
    "inviter": "Ruth Bell",
    "kind": "lay tutor",
    "partner": "Lena Fox",
    "led_by": "Ben Archer and Lena Fox",
    "name": "Ben Archer",
    "first_name": "",
}


@pytest.mark.django_db
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("channel", ["mail", "letter", "call"])
def test_every_template_reads_well_in_each_channel(cast, template, channel):
    contact = {"mail": {}, "letter": {"address": ADDRESS}, "call": {"phone": PHONE}}[channel]
    person = somebody(cast, channel, **contact)
    by_mail_only = template in BY_MAIL_ONLY

    message = queue_message(template=template, to=person, context=SAMPLE, is_secret=by_mail_only)

    assert message.channel == ("mail" if by_mail_only else channel)
    assert len(message.subject) > 5 and not re.search("{{|{%", message.subject)
    if message.channel == "mail":
        assert message.text.startswith("Hello Mei,\n\n")
        assert "Call Samaritans on 116 123" in message.text and "Call Samaritans on 116 123" in message.html
        return
    assert (message.text, message.html, message.address) == ("", "", "")
    said = spoken(message.words) if channel == "call" else written(message.words)
    lines = [line for paragraph in said for line in paragraph]
    whole = "\n".join(lines)
    assert len(whole) > 30
    assert not ONLY_IN_A_MAIL.search(whole), whole
    assert "http" not in whole and "{" not in whole and not whole.startswith("Hello")
    assert all(line.strip() and not line.endswith(":\n") for line in lines)


def test_words_for_a_mail_alone_would_be_noticed(cast, at):
    """The control: the words of a mail, taken for a letter, do not pass."""
    at(MONDAY)
    message = queue_message(template="booking_confirmed", to=somebody(cast), context=SAMPLE)

    assert ONLY_IN_A_MAIL.search(message.text)
    assert not ONLY_IN_A_MAIL.search("\n".join(sum(written(message.words), [])))


def test_what_a_calendar_file_holds_stands_in_the_words(reader):
    file = File("cancelled.ics", "text/calendar; method=CANCEL", "BEGIN:VCALENDAR\r\n")

    message = queue_message(template="booking_cancelled", to=reader, context=SAMPLE, files=[file])

    assert message.attachments.count() == 0
    assert "Tuesday 12 January 2027, 10 a.m. to 12:40 p.m." in message.words
    assert "Harbour Hall" in message.words


def test_a_long_address_is_neither_printed_nor_said():
    words = "You have a place.\n\nSee or change your booking:\nhttps://learn.example/workshops/0e4f/\n\nSee you soon.\n"

    site = settings.SITE_URL.split("//")[1]
    assert spoken(words) == [["You have a place."], ["See you soon."]]
    assert written(words) == [
        ["You have a place."],
        [f"See or change your booking: sign in at {site}"],
        ["See you soon."],
    ]


# ---------------------------------------------------------------- letters


def pdf_text(content: bytes, tmp_path: Path, *more: str) -> str:
    file = tmp_path / "letters.pdf"
    file.write_bytes(content)
    made = subprocess.run(["pdftotext", "-layout", *more, file, "-"], capture_output=True, check=True)
    return made.stdout.decode()


@needs_poppler
def test_letters_are_printed_together_each_on_its_own_page(reader, cast, signed_in, tmp_path):
    cast.organisation.contact_phone = "01632 960000"
    cast.organisation.save()
    other = somebody(cast, "letter", email=False, address="1 Quay Street\nWestport", large_print=True)
    a_message(reader), a_message(other)

    answer = signed_in(cast.coordinator).get(f"{DESK}letters.pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'inline; filename="letters.pdf"'
    pages = [page for page in pdf_text(answer.content, tmp_path).split("\f") if page.strip()]
    first, second = pages[0], " ".join(pages[1:])
    assert "12 Mill Lane" in first and "1 Quay Street" not in first
    assert "1 Quay Street" in second and "12 Mill Lane" not in second
    for page in (first, second):
        words = " ".join(page.split())
        assert "Hello Mei," in words and "Riverside has given you a role: Lay tutor." in words
        assert "Call Samaritans on 116 123" in words and "4 January 2027" in words
        assert "Call 01632 960000" in words and "http" not in words
    assert Entry.objects.filter(verb="looked", purpose="letters and calls").count() == 2


@needs_poppler
def test_nothing_but_name_and_address_shows_in_the_window(reader, cast, tmp_path):
    """20-110 mm from the left and 45-80 mm from the top, as pdftotext crops at 72 dots an inch."""
    a_message(reader)

    content = letters_pdf(letters_to_post(cast.coordinator), senders={reader.pk: cast.organisation})
    window = ["-r", "72", "-x", "57", "-y", "127", "-W", "255", "-H", "100", "-l", "1"]

    assert pdf_text(content, tmp_path, *window).split() == ["Mei", "Tan", *ADDRESS.split()]


@needs_poppler
def test_large_print_is_at_least_18_point(cast, tmp_path, at):
    at(MONDAY)
    by_choice = somebody(cast, "letter", address=ADDRESS, large_print=True)
    by_need = somebody(cast, "letter", address=ADDRESS)
    record_needs(person=by_need, by=by_need, kinds=["large_print"])
    plain = somebody(cast, "letter", address=ADDRESS)

    def height(person: User) -> float:
        a_message(person)
        found = [one for one in letters_to_post(cast.coordinator) if one.to_id == person.pk]
        file = tmp_path / "letter.pdf"
        file.write_bytes(letters_pdf(found, senders={}))
        boxes = subprocess.run(
            ["pdftotext", "-bbox", file, "-"], capture_output=True, check=True
        ).stdout.decode()
        top, bottom = re.search(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">given<', boxes).groups()
        return float(bottom) - float(top)

    small = height(plain)
    assert height(by_choice) == height(by_need) == pytest.approx(small * 18 / 12, rel=0.02)


def test_a_letter_is_posted_once(reader, cast, signed_in):
    letter, browser = a_message(reader), signed_in(cast.coordinator)
    said = {"letters": [str(letter.public_id)], "once": uuid.uuid4()}

    first, again = browser.post(DESK, said), browser.post(DESK, said)
    other_form = browser.post(DESK, said | {"once": uuid.uuid4()}, follow=True)

    letter.refresh_from_db()
    assert (first.status_code, again.status_code, other_form.status_code) == (302, 302, 200)
    assert letter.sent_at is not None and letter.attempts == 1
    assert [(one.outcome, one.by) for one in letter.handlings.all()] == [("posted", cast.coordinator)]
    assert Entry.objects.filter(act="posted letter", subject=reader, actor=cast.coordinator).count() == 1
    assert "No letter waits." in text_of(browser.get(DESK))


def test_a_letter_in_large_print_is_noted_as_a_need_met(cast, signed_in, at):
    at(MONDAY)
    sharing, private = (somebody(cast, "letter", address=ADDRESS) for _person in range(2))
    record_needs(person=sharing, by=cast.coordinator, kinds=["large_print"], said_so=True)
    record_needs(person=private, by=private, kinds=["large_print"])
    letters = [a_message(sharing), a_message(private)]

    for letter in letters:
        page = f"{DESK}{letter.public_id}/"
        signed_in(cast.coordinator).post(page, {"do": "posted", "once": uuid.uuid4()})

    assert [(met.person, met.outcome, met.words) for met in NeedsMet.objects.all()] == [
        (sharing, "met", "In large print")
    ], "who keeps it to themselves leaves no trace of it"


def test_one_call_is_enough_for_two_things(listener, cast, signed_in):
    call, other = a_message(listener), a_message(listener, template="certificate_ready")

    page = text_of(signed_in(cast.coordinator).get(f"{DESK}{call.public_id}/"))

    assert "Also waiting for them" in page and f"{DESK}{other.public_id}/" in page


@pytest.mark.parametrize("do", ["", "x" * 5000, "\x00", "posted", "again", "letter"])
def test_a_press_that_does_not_fit_does_nothing(listener, cast, signed_in, do):
    call = a_message(listener)

    answer = signed_in(cast.coordinator).post(f"{DESK}{call.public_id}/", {"do": do, "once": uuid.uuid4()})

    call.refresh_from_db()
    assert answer.status_code == 302
    assert (call.channel, call.sent_at, call.attempts) == ("call", None, 0)


def test_a_letter_without_an_address_waits_visibly(cast, signed_in, at):
    at(MONDAY)
    person = somebody(cast, email=False)
    letter, browser = a_message(person), signed_in(cast.coordinator)

    assert letter.channel == "letter"
    assert "No address yet" in text_of(browser.get(DESK))
    assert browser.get(f"{DESK}letters.pdf").status_code == 302

    change_contact(person=person, by=cast.coordinator, way="letter", address=ADDRESS)
    assert "No address yet" not in text_of(browser.get(DESK))
    assert browser.get(f"{DESK}letters.pdf").status_code == 200


# ---------------------------------------------------------------- calls


def test_a_call_says_the_same_in_plain_words(listener, cast, signed_in):
    call = a_message(listener)

    page = text_of(signed_in(cast.coordinator).get(f"{DESK}{call.public_id}/"))

    assert PHONE in page and "weekday mornings" in page and "Leave no message." in page
    assert "Riverside has given you a role: Lay tutor." in page
    assert "I am calling from Riverside Clinic" in page and "Say no more until you know it is them." in page
    assert "/my/</" not in page.split("What to say")[1].split("Afterwards")[0]


def test_not_reached_is_tried_again_and_counted_until_reached(listener, cast, signed_in):
    call, browser = a_message(listener), signed_in(cast.coordinator)
    page = f"{DESK}{call.public_id}/"

    for _time in range(2):
        browser.post(page, {"outcome": "not_reached", "once": uuid.uuid4()})
    assert "Tried 2 times, last by Ruth Field" in text_of(browser.get(DESK))
    browser.post(page, {"outcome": "reached", "once": uuid.uuid4()})

    call.refresh_from_db()
    assert call.attempts == 3 and call.sent_at is not None
    assert [one.outcome for one in call.handlings.all()] == ["reached", "not_reached", "not_reached"]
    assert Entry.objects.filter(act="made call", subject=listener).count() == 3
    assert "No call waits." in text_of(browser.get(DESK))
    assert "This is done." in text_of(browser.get(page))


def test_the_same_press_twice_counts_once(listener, cast, signed_in):
    call, said = a_message(listener), {"outcome": "not_reached", "once": uuid.uuid4()}

    for _time in range(2):
        signed_in(cast.coordinator).post(f"{DESK}{call.public_id}/", said)

    call.refresh_from_db()
    assert call.attempts == 1


def test_two_coordinators_do_not_both_finish_a_call(listener, cast):
    other = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=cast.organisation).person
    call = a_message(listener)
    work.record_call(call=call, by=cast.coordinator, outcome="reached")

    with pytest.raises(RuleBroken, match="already"):
        work.record_call(call=call, by=other, outcome="not_wanted")
    assert work.record_call(call=call, by=other, outcome="reached").attempts == 1


def test_who_does_not_want_it_is_left_in_peace(listener, cast):
    call = work.record_call(call=a_message(listener), by=cast.coordinator, outcome="not_wanted")

    assert call.sent_at is None and call.settled_at is not None
    assert not waiting_for(cast.coordinator)


def test_what_helps_is_shown_by_consent_and_whether_it_was_there_is_noted(listener, cast, signed_in):
    record_needs(person=listener, by=cast.coordinator, kinds=["text_relay"], said_so=True)
    call, browser = a_message(listener), signed_in(cast.coordinator)
    page = f"{DESK}{call.public_id}/"

    assert "Calls by text relay" in text_of(browser.get(page))
    browser.post(page, {"outcome": "reached", "met": "met", "met_words": "Relay used", "once": uuid.uuid4()})

    assert listener.needs_met.get().words == "Relay used"
    assert Entry.objects.filter(verb="looked", thing="people.needs", subject=listener).count() == 1


# ---------------------------------------------------------------- mails that could not be sent


def test_a_mail_that_did_not_arrive_is_seen_and_goes_another_way(cast, signed_in, at):
    at(MONDAY)
    person = somebody(cast, "mail", address=ADDRESS, phone=PHONE)
    mail, browser = given_up(a_message(person)), signed_in(cast.coordinator)
    page = f"{DESK}{mail.public_id}/"
    assert "Mails that did not arrive" in text_of(browser.get(DESK))

    browser.post(page, {"do": "letter", "once": uuid.uuid4()})

    mail.refresh_from_db()
    assert (mail.channel, mail.address, mail.html) == ("letter", "", "")
    assert list(letters_to_post(cast.coordinator)) == [mail]
    assert "Riverside has given you a role" in text_of(browser.get(page))


def test_a_mail_is_sent_again_to_the_address_of_today(cast, at):
    at(MONDAY)
    person = somebody(cast)
    mail = given_up(a_message(person))
    person.email = "new@example.org"
    person.save()

    sent = work.send_again(mail=mail, by=cast.coordinator)

    assert (sent.address, sent.attempts, sent.given_up_at) == ("new@example.org", 0, None)
    assert sent.message_id == mail.message_id
    assert send_message(message_id=mail.pk) is True
    assert Message.objects.get(pk=mail.pk).words == ""


def test_a_secret_that_did_not_arrive_can_only_be_settled(cast, signed_in, at):
    at(MONDAY)
    person = somebody(cast, "letter", address=ADDRESS)
    secret = {"template": "reset_password", "context": {"password_reset_url": "https://x.example/canary"}}
    mail = given_up(a_message(person, is_secret=True, **secret))
    Message.objects.filter(pk=mail.pk).update(text="", html="")
    page = text_of(signed_in(cast.coordinator).get(f"{DESK}{mail.public_id}/"))

    assert "canary" not in page and "Make it a letter" not in page and "Send it again" not in page
    for act in (
        lambda: work.turn_message(message=mail, channel=Channel.LETTER, by=cast.coordinator),
        lambda: work.send_again(mail=mail, by=cast.coordinator),
    ):
        with pytest.raises(RuleBroken):
            act()
    work.settle(message=mail, by=cast.coordinator)
    assert not waiting_for(cast.coordinator)


def test_a_bare_address_is_shown_by_its_ends_alone(cast, signed_in, at):
    at(MONDAY)
    administrator = RoleFactory(kind=Role.Kind.ADMINISTRATOR, organisation=cast.organisation).person
    given_up(queue_message(template="tie_invitation", address="canary@example.org", context=SAMPLE))

    page = text_of(signed_in(administrator).get(DESK))

    assert "c…@example.org" in page and "canary" not in page
    assert list(given_up_mails(cast.coordinator)) == []


def test_where_we_know_no_way_it_says_so(reader, cast):
    letter = a_message(reader)
    change_contact(person=reader, by=reader, way="letter", address=ADDRESS)

    with pytest.raises(RuleBroken, match="no phone number"):
        work.turn_message(message=letter, channel=Channel.CALL, by=cast.coordinator)


# ---------------------------------------------------------------- whose work it is


def test_each_coordinator_sees_their_own_people_only(reader, listener, cast, signed_in):
    letter, call = a_message(reader), a_message(listener)
    other = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    theirs = signed_in(other)

    assert "Mei" not in text_of(theirs.get(DESK))
    for page in (f"{letter.public_id}/", f"{letter.public_id}/letter.pdf", f"{call.public_id}/"):
        assert theirs.get(DESK + page).status_code == 404
    assert theirs.get(f"{DESK}letters.pdf").status_code == 302
    assert work.mark_posted(letters=[letter.public_id], by=other) == 0
    with pytest.raises(RuleBroken, match="Only a coordinator"):
        work.record_call(call=call, by=other, outcome="reached")
    # The control: the same for their own coordinator.
    assert "Mei" in text_of(signed_in(cast.coordinator).get(DESK))
    assert work.mark_posted(letters=[letter.public_id], by=cast.coordinator) == 1


@pytest.mark.parametrize("who", ["patient", "professional", "lay_tutor", "clinical_tutor", "outsider"])
def test_the_desk_is_there_for_nobody_else(cast, signed_in, who):
    assert signed_in(getattr(cast, who)).get(DESK).status_code == 404


def test_a_guard_taken_away_is_seen(reader, cast, signed_in, monkeypatch):
    """The control: with the question whose work it is taken away, another organisation's coordinator reads the letter."""
    letter = a_message(reader)
    other = RoleFactory(kind=Role.Kind.COORDINATOR, organisation=OrganisationFactory()).person
    monkeypatch.setattr("lms.people.views.desk.message_worked_by", lambda worker: Message.objects.all())

    assert signed_in(other).get(f"{DESK}{letter.public_id}/").status_code == 200


def test_what_no_coordinator_could_see_administrators_see(cast, at):
    at(MONDAY)
    administrator = RoleFactory(kind=Role.Kind.ADMINISTRATOR, organisation=cast.organisation).person
    ours = somebody(cast, "letter", address=ADDRESS)
    stranger = UserFactory(email="", confirmed=False)
    left_alone = RoleFactory(kind="patient", organisation=OrganisationFactory()).person
    change_contact(person=left_alone, by=left_alone, way="call", phone=PHONE)
    a_message(ours)
    lost, alone = a_message(stranger), a_message(left_alone)

    assert list(letters_to_post(administrator)) == [lost]
    assert list(calls_to_make(administrator)) == [alone]
    assert waiting_for(administrator).letters == 1 and waiting_for(cast.coordinator).letters == 1
    every = {message.pk for message in Message.objects.all().to_work()}
    seen = {
        m.pk
        for one in (administrator, cast.coordinator)
        for m in [*letters_to_post(one), *calls_to_make(one)]
    }
    assert seen == every, "nothing that waits is out of everybody's sight"


def test_the_most_pressing_comes_first(listener, cast):
    later, soon, whenever = (
        a_message(listener, not_after=when)
        for when in (MONDAY + timedelta(days=9), MONDAY + timedelta(days=1), None)
    )

    assert list(calls_to_make(cast.coordinator)) == [soon, later, whenever]


def test_the_dashboard_counts_what_waits_in_one_query(
    reader, listener, cast, signed_in, django_assert_num_queries
):
    from lms.notifications.dashboard import cards

    a_message(reader), a_message(listener), a_message(listener)
    cast.coordinator._role_kinds = {Role.Kind.COORDINATOR}
    with django_assert_num_queries(1):
        (card,) = cards(cast.coordinator)
    assert (card.text, card.url) == ("2 calls, 1 letter", DESK)
    listener._role_kinds = set()
    with django_assert_num_queries(0):
        assert cards(listener) == []


def test_the_desk_costs_the_same_with_one_and_with_three(
    reader, listener, cast, signed_in, django_assert_num_queries
):
    browser = signed_in(cast.coordinator)

    def more() -> None:
        person = somebody(cast, "letter", address=ADDRESS)
        a_message(reader), a_message(listener), a_message(person)
        given_up(a_message(somebody(cast)))
        work.record_call(call=a_message(listener), by=cast.coordinator, outcome="not_reached")

    more()
    browser.get(DESK)
    with CaptureQueriesContext(connection) as one:
        browser.get(DESK)
    more(), more()

    with django_assert_num_queries(len(one)):
        browser.get(DESK)


def test_each_look_at_the_desk_is_seen_by_the_person(listener, cast, signed_in):
    call = a_message(listener)
    signed_in(cast.coordinator).get(f"{DESK}{call.public_id}/")

    page = text_of(signed_in(listener).get("/privacy/looked/"))

    assert "A message to you" in page and "To send you a letter or to call you" in page


def test_handlings_say_who_and_when(reader, cast):
    letter = a_message(reader)
    work.turn_message(message=letter, channel=Channel.CALL, by=cast.coordinator)
    work.record_call(call=letter, by=cast.coordinator, outcome="reached")

    assert [(one.outcome, one.by) for one in Handling.objects.order_by("pk")] == [
        ("turned", cast.coordinator),
        ("reached", cast.coordinator),
    ]
