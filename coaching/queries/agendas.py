"""Which agendas somebody may see. Consent and tie are read each time; nothing is remembered."""

from django.db.models import Q, QuerySet

from coaching.models import Agenda
from coaching.privacy import AGENDA
from lms.core import clock
from lms.people.models import CareTie, User
from lms.people.queries import consents_of, ties_sharing


def agendas_visible_to(viewer: User) -> QuerySet[Agenda]:
    """One's own as a patient, always; a patient's while they share agendas over a tie in force."""
    return Agenda.objects.filter(
        Q(tie__patient=viewer) | Q(tie__in=ties_sharing(viewer, AGENDA.key))
    ).select_related("tie__patient", "tie__professional")


def agendas_of(patient: User) -> QuerySet[Agenda]:
    """The patient's own agendas, the newest visit first."""
    return (
        Agenda.objects.filter(tie__patient=patient)
        .select_related("tie__patient", "tie__professional")
        .order_by("-visit_on", "-visit_at", "-pk")
    )


def upcoming_shared_with(professional: User) -> QuerySet[Agenda]:
    """Agendas of visits from today on, of patients who share them with this professional now."""
    return (
        Agenda.objects.filter(tie__in=ties_sharing(professional, AGENDA.key), visit_on__gte=clock.today())
        .select_related("tie__patient", "tie__professional")
        .order_by("visit_on", "visit_at", "pk")
    )


def with_board(agendas: QuerySet[Agenda]) -> QuerySet[Agenda]:
    """The same agendas with what `board_of` needs: three queries more, however many agendas there are."""
    return agendas.prefetch_related("items", "moves", "voices")


def is_shared(tie: CareTie) -> bool:
    """Whether agendas are shared over the tie at this moment."""
    return tie.accepted_at is not None and tie.ended_at is None and AGENDA.key in consents_of(tie)
