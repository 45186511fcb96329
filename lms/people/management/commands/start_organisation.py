"""Begin a real site: an organisation and its first coordinator, who gives everybody else their roles.

Run again for the same organisation with another person, it names a second coordinator: roles that open doors for others
need two people. With --administrator the person answers for the whole site too.
"""

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from lms.core import clock
from lms.people.models import Audience, Locality, Organisation, Role, User
from lms.people.services import give_role


class Command(BaseCommand):
    help = "Makes an organisation and its first coordinator, who then chooses a password by 'Forgotten your password?'."

    def add_arguments(self, parser) -> None:
        parser.add_argument("organisation")
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")
        parser.add_argument("--locality", default="", help="the town or area of the organisation")
        parser.add_argument(
            "--administrator", action="store_true", help="name an administrator of the site too"
        )

    @transaction.atomic
    def handle(
        self, *args, organisation, email, first_name, last_name, locality="", administrator=False, **options
    ) -> None:
        validate_email(email)
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError("Somebody already uses this address.")
        place, _is_new = Organisation.objects.get_or_create(name=organisation)
        if locality:
            place.locality, _is_new = Locality.objects.get_or_create(name=locality)
            place.save(update_fields=["locality"])
        person = User(
            email=email.lower(), first_name=first_name, last_name=last_name, audience=Audience.PROFESSIONAL
        )
        person.set_unusable_password()
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        kinds = [Role.Kind.COORDINATOR, *([Role.Kind.ADMINISTRATOR] if administrator else [])]
        for kind in kinds:
            give_role(person=person, kind=kind, organisation=place, given_by=None, starts_on=clock.today())
        self.stdout.write(
            f"{person.display_name} coordinates {place}. They choose a password at /accounts/password/reset/."
        )
