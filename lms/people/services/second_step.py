"""Helping somebody who lost their second step."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core.errors import RuleBroken
from lms.notifications.services import queue_message
from lms.people.models import Role, User
from lms.people.queries import organisations_coordinated_by


@transaction.atomic
def reset_second_step(*, person: User, by: User, reason: str) -> int:
    """Take away a person's passkeys, app and codes on paper, so that they can set up new ones; how many there were.

    Ends all their sign-ins, tells them by mail, and is audited with the reason. Whoever holds a role is led to set up
    a new second step when they next sign in. Refuses oneself, a reason of nothing, and whoever is no coordinator of an
    organisation in which the person holds a role.
    """
    if person.pk == by.pk:
        raise RuleBroken(_("Ask another coordinator to open your own account."))
    reason = reason.strip()
    if not reason:
        raise RuleBroken(_("Write how you made sure that it is them."), field="reason")
    theirs = organisations_coordinated_by(by)
    if not Role.objects.in_force().filter(person=person, organisation__in=theirs).exists():
        raise RuleBroken(_("Only a coordinator of an organisation in which they hold a role can do this."))
    _number, removed = Authenticator.objects.filter(user=person).delete()
    end_all_sign_ins(person=person)
    record_act(actor=by, act="reset second step", subject=person, obj=person, purpose=reason[:200])
    queue_message(to=person, template="second_step_reset", context={"by": by.display_name})
    return removed.get("mfa.Authenticator", 0)


@transaction.atomic
def end_all_sign_ins(*, person: User, but: str = "") -> int:
    """Sign the person out wherever they are signed in, but for the sign-in with the key `but`; how many ended."""
    ended = list(UserSession.objects.filter(user=person).exclude(session_key=but))
    for sign_in in ended:
        sign_in.end()
    return len(ended)
