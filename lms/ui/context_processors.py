"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lms.people.crisis import crisis_lines
from lms.people.queries import role_kinds_of


def site(request: HttpRequest) -> dict:
    """The site's name, the crisis lines, and which doors the person's roles open (read once a request)."""
    kinds = SimpleLazyObject(lambda: role_kinds_of(request.user))
    return {
        "site_name": settings.SITE_NAME,
        "crisis": crisis_lines(),
        "is_coordinator": SimpleLazyObject(lambda: "coordinator" in kinds),
        "is_tutor": SimpleLazyObject(lambda: bool({"lay_tutor", "clinical_tutor"} & set(kinds))),
        "is_demo": settings.DEMO,
        "languages": settings.LANGUAGES,
    }
