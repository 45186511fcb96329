"""People, what they may do, who they work with, and what they agreed to share."""

from .care import CareTie
from .carers import CarerTie, LivedWith
from .consents import Consent
from .contact import Channel, Contact
from .emergency import EmergencyAccess
from .invitations import PrintedInvitation
from .needs import NeedKind, Needs, NeedsMet
from .roles import Locality, Organisation, RegistrationCheck, Role, RoleProposal
from .user import Audience, User
from .vetting import VettingCheck

__all__ = [
    "Audience",
    "CareTie",
    "CarerTie",
    "Channel",
    "Consent",
    "Contact",
    "EmergencyAccess",
    "LivedWith",
    "Locality",
    "NeedKind",
    "Needs",
    "NeedsMet",
    "Organisation",
    "PrintedInvitation",
    "RegistrationCheck",
    "Role",
    "RoleProposal",
    "User",
    "VettingCheck",
]
