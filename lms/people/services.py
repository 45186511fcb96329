"""Giving roles, tying people together, and agreeing to share. Each is one transaction, and audited."""

from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record_act
from lms.core import clock
from lms.core.errors import RuleBroken
from lms.core.links import absolute
from lms.notifications.services import queue_message
from lms.people.models import Audience, CareTie, Consent, Organisation, RegistrationCheck, Role, User
from lms.people.queries import holds_role, invitations_to, organisations_coordinated_by
from lms.people.sharing import shareable

MOST_INVITATIONS_A_DAY = 20
# Wagtail's own two groups, made by its migrations.
CMS_GROUPS = {Role.Kind.AUTHOR: "Editors", Role.Kind.ADMINISTRATOR: "Moderators"}


@transaction.atomic
def record_registration_check(
    *,
    person: User,
    organisation: Organisation,
    register: str,
    number: str,
    seen_on: date,
    renew_on: date,
    checked_by: User,
) -> RegistrationCheck:
    """Note that a coordinator saw the person's entry in a professional register.

    Refuses a day that is still to come, a renewal before it was seen, and a check of oneself.
    """
    _needs_coordinator(checked_by, organisation)
    if person.pk == checked_by.pk:
        raise RuleBroken(_("Ask another coordinator to check your own registration."))
    if seen_on > clock.today():
        raise RuleBroken(
            _("The day you looked cannot be in the future. Choose today or an earlier day."), field="seen_on"
        )
    if renew_on <= max(seen_on, clock.today()):
        raise RuleBroken(_("Choose a day after today for the next check."), field="renew_on")
    check = RegistrationCheck.objects.create(
        person=person,
        organisation=organisation,
        register=register,
        number=number,
        seen_on=seen_on,
        renew_on=renew_on,
        checked_by=checked_by,
    )
    record_act(actor=checked_by, act="recorded registration check", subject=person, obj=check)
    return check


@transaction.atomic
def give_role(
    *,
    person: User,
    kind: str,
    organisation: Organisation,
    given_by: User | None,
    starts_on: date,
    ends_on: date | None = None,
    check: RegistrationCheck | None = None,
) -> Role:
    """Give the person a role in the organisation. Giving one that is already held changes nothing.

    A clinical role needs a registration check that a coordinator of the same organisation recorded.
    `given_by` is None only when an installation sets up its first coordinator. Tells the person by mail.
    """
    if given_by is not None:
        _needs_coordinator(given_by, organisation)
        if given_by.pk == person.pk:
            raise RuleBroken(_("Ask another coordinator to give you a role."))
    if ends_on is not None and ends_on <= starts_on:
        raise RuleBroken(_("The role must end after the day it starts. Choose a later day."), field="ends_on")
    has_check = (
        check is not None and check.person_id == person.pk and check.organisation_id == organisation.pk
    )
    if kind in Role.NEEDS_CHECK and not has_check:
        raise RuleBroken(
            _("Record that you saw their entry in the professional register first."), field="register"
        )
    held = Role.objects.filter(person=person, kind=kind, organisation=organisation, ends_on=None).first()
    if held is not None and (check is None or held.check_seen_id == check.pk):
        return held
    if held is not None:  # a renewed check
        held.check_seen = check
        held.save(update_fields=["check_seen"])
        record_act(actor=given_by, act="renewed check of role", subject=person, obj=held)
        return held
    role = Role.objects.create(
        person=person,
        kind=kind,
        organisation=organisation,
        given_by=given_by,
        starts_on=starts_on,
        ends_on=ends_on,
        check_seen=check if kind in Role.NEEDS_CHECK else None,
    )
    sync_cms_groups(person=person)
    record_act(actor=given_by, act="gave role", subject=person, obj=role, purpose=kind)
    queue_message(
        to=person,
        template="role_given",
        context={
            "role": str(role.get_kind_display()),
            "organisation": organisation.name,
            "url": absolute(reverse("dashboard")),
        },
    )
    return role


@transaction.atomic
def end_role(*, role: Role, ended_by: User) -> Role:
    """End a role from today on. Ending an ended role changes nothing."""
    _needs_coordinator(ended_by, role.organisation)
    today = clock.today()
    if role.ends_on is None or role.ends_on > today:
        role.ends_on = max(today, role.starts_on)
        role.save(update_fields=["ends_on"])
        sync_cms_groups(person=role.person)
        record_act(actor=ended_by, act="ended role", subject=role.person, obj=role, purpose=role.kind)
    return role


@transaction.atomic
def sync_cms_groups(*, person: User) -> None:
    """Put the person into the CMS groups that their roles of today open, and out of the others.

    Called when a role is given or ended, and at each sign-in, for roles that ended by their date.
    """
    kinds = set(Role.objects.in_force().filter(person=person).values_list("kind", flat=True))
    for kind, group_name in CMS_GROUPS.items():
        group = Group.objects.filter(name=group_name).first()
        if group is None:
            continue
        if kind in kinds:
            person.groups.add(group)
        else:
            person.groups.remove(group)


def _needs_coordinator(person: User, organisation: Organisation) -> None:
    if not organisations_coordinated_by(person).filter(pk=organisation.pk).exists():
        raise RuleBroken(_("Only a coordinator of this organisation can do this."))


