"""Answers about people, roles and ties. Nothing here changes anything."""

from lms.people.queries.carers import (
    carer_invitations_sent_by,
    carer_invitations_to,
    carer_tie_visible_to,
    carers_of,
    people_cared_for,
)
from lms.people.queries.checks import (
    proposals_answerable_by,
    proposals_made_by,
    roles_with_checks_due,
    vetting_in_force,
    vetting_of,
)
from lms.people.queries.consents import (
    agrees,
    asked_again,
    consent_history,
    has_agreed,
    purposes_of,
    who_agree,
)
from lms.people.queries.organisations import coordinators_of, organisations_visible_to
from lms.people.queries.people import (
    open_invitations_for,
    organisations_helping,
    people_known_to,
    people_of,
    person_by_address_or_name,
    person_by_email,
    person_by_sign_in_name,
    printed_invitation_of,
)
from lms.people.queries.roles import (
    has_second_step,
    holds_role,
    organisations_coordinated_by,
    role_kinds_of,
    roles_coordinated_by,
    roles_in_force,
)
from lms.people.queries.ties import (
    consents_of,
    invitation_answerable_by,
    invitations_sent_by,
    invitations_to,
    ties_of,
    ties_sharing,
    ties_with_consent,
)

__all__ = [
    "agrees",
    "asked_again",
    "carer_invitations_sent_by",
    "carer_invitations_to",
    "carer_tie_visible_to",
    "carers_of",
    "consent_history",
    "consents_of",
    "coordinators_of",
    "has_agreed",
    "has_second_step",
    "holds_role",
    "invitation_answerable_by",
    "invitations_sent_by",
    "invitations_to",
    "open_invitations_for",
    "organisations_coordinated_by",
    "organisations_helping",
    "organisations_visible_to",
    "people_cared_for",
    "people_known_to",
    "people_of",
    "person_by_address_or_name",
    "person_by_email",
    "person_by_sign_in_name",
    "printed_invitation_of",
    "proposals_answerable_by",
    "proposals_made_by",
    "purposes_of",
    "role_kinds_of",
    "roles_coordinated_by",
    "roles_in_force",
    "roles_with_checks_due",
    "ties_of",
    "ties_sharing",
    "ties_with_consent",
    "vetting_in_force",
    "vetting_of",
    "who_agree",
]
