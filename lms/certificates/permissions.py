"""Who may do what with a certificate."""

from lms.certificates.models import Certificate
from lms.people.models import User
from lms.people.queries import holds_role


def can_revoke_certificate(user: User, certificate: Certificate) -> bool:
    """A coordinator, today, of the organisation that issued it."""
    organisation = certificate.organisation
    return organisation is not None and holds_role(user, "coordinator", organisation=organisation)
