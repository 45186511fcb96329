"""People, organisations and roles."""

from datetime import date

import factory
from allauth.account.models import EmailAddress

from lms.people.models import Audience, Organisation, RegistrationCheck, Role, User, VettingCheck
from lms.people.second_step import keep_secret

PASSWORD = "a-long-walk-in-the-rain"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a confirmed address, who can sign in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    first_name = factory.Sequence(lambda n: f"Person{n}")
    last_name = "Field"
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    audience = Audience.PATIENT

    @factory.post_generation
    def confirmed(self, create, extracted, **kwargs):
        self.set_password(PASSWORD)
        self.save()
        if extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Riverside Clinic {n}")


class RegistrationCheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RegistrationCheck

    register = "Register of the profession"
    number = factory.Sequence(lambda n: f"REG{n:05}")
    seen_on = date(2026, 1, 5)
    renew_on = date(2036, 1, 5)
    checked_by = factory.SubFactory(UserFactory)


class VettingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VettingCheck

    kind = VettingCheck.Kind.DBS_ENHANCED
    decision = VettingCheck.Decision.MAY
    seen_on = date(2026, 1, 5)
    renew_on = date(2036, 1, 5)
    checked_by = factory.SubFactory(UserFactory)


class RoleFactory(factory.django.DjangoModelFactory):
    """A role in force for years; a clinical one comes with its registration check.

    Whoever holds it has set up their second step, unless `second_step=False`.
    """

    class Meta:
        model = Role
        skip_postgeneration_save = True

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = Role.Kind.LAY_TUTOR
    starts_on = date(2026, 1, 5)

    @factory.lazy_attribute
    def check_seen(self):
        if self.kind not in Role.NEEDS_CHECK:
            return None
        return RegistrationCheckFactory(person=self.person, organisation=self.organisation)

    @factory.post_generation
    def second_step(self, create, extracted, **kwargs):
        if extracted is not False and self.kind != "patient":
            keep_secret(self.person, TOTP_SECRET)

    @factory.lazy_attribute
    def vetting(self):
        if self.kind not in Role.NEEDS_VETTING:
            return None
        return VettingFactory(person=self.person, organisation=self.organisation)
