"""Opening one person's record in an emergency: with a reason, for an hour, and never silently."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act, record_page
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.emergency import Entry, Part, emergency_parts
from lms.people.models import EmergencyAccess, Role, User
from lms.people.queries import holds_role
from lms.people.queries.emergency import emergency_access, watchers_of

OPEN_FOR = timedelta(minutes=60)
FEWEST_CHARACTERS, MOST_CHARACTERS = 20, 170
PURPOSE = "emergency: "


@transaction.atomic
def break_glass(*, administrator: User, person: User, reason: str) -> EmergencyAccess:
    """Let this administrator read this person's record for 60 minutes, for a reason of 20 characters or more.

    Tells the person at once, and everybody who watches: the other administrators, and the coordinators of the person's
    organisations. While one is open, another changes nothing. Refuses anybody without the role, oneself, a reason that
    is too short, and a site on which nobody else could be told.
    """
    reason = " ".join(reason.split())
    if not holds_role(administrator, Role.Kind.ADMINISTRATOR):
        raise RuleBroken(_("Only an administrator can do this."))
    if administrator.pk == person.pk:
        raise RuleBroken(_("This is your own record. You can open it on your own pages."))
    if len(reason) < FEWEST_CHARACTERS:
        raise RuleBroken(
            _("Write the reason in at least 20 characters. The person will read it."), field="reason"
        )
    User.objects.select_for_update().get(pk=administrator.pk)  # two presses at once: one opening
    known = emergency_access(administrator, person)
    if known is not None:
        return known
    watchers = watchers_of(administrator, person)
    if not watchers:
        raise RuleBroken(_("Nobody else could be told of this. A second administrator is needed first."))
    access = EmergencyAccess.objects.create(
        administrator=administrator,
        person=person,
        reason=reason[:MOST_CHARACTERS],
        until=clock.now() + OPEN_FOR,
    )
    record_act(
        actor=administrator,
        act="opened record in an emergency",
        subject=person,
        obj=access,
        purpose=PURPOSE + access.reason,
    )
    context = {"name": administrator.display_name, "url": absolute(reverse("privacy:looked"))}
    queue_message(to=person, template="record_opened", context=context)
    for watcher in watchers:
        queue_message(
            to=watcher,
            template="record_opened_watch",
            context={"name": administrator.display_name, "url": absolute(reverse("people:emergencies"))},
        )
    return access


@transaction.atomic
def open_record(*, access: EmergencyAccess) -> list[tuple[Part, list[Entry]]]:
    """The one way to read it: every part, with one look each in the audit. If a look cannot be written, reading fails."""
    if access.until <= clock.now() or not holds_role(access.administrator, Role.Kind.ADMINISTRATOR):
        raise RuleBroken(_("The hour is over. Say again why you need to read it."))
    shown = []
    for part in emergency_parts():
        record_page(
            viewer=access.administrator,
            subject=access.person,
            what=part.key,
            purpose=PURPOSE + access.reason,
        )
        shown.append((part, list(part.show(access.person))))
    return shown
