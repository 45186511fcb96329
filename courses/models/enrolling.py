"""Ways onto a course: a code, a team, a list, and a place offered to an address. None of them makes an account."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core import clock
from lms.core.models import Dated, WithPublicId


class Team(WithPublicId, Dated):
    """People of one practice who learn one course together. `sponsor` is who stands behind them, as they write it."""

    name = models.CharField(max_length=120)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    curriculum_key = models.UUIDField()
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="teams_led"
    )
    sponsor = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "curriculum_key", "name"], name="one_team_of_a_name_on_a_course"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(Dated):
    """One person in a team, until they leave it. What they learned stays theirs."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="team_memberships"
    )
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(left_at=None), name="once_in_a_team_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"member #{self.pk}"


class JoiningCodeQuerySet(models.QuerySet):
    def open(self):
        """Neither called back, nor too old, nor used up."""
        return self.filter(revoked_at=None, expires_at__gt=clock.now(), uses__lt=F("most_uses"))


class JoiningCode(WithPublicId, Dated):
    """A code that puts whoever has it on a course. The code itself is not here, only what it is recognised by."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    curriculum_key = models.UUIDField()
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="codes")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    code_hash = models.CharField(max_length=64, unique=True)
    most_uses = models.PositiveIntegerField()
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = JoiningCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("most_uses")), name="a_code_is_used_no_oftener_than_it_may"
            ),
        ]

    def __str__(self) -> str:
        return f"code #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > clock.now() and self.uses < self.most_uses


class CodeUse(Dated):
    """Who came by which code: the same person twice is one use."""

    code = models.ForeignKey(JoiningCode, on_delete=models.CASCADE, related_name="used_by")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "person"], name="one_use_of_a_code_by_a_person"),
        ]

    def __str__(self) -> str:
        return f"use #{self.pk}"


class OfferQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at=None, ended_at=None)


class Offer(WithPublicId, Dated):
    """A place on a course, or in a team, offered to an address. Whose address it is answers it."""

    email = models.EmailField(db_index=True)  # in small letters
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    curriculum_key = models.UUIDField()
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="offers")
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # turned down, or taken back

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation", "curriculum_key"],
                condition=Q(team=None, accepted_at=None, ended_at=None),
                name="one_open_offer_of_a_course",
            ),
            models.UniqueConstraint(
                fields=["email", "team"],
                condition=Q(team__isnull=False, accepted_at=None, ended_at=None),
                name="one_open_offer_of_a_team",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(ended_at=None), name="an_offer_is_accepted_or_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"offer #{self.pk}"


class EnrolmentList(WithPublicId, Dated):
    """A file of addresses that a coordinator sent. Its rows are worked one by one; what became of each stands in it."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    curriculum_key = models.UUIDField()  # for rows that name no course
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"list #{self.pk}"


class ListRow(models.Model):
    """One line of a list, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Not yet")
        ENROLLED = "enrolled", _("Put on the course")
        ALREADY = "already", _("Was on the course already")
        INVITED = "invited", _("Invited by email")
        INVITED_BEFORE = "invited_before", _("Was invited before")
        REFUSED = "refused", _("Left out")

    class Reason(models.TextChoices):
        NO_ADDRESS = "no_address", _("This is no email address. Write it like name@example.com.")
        TWICE = "twice", _("The same address and course stand further up in the file.")
        NO_COURSE = "no_course", _("There is no course of this name. Write its title as the site shows it.")
        COURSE_GONE = "course_gone", _("This course is not on the site any more.")

    list = models.ForeignKey(EnrolmentList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # the line in the file, as a spreadsheet counts
    email = models.CharField(max_length=254)  # as it was written, if it is none
    curriculum_key = models.UUIDField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="a_line_of_a_list_stands_once"),
            models.CheckConstraint(
                condition=Q(outcome="refused") ^ Q(reason=""), name="a_line_left_out_says_why"
            ),
        ]
        indexes = [models.Index(fields=["list", "outcome"], name="lines_by_outcome")]

    def __str__(self) -> str:
        return f"line {self.number}"
