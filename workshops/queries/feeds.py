"""Calendar addresses. Nothing here changes anything."""

from lms.people.models import User
from workshops.models import CalendarFeed
from workshops.models.feed import hash_of


def person_of_feed(token: str) -> User | None:
    """Whose calendar this key opens; None for a key that was never made or has ended."""
    feed = (
        CalendarFeed.objects.filter(token_hash=hash_of(token), revoked_at=None, person__is_active=True)
        .select_related("person")
        .first()
    )
    return feed.person if feed else None


def has_feed(person: User) -> bool:
    return CalendarFeed.objects.filter(person=person, revoked_at=None).exists()
