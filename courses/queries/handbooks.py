"""Which handbooks the site shows, and to whom. Nothing here changes anything."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from courses.models import HandbookPage
from courses.queries.outlines import Outline
from courses.queries.review import signed
from lms.people.models import Role, User
from lms.people.queries import role_kinds_of

# Who reads what is for those who lead workshops: they, and who plans, writes, reviews and runs them.
MAY_READ_MANUALS = {
    Role.Kind.LAY_TUTOR,
    Role.Kind.CLINICAL_TUTOR,
    Role.Kind.COORDINATOR,
    Role.Kind.AUTHOR,
    Role.Kind.LAY_REVIEWER,
    Role.Kind.CLINICAL_REVIEWER,
    Role.Kind.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Shelved:
    """A handbook as lists show it."""

    pk: int
    title: str
    purpose: str
    url: str
    audience: str


def shown_handbooks() -> QuerySet[HandbookPage]:
    """Handbooks that the site shows at all: published and not private; with both signatures, or where
    settings.SHOW_UNREVIEWED. This is the last wall: it holds whatever made the page live."""
    pages = HandbookPage.objects.live().public()
    return pages if settings.SHOW_UNREVIEWED else signed(pages)


def handbooks_visible_to(person: User) -> QuerySet[HandbookPage]:
    """Those that this person, or a visitor, may read in the language being read."""
    pages = shown_handbooks().filter(locale__language_code=get_language()).order_by("path")
    if MAY_READ_MANUALS & role_kinds_of(person):
        return pages
    return pages.filter(readers=HandbookPage.Readers.EVERYBODY)


def manuals_visible_to(person: User, *, audience: str) -> list[Shelved]:
    """What there is for those who lead a course of this audience. One query, and the person's roles."""
    sides = [audience, HandbookPage.Audience.BOTH]
    found = handbooks_visible_to(person).filter(readers=HandbookPage.Readers.TUTORS, audience__in=sides)
    return _shelved(found)


def handbooks_beside(outline: Outline) -> list[Shelved]:
    """What everybody may read of the course's audience. Costs no query while nothing changes."""
    return [
        one
        for one in everybodys_handbooks(outline.stamp)
        if one.audience in (outline.audience, HandbookPage.Audience.BOTH)
    ]


def everybodys_handbooks(stamp: str = "") -> list[Shelved]:
    """What everybody may read. With an outline's stamp it is kept until a page or a signature changes."""
    key = f"handbooks:{get_language()}:{stamp}:{settings.SHOW_UNREVIEWED}"
    kept = caches["process"].get(key) if stamp else None
    if kept is None:
        pages = shown_handbooks().filter(
            locale__language_code=get_language(), readers=HandbookPage.Readers.EVERYBODY
        )
        kept = _shelved(pages.order_by("path"))
        if stamp:
            caches["process"].set(key, kept)
    return kept


def _shelved(pages: QuerySet[HandbookPage]) -> list[Shelved]:
    rows = pages.values_list("pk", "title", "purpose", "slug", "audience")
    return [
        Shelved(pk, title, purpose, reverse("handbook", args=[slug]), audience)
        for pk, title, purpose, slug, audience in rows
    ]
