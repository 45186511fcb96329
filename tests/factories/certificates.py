"""Certificates, issued through the service as everywhere."""

from typing import Any

from lms.certificates.models import Certificate
from lms.certificates.services import issue_certificate
from lms.people.models import Organisation, User

FACTS: dict[str, Any] = {
    "course": "Moving on Together",
    "mode": "Workshop led by two tutors",
    "sessions_attended": 6,
    "sessions_planned": 7,
    "hours_workshop": 15,
    "starts_on": "2026-09-08",
    "ends_on": "2026-10-20",
    "place": "St Mary's Hall, Mill Lane",
    "rule": "Came to at least five of the seven sessions.",
    "tutors": [{"name": "Dr Lena Fox", "side": "clinical"}, {"name": "Ben Archer", "side": "lay"}],
}


def certificate_for(
    person: User,
    organisation: Organisation | None = None,
    *,
    source_key: str = "series:1",
    kind: str = "completed",
    **facts: Any,
) -> Certificate:
    return issue_certificate(
        source_key=f"{source_key}:person:{person.pk}",
        kind=kind,
        recipient=person,
        organisation=organisation,
        facts={**FACTS, **facts},
    )
