"""How a tutor or reviewer is shown to others: by as much as they agreed to, looked up at each request.

What somebody lives with is health data. Without their own clear yes, pages say no more than a first name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lms.people.models import LivedWith, User
from lms.people.purposes import LIVED_WITH_SHOWN, NAME_SHOWN
from lms.people.queries import agrees


@dataclass(frozen=True)
class Shown:
    """`name` as others may read it; `experience` is what to say of their lived experience, or nothing."""

    name: str
    experience: str


def with_shown(rows: QuerySet, person: str = "person") -> QuerySet:
    """Adds `name_is_shown` and `lived_with_words` of the person that each row points to: no query more."""
    return rows.annotate(
        name_is_shown=agrees(OuterRef(person), NAME_SHOWN.key),
        lived_with_words=Coalesce(
            Subquery(
                LivedWith.objects.filter(
                    agrees(OuterRef("person"), LIVED_WITH_SHOWN.key), person=OuterRef(person)
                ).values("words")[:1]
            ),
            Value(""),
        ),
    )


def shown(person: User, *, name_is_shown: bool, lived_with_words: str) -> Shown:
    """From the columns of `with_shown`."""
    if lived_with_words:
        experience = _("lives with %(words)s") % {"words": lived_with_words}
    else:
        experience = _("with lived experience") if name_is_shown else ""
    first_name = person.first_name.strip() or _("No name given")
    return Shown(person.display_name if name_is_shown else first_name, experience)


def shown_of(people: Iterable[User]) -> dict[int, Shown]:
    """How each of these people may be shown, by primary key. One query for any number."""
    rows = with_shown(User.objects.filter(pk__in=[person.pk for person in people]), person="pk")
    return {
        row.pk: shown(row, name_is_shown=row.name_is_shown, lived_with_words=row.lived_with_words)
        for row in rows
    }
