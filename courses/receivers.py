"""What must happen when a page changes or somebody signs in."""

from allauth.account.signals import email_confirmed, user_logged_in, user_signed_up
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from courses.models import (
    CurriculumPage,
    CurriculumPair,
    GlossaryTerm,
    HandbookPage,
    LessonPage,
    LessonPair,
    ModulePage,
    Pairing,
    Recording,
    VoiceRecord,
)
from courses.recording_form import remove_files
from courses.services.handbooks import print_later
from courses.services.materials import rename_words
from courses.services.offers import take_up_courses
from courses.services.stamping import renew_stamps, stamp_outlines
from courses.services.versions import make_version, note_edition
from courses.settling import settle_later
from courses.visitors import adopt

PAGES = (CurriculumPage, ModulePage, LessonPage, HandbookPage)
MATERIALS = (Recording, VoiceRecord, GlossaryTerm)


@receiver(page_published)
def words_published(sender, instance, revision, **kwargs) -> None:
    """Comes before the outlines are stamped: they say which version is the newest, and what is worth reading again."""
    if not instance.live:
        return  # its day to go live is still to come
    if isinstance(instance, LessonPage):
        note_edition(lesson=instance, revision=revision)
    elif isinstance(instance, CurriculumPage):
        make_version(curriculum=instance)
    elif isinstance(instance, HandbookPage):
        print_later(instance)


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def page_changed(sender, instance, **kwargs) -> None:
    if issubclass(sender, PAGES):
        stamp_outlines()
        settle_later(instance)


@receiver(post_delete)
def page_deleted(sender, instance, **kwargs) -> None:
    if sender in PAGES:
        renew_stamps()
        settle_later(instance)


@receiver([post_save, post_delete], sender=Pairing)
@receiver([post_save, post_delete], sender=LessonPair)
@receiver([post_save, post_delete], sender=CurriculumPair)
@receiver([post_save, post_delete], sender=PageViewRestriction)
def ties_changed(sender, signal, **kwargs) -> None:
    """A tie that goes may go together with its course, which then gets no new stamp."""
    (renew_stamps if signal is post_delete else stamp_outlines)()


@receiver([post_save, post_delete], sender=Recording)
@receiver([post_save, post_delete], sender=VoiceRecord)
@receiver([post_save, post_delete], sender=GlossaryTerm)
@receiver([post_save, post_delete], sender=get_image_model())
def materials_changed(sender, instance, *, created=None, **kwargs) -> None:
    """What is drawn of them is kept with the lessons' words, and reviewers sign what they say.

    Consent to a voice hangs on none of this: it is asked at each request (courses.queries.voices).
    """
    if created is False:
        # A picture has a number of few digits, which stands in many a body.
        rename_words(shown=str(instance.pk) if sender in MATERIALS else '"image"')
    if not created:
        stamp_outlines()


@receiver(post_delete, sender=Recording)
def recording_deleted(sender, instance, **kwargs) -> None:
    remove_files([instance.file.name, instance.captions.name])


@receiver([user_signed_up, user_logged_in])
def visitor_has_a_name(request, user, signal, **kwargs) -> None:
    """What somebody tried before they had an account, or before they signed in, becomes theirs."""
    adopt(request=request, learner=user, is_new=signal is user_signed_up)


@receiver(email_confirmed)
def courses_waited_for_this_address(sender, email_address, **kwargs) -> None:
    """Whoever was on a list before they had an account finds the course there."""
    take_up_courses(person=email_address.user)


@receiver(user_signed_up)
def courses_waited_for_this_person(sender, user, **kwargs) -> None:
    """As above, for an account that comes with its address confirmed, as by single sign-on."""
    take_up_courses(person=user)
