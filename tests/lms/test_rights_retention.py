"""What has been kept long enough goes by itself, and never of somebody for whom a hold stands."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ

from lms.audit.models import Entry
from lms.audit.services import record_act
from lms.core.errors import RuleBroken
from lms.core.models import TakenForm
from lms.notifications.models import Message
from lms.notifications.services import queue_message
from lms.people.models import Role
from lms.people.services import invite_to_tie
from lms.rights import tasks
from lms.rights.models import Deletion, Hold
from lms.rights.periods import days_kept
from lms.rights.services import lift_hold, place_hold, retention, run_retention, set_period
from lms.rights.services.retention import to_review
from lms.rights.services.traces import forget_in_caches
from tests.factories import RoleFactory, UserFactory

LONG_AGO = datetime(2020, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def administrator(cast):
    person = UserFactory(first_name="Ada")
    RoleFactory(person=person, kind=Role.Kind.ADMINISTRATOR, organisation=cast.organisation)
    return person


def old_message(person, days: int, *, sent: bool = True) -> Message:
    message = queue_message(to=person, template="export_ready", context={"url": "x"})
    when = timezone.now() - timedelta(days=days)
    Message.objects.filter(pk=message.pk).update(created_at=when, sent_at=when if sent else None)
    return message


def test_the_words_of_a_message_go_before_the_message(cast):
    young, old, oldest = (old_message(cast.patient, days) for days in (5, 40, 400))
    waits = old_message(cast.patient, 40, sent=False)

    run_retention()

    kept = {message.pk: bool(message.text) for message in Message.objects.filter(to=cast.patient)}
    assert kept == {young.pk: True, old.pk: False, waits.pk: True}
    log = {
        row.rule: (row.deleted, row.cleared) for row in Deletion.objects.filter(model="notifications.Message")
    }
    assert log == {"retention: texts": (0, 2), "retention: messages": (1, 0)}
    assert oldest.pk not in kept


def test_a_dry_run_counts_and_changes_nothing(cast):
    old_message(cast.patient, 40)
    said = StringIO()

    call_command("retention", "--dry-run", stdout=said)

    assert "texts: notifications.Message: 1 would be emptied" in said.getvalue()
    assert Message.objects.get(to=cast.patient).text != ""
    assert not Deletion.objects.exists()

    said = StringIO()
    call_command("retention", stdout=said)
    assert "texts: notifications.Message: 1 emptied" in said.getvalue()
    assert Message.objects.get(to=cast.patient).text == ""


def test_a_hold_keeps_what_is_due_until_it_is_lifted(cast, administrator):
    held, free = old_message(cast.patient, 40), old_message(cast.outsider, 40)
    TakenForm.objects.create(
        person=cast.patient, key="0" * 32, digest="x", created_at=timezone.now() - timedelta(days=60)
    )
    hold = place_hold(person=cast.patient, reason="A court asks for it.", by=administrator)

    run_retention()
    assert [bool(Message.objects.get(pk=each.pk).text) for each in (held, free)] == [True, False]
    assert TakenForm.objects.count() == 1

    lift_hold(hold=hold, by=administrator)
    run_retention()
    assert Message.objects.get(pk=held.pk).text == ""
    assert TakenForm.objects.count() == 0
    assert list(
        Entry.objects.filter(subject=cast.patient, actor=administrator)
        .order_by("pk")
        .values_list("act", flat=True)
    ) == ["placed hold", "lifted hold"]


def test_sessions_forms_invitations_and_the_audit_end_by_their_time(cast, at):
    at(LONG_AGO)
    record_act(actor=cast.patient, act="booked place", subject=cast.patient)
    invite_to_tie(inviter=cast.patient, email="nobody@example.org", as_professional=False)
    TakenForm.objects.create(person=cast.patient, key="0" * 32, digest="x")
    Session.objects.create(session_key="x", session_data="x", expire_date=LONG_AGO)
    at(LONG_AGO + timedelta(days=1000))
    run_retention()
    gone = set(Deletion.objects.values_list("rule", "model"))
    assert ("retention: audit", "audit.Entry") not in gone
    assert gone >= {
        ("retention: invitations", "people.CareTie"),
        ("retention: forms", "core.TakenForm"),
        ("retention: sessions", "sessions.Session"),
    }

    at(LONG_AGO + timedelta(days=9 * 365))
    run_retention()

    assert not Entry.objects.filter(created_at=LONG_AGO).exists()


def test_an_administrator_sets_how_long_and_nobody_else(cast, administrator):
    old_message(cast.patient, 40)
    with pytest.raises(RuleBroken, match="Only an administrator"):
        set_period(key="texts", days=60, by=cast.coordinator)

    set_period(key="texts", days=60, by=administrator)
    run_retention()
    assert Message.objects.get(to=cast.patient).text != ""
    set_period(key="texts", days=None, by=administrator)
    assert days_kept("texts") is None
    run_retention()
    assert Message.objects.get(to=cast.patient).text != ""
    set_period(key="texts", days=30, by=administrator)
    run_retention()
    assert Message.objects.get(to=cast.patient).text == ""
    with pytest.raises(RuleBroken):
        set_period(key="texts", days=0, by=administrator)


def test_an_installation_sets_how_long(settings, db):
    settings.RETENTION_DAYS = {"texts": 3, "nonsense": 1}

    assert days_kept("texts") == 3


def test_health_records_wait_for_somebody_to_look(cast, at):
    at(datetime(2026, 1, 1, tzinfo=UTC))
    type(cast.patient).objects.update(date_joined=datetime(2025, 1, 1, tzinfo=UTC))
    type(cast.patient).objects.filter(pk=cast.patient.pk).update(last_login=LONG_AGO)
    assert to_review()["health"] == 0
    at(LONG_AGO + timedelta(days=8 * 365 + 10))

    assert to_review()["health"] == 1
    Hold.objects.create(person=cast.patient, reason="x", placed_by=cast.coordinator)
    assert to_review()["health"] == 0


def test_the_shared_cache_forgets_who_was_erased_and_nothing_else(db, settings):
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_of_this_test",
        },
    }
    call_command("createcachetable", verbosity=0)
    cache = caches["default"]
    cache.set("a", "<p>Amina Hart</p>", 600)
    cache.set("b", "<p>Somebody else</p>", 600)

    forget_in_caches(["Amina Hart", "amina@example.org"])

    assert (cache.get("a"), cache.get("b")) == (None, "<p>Somebody else</p>")


def test_the_pages_are_the_administrators(cast, administrator, signed_in):
    browser = signed_in(administrator)
    page = browser.get("/records/").content.decode()
    assert "The words of messages" in page

    browser.post("/records/", {"key": "texts", "days": "45"})
    assert days_kept("texts") == 45
    answer = browser.post("/records/holds/", {"email": "nobody@example.org", "reason": "A court asks."})
    assert "Nobody here uses this address or name." in answer.content.decode()
    browser.post("/records/holds/", {"email": cast.patient.email, "reason": "A court asks."})
    hold = Hold.objects.get(person=cast.patient)
    assert "A court asks." in browser.get("/records/holds/").content.decode()
    browser.post("/records/holds/", {"lift": str(hold.pk)})
    hold.refresh_from_db()
    assert hold.lifted_by == administrator
    assert signed_in(cast.coordinator).get("/records/").status_code == 404


def test_each_night_both_are_done_by_jobs_of_their_own(cast):
    tasks.daily()

    assert [job.task["func"] for job in OrmQ.objects.order_by("pk")] == [
        "lms.rights.tasks.erase_whose_day_has_come",
        "lms.rights.tasks.let_go",
    ]
    assert (tasks.erase_whose_day_has_come(), tasks.let_go()) == (0, 0)


def test_a_run_that_dies_has_counted_what_it_did(cast, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for _each in range(5):
        old_message(cast.patient, 40)
    let_go, batches = Message._base_manager.__class__.filter, []

    def dies_at_the_third(manager, *args, **kwargs):
        if "pk__in" in kwargs:
            batches.append(1)
            if len(batches) == 3:
                raise SystemExit("killed")
        return let_go(manager, *args, **kwargs)

    with monkeypatch.context() as half, pytest.raises(SystemExit):
        half.setattr(Message._base_manager.__class__, "filter", dies_at_the_third)
        run_retention()
    emptied = Message.objects.filter(to=cast.patient, text="").count()
    assert (emptied, sum(Deletion.objects.values_list("cleared", flat=True))) == (4, 4)

    run_retention()
    assert sum(Deletion.objects.values_list("cleared", flat=True)) == 5
