"""The cast that the tests' stories are about, and the clock they live by."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client

from lms.core import clock
from lms.people.models import Audience, Organisation, Role, User
from tests import migrated
from tests.factories import OrganisationFactory, RoleFactory, UserFactory
from tests.figures import figure  # noqa: F401 (a fixture)
from tests.processes import fresh_database, new_site  # noqa: F401 (fixtures)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """The test database begins as a copy of one that was migrated before (tests/migrated.py)."""
    creation = connection.creation
    create = creation._create_test_db

    def create_from_copy(*args, **kwargs):
        if connection.vendor == "postgresql":
            migrated.use_template()
        name = create(*args, **kwargs)
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = name
            migrated.fill_from_copy()
        return name

    creation._create_test_db = create_from_copy


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            migrated.keep_copy()
        else:
            migrated.keep_template()


@dataclass
class Cast:
    """Known people of one organisation, and an outsider who has nothing to do with it."""

    organisation: Organisation
    patient: User
    professional: User
    lay_tutor: User
    clinical_tutor: User
    coordinator: User
    outsider: User


@pytest.fixture
def cast(db) -> Cast:
    organisation = OrganisationFactory(name="Riverside Clinic")

    def with_role(first_name: str, kind: str, audience: str) -> User:
        person = UserFactory(first_name=first_name, audience=audience)
        RoleFactory(person=person, kind=kind, organisation=organisation)
        return person

    return Cast(
        organisation=organisation,
        patient=UserFactory(first_name="Amina", audience=Audience.PATIENT),
        professional=with_role("Priya", Role.Kind.PROFESSIONAL, Audience.PROFESSIONAL),
        lay_tutor=with_role("Ben", Role.Kind.LAY_TUTOR, Audience.PATIENT),
        clinical_tutor=with_role("Lena", Role.Kind.CLINICAL_TUTOR, Audience.PROFESSIONAL),
        coordinator=with_role("Ruth", Role.Kind.COORDINATOR, Audience.PROFESSIONAL),
        outsider=UserFactory(first_name="Olu", audience=Audience.PATIENT),
    )


@pytest.fixture
def signed_in():
    """`signed_in(person)` is a browser in which the person is signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def at():
    """`at(moment)` sets the site's clock; the real time comes back afterwards."""

    def set_clock(moment: datetime) -> None:
        clock.set_now(moment)

    yield set_clock
    clock.set_now(None)
