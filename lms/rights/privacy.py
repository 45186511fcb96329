"""What of people's own requests is whose; and the lines for the models of packages."""

from django.utils.translation import gettext_lazy as _

import lms.rights.packages  # noqa: F401
from lms.rights.registry import DELETE, KEEP, classify, nobodys

classify(
    "rights.Export",
    whose="person",
    label=_("Copies of your data you asked for"),
    erase=DELETE,
    retention="exports",
    record="created_at ready_at expires_at taken_at",
    link="person",
    plain="id public_id done total",
    labels={
        "created_at": _("Asked"),
        "ready_at": _("Ready"),
        "expires_at": _("Kept until"),
        "taken_at": _("Taken"),
    },
)
classify(
    "rights.ExportPart",
    whose="export__person",
    label=_("Copies on the way"),
    erase=DELETE,
    retention="exports",
    exported=False,
    sealed="content",
    link="export",
    plain="id model",
)
classify(
    "rights.ExportFile",
    whose="export__person",
    label=_("Finished copies"),
    erase=DELETE,
    exported=False,
    retention="exports",
    sealed="content",
    link="export",
    plain="id",
)
classify(
    "rights.Erasure",
    whose="person",
    label=_("Erasures you asked for"),
    erase=KEEP,
    why=_("That a number was erased, and when."),
    retention="audit",
    record="created_at how due_at called_back_at done_at",
    link="person asked_by",
    plain="id public_id",
    labels={
        "created_at": _("Asked"),
        "how": _("How"),
        "due_at": _("For"),
        "called_back_at": _("Called back"),
        "done_at": _("Done"),
    },
)
classify(
    "rights.Hold",
    whose="person",
    label=_("Orders to keep your data"),
    erase=KEEP,
    why=_("That a number's data had to be kept for a time."),
    retention="audit",
    record="created_at reason lifted_at",
    link="person placed_by lifted_by",
    plain="id",
    labels={"created_at": _("From"), "reason": _("Why"), "lifted_at": _("Until")},
)
nobodys(
    "rights.RetentionPeriod",
    why="How long things are kept on this site, and which administrator said so.",
    plain="id key days changed_at",
    link="changed_by",
)
nobodys(
    "rights.Deletion",
    why="Counts of what is gone. A number without a name stands for an erased person.",
    plain="id created_at rule model deleted cleared husk",
)
