"""What of the certificates is whose."""

from django.utils.translation import gettext_lazy as _

from lms.certificates.names import facts_without_name, proof_of_name
from lms.rights.registry import CLEAR, DELETE, classify

classify(
    "certificates.Certificate",
    whose="recipient",
    label=_("Your certificates"),
    erase=CLEAR,
    cleared={"name_proof": proof_of_name, "facts": facts_without_name},
    why=_(
        "Your certificates can still be checked. They no longer show a name: you prove it by typing yours."
    ),
    retention="training",
    identity="facts",
    sealed="name_proof",
    record="number kind issued_at revoked_at revoked_reason",
    link="recipient organisation revoked_by replaces",
    plain="id public_id source_key token",
    labels={
        "number": _("Number"),
        "kind": _("What for"),
        "facts": _("What it says"),
        "issued_at": _("Given on"),
        "revoked_at": _("Ended on"),
        "revoked_reason": _("Why it ended"),
    },
)
classify(
    "certificates.CertificateFile",
    whose="certificate__recipient",
    label=_("Printed certificates"),
    erase=DELETE,
    retention="training",
    # Not words: the person gets it from the page of their certificates.
    sealed="content",
    record="made_at",
    link="certificate",
    plain="id sha256",
)
