"""Pairs in the demonstration: an author has looked at both sides of the moments whose lessons are written."""

from courses.models import ModulePage, Pairing
from courses.services.pairing import review_pair
from lms.demo.registry import Stage, register_part
from lms.people.models import User


def load(stage: Stage) -> None:
    """The others say that nobody has looked at both sides yet. A second load changes nothing."""
    author = User.objects.get(pk=stage.cast["author"].pk)  # with the groups that the role has opened
    ready = ModulePage.objects.live().filter(status=ModulePage.Status.READY)
    waiting = Pairing.objects.filter(
        reviewed_at=None, patient_module__in=ready, professional_module__in=ready
    )
    for pairing in waiting:
        review_pair(pairing=pairing, reviewer=author)


register_part(26, "pairs", load)
