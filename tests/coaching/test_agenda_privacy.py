"""Who sees an agenda, and that each look is written down. Each refusal stands beside the same request succeeding."""

import pytest
from django.db import DatabaseError

from coaching.models import Agenda, AgendaItem
from coaching.services import add_topic, agree_topic, start_agenda
from lms.audit.models import Entry
from lms.audit.queries import looks_at
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import Role
from lms.people.services import end_tie, give_consent, withdraw_consent
from tests.factories import RoleFactory, UserFactory
from tests.factories.coaching import agenda_for, tie_between

pytestmark = pytest.mark.django_db
SECRET = "Canarywort"


@pytest.fixture
def agenda(two):
    return agenda_for(two.tie, topics=(SECRET,))


def pages(agenda) -> list[str]:
    here = f"/coaching/agendas/{agenda.public_id}/"
    item = agenda.items.first().pk
    return [here, f"{here}topics/new/", f"{here}topics/{item}/later/", f"{here}topics/{item}/leave-out/"]


def answers(client, agenda) -> set[int]:
    """What each page of the agenda answers to reading, and to sending something."""
    read = {client.get(page).status_code for page in pages(agenda)}
    sent = {
        client.post(page, {"move": "tell", "words": "x", "priority": "1", "reason": "x"}).status_code
        for page in pages(agenda)
    }
    return read | sent


def test_the_two_people_see_it_and_nobody_else(two, agenda, signed_in):
    other_professional = UserFactory(audience="professional")
    RoleFactory(person=other_professional, kind=Role.Kind.PROFESSIONAL)
    tie_between(UserFactory(), other_professional)

    for stranger in (
        two.outsider,
        other_professional,
        agenda_for(tie_between(UserFactory(), two.professional)).tie.patient,
    ):
        assert answers(signed_in(stranger), agenda) == {404}
    for own in (two.patient, two.professional):
        response = signed_in(own).get(pages(agenda)[0])
        assert response.status_code == 200
        assert SECRET in response.content.decode()


def test_withdrawn_consent_is_a_404_at_the_next_request(two, agenda, signed_in):
    professional = signed_in(two.professional)
    assert professional.get(pages(agenda)[0]).status_code == 200

    withdraw_consent(tie=two.tie, person=two.patient, what="agenda")

    assert answers(professional, agenda) == {404}
    assert AgendaItem.objects.count() == 1
    assert SECRET not in professional.get("/coaching/").content.decode()
    assert signed_in(two.patient).get(pages(agenda)[0]).status_code == 200

    give_consent(tie=two.tie, person=two.patient, what="agenda")
    assert SECRET in professional.get(pages(agenda)[0]).content.decode()


def test_an_ended_tie_closes_it_and_the_patient_can_still_read(two, agenda, signed_in):
    professional, patient = signed_in(two.professional), signed_in(two.patient)
    assert professional.get(pages(agenda)[0]).status_code == 200

    end_tie(tie=two.tie, person=two.professional)

    assert answers(professional, agenda) == {404}
    assert SECRET in patient.get(pages(agenda)[0]).content.decode()
    with pytest.raises(RuleBroken, match="cannot be changed any more"):
        add_topic(agenda=agenda, by=two.patient, words="Too late")


def test_a_professional_without_the_role_sees_nothing(two, agenda, signed_in):
    professional = signed_in(two.professional)
    assert professional.get(pages(agenda)[0]).status_code == 200

    Role.objects.filter(person=two.professional).update(ends_on=clock.today())

    assert answers(professional, agenda) == {404}


def test_the_services_refuse_without_consent_too(two, agenda):
    item = agenda.items.get()
    withdraw_consent(tie=two.tie, person=two.patient, what="agenda")

    for act in (
        lambda: add_topic(agenda=agenda, by=two.professional, words="Mine"),
        lambda: agree_topic(item=item, by=two.professional),
        lambda: start_agenda(
            tie=two.tie, by=two.professional, visit_on=clock.today(), topics=[("Mine", None)]
        ),
    ):
        with pytest.raises(RuleBroken):
            act()
    give_consent(tie=two.tie, person=two.patient, what="agenda")
    add_topic(agenda=agenda, by=two.professional, words="Mine")


