"""Factories: what tests set up without going through a screen."""

from tests.factories.people import OrganisationFactory, RoleFactory, UserFactory

__all__ = ["OrganisationFactory", "RoleFactory", "UserFactory"]
