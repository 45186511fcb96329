"""The agenda in a browser without scripts: starting, answering, agreeing, and what is typed wrongly."""

import re
import uuid
from datetime import date

import pytest

from coaching.models import Agenda, AgendaItem
from lms.core.kept import whose_mark
from lms.notifications.models import Message
from lms.people.queries import consents_of
from tests.factories.coaching import agenda_for, tie_between

pytestmark = pytest.mark.django_db


def filled(**changes) -> dict:
    """What a patient types on a new agenda."""
    return {
        "what_matters": "My grandson",
        "topic_1": "Pain at night",
        "topic_2": "Swimming",
        "topic_3": "",
        "visit_on_day": "5",
        "visit_on_month": "3",
        "visit_on_year": "2026",
        "visit_at": "10:20",
        "minutes": "15",
        "share": "on",
        "once": str(uuid.uuid4()),
        **changes,
    }


@pytest.fixture
def not_yet(cast, at):
    from tests.coaching.conftest import MONDAY

    at(MONDAY)
    return tie_between(cast.patient, cast.professional, sharing=())


def new_page(tie) -> str:
    return f"/coaching/agendas/new/{tie.public_id}/"


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_starting_asks_for_consent_in_words_and_gives_it(not_yet, signed_in):
    client = signed_in(not_yet.patient)

    page = text_of(client.get(new_page(not_yet)))
    refused = client.post(new_page(not_yet), filled(share=""))
    agreed = client.post(new_page(not_yet), filled())

    assert "Priya Field will see your topics, what matters most to you, and the day of the visit" in page
    assert refused.status_code == 200
    assert "Tick the box" in text_of(refused)
    assert "Pain at night" in refused.content.decode()
    assert consents_of(not_yet) == {"agenda"}
    agenda = Agenda.objects.get()
    assert agreed.url == f"/coaching/agendas/{agenda.public_id}/"
    assert (agenda.visit_on, agenda.minutes, agenda.what_matters) == (date(2026, 3, 5), 15, "My grandson")
    assert list(agenda.items.values_list("words", "priority")) == [("Pain at night", 1), ("Swimming", 2)]


def test_a_professional_starts_one_only_where_agendas_are_shared(not_yet, signed_in):
    client = signed_in(not_yet.professional)

    assert client.get(new_page(not_yet)).status_code == 404
    assert client.post(new_page(not_yet), filled()).status_code == 404
    not_yet.consents.create(person=not_yet.patient, what="agenda", words="yes")
    client.post(new_page(not_yet), filled())

    agenda = Agenda.objects.get()
    assert agenda.created_by == not_yet.professional
    assert agenda.what_matters == ""
    assert agenda.items.first().raised_by_side == "professional"


def test_with_one_person_the_choice_is_skipped_and_with_none_the_page_says_how(two, signed_in):
    assert signed_in(two.patient).get("/coaching/agendas/new/").url == new_page(two.tie)
    assert "/privacy/people/" in signed_in(two.outsider).get("/coaching/agendas/new/").content.decode()


def test_the_whole_way_to_an_agreed_list(two, signed_in):
    patient, professional = signed_in(two.patient), signed_in(two.professional)
    agenda = agenda_for(two.tie, topics=("Pain at night", "A letter for work"))
    here = f"/coaching/agendas/{agenda.public_id}/"
    pain, letter = agenda.items.all()

    assert "Priya Field to answer" in text_of(patient.get(here))
    professional.post(here, {"move": "agree", "item": pain.pk})
    professional.post(
        f"{here}topics/{letter.pk}/later/",
        {
            "until_day": "1",
            "until_month": "4",
            "until_year": "2026",
            "reason": "I need the form first",
        },
    )
    professional.post(
        f"{here}topics/new/", {"words": "Blood pressure", "priority": "1", "minutes_asked": "3"}
    )
    patient.post(f"{here}topics/{AgendaItem.objects.last().pk}/leave-out/", {"reason": "We did it on Friday"})
    seq = agenda.moves.last().seq
    patient.post(here, {"move": "voice", "on_seq": seq})
    assert "Amina Field has agreed this list. Now it is your turn." in text_of(professional.get(here))
    professional.post(here, {"move": "voice", "on_seq": seq})

    page = text_of(patient.get(here))
    assert "You have both agreed this list." in page
    assert "Come back to it on Wednesday 1 April 2026." in page
    assert "We did it on Friday" in page
    assert "You left it out: Blood pressure" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"topic_1": "", "topic_2": ""}, "Enter the first topic."),
        ({"topic_1": "x" * 201}, "must be 200 characters or fewer. You have used 201."),
        ({"topic_1": "pain\x07"}, "Take out the hidden characters"),
        ({"what_matters": "x" * 100_000}, "must be 500 characters or fewer"),
        ({"visit_on_day": "1"}, "The day of the visit is over."),
        ({"visit_on_year": "2126"}, "Choose a day within the next two years."),
        ({"visit_on_day": "31", "visit_on_month": "2"}, "Enter a real date."),
        ({"visit_on_day": "", "visit_on_month": "", "visit_on_year": ""}, "Enter the day of the visit."),
        ({"visit_at": "25:00"}, "Enter a real time"),
        ({"minutes": "4"}, "whole number from 5 to 240"),
        ({"minutes": "soon"}, "whole number from 5 to 240"),
        ({"minutes_1": "999999999999999999999"}, "whole number from 1 to 120"),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_nothing_is_kept(two, signed_in, changes, says):
    response = signed_in(two.patient).post(new_page(two.tie), filled(**changes))

    assert response.status_code == 200
    assert says in text_of(response)
    assert Agenda.objects.count() == 0


