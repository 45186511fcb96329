"""Policies that ask for a role held today."""

from lms.core.policy import Policy
from lms.people.models import Role
from lms.people.queries import role_kinds_of

COORDINATOR = Policy("coordinator", lambda request: Role.Kind.COORDINATOR in role_kinds_of(request.user))
ADMINISTRATOR = Policy(
    "administrator", lambda request: Role.Kind.ADMINISTRATOR in role_kinds_of(request.user)
)
TUTOR = Policy(
    "tutor",
    lambda request: bool({Role.Kind.LAY_TUTOR, Role.Kind.CLINICAL_TUTOR} & role_kinds_of(request.user)),
)
PROFESSIONAL_ROLE = Policy(
    "professional role", lambda request: Role.Kind.PROFESSIONAL in role_kinds_of(request.user)
)
DESK = Policy(
    "coordinator or administrator",
    lambda request: bool({Role.Kind.COORDINATOR, Role.Kind.ADMINISTRATOR} & role_kinds_of(request.user)),
)
