"""What a coordinator decided about letting somebody lead workshops, and when to look again.

Which check fits follows from the duties, case by case. The kind, the day and the decision are kept; what a certificate
says, and the certificate itself, never are.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.core.models import Dated


class VettingCheck(Dated):
    """A coordinator saw the result of a check, or noted why the duties need none."""

    class Kind(models.TextChoices):
        DBS_BASIC = "dbs_basic", _("DBS, basic")
        DBS_STANDARD = "dbs_standard", _("DBS, standard")
        DBS_ENHANCED = "dbs_enhanced", _("DBS, enhanced")
        DBS_BARRED = "dbs_barred", _("DBS, enhanced with barred list")
        PVG = "pvg", _("PVG scheme (Scotland)")
        ACCESSNI_BASIC = "accessni_basic", _("AccessNI, basic")
        ACCESSNI_STANDARD = "accessni_standard", _("AccessNI, standard")
        ACCESSNI_ENHANCED = "accessni_enhanced", _("AccessNI, enhanced")
        NOT_NEEDED = "not_needed", _("No check is needed for these duties")

    class Decision(models.TextChoices):
        MAY = "may", _("They may lead workshops")
        MAY_NOT = "may_not", _("They may not lead workshops")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="vetting_checks"
    )
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    # Only for "no check is needed": why. What a check showed has no place here.
    reason = models.CharField(max_length=200, blank=True)
    seen_on = models.DateField()
    renew_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(renew_on__gt=F("seen_on")), name="vetting_is_renewed_after_it_was_seen"
            ),
            models.CheckConstraint(condition=~Q(person=F("checked_by")), name="nobody_vets_themselves"),
            models.CheckConstraint(
                condition=~Q(kind="not_needed") | ~Q(reason=""), name="no_check_needed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["may", "may_not"]), name="vetting_decision_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_decision_display()}"
