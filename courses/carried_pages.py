"""What of a page travels: the fields that are written as they are, those that are streams, and how each looks in a file."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from wagtail.models import Page

from courses.carried_streams import Names, renamed
from courses.models import CurriculumPage, LessonPage, ModulePage

OF_EVERY_PAGE = ("title", "slug", "seo_title", "search_description")
PLAIN: dict[type[Page], tuple[str, ...]] = {
    CurriculumPage: (
        "audience", "strapline", "who_for", "how_long", "hours", "needed_modules", "opens_in_order",
    ),
    ModulePage: ("number", "status", "purpose", "optional", "needed_lessons", "shared_moment"),
    LessonPage: (
        "minutes", "open_to_visitors", "completion", "pass_mark", "optional", "fixed", "adaptation",
    ),
}  # fmt: skip
STREAM: dict[type[Page], str] = {CurriculumPage: "what_you_do", ModulePage: "outcomes", LessonPage: "body"}
KIND_OF_FIELD = {
    models.PositiveSmallIntegerField: int,
    models.BooleanField: bool,
    models.DecimalField: str,
    models.CharField: str,
    models.SlugField: str,
    models.TextField: str,
}


def plain_names(kind: type[Page]) -> tuple[str, ...]:
    return (*OF_EVERY_PAGE, *PLAIN[kind])


def shape_of(kind: type[Page]) -> dict[str, Any]:
    """What a page looks like in a file, for `check_shape`."""
    shape: dict[str, Any] = {"key": UUID, "adapted_from": (UUID, None), "fields": dict, STREAM[kind]: list}
    return shape | {"start_here": (UUID, None)} if kind is CurriculumPage else shape


def shape_of_fields(kind: type[Page]) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    for name in plain_names(kind):
        field = kind._meta.get_field(name)
        of = KIND_OF_FIELD[type(field)]
        shape[name] = (of, None) if field.null else of
    return shape


def as_it_travels(page: Page, names: Names, keys: dict[int | None, str]) -> dict[str, Any]:
    """The page as a file has it. `keys` are the translation keys of pages that it may point to."""
    kind = type(page)
    stream = getattr(page, STREAM[kind])
    list(stream)  # what was not looked at yet is written as it would be now
    told = {
        "key": str(page.translation_key),
        "adapted_from": keys.get(page.adapted_from_id),
        "fields": {name: _plain(getattr(page, name)) for name in plain_names(kind)},
        STREAM[kind]: renamed(stream.stream_block, stream.get_prep_value(), names),
    }
    return told | {"start_here": keys.get(page.start_here_id)} if kind is CurriculumPage else told


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
