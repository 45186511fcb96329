"""What courses add to the CMS; Wagtail reads this module."""

from courses import carrying_in_cms, materials_in_cms, pairs_in_cms, review_in_cms  # noqa: F401 - registers itself