def test_hostile_right_to_left_and_emoji_words_are_shown_as_they_are(two, signed_in):
    words = ["<script>alert(1)</script>\"'", "\u200fכאב בלילה", "👩‍👧 school"]

    client = signed_in(two.patient)
    made = client.post(new_page(two.tie), filled(topic_1=words[0], topic_2=words[1], topic_3=words[2]))
    page = client.get(made.url).content.decode()

    assert list(AgendaItem.objects.values_list("words", flat=True)) == words
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert words[1] in page
    assert words[2] in page


def test_parking_before_the_visit_is_refused_beside_the_field(two, signed_in):
    agenda = agenda_for(two.tie)
    page = f"/coaching/agendas/{agenda.public_id}/topics/{agenda.items.get().pk}/later/"

    refused = signed_in(two.patient).post(page, {"until_day": "3", "until_month": "3", "until_year": "2026"})
    taken = signed_in(two.patient).post(page, {"until_day": "6", "until_month": "3", "until_year": "2026"})

    assert "Choose a day after this visit." in text_of(refused)
    assert taken.status_code == 302
    assert agenda.moves.last().until == date(2026, 3, 6)


def test_a_press_that_makes_no_sense_is_answered_in_words(two, signed_in):
    agenda = agenda_for(two.tie)
    client, here = signed_in(two.patient), f"/coaching/agendas/{agenda.public_id}/"

    for sent in ({}, {"move": "explode"}, {"move": "agree", "item": "x"}, {"move": "voice", "on_seq": "-1"}):
        response = client.post(here, sent)
        assert response.status_code == 200
        assert "Press the button again." in text_of(response)
    assert client.post(here, {"move": "agree"}).status_code == 404
    assert "The other person answers" in text_of(
        client.post(here, {"move": "agree", "item": agenda.items.get().pk})
    )
    assert agenda.moves.count() == 1


def test_the_same_form_twice_adds_one_topic_and_one_agenda(two, signed_in):
    client = signed_in(two.patient)
    form = filled()
    first, second = client.post(new_page(two.tie), form), client.post(new_page(two.tie), form)
    topic = {"words": "Sleep", "priority": "3", "once": str(uuid.uuid4())}
    client.post(f"{first.url}topics/new/", topic)
    client.post(f"{first.url}topics/new/", topic)

    assert first.url == second.url
    assert Agenda.objects.count() == 1
    assert AgendaItem.objects.filter(words="Sleep").count() == 1


def test_signed_out_in_the_middle_nothing_typed_is_lost(two, signed_in, client):
    agenda = agenda_for(two.tie)
    page = f"/coaching/agendas/{agenda.public_id}/topics/new/"

    typed = {"words": "My knees at night", "priority": "2", "whose": whose_mark(two.patient)}
    sent_away = client.post(page, typed)
    client.force_login(two.patient, backend="django.contrib.auth.backends.ModelBackend")
    back = client.get(page)

    assert sent_away.url.startswith("/accounts/login/")
    assert "My knees at night" in back.content.decode()


def test_tell_them_mails_once_for_each_state_and_without_content(two, signed_in):
    agenda = agenda_for(two.tie, topics=("Canarywort",), what_matters="Canarymoss")
    client, here = signed_in(two.patient), f"/coaching/agendas/{agenda.public_id}/"

    client.post(here, {"move": "tell"})
    again = client.post(here, {"move": "tell"}, follow=True)

    mail = Message.objects.get(template="agenda_topic_waiting")
    assert "Priya Field knows already." in text_of(again)
    assert mail.address == two.professional.email
    assert mail.subject == "Something is waiting for you"
    assert str(agenda.public_id) in mail.text
    for word in ("Canarywort", "Canarymoss", "Amina"):
        assert word not in mail.subject + mail.text + mail.html


def test_nobody_is_told_of_what_they_may_not_see(two, signed_in):
    from lms.people.services import withdraw_consent

    agenda = agenda_for(two.tie)
    withdraw_consent(tie=two.tie, person=two.patient, what="agenda")

    response = signed_in(two.patient).post(f"/coaching/agendas/{agenda.public_id}/", {"move": "tell"})

    assert "there is nobody to tell" in text_of(response)
    assert Message.objects.filter(template="agenda_topic_waiting").count() == 0


def test_pages_say_that_nobody_watches_them_for_emergencies(two, signed_in):
    agenda = agenda_for(two.tie)
    client = signed_in(two.patient)

    for page in (new_page(two.tie), f"/coaching/agendas/{agenda.public_id}/", "/coaching/plans/new/"):
        assert "Nobody watches this page for emergencies." in text_of(client.get(page))
