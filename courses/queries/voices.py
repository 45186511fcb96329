"""Whose own words may be shown. Asked at each request: a consent is never remembered."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from courses.models import VoiceRecord
from lms.core import clock


def voices_shown() -> QuerySet[VoiceRecord]:
    """Voices of people whose consent is given, not withdrawn, and not over."""
    today = clock.today()
    return VoiceRecord.objects.filter(
        Q(shown_until=None) | Q(shown_until__gte=today), given_on__lte=today, withdrawn_on=None
    )


def shown_by_id(ids: Collection[UUID]) -> dict[UUID, VoiceRecord]:
    """Of these voices, those that may be shown now. One query; none for no ids."""
    return voices_shown().in_bulk(list(ids)) if ids else {}
