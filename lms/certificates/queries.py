"""Which certificates somebody may see."""

import re

from django.db.models import QuerySet

from lms.certificates.models import Certificate
from lms.core.ready import Slot
from lms.people.models import User

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def certificates_visible_to(user: User | Slot) -> QuerySet[Certificate]:
    """The person's own, newest first. Nobody else opens a certificate."""
    return Certificate.objects.filter(recipient=user).order_by("-issued_at", "-pk")


def certificate_to_verify(token: str) -> Certificate | None:
    """The certificate with this public reference; None for any other string, however odd."""
    if not TOKEN.fullmatch(token):
        return None
    return (
        Certificate.objects.filter(token=token)
        .only("kind", "facts", "issued_at", "revoked_at", "revoked_reason", "name_proof")
        .first()
    )
