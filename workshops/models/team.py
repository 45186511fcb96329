"""Who leads a series: one lay tutor and one clinical tutor, as equals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import Dated
from lms.people.models import Role
from workshops.models.series import Series


class SeriesTutor(Dated):
    """A tutor's place on the team of a series."""

    class Kind(models.TextChoices):
        LAY = "lay", _("Lay tutor")
        CLINICAL = "clinical", _("Clinical tutor")

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    ACTIVE = [State.INVITED, State.ACCEPTED]
    ROLE_OF = {Kind.LAY: Role.Kind.LAY_TUTOR, Kind.CLINICAL: Role.Kind.CLINICAL_TUTOR}

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="team")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tutor_places"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["series", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "kind"],
                condition=Q(state__in=["invited", "accepted"]),
                name="one_active_tutor_of_each_kind",
            ),
            models.UniqueConstraint(
                fields=["series", "person"],
                condition=Q(state__in=["invited", "accepted"]),
                name="one_person_fills_one_place",
            ),
            models.CheckConstraint(condition=Q(kind__in=["lay", "clinical"]), name="tutor_kind_is_known"),
        ]
        indexes = [models.Index(fields=["person", "state"], name="tutor_places_by_person")]

    def __str__(self) -> str:
        return f"{self.series_id}: {self.kind} {self.state}"
