"""What happens here when something happened elsewhere."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from lms.people.services import sync_cms_groups


@receiver(user_logged_in)
def sync_groups_at_sign_in(sender, user, **kwargs) -> None:
    """A role may have ended by its date since the last sign-in; the CMS must know."""
    sync_cms_groups(person=user)
