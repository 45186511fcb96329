"""Making every process read the outlines anew."""

import uuid

from courses.models import CurriculumPage, OutlineStamp


def stamp_outlines() -> None:
    """Make every process read the outlines anew. There are few, and they point at one another."""
    renew_stamps()
    without = CurriculumPage.objects.filter(outline_stamp=None).values_list("pk", flat=True)
    OutlineStamp.objects.bulk_create(
        [OutlineStamp(curriculum_id=pk) for pk in without], ignore_conflicts=True
    )


def renew_stamps() -> None:
    """As `stamp_outlines`, while pages are being deleted: a course that is on its way out gets no new stamp."""
    OutlineStamp.objects.update(stamp=uuid.uuid4())
