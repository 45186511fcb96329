"""Helping people in who have no email, or who lost the way in: a code on paper, from somebody who knows them."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.audit.services import record_act, record_look
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import Audience, Organisation, PrintedInvitation, Role, User
from lms.people.printed_codes import hash_of, new_code, new_sign_in_name
from lms.people.queries import organisations_helping, role_kinds_of
from lms.people.services.roles import grant, needs_coordinator
from lms.people.services.second_step import end_all_sign_ins

GOOD_FOR = timedelta(days=28)
# An account with an address is helped only by who has known it for a day: the mail about its role came first.
KNOWN_SINCE = timedelta(days=1)
NEVER_ON_PAPER = {Role.Kind.COORDINATOR, Role.Kind.ADMINISTRATOR}
TRIES = 20
PURPOSE = "helping to sign in"
register_words(
    purposes={PURPOSE: _("To print a new code for you")},
    things={"people.printedinvitation": _("Your way of signing in")},
)
DO_NOT_GO_TOGETHER = _(
    "This sign-in name and code do not go together, or the code is too old. Check both with your paper."
)


@transaction.atomic
def invite_on_paper(
    *, first_name: str, last_name: str, audience: str, organisation: Organisation, made_by: User
) -> tuple[PrintedInvitation, str]:
    """Make a person who has no email, with a sign-in name of their own, and the code to print for them.

    The code is in the answer and nowhere else; it works once, for 28 days. A patient becomes a patient of the
    organisation, so that its coordinators can help again.
    """
    needs_coordinator(made_by, organisation)
    person = _make_person(first_name, last_name, Audience(audience))
    record_act(actor=made_by, act="invited on paper", subject=person, obj=person)
    if person.is_patient_learner:
        grant(
            person=person,
            kind=Role.Kind.PATIENT,
            organisation=organisation,
            given_by=made_by,
            starts_on=clock.today(),
            tells=False,
        )
    return _print(person, organisation, made_by)


@transaction.atomic
def help_back_in(
    *, person: User, organisation: Organisation, made_by: User, identity_note: str
) -> tuple[PrintedInvitation, str]:
    """A new code for somebody who cannot get in. The old code and password stop working, and their sign-ins end.

    `identity_note` says how the coordinator made sure who it is. Tells the person by mail where they have a confirmed
    address. Refuses oneself, people without a role in the organisation, coordinators and administrators (their mail
    helps them), and an account with an address whose role is not a day old. A second step stays as it is.
    """
    if person.pk == made_by.pk:
        raise RuleBroken(_("You cannot print a code for yourself."))
    needs_coordinator(made_by, organisation)
    if not organisations_helping(made_by, person).filter(pk=organisation.pk).exists():
        raise RuleBroken(_("Give them a role in your organisation first. Then you can help them sign in."))
    if NEVER_ON_PAPER & role_kinds_of(person):
        raise RuleBroken(
            _("Coordinators and administrators get back in by email: “I have forgotten my password”.")
        )
    has_address = EmailAddress.objects.filter(user=person, verified=True).exists()
    known_since = Role.objects.in_force().filter(
        person=person, organisation=organisation, created_at__lte=clock.now() - KNOWN_SINCE
    )
    if has_address and not known_since.exists():
        raise RuleBroken(_("Their role here is new. You can print a code from tomorrow."))
    if not identity_note.strip():
        raise RuleBroken(_("Write how you made sure who this is."), field="identity_note")
    if not person.sign_in_name:
        _name(person)
    person.set_unusable_password()
    person.save(update_fields=["username", "password"])
    end_all_sign_ins(person=person)
    record_act(actor=made_by, act="helped to sign in", subject=person, obj=person, purpose=PURPOSE)
    if has_address:
        queue_message(
            to=person,
            template="new_way_in",
            context={"organisation": organisation.name, "url": absolute(reverse("pages:contact"))},
        )
    made = _print(person, organisation, made_by, identity_note.strip())
    # Among the looks too: the person reads that list, and this opens their door.
    record_look(viewer=made_by, subject=person, obj=made[0], purpose=PURPOSE)
    return made


@transaction.atomic
def revoke_invitation(*, invitation: PrintedInvitation, revoked_by: User) -> None:
    """Call a printed code back: it stops working at once. Twice is once."""
    needs_coordinator(revoked_by, invitation.organisation)
    if invitation.is_open:
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at"])
        record_act(
            actor=revoked_by, act="called printed code back", subject=invitation.person, obj=invitation
        )


def start_with_code(*, sign_in_name: str, code: str, password: str) -> User:
    """Use the code on a printed invitation: the person chooses a password and can sign in from then on.

    A wrong name, a wrong code, and a code that is used, called back or too old, get the same words. Refuses a weak
    password, with the code still good.
    """
    with transaction.atomic():
        invitation = (
            PrintedInvitation.objects.open()
            .select_for_update(of=("self",))
            .select_related("person")
            .filter(code_hash=hash_of(code), person__is_active=True)
            .first()
        )
        if invitation is None or invitation.person.username != sign_in_name.strip().lower():
            raise RuleBroken(DO_NOT_GO_TOGETHER)
        person = invitation.person
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise RuleBroken(error.messages[0], field="password") from None
        person.set_password(password)
        person.save(update_fields=["password"])
        invitation.used_at = clock.now()
        invitation.save(update_fields=["used_at"])
        record_act(actor=person, act="used printed code", subject=person, obj=invitation)
    return person


def _make_person(first_name: str, last_name: str, audience: Audience) -> User:
    person = User(first_name=first_name, last_name=last_name, audience=audience)
    person.set_unusable_password()
    _name(person)
    return person


def _name(person: User) -> None:
    """Give a sign-in name that nobody has, and save it."""
    for attempt in range(TRIES):
        person.username = new_sign_in_name(
            person.first_name, person.last_name, digits=2 if attempt < TRIES // 2 else 3
        )
        try:
            with transaction.atomic():
                person.save()
        except IntegrityError:
            continue
        return
    raise RuleBroken(_("We could not find a free sign-in name. Try again."))


def _print(
    person: User, organisation: Organisation, made_by: User, identity_note: str = ""
) -> tuple[PrintedInvitation, str]:
    PrintedInvitation.objects.select_for_update().filter(person=person, used_at=None, revoked_at=None).update(
        revoked_at=clock.now()
    )
    code = new_code()
    invitation = PrintedInvitation.objects.create(
        person=person,
        organisation=organisation,
        made_by=made_by,
        identity_note=identity_note,
        code_hash=hash_of(code),
        expires_at=clock.now() + GOOD_FOR,
    )
    return invitation, code
