"""Organisations, and the dated roles that people hold in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.models import Dated, WithPublicId


class Locality(WithPublicId, Dated):
    """A town, borough or area, as the people there call it."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name_plural = "localities"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Organisation(WithPublicId, Dated):
    """A clinic, practice or charity that runs workshops and answers for its people's roles."""

    name = models.CharField(max_length=120, unique=True)
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="organisations")
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class RegistrationCheck(Dated):
    """A coordinator saw a professional's entry in a public register. The number is kept, never a document."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registration_checks"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    register = models.CharField(max_length=120)
    number = models.CharField(max_length=40)
    seen_on = models.DateField()
    renew_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(renew_on__gt=F("seen_on")), name="check_is_renewed_after_it_was_seen"
            ),
            models.CheckConstraint(condition=~Q(person=F("checked_by")), name="nobody_checks_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class RoleQuerySet(models.QuerySet):
    def in_force(self, on=None):
        """Roles that have begun and not ended on the day (today by default), and whose checks hold.

        A clinical role counts only while its registration check has not come up for renewal, a tutor's only while
        the vetting decision has not.
        """
        on = on or clock.today()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gt=on),
            Q(check_seen=None) | Q(check_seen__renew_on__gt=on),
            ~Q(kind__in=Role.NEEDS_VETTING) | Q(vetting__renew_on__gt=on),
            starts_on__lte=on,
        )

    def held(self, on=None):
        """Roles that have not ended, among them those that begin later or that pause because a check is due."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on or clock.today()))


class Role(Dated):
    """What somebody may do in an organisation, from a day until a day (not including it)."""

    class Kind(models.TextChoices):
        PATIENT = "patient", _("Patient")
        PROFESSIONAL = "professional", _("Professional")
        LAY_TUTOR = "lay_tutor", _("Lay tutor")
        CLINICAL_TUTOR = "clinical_tutor", _("Clinical tutor")
        COORDINATOR = "coordinator", _("Coordinator")
        AUTHOR = "author", _("Author")
        LAY_REVIEWER = "lay_reviewer", _("Lay reviewer")
        CLINICAL_REVIEWER = "clinical_reviewer", _("Clinical reviewer")
        ADMINISTRATOR = "administrator", _("Administrator")

    NEEDS_CHECK = [Kind.PROFESSIONAL, Kind.CLINICAL_TUTOR, Kind.CLINICAL_REVIEWER]
    NEEDS_VETTING = [Kind.LAY_TUTOR, Kind.CLINICAL_TUTOR]
    # Whoever holds one can open doors for others: no one person gives it.
    NEEDS_TWO = [Kind.COORDINATOR, Kind.ADMINISTRATOR]

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roles")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    check_seen = models.ForeignKey(
        RegistrationCheck, null=True, on_delete=models.PROTECT, related_name="roles"
    )
    vetting = models.ForeignKey(
        "people.VettingCheck", null=True, on_delete=models.PROTECT, related_name="roles"
    )

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "organisation"],
                condition=Q(ends_on=None),
                name="a_role_is_held_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="role_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["professional", "clinical_tutor", "clinical_reviewer"])
                | Q(check_seen__isnull=False),
                name="clinical_roles_need_a_registration_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}, {self.organisation}"

    @property
    def is_paused(self) -> bool:
        """Held, and not counted for now: a check of it is due."""
        today = clock.today()
        if self.kind in self.NEEDS_CHECK and self.check_seen.renew_on <= today:
            return True
        return self.kind in self.NEEDS_VETTING and (self.vetting is None or self.vetting.renew_on <= today)


class RoleProposal(WithPublicId, Dated):
    """A role that one person proposed and another has to confirm. Until then nothing is granted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Role.Kind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    role = models.OneToOneField(Role, null=True, on_delete=models.PROTECT, related_name="proposal")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "organisation"],
                condition=Q(answered_at=None),
                name="a_role_is_proposed_once",
            ),
            models.CheckConstraint(condition=~Q(person=F("proposed_by")), name="nobody_proposes_themselves"),
            models.CheckConstraint(
                condition=Q(role=None)
                | (
                    Q(answered_by__isnull=False)
                    & ~Q(answered_by=F("proposed_by"))
                    & ~Q(answered_by=F("person"))
                ),
                name="a_role_for_two_is_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["coordinator", "administrator"]), name="only_these_roles_are_proposed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}, {self.organisation}"
