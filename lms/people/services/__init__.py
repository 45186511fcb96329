"""Changes to people, their roles, their ties and what they share. Each is one transaction, and audited."""

from lms.people.services.accounts import change_account
from lms.people.services.carers import (
    MOST_CARER_INVITATIONS_A_DAY,
    accept_carer_tie,
    begin_to_act,
    end_carer_tie,
    invite_carer,
    stop_to_act,
)
from lms.people.services.checks import record_registration_check, record_vetting
from lms.people.services.consents import give_consent, withdraw_consent
from lms.people.services.emergency import break_glass, open_record
from lms.people.services.invitations import (
    help_back_in,
    invite_on_paper,
    revoke_invitation,
    start_with_code,
)
from lms.people.services.lived_with import write_lived_with
from lms.people.services.organisations import (
    add_locality,
    add_organisation,
    change_contact_details,
    change_organisation,
)
from lms.people.services.proposals import confirm_role, decline_proposal, propose_role
from lms.people.services.roles import CMS_GROUPS, end_role, give_role, sync_cms_groups
from lms.people.services.ties import MOST_INVITATIONS_A_DAY, accept_tie, end_tie, invite_to_tie

__all__ = [
    "CMS_GROUPS",
    "MOST_CARER_INVITATIONS_A_DAY",
    "MOST_INVITATIONS_A_DAY",
    "accept_carer_tie",
    "accept_tie",
    "add_locality",
    "add_organisation",
    "begin_to_act",
    "break_glass",
    "change_account",
    "change_contact_details",
    "change_organisation",
    "confirm_role",
    "decline_proposal",
    "end_carer_tie",
    "end_role",
    "end_tie",
    "give_consent",
    "give_role",
    "help_back_in",
    "invite_carer",
    "invite_on_paper",
    "invite_to_tie",
    "open_record",
    "propose_role",
    "record_registration_check",
    "record_vetting",
    "revoke_invitation",
    "start_with_code",
    "stop_to_act",
    "sync_cms_groups",
    "withdraw_consent",
    "write_lived_with",
]
