"""Calendar files that clients take: parsed by a library, and looked at by hand for what libraries forgive."""

import re
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from django.core import mail as outgoing
from django.urls import reverse
from icalendar import Calendar

from lms.interop.calendar_kit import Address, CalendarEvent, Method, calendar_text
from lms.notifications.models import Message
from lms.notifications.services import send_message
from workshops.models import CalendarFeed
from workshops.services.booking import book_place, cancel_booking
from workshops.services.feeds import make_calendar_feed, revoke_calendar_feed
from workshops.services.team import withdraw_tutor


def file_of(template: str, person) -> str:
    return Message.objects.filter(template=template, to=person).latest("pk").attachments.get().content


def events_in(text: str) -> list:
    return Calendar.from_ical(text).walk("VEVENT")


def logical_lines(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_booking_brings_one_event_for_each_session(opened, cast):
    series = opened(start="2027-03-16T10:00")
    book_place(series=series, person=cast.patient)

    text = file_of("booking_confirmed", cast.patient)
    events = events_in(text)

    assert [str(event["summary"]) for event in events] == [
        f"Workshop session {number} of 7" for number in range(1, 8)
    ]
    assert {str(event["uid"]) for event in events} == set(series.sessions.values_list("uid", flat=True))
    assert [event["dtstart"].dt.astimezone(UTC) for event in events] == list(
        series.sessions.order_by("number").values_list("starts_at", flat=True)
    )
    assert {int(event["sequence"]) for event in events} == {0}
    assert str(events[0]["location"]) == "Harbour Hall, 12 Harbour Street, Westport"


def test_file_holds_what_clients_need(opened, cast):
    book_place(series=opened(start="2027-03-16T10:00"), person=cast.patient)
    text = file_of("booking_confirmed", cast.patient)

    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = logical_lines(text)
    assert "METHOD:REQUEST" in lines
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert "TZID:Europe/London" in lines
    assert "BEGIN:DAYLIGHT" in lines
    assert "DTSTART;TZID=Europe/London:20270316T100000" in lines
    assert "DTSTART;TZID=Europe/London:20270330T100000" in lines
    assert not [line for line in lines if line.startswith("RRULE")]
    assert "1970" not in text


def test_only_the_receivers_address_and_the_sites_are_named(opened, cast):
    series = opened()
    book_place(series=series, person=cast.outsider)
    book_place(series=series, person=cast.patient)

    text = "\n".join(logical_lines(file_of("booking_confirmed", cast.patient)))

    assert set(re.findall(r"mailto:([^\s\"]+)", text)) == {
        cast.patient.email,
        "hello@two-doors.example",
    }
    assert "Moving on Together" not in "".join(re.findall(r"SUMMARY:.*|DESCRIPTION:.*|LOCATION:.*", text))


def test_mail_names_the_method_beside_the_type(opened, cast):
    book_place(series=opened(), person=cast.patient)
    kept = Message.objects.get(template="booking_confirmed")

    send_message(message_id=kept.pk)

    received = message_from_bytes(outgoing.outbox[-1].message().as_bytes())
    part = next(part for part in received.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert part.get_filename() == "workshop.ics"
    assert part.get_payload(decode=True).decode() == kept.attachments.get().content


def test_cancelling_takes_the_same_events_out(opened, cast):
    series = opened()
    book_place(series=series, person=cast.patient)
    cancel_booking(series=series, person=cast.patient)

    text = file_of("booking_cancelled", cast.patient)
    events = events_in(text)

    assert "METHOD:CANCEL" in logical_lines(text)
    assert {str(event["uid"]) for event in events} == set(series.sessions.values_list("uid", flat=True))
    assert {(int(event["sequence"]), str(event["status"])) for event in events} == {(1, "CANCELLED")}


def test_booking_again_has_a_higher_sequence_than_the_cancellation(opened, cast):
    series = opened()
    book_place(series=series, person=cast.patient)
    cancel_booking(series=series, person=cast.patient)
    book_place(series=series, person=cast.patient)

    events = events_in(file_of("booking_confirmed", cast.patient))

    assert {(int(event["sequence"]), str(event["status"])) for event in events} == {(2, "CONFIRMED")}


def test_tutors_get_the_dates_and_lose_them_again(opened, cast):
    series = opened()
    withdraw_tutor(series=series, person=cast.clinical_tutor)

    taken_in = events_in(file_of("series_open", cast.clinical_tutor))
    taken_out = events_in(file_of("tutor_withdrawn", cast.clinical_tutor))

    assert {int(event["sequence"]) for event in taken_in} == {0}
    assert {int(event["sequence"]) for event in taken_out} == {1}


def test_long_and_hostile_words_are_folded_and_escaped():
    event = CalendarEvent(
        uid="one",
        sequence=0,
        starts_at=datetime(2027, 2, 2, 10, tzinfo=UTC),
        ends_at=datetime(2027, 2, 2, 12, tzinfo=UTC),
        zone="Europe/London",
        summary="Workshop session 1 of 7",
        location="Häuser; \\, der Künste \U0001f3e0 " * 8
        + "\r\nATTENDEE:mailto:stranger@example.org\rX-EVIL:1\x00",
    )
    text = calendar_text(
        [event],
        method=Method.REQUEST,
        organizer=Address("site@example.org", "The Site"),
        attendee=Address("me@example.org", 'Me "X"\r\nX-EVIL:1'),
        made_at=datetime(2027, 1, 1, tzinfo=UTC),
    )

    lines = logical_lines(text)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert [line for line in lines if line.startswith(("ATTENDEE", "X-EVIL"))][1:] == []
    assert "\r" not in text.replace("\r\n", "")
    assert str(events_in(text)[0]["location"]).startswith("Häuser; \\, der Künste \U0001f3e0 Häuser")


def test_publishing_to_one_attendee_makes_no_sense():
    with pytest.raises(ValueError, match="goes to one attendee"):
        calendar_text(
            [],
            method=Method.REQUEST,
            organizer=Address("a@example.org"),
            made_at=datetime(2027, 1, 1, tzinfo=UTC),
        )


def test_private_feed_shows_what_one_booked_and_leads(opened, cast, client):
    series = opened()
    book_place(series=series, person=cast.patient)
    for_patient = make_calendar_feed(person=cast.patient)
    for_tutor = make_calendar_feed(person=cast.lay_tutor)
    for_outsider = make_calendar_feed(person=cast.outsider)

    answers = [
        client.get(reverse("calendar:feed", args=[token])) for token in (for_patient, for_tutor, for_outsider)
    ]

    assert [len(events_in(answer.content.decode())) for answer in answers] == [7, 7, 0]
    assert answers[0].headers["Content-Type"].startswith("text/calendar")
    assert "METHOD:PUBLISH" in answers[0].content.decode()
    assert "ATTENDEE" not in answers[0].content.decode()
    assert answers[0].headers["Cache-Control"] == "private, no-store"


def test_feed_is_kept_as_a_hash_and_ends(cast, client):
    first = make_calendar_feed(person=cast.patient)
    second = make_calendar_feed(person=cast.patient)
    kept = list(CalendarFeed.objects.values_list("token_hash", flat=True))
    statuses = [client.get(f"/calendar/{token}.ics").status_code for token in (first, second)]

    revoke_calendar_feed(person=cast.patient)

    assert not {first, second} & set(kept)
    assert len(first) >= 32
    assert statuses == [404, 200]
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    assert client.get(f"/calendar/{kept[1]}.ics").status_code == 404


def test_address_is_shown_once(cast, signed_in):
    browser = signed_in(cast.patient)

    browser.post("/workshops/calendar/", {"do": "make"})
    shown = browser.get("/workshops/calendar/").content.decode()
    again = browser.get("/workshops/calendar/").content.decode()

    token = re.search(r"/calendar/([\w-]+)\.ics", shown)[1]
    assert browser.get(f"/calendar/{token}.ics").status_code == 200
    assert token not in again
