"""Somebody leaves for good: roles and ties end, and nothing is shared any more."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.people.models import CarerTie, CareTie, Consent, Organisation, Role, User
from lms.people.services.carers import end_carer_tie
from lms.people.services.roles import sync_cms_groups
from lms.people.services.ties import end_tie


def needs_another_coordinator(person: User) -> None:
    """Raise RuleBroken while an organisation has no other coordinator: nobody could help its people."""
    roles = Role.objects.in_force().filter(kind=Role.Kind.COORDINATOR)
    alone = (
        Organisation.objects.filter(pk__in=roles.filter(person=person).values("organisation"))
        .exclude(pk__in=roles.exclude(person=person).values("organisation"))
        .order_by("name")
        .first()
    )
    if alone is not None:
        raise RuleBroken(
            _("You are the only coordinator of %(organisation)s. Once there is another, your data can go.")
            % {"organisation": alone.name}
        )


@transaction.atomic
def end_everything(person: User) -> None:
    """End the person's roles, care ties, ties to carers and consents, from now on. Twice is once."""
    today = clock.today()
    for role in Role.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), person=person):
        role.ends_on = max(today, role.starts_on)
        role.save(update_fields=["ends_on"])
        record_act(actor=None, act="ended role", subject=person, obj=role, purpose=role.kind)
    sync_cms_groups(person=person)
    mine = Q(patient=person) | Q(professional=person) | Q(invited_by=person)
    for tie in CareTie.objects.filter(mine, ended_at=None):
        end_tie(tie=tie, person=person)
    for acting in CarerTie.objects.filter(Q(person=person) | Q(carer=person), ended_at=None):
        end_carer_tie(tie=acting, by=person)
    Consent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=clock.now())
