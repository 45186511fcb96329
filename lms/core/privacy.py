"""What of the forms already taken is whose."""

from django.utils.translation import gettext_lazy as _

from lms.rights.registry import DELETE, classify

classify(
    "core.TakenForm",
    whose="person",
    label=_("Forms you sent"),
    erase=DELETE,
    retention="forms",
    record="created_at answer_url",
    link="person",
    plain="id key digest",
    labels={"created_at": _("Sent"), "answer_url": _("Led to")},
)