@transaction.atomic
def invite_to_tie(*, inviter: User, email: str, as_professional: bool) -> CareTie:
    """Invite the person behind an email address to work together. Mails the address; tells nobody whether
    an account exists. Inviting the same address again changes nothing.

    Refuses one's own address, inviting as a professional without the role, and more than 20 a day: each is a mail
    to somebody who may not know us.
    """
    email = email.strip().lower()
    if inviter.email.lower() == email:
        raise RuleBroken(_("This is your own address. Type the address of the other person."), field="email")
    lately = CareTie.objects.filter(invited_by=inviter, created_at__gt=clock.now() - timedelta(days=1))
    if lately.count() >= MOST_INVITATIONS_A_DAY:
        raise RuleBroken(
            _("You have sent many invitations today. You can send more tomorrow."), field="email"
        )
    if as_professional and not holds_role(inviter, Role.Kind.PROFESSIONAL):
        raise RuleBroken(
            _("A coordinator needs to confirm your professional role first. Ask yours to do so.")
        )
    side = {"professional": inviter} if as_professional else {"patient": inviter}
    tie, is_new = CareTie.objects.get_or_create(
        invited_by=inviter, invited_email=email, accepted_at=None, ended_at=None, defaults=side
    )
    if is_new:
        record_act(actor=inviter, act="invited to tie", obj=tie)
        queue_message(
            address=email,
            template="tie_invitation",
            context={"inviter": inviter.display_name, "url": absolute(reverse("privacy:people"))},
        )
    return tie


@transaction.atomic
def accept_tie(*, tie: CareTie, person: User) -> CareTie:
    """Accept an invitation that was sent to one's own confirmed address. Accepting twice changes nothing.

    Whoever is the professional of the two needs the role. Nothing is shared by accepting.
    """
    if tie.accepted_at and person.pk in (tie.patient_id, tie.professional_id):
        return tie
    invitation = invitations_to(person).select_for_update(of=("self",)).filter(pk=tie.pk).first()
    if invitation is None:
        raise RuleBroken(_("This invitation is no longer open. Ask for a new one."))
    tie = invitation
    if tie.professional is None:
        if not holds_role(person, Role.Kind.PROFESSIONAL):
            raise RuleBroken(
                _("A coordinator needs to confirm your professional role first. Ask yours to do so.")
            )
        tie.professional = person
    else:
        if not holds_role(tie.professional, Role.Kind.PROFESSIONAL):
            raise RuleBroken(
                _("This person's professional role has ended. Ask them to contact their coordinator.")
            )
        tie.patient = person
    tie.accepted_at = clock.now()
    try:
        with transaction.atomic():
            tie.save(update_fields=["patient", "professional", "accepted_at"])
    except IntegrityError:
        raise RuleBroken(_("You two already work together here.")) from None
    record_act(actor=person, act="accepted tie", subject=tie.patient, obj=tie)
    return tie


@transaction.atomic
def end_tie(*, tie: CareTie, person: User) -> CareTie:
    """End working together, or turn an invitation down; all that was shared over the tie ends at once.

    Ending twice changes nothing. Refuses anybody but the two, and whoever was invited.
    """
    is_one_of_two = person.pk in (tie.patient_id, tie.professional_id)
    if not is_one_of_two and not invitations_to(person).filter(pk=tie.pk).exists():
        raise RuleBroken(_("Only the two people can end this."))
    if tie.ended_at is None:
        tie.ended_at = clock.now()
        tie.ended_by = person
        tie.save(update_fields=["ended_at", "ended_by"])
        Consent.objects.in_force().filter(tie=tie).update(withdrawn_at=clock.now())
        record_act(actor=person, act="ended tie", subject=tie.patient, obj=tie)
    return tie


@transaction.atomic
def give_consent(*, tie: CareTie, person: User, what: str) -> Consent:
    """The patient agrees to share one kind of thing over the tie. Agreeing twice changes nothing."""
    thing = shareable(what)
    if thing is None:
        raise RuleBroken(_("Choose one of the things on the list."))
    if tie.patient_id != person.pk:
        raise RuleBroken(_("Only the person whose words they are can share them."))
    if tie.accepted_at is None or tie.ended_at is not None:
        raise RuleBroken(_("You can share once the other person has accepted."))
    consent, is_new = Consent.objects.get_or_create(
        tie=tie, what=what, withdrawn_at=None, defaults={"person": person, "words": str(thing.words)}
    )
    if is_new:
        record_act(actor=person, act="gave consent", subject=person, obj=consent, purpose=what)
    return consent


@transaction.atomic
def withdraw_consent(*, tie: CareTie, person: User, what: str) -> None:
    """Stop sharing one kind of thing, from this moment. Stopping twice changes nothing."""
    if tie.patient_id != person.pk:
        raise RuleBroken(_("Only the person whose words they are can stop sharing them."))
    # Compared here: `what` is as it was sent, and a database may not take every sign of it.
    held = Consent.objects.in_force().select_for_update().filter(tie=tie)
    for consent in [one for one in held if one.what == what]:
        consent.withdrawn_at = clock.now()
        consent.save(update_fields=["withdrawn_at"])
        record_act(actor=person, act="withdrew consent", subject=person, obj=consent, purpose=what)


@transaction.atomic
def change_account(*, person: User, first_name: str, last_name: str, audience: str) -> User:
    """Change how a person is called, and which programme is theirs. Roles stay as they are."""
    person.first_name = first_name
    person.last_name = last_name
    person.audience = Audience(audience)
    person.save(update_fields=["first_name", "last_name", "audience"])
    record_act(actor=person, act="changed account", subject=person, obj=person)
    return person
