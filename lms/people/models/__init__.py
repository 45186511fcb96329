"""People, what they may do, who they work with, and what they agreed to share."""

from .care import CareTie, Consent
from .roles import Organisation, RegistrationCheck, Role
from .user import Audience, User

__all__ = ["Audience", "CareTie", "Consent", "Organisation", "RegistrationCheck", "Role", "User"]
