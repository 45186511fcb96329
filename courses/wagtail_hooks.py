"""What courses add to the CMS; Wagtail reads this module."""

from courses import (  # noqa: F401 - registers itself
    carrying_in_cms,
    materials_in_cms,
    pairs_in_cms,
    review_in_cms,
    translating_in_cms,
)
