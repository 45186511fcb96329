"""Certificates: what was true when they were issued, and what became of them."""

import secrets

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.certificates.facts import Facts, read_facts
from lms.core import clock
from lms.core.models import WithPublicId
from lms.people.models import Organisation

# No letters or figures that are mistaken for each other when read aloud or written down.
NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_token() -> str:
    """A public reference: 192 random bits, so that it cannot be guessed; stored plainly, so that it can be printed."""
    return secrets.token_urlsafe(24)


def new_number() -> str:
    """A number to say on the telephone. Random, so that it does not tell how many there are."""
    letters = "".join(secrets.choice(NUMBER_LETTERS) for _each in range(10))
    return f"{letters[:5]}-{letters[5:]}"


class Certificate(WithPublicId):
    """Facts frozen at issue. Nothing that is renamed or rewritten later changes them."""

    class Kind(models.TextChoices):
        COMPLETED = "completed", _("Course completed")
        DELIVERED = "delivered", _("Course delivered")

    class Reason(models.TextChoices):
        """Neutral on purpose: anybody who checks the certificate reads it."""

        ISSUED_IN_ERROR = "issued_in_error", _("It was issued by mistake.")
        REPLACED = "replaced", _("A newer certificate has replaced it.")
        HOLDER_ASKED = "holder_asked", _("Its holder asked for this.")

    source_key = models.CharField(max_length=200, unique=True)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    number = models.CharField(max_length=20, unique=True, default=new_number, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    # Once the holder was erased the name is gone from the facts, and this says yes to who types it.
    name_proof = models.CharField(max_length=128, blank=True, editable=False)
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_reason = models.CharField(max_length=20, choices=Reason.choices, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", editable=False
    )

    class Meta:
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["recipient", "-issued_at"], name="certificates_of_a_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["completed", "delivered"]), name="certificate_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_reason="")
                | Q(revoked_at__isnull=False) & ~Q(revoked_reason=""),
                name="a_revoked_certificate_says_why",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")), name="no_certificate_replaces_itself"
            ),
        ]

    # Set by issue_certificate: whether this very call issued it, so that the holder is told once.
    newly_issued = False

    def __str__(self) -> str:
        return self.number

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def is_nameless(self) -> bool:
        """Whether its holder was erased."""
        return self.name_proof != ""

    @property
    def read(self) -> Facts:
        """The frozen facts, in their own types."""
        return read_facts(self.facts)


class CertificateFile(models.Model):
    """The PDF, made once when it is first asked for. Apart, so that no list ever loads it."""

    certificate = models.OneToOneField(Certificate, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.sha256
