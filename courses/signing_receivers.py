"""What signatures, and the words in which reviewers are shown, change on learners' pages: at the very next request."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from courses.models import HandbookPage, LessonPage, Signature
from courses.queries.review import are_signed
from courses.receivers import stamp_outlines
from lms.people.models import Consent, LivedWith

LessonPage.are_signed = HandbookPage.are_signed = staticmethod(are_signed)


@receiver(post_save, sender=Signature)
def signed(sender, **kwargs) -> None:
    stamp_outlines()


@receiver([post_save, post_delete], sender=Consent)
@receiver([post_save, post_delete], sender=LivedWith)
def reviewer_is_shown_otherwise(sender, instance, **kwargs) -> None:
    """What a reviewer agreed to stands in the outlines; it is read anew once it changes, in the same transaction."""
    if Signature.objects.filter(reviewer=instance.person_id).exists():
        stamp_outlines()
