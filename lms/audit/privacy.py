"""What of the audit is whose."""

from django.utils.translation import gettext_lazy as _

from lms.rights.registry import KEEP, classify

classify(
    "audit.Entry",
    whose="subject actor",
    label=_("Who looked and what was done"),
    erase=KEEP,
    why=_("That somebody looked or did something, and when. You stand in it as a number."),
    retention="audit",
    record="created_at verb act thing purpose",
    link="actor subject",
    plain="id thing_id",
    names="actor",
    shown={
        "thing": lambda row: row.thing_in_words,
        "purpose": lambda row: row.purpose_in_words,
        "act": lambda row: row.act_in_words if row.verb == row.Verb.DID else "",
    },
    labels={
        "created_at": _("When"),
        "verb": _("Looked or did"),
        "act": _("What was done"),
        "thing": _("To what"),
        "purpose": _("Why"),
        "actor": _("Who"),
        "subject": _("Whose"),
    },
)