def test_plans_shared_are_not_agendas_shared(two, agenda, signed_in):
    withdraw_consent(tie=two.tie, person=two.patient, what="agenda")

    assert two.tie.consents.in_force().get().what == "plan"
    assert signed_in(two.professional).get(pages(agenda)[0]).status_code == 404


def test_a_topic_is_reached_only_through_its_own_agenda(two, agenda, signed_in):
    other = agenda_for(two.tie, topics=("Of another visit",))
    elsewhere = other.items.get().pk
    patient, here = signed_in(two.patient), pages(agenda)[0]

    assert patient.get(f"{here}topics/{elsewhere}/later/").status_code == 404
    assert patient.post(here, {"move": "withdraw", "item": elsewhere}).status_code == 404
    assert patient.get(f"{here}topics/{agenda.items.get().pk}/later/").status_code == 200


def test_each_look_is_one_row_that_the_patient_sees(two, agenda, signed_in):
    professional = signed_in(two.professional)

    professional.get(pages(agenda)[0])
    professional.get(pages(agenda)[0])

    looks = list(looks_at(two.patient))
    assert [(look.actor, look.thing, look.thing_id, look.purpose) for look in looks] == [
        (two.professional, "coaching.agenda", str(agenda.pk), "agenda of a visit")
    ] * 2


def test_a_look_is_told_in_the_patients_words(two, agenda, signed_in):
    signed_in(two.professional).get(f"/coaching/agendas/{agenda.public_id}/")

    page = signed_in(two.patient).get("/privacy/looked/").content.decode()

    assert "Your agenda for a visit" in page
    assert "They opened the agenda" in page
    assert "agenda of a visit" not in page, "the word that the code writes"


def test_a_page_about_one_topic_is_a_look_too(two, agenda, signed_in):
    response = signed_in(two.professional).get(pages(agenda)[2])

    assert SECRET in response.content.decode()
    assert looks_at(two.patient).count() == 1


def test_ones_own_looks_leave_no_row(two, agenda, signed_in):
    for page in (*pages(agenda), "/coaching/", "/my/"):
        signed_in(two.patient).get(page)

    assert looks_at(two.patient).count() == 0


def test_the_list_writes_one_row_for_each_agenda_shown(two, agenda, signed_in):
    agenda_for(two.tie, topics=("Second",))
    agenda_for(tie_between(two.outsider, two.professional), topics=("Third",))

    response = signed_in(two.professional).get("/coaching/")

    assert all(words in response.content.decode() for words in (SECRET, "Second", "Third"))
    assert looks_at(two.patient).count() == 2
    assert looks_at(two.outsider).count() == 1


def test_a_move_without_reading_is_no_look(two, agenda, signed_in):
    signed_in(two.professional).post(pages(agenda)[0], {"move": "agree", "item": agenda.items.get().pk})

    assert agenda.moves.last().kind == "agree"
    assert looks_at(two.patient).count() == 0


def test_when_the_audit_cannot_be_written_reading_fails(two, agenda, signed_in, monkeypatch):
    client = signed_in(two.professional)
    client.raise_request_exception = False

    def refuse(*args, **kwargs):
        raise DatabaseError("no room")

    monkeypatch.setattr(type(Entry.objects.all()), "bulk_create", refuse)
    response = client.get(pages(agenda)[0])

    assert response.status_code == 500
    assert SECRET not in response.content.decode()
    monkeypatch.undo()
    assert SECRET in client.get(pages(agenda)[0]).content.decode()


def test_without_the_guard_a_stranger_would_see_it(two, agenda, signed_in, monkeypatch):
    """The control: the 404 of a stranger hangs on `agendas_visible_to` and on nothing else."""
    assert signed_in(two.outsider).get(pages(agenda)[0]).status_code == 404

    unguarded = Agenda.objects.select_related("tie__patient", "tie__professional")
    monkeypatch.setattr("coaching.services.agendas.agendas_visible_to", lambda viewer: unguarded)

    assert SECRET in signed_in(two.outsider).get(pages(agenda)[0]).content.decode()
