"""What must happen when a page changes or somebody signs in."""

import uuid

from allauth.account.signals import user_logged_in, user_signed_up
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from courses.models import CurriculumPage, LessonPage, LessonPair, ModulePage, OutlineStamp, Pairing
from courses.visitors import adopt

PAGES = (CurriculumPage, ModulePage, LessonPage)


def stamp_outlines() -> None:
    """Make every process read the outlines anew. There are few, and they point at one another."""
    OutlineStamp.objects.update(stamp=uuid.uuid4())
    without = CurriculumPage.objects.filter(outline_stamp=None).values_list("pk", flat=True)
    OutlineStamp.objects.bulk_create(
        [OutlineStamp(curriculum_id=pk) for pk in without], ignore_conflicts=True
    )


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def page_changed(sender, **kwargs) -> None:
    if issubclass(sender, PAGES):
        stamp_outlines()


@receiver(post_delete)
def page_deleted(sender, **kwargs) -> None:
    if sender in PAGES:
        stamp_outlines()


@receiver([post_save, post_delete], sender=Pairing)
@receiver([post_save, post_delete], sender=LessonPair)
@receiver([post_save, post_delete], sender=PageViewRestriction)
def ties_changed(sender, **kwargs) -> None:
    stamp_outlines()


@receiver([user_signed_up, user_logged_in])
def visitor_has_a_name(request, user, signal, **kwargs) -> None:
    """What somebody tried before they had an account, or before they signed in, becomes theirs."""
    adopt(request=request, learner=user, is_new=signal is user_signed_up)
