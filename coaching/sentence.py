"""The sentence that a plan makes. static/js/plan-sentence.js builds the same one while somebody types."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

PARTS = ["what", "how_much", "when", "how_often", "where_with"]


def plan_sentence(words: Mapping[str, str]) -> str:
    """ "I will walk to the shop, for 10 minutes, after breakfast." Parts that are empty are left out."""
    parts = [words.get(name, "").strip().rstrip(".,;") for name in PARTS]
    return _("I will %(step)s.") % {"step": ", ".join(part for part in parts if part)}
