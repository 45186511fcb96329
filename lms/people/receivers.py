"""What happens here when something happened elsewhere."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from lms.core import kept
from lms.people.services import sync_cms_groups


@receiver(user_logged_in)
def sync_groups_at_sign_in(sender, user, **kwargs) -> None:
    """A role may have ended by its date since the last sign-in; the CMS must know."""
    sync_cms_groups(person=user)


@receiver(user_logged_in)
def nothing_of_the_last_person_stays(sender, request, user, **kwargs) -> None:
    """On a shared computer: what somebody else typed before this person signed in is forgotten."""
    if hasattr(request, "session"):
        kept.forget_others(request, user)
