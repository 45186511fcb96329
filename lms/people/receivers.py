"""What happens here when something happened elsewhere."""

import logging

from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from lms.core import kept
from lms.people.queries.roles import SECOND_STEPS
from lms.people.services import sync_cms_groups
from lms.people.services.second_step import end_all_sign_ins

security = logging.getLogger("lms.security")


@receiver(user_logged_in)
def a_sign_in_is_logged(sender, user, **kwargs) -> None:
    """By the number of the person's row alone. For whoever looks into an attack; the person has a page of their own."""
    security.info("signed in: person %d", user.pk)


@receiver(user_logged_out)
def a_sign_out_is_logged(sender, user, **kwargs) -> None:
    if user is not None:
        security.info("signed out: person %d", user.pk)


@receiver(user_login_failed)
def a_refused_sign_in_is_logged(sender, **kwargs) -> None:
    """Without what was typed: it may be a password in the wrong box."""
    security.warning("sign-in refused")


@receiver(user_logged_in)
def sync_groups_at_sign_in(sender, user, **kwargs) -> None:
    """A role may have ended by its date since the last sign-in; the CMS must know."""
    sync_cms_groups(person=user)


@receiver(user_logged_in)
def nothing_of_the_last_person_stays(sender, request, user, **kwargs) -> None:
    """On a shared computer: what somebody else typed before this person signed in is forgotten."""
    if hasattr(request, "session"):
        kept.forget_others(request, user)


@receiver(authenticator_added)
def a_second_step_counts_everywhere(sender, request, user, authenticator, **kwargs) -> None:
    """A sign-in from before, with the password alone, ends: it might be somebody else's."""
    if authenticator.type in SECOND_STEPS:
        end_all_sign_ins(person=user, but=request.session.session_key or "")
