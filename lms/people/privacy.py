"""What of people is whose, and what becomes of it (lms/rights/registry.py says how to read this)."""

import uuid

from django.utils.translation import gettext_lazy as _

from lms.audit.models import register_words
from lms.people.models.user import new_username
from lms.people.services.leaving import end_everything, needs_another_coordinator
from lms.rights.registry import CLEAR, DELETE, KEEP, classify, nobodys
from lms.rights.steps import before_erasure, erasure_waits_for

classify(
    "people.User",
    whose="self",
    label=_("Your account"),
    erase=CLEAR,
    # The row stays, as a number without a name: other people's records point to it.
    why=_("A number stays, without a name or an address, so that other people's records stay whole."),
    clear="last_login ask_needs_on is_superuser is_staff is_active audience public_id",
    cleared={
        "password": "!",
        "is_superuser": False,
        "is_staff": False,
        "is_active": False,
        "username": lambda row: new_username(),
        "public_id": lambda row: uuid.uuid4(),
        "audience": "patient",
    },
    retention="account",
    identity="first_name last_name username",
    contact="email",
    record="audience ask_needs_on date_joined last_login is_active is_staff is_superuser",
    sealed="password",
    plain="id public_id",
    # A random one is never used.
    shown={"username": lambda row: row.sign_in_name},
    labels={
        "username": _("Sign-in name"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "email": _("Email address"),
        "audience": _("Which programme is yours"),
        "ask_needs_on": _("When to ask what helps"),
        "date_joined": _("Joined"),
        "last_login": _("Last signed in"),
        "is_active": _("Can sign in"),
        "is_staff": _("May use the site's admin"),
        "is_superuser": _("May do everything in the site's admin"),
    },
)
nobodys(
    "people.Organisation",
    why="Names and public contacts of organisations, not of people.",
    plain="id created_at public_id name contact_email contact_phone",
    link="locality",
)
classify(
    "people.Role",
    whose="person",
    label=_("Your roles"),
    erase=KEEP,
    why=_("Which roles a number held, and when: workshops and checks rest on it."),
    retention="training",
    record="kind starts_on ends_on",
    link="person organisation given_by check_seen vetting",
    plain="id created_at",
    names="given_by",
    labels={"kind": _("Role"), "starts_on": _("From"), "ends_on": _("Until"), "given_by": _("Given by")},
)
classify(
    "people.RegistrationCheck",
    whose="person",
    label=_("Checks of your registration"),
    erase=KEEP,
    why=_("That your registration was checked, and its number, until the time to keep it ends."),
    retention="checks",
    record="register number seen_on renew_on",
    link="person organisation checked_by",
    plain="id created_at",
    names="checked_by",
    labels={
        "register": _("Register"),
        "number": _("Number"),
        "seen_on": _("Seen on"),
        "renew_on": _("To be seen again on"),
        "checked_by": _("Seen by"),
    },
)
classify(
    "people.CareTie",
    whose="patient professional invited_by",
    addressed="invited_email invited_name",
    # An invitation names one of the two.
    cleared={"invited_email": "nobody@example.invalid", "invited_name": ""},
    label=_("People you work with"),
    erase=CLEAR,
    why=_("That two numbers worked together, and when. The other person's own words hang on it."),
    retention="health",
    contact="invited_email invited_name",
    record="accepted_at ended_at created_at",
    link="patient professional invited_by ended_by",
    plain="id public_id",
    names="patient professional",
    labels={
        "patient": _("Patient"),
        "professional": _("Professional"),
        "invited_email": _("Invited at"),
        "invited_name": _("Invited as"),
        "accepted_at": _("Accepted"),
        "ended_at": _("Ended"),
        "created_at": _("Invited"),
    },
)

register_words(
    acts={
        "gave role": _("gave you a role."),
        "ended role": _("ended a role of yours."),
        "proposed role": _("proposed a role for you."),
        "renewed check of role": _("renewed the check of your role."),
        "recorded registration check": _("noted that they saw your entry in a register."),
        "recorded vetting": _("noted what was decided about you leading workshops."),
        "helped to sign in": _("printed a new code for you to sign in."),
        "invited on paper": _("printed your invitation."),
        "called printed code back": _("called a printed code of yours back."),
        "reset second step": _("took your second step away, so that you can set up a new one."),
        "changed way of contact": _("changed how we reach you."),
        "kept spoken consent": _("noted what you agreed to when you talked."),
        "opened record in an emergency": _("opened your record in an emergency."),
        "accepted tie": _("said yes to working with you."),
        "ended tie": _("ended working with you."),
        "asked for erasure": _("asked for you to be erased."),
        "called erasure back": _("called your erasure back."),
        "placed hold": _("ordered that your data stay for now."),
        "lifted hold": _("ended the order that your data stay."),
    }
)
erasure_waits_for("coordinator", needs_another_coordinator)
before_erasure(30, "people", end_everything)
classify(
    "people.CarerTie",
    whose="person carer",
    addressed="invited_as",
    label=_("Who may act for whom"),
    erase=CLEAR,
    cleared={"invited_as": "-"},
    why=_("That two numbers were tied, and when: what was done over it names the carer."),
    retention="account",
    contact="invited_as",
    record="created_at accepted_at ended_at",
    link="person carer ended_by",
    plain="id public_id",
    names="person carer",
    labels={
        "person": _("For whom"),
        "carer": _("Carer"),
        "invited_as": _("Invited as"),
        "created_at": _("Invited"),
        "accepted_at": _("Accepted"),
        "ended_at": _("Ended"),
    },
)
classify(
    "people.LivedWith",
    whose="person",
    label=_("What you live with"),
    erase=DELETE,
    retention="account",
    health="words",
    record="created_at",
    link="person",
    plain="id",
    labels={"words": _("In your words"), "created_at": _("Written")},
)
classify(
    "people.EmergencyAccess",
    whose="person",
    label=_("Openings of your record in an emergency"),
    erase=CLEAR,
    # The reason may tell how somebody was; that the record was opened, by whom and when stays provable.
    clear="reason",
    why=_("That your record was opened, by whom and when: it must stay provable."),
    retention="audit",
    record="created_at reason until",
    link="person administrator",
    plain="id",
    names="administrator",
    labels={
        "administrator": _("Opened by"),
        "created_at": _("From"),
        "until": _("Until"),
        "reason": _("Why"),
    },
)

nobodys("people.Locality", why="Names of places.", plain="id created_at public_id name")
classify(
    "people.RoleProposal",
    whose="person",
    label=_("Roles that were proposed for you"),
    erase=KEEP,
    why=_("Who proposed and who confirmed a role, and when. You stand there as a number."),
    retention="training",
    record="created_at kind starts_on ends_on answered_at",
    link="person organisation proposed_by answered_by role",
    plain="id public_id",
    names="proposed_by answered_by",
    labels={
        "created_at": _("Proposed"),
        "kind": _("Role"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
        "answered_at": _("Answered"),
        "proposed_by": _("Proposed by"),
        "answered_by": _("Answered by"),
    },
)
classify(
    "people.VettingCheck",
    whose="person",
    label=_("Checks before you lead workshops"),
    erase=KEEP,
    why=_("That you were checked before you led workshops, until the time to keep it ends."),
    retention="checks",
    record="created_at kind decision reason seen_on renew_on",
    link="person organisation checked_by",
    plain="id",
    names="checked_by",
    labels={
        "created_at": _("Noted"),
        "kind": _("Check"),
        "decision": _("Decision"),
        "reason": _("Why no check was needed"),
        "seen_on": _("Seen on"),
        "renew_on": _("To be seen again on"),
        "checked_by": _("Seen by"),
    },
)
classify(
    "people.PrintedInvitation",
    whose="person",
    label=_("Invitations printed for you"),
    erase=DELETE,
    retention="invitations",
    record="created_at identity_note expires_at used_at revoked_at",
    sealed="code_hash",
    link="person organisation made_by",
    plain="id public_id",
    names="made_by",
    labels={
        "created_at": _("Printed"),
        "identity_note": _("How they made sure it was you"),
        "expires_at": _("Good until"),
        "used_at": _("Used"),
        "revoked_at": _("Called back"),
        "made_by": _("Printed by"),
    },
)
classify(
    "people.Contact",
    whose="person",
    label=_("How we reach you"),
    erase=DELETE,
    retention="account",
    contact="phone address best_time",
    record="way may_leave_message large_print changed_at",
    link="person changed_by",
    plain="id",
    names="changed_by",
    labels={
        "way": _("By"),
        "phone": _("Telephone"),
        "address": _("Address"),
        "best_time": _("Best time to call"),
        "may_leave_message": _("We may leave a message"),
        "large_print": _("Large print"),
        "changed_at": _("Changed"),
        "changed_by": _("Changed by"),
    },
)
classify(
    "people.Needs",
    whose="person",
    label=_("What helps you take part"),
    erase=DELETE,
    retention="health",
    health="kinds language words",
    record="recorded_at",
    link="person recorded_by",
    plain="id",
    names="recorded_by",
    labels={
        "kinds": _("What helps"),
        "language": _("Language"),
        "words": _("In words"),
        "recorded_at": _("Written down"),
        "recorded_by": _("Written down by"),
    },
)
classify(
    "people.NeedsMet",
    whose="person",
    label=_("Whether what helps you was there"),
    erase=DELETE,
    retention="health",
    health="outcome words",
    record="occasion_words recorded_at",
    link="person recorded_by",
    plain="id occasion",
    names="recorded_by",
    labels={
        "outcome": _("Was it there"),
        "words": _("In words"),
        "occasion_words": _("When"),
        "recorded_at": _("Written down"),
        "recorded_by": _("Written down by"),
    },
)
classify(
    "people.Consent",
    whose="person",
    label=_("What you agreed to"),
    erase=KEEP,
    why=_("That a number agreed to something, in which words, and when it stopped."),
    retention="audit",
    record="created_at what version words withdrawn_at",
    link="person tie carer_tie",
    plain="id",
    labels={
        "what": _("What"),
        "words": _("In these words"),
        "version": _("Edition of the words"),
        "created_at": _("From"),
        "withdrawn_at": _("Stopped"),
    },
)
