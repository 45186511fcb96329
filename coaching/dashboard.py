"""What the dashboard says of visits and plans. One query, however many rows.

The cards name a day and a first name and nothing of the content, so they are no look at anybody's record.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Field,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _

from coaching.models import ActionPlan, Agenda, AgendaItem, AgendaMove
from coaching.privacy import AGENDA
from lms.core import clock
from lms.core.ready import ReadyQuery, Slot
from lms.home.cards import Card, register_cards
from lms.people.models import Role, User
from lms.people.queries import role_kinds_of, ties_with_consent

VISIT, PLAN = "visit", "plan"
MOST_ROWS = 40
SOON = timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """One agenda or one plan. `waits`: a topic waits for this person's answer, or the plan's follow-up is due."""

    kind: str
    public_id: UUID
    day: date
    waits: bool
    patient_id: int
    patient_name: str
    first_name: str
    last_name: str


COLUMNS = [f"{name}_" for name in Row.__dataclass_fields__]


def cards(person: User) -> list[Card]:
    """Visits of the next days, topics that wait for this person's answer, and plans: due, going on, or none yet."""
    found = _of_professional if Role.Kind.PROFESSIONAL in role_kinds_of(person) else _of_person
    today = clock.today()
    rows = [Row(*values) for values in found(person=person.pk, today=today, soon=today + SOON)]
    shown = [_visit_card(row, person) if row.kind == VISIT else _plan_card(row) for row in rows]
    if person.is_patient_learner and not any(row.kind == PLAN for row in rows):
        shown.append(
            Card(
                urgency=60,
                section=_("Plans"),
                title=_("Write a plan"),
                text=_("One small step, in your own words."),
                action=_("Write a plan"),
                url=reverse("coaching:plan_new"),
            )
        )
    return shown


def _visits_and_plans(person: Slot, today: Slot, soon: Slot, *, is_professional: bool) -> QuerySet:
    found = _visits(person, today, soon, is_professional=is_professional).union(
        _plans(person, today), all=True
    )
    return found.order_by("-waits_", "day_")[:MOST_ROWS]


def _visits(person: Slot, today: Slot, soon: Slot, *, is_professional: bool) -> QuerySet:
    """Agendas of the next two weeks, and later ones with an unanswered topic; own, or shared with the person now."""
    visible = Q(tie__patient=person, tie__ended_at=None)
    if is_professional:
        visible |= Q(tie__in=ties_with_consent(person, AGENDA.key))
    moves = AgendaMove.objects.filter(item=OuterRef("pk")).order_by("-seq")
    waiting = (
        AgendaItem.objects.filter(agenda=OuterRef("pk"))
        .annotate(last_kind=Subquery(moves.values("kind")[:1]), last_by=Subquery(moves.values("by")[:1]))
        .filter(last_kind__in=[AgendaMove.Kind.PROPOSE, AgendaMove.Kind.BRING_BACK])
        .exclude(last_by=person)
    )
    return (
        Agenda.objects.filter(visible, visit_on__gte=today)
        .annotate(
            kind_=_text(VISIT),
            public_id_=F("public_id"),
            day_=F("visit_on"),
            waits_=Exists(waiting),
            patient_id_=F("tie__patient_id"),
            patient_name_=F("tie__patient__first_name"),
            first_name_=F("tie__professional__first_name"),
            last_name_=F("tie__professional__last_name"),
        )
        .filter(Q(waits_=True) | Q(visit_on__lte=soon))
        .order_by()
        .values_list(*COLUMNS)
    )


def _plans(person: Slot, today: Slot) -> QuerySet:
    """The person's own plans that go on."""
    due = Case(When(follow_up_on__lte=today, then=True), default=False, output_field=BooleanField())
    return (
        ActionPlan.objects.filter(owner=person, stopped_at=None)
        .annotate(
            kind_=_text(PLAN),
            public_id_=F("public_id"),
            day_=Coalesce("follow_up_on", "starts_on"),
            waits_=due,
            patient_id_=F("owner_id"),
            patient_name_=_text(""),
            first_name_=_text(""),
            last_name_=_text(""),
        )
        .order_by()
        .values_list(*COLUMNS)
    )


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


_VALUES: dict[str, Field] = {"person": BigIntegerField(), "today": DateField(), "soon": DateField()}
_of_person = ReadyQuery(partial(_visits_and_plans, is_professional=False), **_VALUES)
_of_professional = ReadyQuery(partial(_visits_and_plans, is_professional=True), **_VALUES)


def _visit_card(row: Row, person: User) -> Card:
    is_mine = row.patient_id == person.pk
    name = f"{row.first_name} {row.last_name}".strip() if is_mine else row.patient_name
    is_today = row.day == clock.today()
    day = _("today") if is_today else _("on %(day)s") % {"day": dateformat.format(row.day, "l j F")}
    url = reverse("coaching:agenda", args=[row.public_id])
    if row.waits:
        return Card(
            urgency=10 if is_today else 20,
            section=_("Visits"),
            title=_("Topics are waiting for your answer"),
            text=_("Visit with %(name)s %(day)s.") % {"name": name, "day": day},
            action=_("Answer"),
            url=url,
        )
    return Card(
        urgency=10 if is_today else 50,
        section=_("Visits"),
        title=_("Agenda with %(name)s %(day)s") % {"name": name, "day": day},
        text=_("See what you want to talk about."),
        action=_("Open the agenda"),
        url=url,
    )


def _plan_card(row: Row) -> Card:
    if row.waits:
        return Card(
            urgency=30,
            section=_("Plans"),
            title=_("How did your plan go?"),
            text=_("One press is enough. Every answer is useful."),
            action=_("Say how it went"),
            url=reverse("coaching:plan_follow_up", args=[row.public_id]),
        )
    return Card(
        urgency=50,
        section=_("Plans"),
        title=_("Your plan"),
        text=_("See your plan, or make it easier."),
        action=_("Open my plan"),
        url=reverse("coaching:plan", args=[row.public_id]),
    )


register_cards("coaching", cards)
